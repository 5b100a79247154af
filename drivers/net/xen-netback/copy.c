// SPDX-License-Identifier: GPL-2.0

#include "copy.h"

#include <linux/mm.h>
#include <linux/printk.h>

#include <xen/interface/grant_table.h>
#include <xen/page.h>

#include <asm/xen/hypercall.h>

static struct gnttab_copy *copy_next_op(struct netbk_copy_batch *batch)
{
	return &batch->op[batch->nr++];
}

static void copy_set_guest_end(struct gnttab_copy_ptr *ptr,
			       const struct netbk_copy_end *guest)
{
	ptr->u.ref = guest->gref;
	ptr->domid = guest->domid;
	ptr->offset = guest->offset;
}

static void copy_set_local_end(struct gnttab_copy_ptr *ptr, struct page *page,
			       unsigned int offset)
{
	ptr->u.gmfn = xen_page_to_gfn(page) + (offset >> XEN_PAGE_SHIFT);
	ptr->domid = DOMID_SELF;
	ptr->offset = xen_offset_in_page(offset);
}

/**
 * netbk_copy_from_guest - plan a copy out of a granted page
 * @batch: the batch; the caller has checked that it has room
 * @guest: source
 * @page: destination
 * @offset: bytes into @page
 * @len: bytes; must not cross a Xen page on either side
 *
 * Context: any; the batch is the caller's alone.
 */
void netbk_copy_from_guest(struct netbk_copy_batch *batch,
			   const struct netbk_copy_end *guest,
			   struct page *page, unsigned int offset,
			   unsigned int len)
{
	struct gnttab_copy *op = copy_next_op(batch);

	copy_set_guest_end(&op->source, guest);
	copy_set_local_end(&op->dest, page, offset);
	op->len = len;
	op->flags = GNTCOPY_source_gref;
}

/**
 * netbk_copy_to_guest - plan a copy into a granted page
 * @batch: the batch; the caller has checked that it has room
 * @guest: destination
 * @page: source; a page that another guest has granted is named by its grant,
 *	since the frame is not ours
 * @offset: bytes into @page
 * @len: bytes; must not cross a Xen page on either side
 *
 * Context: any; the batch is the caller's alone.
 */
void netbk_copy_to_guest(struct netbk_copy_batch *batch,
			 const struct netbk_copy_end *guest,
			 struct page *page, unsigned int offset,
			 unsigned int len)
{
	const struct xen_page_foreign *foreign = xen_page_foreign(page);
	struct gnttab_copy *op = copy_next_op(batch);

	op->flags = GNTCOPY_dest_gref;
	if (unlikely(foreign)) {
		op->source.u.ref = foreign->gref;
		op->source.domid = foreign->domid;
		op->source.offset = offset;
		op->flags |= GNTCOPY_source_gref;
	} else {
		copy_set_local_end(&op->source, page, offset);
	}
	copy_set_guest_end(&op->dest, guest);
	op->len = len;
}

/**
 * netbk_copy_run - have Xen carry out a batch
 * @batch: one operation or more
 *
 * An operation that Xen asks to retry (GNTST_eagain: the guest's frame is paged
 * out) counts as failed: nothing may wait for a guest's memory in softirq
 * context. If Xen refuses the hypercall itself, no status can be trusted, and
 * all operations count as failed (XSA-367).
 *
 * Context: any.
 */
void netbk_copy_run(struct netbk_copy_batch *batch)
{
	unsigned int i;
	int err;

	err = HYPERVISOR_grant_table_op(GNTTABOP_copy, batch->op, batch->nr);
	if (likely(!err))
		return;

	pr_warn_ratelimited("xen-netback: grant copy of %u operations failed: error %d\n",
			    batch->nr, err);
	for (i = 0; i < batch->nr; i++)
		batch->op[i].status = GNTST_general_error;
}

/**
 * netbk_copy_status - get the outcome of a range of operations
 * @batch: after netbk_copy_run()
 * @first: index of the first operation
 * @nr: number of operations, 0 or more
 *
 * Context: any; the batch is the caller's alone.
 * Return: GNTST_okay if all succeeded, otherwise the first other status.
 */
int netbk_copy_status(const struct netbk_copy_batch *batch,
		      unsigned int first, unsigned int nr)
{
	unsigned int i;

	for (i = first; i < first + nr; i++) {
		if (unlikely(batch->op[i].status != GNTST_okay))
			return batch->op[i].status;
	}
	return GNTST_okay;
}
