/* SPDX-License-Identifier: GPL-2.0 */
/* Since Linux 6.7 every page pool can split its pages into fragments. Before,
 * a pool does so only with PP_FLAG_PAGE_FRAG, which is rejected where DMA
 * addresses are wider than a long. A fragment is then all pages of the pool's
 * order, and the size, which has to be a variable, is set to their size.
 */
#ifndef _XEN_NETBACK_BEFORE_6_7_H
#define _XEN_NETBACK_BEFORE_6_7_H

#include <linux/gfp.h>
#include <linux/types.h>

#include <net/page_pool/helpers.h>

#define COMPAT_WHOLE_PAGES (sizeof(dma_addr_t) > sizeof(unsigned long))

static inline struct page_pool *
compat_page_pool_create(const struct page_pool_params *params)
{
	struct page_pool_params cut = *params;

	if (!COMPAT_WHOLE_PAGES)
		cut.flags |= PP_FLAG_PAGE_FRAG;
	return page_pool_create(&cut);
}

static inline struct page *compat_page_pool_alloc(struct page_pool *pool,
						  unsigned int *offset,
						  unsigned int *size, gfp_t gfp)
{
	if (!COMPAT_WHOLE_PAGES)
		return page_pool_alloc_frag(pool, offset, *size, gfp);
	*offset = 0;
	*size = PAGE_SIZE << pool->p.order;
	return page_pool_alloc_pages(pool, gfp);
}

#define page_pool_create(params) compat_page_pool_create(params)
#define page_pool_alloc_frag(pool, offset, size, gfp) \
	compat_page_pool_alloc(pool, offset, &(size), gfp)
#define page_pool_dev_alloc_frag(pool, offset, size) \
	compat_page_pool_alloc(pool, offset, &(size), \
			       GFP_ATOMIC | __GFP_NOWARN)

#endif /* _XEN_NETBACK_BEFORE_6_7_H */
