// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of copy.c: how copies are planned and how their outcome is read. What
 * happens in between is Xen's part; tests/unit stands in for it.
 */

#include "../copy.h"

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <xen/grant_table.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/xen.h>
#include <xen/page.h>

#define COPY_CASE(fn, says) { .run_case = fn, .name = says }

/**
 * struct copy_state - what a case works on
 * @page: a page of ours
 * @batch: its copies
 */
struct copy_state {
	struct page *page;
	struct netbk_copy_batch batch;
};

static const struct netbk_copy_end guest_end = {
	.domid = 7,
	.gref = 0x12345678,
	.offset = 0x123,
};

static int copy_init(struct kunit *test)
{
	struct copy_state *state = kunit_kzalloc(test, sizeof(*state),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, state);
	/* What planning leaves out shows. */
	memset(state->batch.op, 0xa5, sizeof(state->batch.op));
	test->priv = state;
	state->page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state->page);
	return 0;
}

static void copy_exit(struct kunit *test)
{
	struct copy_state *state = test->priv;

	if (state && state->page)
		__free_page(state->page);
}

/* ------------------------------ planning ----------------------------- */

static void expect_guest_end(struct kunit *test,
			     const struct gnttab_copy_ptr *ptr)
{
	KUNIT_EXPECT_EQ(test, ptr->u.ref, guest_end.gref);
	KUNIT_EXPECT_EQ(test, ptr->domid, guest_end.domid);
	KUNIT_EXPECT_EQ(test, ptr->offset, guest_end.offset);
}

static void expect_local_end(struct kunit *test,
			     const struct gnttab_copy_ptr *ptr,
			     unsigned int offset)
{
	const struct copy_state *state = test->priv;

	KUNIT_EXPECT_EQ(test, ptr->u.gmfn, xen_page_to_gfn(state->page));
	KUNIT_EXPECT_EQ(test, ptr->domid, DOMID_SELF);
	KUNIT_EXPECT_EQ(test, ptr->offset, offset);
}

static void from_guest(struct kunit *test)
{
	struct copy_state *state = test->priv;
	const struct gnttab_copy *op = state->batch.op;

	netbk_copy_from_guest(&state->batch, &guest_end, state->page, 0x234,
			      1500);
	KUNIT_ASSERT_EQ(test, state->batch.nr, 1);
	expect_guest_end(test, &op->source);
	expect_local_end(test, &op->dest, 0x234);
	KUNIT_EXPECT_EQ(test, op->len, 1500);
	KUNIT_EXPECT_EQ(test, op->flags, GNTCOPY_source_gref);
}

static void to_guest(struct kunit *test)
{
	struct copy_state *state = test->priv;
	const struct gnttab_copy *op = state->batch.op;

	netbk_copy_to_guest(&state->batch, &guest_end, state->page, 0x234,
			    1500);
	KUNIT_ASSERT_EQ(test, state->batch.nr, 1);
	expect_local_end(test, &op->source, 0x234);
	expect_guest_end(test, &op->dest);
	KUNIT_EXPECT_EQ(test, op->len, 1500);
	KUNIT_EXPECT_EQ(test, op->flags, GNTCOPY_dest_gref);
}

static void whole_page(struct kunit *test)
{
	struct copy_state *state = test->priv;
	struct netbk_copy_end guest = guest_end;
	const struct gnttab_copy *op = state->batch.op;

	guest.offset = 0;
	netbk_copy_from_guest(&state->batch, &guest, state->page, 0,
			      XEN_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, op->source.offset, 0);
	KUNIT_EXPECT_EQ(test, op->dest.offset, 0);
	KUNIT_EXPECT_EQ(test, op->len, XEN_PAGE_SIZE);
}

static void one_after_another(struct kunit *test)
{
	struct copy_state *state = test->priv;
	const struct netbk_copy_batch *batch = &state->batch;
	unsigned int i;

	for (i = 0; i < NETBK_COPY_OPS; i++)
		netbk_copy_to_guest(&state->batch, &guest_end, state->page, i,
				    i + 1);
	KUNIT_ASSERT_EQ(test, batch->nr, NETBK_COPY_OPS);
	for (i = 0; i < NETBK_COPY_OPS; i++) {
		KUNIT_EXPECT_EQ(test, batch->op[i].source.offset, i);
		KUNIT_EXPECT_EQ(test, batch->op[i].len, i + 1);
	}
}

/* A page that a third domain has granted to us. */
static void foreign_page(struct kunit *test)
{
	struct copy_state *state = test->priv;
	const struct gnttab_copy *op = state->batch.op;
	struct xen_page_foreign *foreign;

	KUNIT_ASSERT_EQ(test, gnttab_pages_set_private(1, &state->page), 0);
	SetPageForeign(state->page);
	foreign = xen_page_foreign(state->page);
	foreign->domid = 9;
	foreign->gref = 0x87654321;
	netbk_copy_to_guest(&state->batch, &guest_end, state->page, 0x234,
			    1500);
	ClearPageForeign(state->page);
	gnttab_pages_clear_private(1, &state->page);

	KUNIT_EXPECT_EQ(test, op->source.u.ref, 0x87654321);
	KUNIT_EXPECT_EQ(test, op->source.domid, 9);
	KUNIT_EXPECT_EQ(test, op->source.offset, 0x234);
	expect_guest_end(test, &op->dest);
	KUNIT_EXPECT_EQ(test, op->len, 1500);
	KUNIT_EXPECT_EQ(test, op->flags,
			GNTCOPY_source_gref | GNTCOPY_dest_gref);
}

/* ------------------------------ outcome ------------------------------ */

/* Five copies, of which the third and the fourth failed. */
static struct netbk_copy_batch *five_copies(struct kunit *test)
{
	static const s16 status[] = {
		GNTST_okay, GNTST_okay, GNTST_bad_gntref, GNTST_eagain,
		GNTST_okay,
	};
	struct copy_state *state = test->priv;
	unsigned int i;

	for (i = 0; i < 5; i++)
		state->batch.op[i].status = status[i];
	state->batch.nr = 5;
	return &state->batch;
}

static void all_well(struct kunit *test)
{
	struct netbk_copy_batch *batch = five_copies(test);

	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 0, 2), GNTST_okay);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 4, 1), GNTST_okay);
}

static void first_failure(struct kunit *test)
{
	struct netbk_copy_batch *batch = five_copies(test);

	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 0, 5),
			GNTST_bad_gntref);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 2, 2),
			GNTST_bad_gntref);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 3, 2), GNTST_eagain);
}

static void edges_of_range(struct kunit *test)
{
	struct netbk_copy_batch *batch = five_copies(test);

	batch->op[0].status = GNTST_general_error;
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 1, 1), GNTST_okay);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 1, 2),
			GNTST_bad_gntref);
}

static void empty_range(struct kunit *test)
{
	struct netbk_copy_batch *batch = five_copies(test);

	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 2, 0), GNTST_okay);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, NETBK_COPY_OPS, 0),
			GNTST_okay);
}

static struct kunit_case copy_cases[] = {
	COPY_CASE(from_guest,
		  "a copy from a guest goes from its grant to our frame"),
	COPY_CASE(to_guest,
		  "a copy to a guest goes from our frame to its grant"),
	COPY_CASE(whole_page, "a copy may span a whole page"),
	COPY_CASE(one_after_another, "a batch keeps its copies in order"),
	COPY_CASE(foreign_page,
		  "a page granted by a third domain is named by its grant"),
	COPY_CASE(all_well, "a range without failures has status okay"),
	COPY_CASE(first_failure, "a range has the status of its first failure"),
	COPY_CASE(edges_of_range,
		  "failures next to a range do not affect its status"),
	COPY_CASE(empty_range, "an empty range has status okay"),
	{}
};

static struct kunit_suite copy_suite = {
	.name = "xen-netback-copy",
	.init = copy_init,
	.exit = copy_exit,
	.test_cases = copy_cases,
};

kunit_test_suites(&copy_suite);
