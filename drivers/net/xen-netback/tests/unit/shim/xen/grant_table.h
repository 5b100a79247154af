/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that another domain has granted to us. */
#ifndef _SHIM_XEN_GRANT_TABLE_H
#define _SHIM_XEN_GRANT_TABLE_H

#include <linux/mm.h>

#include <xen/interface/xen.h>
#include <xen/interface/grant_table.h>

struct xen_page_foreign {
	domid_t domid;
	grant_ref_t gref;
};

static inline struct xen_page_foreign *xen_page_foreign(struct page *page)
{
	BUILD_BUG_ON(sizeof(struct xen_page_foreign) > sizeof(page->private));
	return page->foreign ? (struct xen_page_foreign *)&page->private : NULL;
}

static inline int gnttab_pages_set_private(int nr_pages, struct page **pages)
{
	return 0;
}

static inline void gnttab_pages_clear_private(int nr_pages, struct page **pages)
{
}

#endif /* _SHIM_XEN_GRANT_TABLE_H */
