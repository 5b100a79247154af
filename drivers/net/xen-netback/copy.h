/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Batches of grant copies: they are planned one by one and run in one
 * hypercall; then each has an outcome.
 */
#ifndef _XEN_NETBACK_COPY_H
#define _XEN_NETBACK_COPY_H

#include <linux/types.h>
#include <xen/grant_table.h>

struct page;

/* Operations in a hypercall. An operation costs Xen about 1,200 instructions
 * and the hypercall 500, so a larger batch gains nothing. The bound limits the
 * latency of what waits behind a batch.
 */
#define NETBK_COPY_OPS 256

/**
 * struct netbk_copy_batch - grant copies that run together
 * @nr: operations planned
 * @op: the operations; their status is valid after netbk_copy_run()
 */
struct netbk_copy_batch {
	unsigned int nr;
	struct gnttab_copy op[NETBK_COPY_OPS];
};

/**
 * struct netbk_copy_end - the guest's end of a copy
 * @domid: the guest
 * @gref: grant of its page
 * @offset: bytes into the page
 */
struct netbk_copy_end {
	domid_t domid;
	grant_ref_t gref;
	u16 offset;
};

void netbk_copy_from_guest(struct netbk_copy_batch *batch,
			   const struct netbk_copy_end *guest,
			   struct page *page, unsigned int offset,
			   unsigned int len);
void netbk_copy_to_guest(struct netbk_copy_batch *batch,
			 const struct netbk_copy_end *guest,
			 struct page *page, unsigned int offset,
			 unsigned int len);
void netbk_copy_run(struct netbk_copy_batch *batch);
int netbk_copy_status(const struct netbk_copy_batch *batch,
		      unsigned int first, unsigned int nr);

#endif /* _XEN_NETBACK_COPY_H */
