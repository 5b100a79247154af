/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page that the other end may use.
 */
#ifndef _XEN_NETBACK_FRONT_GRANT_H
#define _XEN_NETBACK_FRONT_GRANT_H

#include <linux/types.h>

#include <xen/interface/grant_table.h>

struct page;

/* What the other end may do with a page. */
enum front_access {
	FRONT_READ_WRITE = 0,
	FRONT_READ_ONLY = 1,	/* also what the grant table calls it */
};

/**
 * struct front_grant - a page that is granted
 * @page: the page, NULL if there is none yet
 * @ref: its grant
 *
 * Guarded as what it is a part of.
 */
struct front_grant {
	struct page *page;
	grant_ref_t ref;
};

/**
 * struct front_ended - what became of grants that were ended
 * @pages: how many there were
 * @in_use: how many of them the other end still used
 *
 * Belongs to who counts.
 */
struct front_ended {
	unsigned int pages;
	unsigned int in_use;
};

int front_grant_make(struct front_grant *grant, domid_t domid,
		     enum front_access access);
void front_grant_end(struct front_grant *grant, struct front_ended *ended);

#endif /* _XEN_NETBACK_FRONT_GRANT_H */
