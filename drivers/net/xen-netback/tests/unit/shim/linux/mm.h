/* SPDX-License-Identifier: GPL-2.0 */
/* Of a page, what the planning of a copy asks: where it is and whose. */
#ifndef _SHIM_LINUX_MM_H
#define _SHIM_LINUX_MM_H

#include <stdlib.h>

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/types.h>

struct page {
	unsigned long gfn;
	bool foreign;
	u64 private;
};

static inline struct page *alloc_page(unsigned int gfp)
{
	struct page *page = calloc(1, sizeof(*page));

	if (page)
		page->gfn = 0x123456789;
	return page;
}

static inline void __free_page(struct page *page)
{
	free(page);
}

static inline void SetPageForeign(struct page *page)
{
	page->foreign = true;
}

static inline void ClearPageForeign(struct page *page)
{
	page->foreign = false;
}

#endif /* _SHIM_LINUX_MM_H */
