/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page that the backend may access.
 */
#ifndef _XEN_NETBACK_FRONT_GRANT_H
#define _XEN_NETBACK_FRONT_GRANT_H

#include <linux/types.h>

#include <xen/interface/grant_table.h>

struct page;

/* How the backend may access a page. */
enum front_access {
	FRONT_READ_WRITE = 0,
	FRONT_READ_ONLY = 1,	/* the grant table's own value */
};

/**
 * struct front_grant - a granted page
 * @page: the page, NULL if there is none
 * @ref: its grant reference
 *
 * Guarded like the structure it is a part of.
 */
struct front_grant {
	struct page *page;
	grant_ref_t ref;
};

/**
 * struct front_ended - counts grants that were ended
 * @pages: number of pages
 * @in_use: number of those that the backend still used
 *
 * Belongs to the function that counts.
 */
struct front_ended {
	unsigned int pages;
	unsigned int in_use;
};

int front_grant_make(struct front_grant *grant, domid_t domid,
		     enum front_access access);
void front_grant_end(struct front_grant *grant, struct front_ended *ended);

#endif /* _XEN_NETBACK_FRONT_GRANT_H */
