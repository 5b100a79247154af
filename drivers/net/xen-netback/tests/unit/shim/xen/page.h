/* SPDX-License-Identifier: GPL-2.0 */
/* Rings and grants count in pages of 4 KiB on every machine. */
#ifndef _SHIM_XEN_PAGE_H
#define _SHIM_XEN_PAGE_H

#include <linux/mm.h>

#define XEN_PAGE_SHIFT 12
#define XEN_PAGE_SIZE 4096UL
#define xen_offset_in_page(p) ((unsigned long)(p) & (XEN_PAGE_SIZE - 1))

static inline unsigned long xen_page_to_gfn(const struct page *page)
{
	return page->gfn;
}

#endif /* _SHIM_XEN_PAGE_H */
