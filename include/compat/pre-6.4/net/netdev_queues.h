/* SPDX-License-Identifier: GPL-2.0 */
/* Before 6.4 there is nothing of that; see compat.h. */
