// SPDX-License-Identifier: GPL-2.0

#include "grant.h"

#include <linux/gfp.h>
#include <linux/mm.h>

#include <xen/grant_table.h>
#include <xen/page.h>

/**
 * front_grant_make - allocate a page and grant it, unless that is done
 * @grant: the page
 * @domid: the backend's domain
 * @access: how it may access the page
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
 * front_grant_end - end the grant of a page and free it
 * @grant: the page, if there is one
 * @ended: counts the page
 *
 * A page in use is left to the grant table, which frees it as soon as the
 * backend has released it.
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
