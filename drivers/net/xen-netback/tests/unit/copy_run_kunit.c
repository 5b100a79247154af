// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of netbk_copy_run(): what becomes of a batch that Xen carries out,
 * refuses in part, or refuses whole. In here this file is Xen.
 */

#include "../../copy.h"

#include <errno.h>
#include <kunit/test.h>
#include <linux/mm.h>

#include <asm/xen/hypercall.h>

#include <xen/interface/grant_table.h>

#define COPY_RUN_CASE(fn, says) { .run_case = fn, .name = says }

#define NR_OPS 3
/* No status of Xen's: it has not looked at the operation. */
#define UNTOUCHED 77

/**
 * struct hypercall - what Xen was asked and what it answers
 * @calls: how often it was asked
 * @cmd: for what
 * @uop: with which operations
 * @count: how many
 * @result: its answer
 * @status: what it says of each operation; looked at if @result is 0
 */
struct hypercall {
	unsigned int calls;
	unsigned int cmd;
	void *uop;
	unsigned int count;
	int result;
	s16 status[NR_OPS];
};

static struct hypercall hypercall;

int HYPERVISOR_grant_table_op(unsigned int cmd, void *uop, unsigned int count)
{
	struct gnttab_copy *op = uop;
	unsigned int i;

	hypercall.calls++;
	hypercall.cmd = cmd;
	hypercall.uop = uop;
	hypercall.count = count;
	for (i = 0; !hypercall.result && i < count; i++)
		op[i].status = hypercall.status[i];
	return hypercall.result;
}

static int copy_run_init(struct kunit *test)
{
	struct netbk_copy_batch *batch;
	unsigned int i;

	batch = kunit_kzalloc(test, sizeof(*batch), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, batch);
	batch->nr = NR_OPS;
	for (i = 0; i <= NR_OPS; i++)
		batch->op[i].status = UNTOUCHED;
	test->priv = batch;
	hypercall = (struct hypercall){};
	return 0;
}

static void one_hypercall(struct kunit *test)
{
	struct netbk_copy_batch *batch = test->priv;

	netbk_copy_run(batch);
	KUNIT_EXPECT_EQ(test, hypercall.calls, 1);
	KUNIT_EXPECT_EQ(test, hypercall.cmd, GNTTABOP_copy);
	KUNIT_EXPECT_TRUE(test, hypercall.uop == batch->op);
	KUNIT_EXPECT_EQ(test, hypercall.count, NR_OPS);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 0, NR_OPS), GNTST_okay);
}

static void failed_in_part(struct kunit *test)
{
	struct netbk_copy_batch *batch = test->priv;

	hypercall.status[1] = GNTST_bad_gntref;
	netbk_copy_run(batch);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 0, 1), GNTST_okay);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 1, 1),
			GNTST_bad_gntref);
	KUNIT_EXPECT_EQ(test, netbk_copy_status(batch, 2, 1), GNTST_okay);
}

static void try_again(struct kunit *test)
{
	struct netbk_copy_batch *batch = test->priv;

	hypercall.status[2] = GNTST_eagain;
	netbk_copy_run(batch);
	KUNIT_EXPECT_EQ(test, hypercall.calls, 1);
	KUNIT_EXPECT_NE(test, netbk_copy_status(batch, 2, 1), GNTST_okay);
}

static void refused(struct kunit *test)
{
	struct netbk_copy_batch *batch = test->priv;
	unsigned int i;

	hypercall.result = -EFAULT;
	batch->op[1].status = GNTST_okay;
	netbk_copy_run(batch);
	for (i = 0; i < NR_OPS; i++)
		KUNIT_EXPECT_EQ(test, batch->op[i].status,
				GNTST_general_error);
	KUNIT_EXPECT_EQ(test, batch->op[NR_OPS].status, UNTOUCHED);
}

static struct kunit_case copy_run_cases[] = {
	COPY_RUN_CASE(one_hypercall, "a batch is one hypercall"),
	COPY_RUN_CASE(failed_in_part, "each operation has its own status"),
	COPY_RUN_CASE(try_again, "an operation with status eagain has failed"),
	COPY_RUN_CASE(refused,
		      "a refused hypercall fails all operations (XSA-367)"),
	{}
};

static struct kunit_suite copy_run_suite = {
	.name = "xen-netback-copy-run",
	.init = copy_run_init,
	.test_cases = copy_run_cases,
};

kunit_test_suites(&copy_run_suite);
