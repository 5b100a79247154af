/* SPDX-License-Identifier: GPL-2.0 */
/* Rings and grants count in pages of 4 KiB on every machine. */
#define XEN_PAGE_SIZE 4096U
