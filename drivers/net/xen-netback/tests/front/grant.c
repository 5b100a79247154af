// SPDX-License-Identifier: GPL-2.0

#include "grant.h"

#include <linux/gfp.h>
#include <linux/mm.h>

#include <xen/grant_table.h>
#include <xen/page.h>

/**
 * front_grant_make - have a page, and let the other end use it
 * @grant: that of the page; nothing is done if it is there already
 * @domid: the other end
 * @access: what it may do
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int front_grant_make(struct front_grant *grant, domid_t domid,
		     enum front_access access)
{
	struct page *page;
	int ref;

	if (grant->page)
		return 0;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	ref = gnttab_grant_foreign_access(domid, xen_page_to_gfn(page), access);
	if (ref < 0) {
		__free_page(page);
		return ref;
	}
	grant->page = page;
	grant->ref = ref;
	return 0;
}

/**
 * front_grant_end - take a page back
 * @grant: that of the page, if there is one; there is none afterwards
 * @ended: where to count it
 *
 * A page in use is left to the grant table, which frees it once the other end
 * has let go of it.
 *
 * Context: process.
 */
void front_grant_end(struct front_grant *grant, struct front_ended *ended)
{
	if (!grant->page)
		return;
	ended->pages++;
	if (gnttab_try_end_foreign_access(grant->ref)) {
		__free_page(grant->page);
	} else {
		ended->in_use++;
		gnttab_end_foreign_access(grant->ref, grant->page);
	}
	grant->page = NULL;
}
