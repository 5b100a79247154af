/* SPDX-License-Identifier: GPL-2.0 */
#define ETH_HLEN 14
