// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of vif_mcast.c: what is on a guest's list, and what that keeps from it.
 */

#include "../vif_mcast.h"

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#define MCAST_CASE(fn, says) { .run_case = fn, .name = says }

static const u8 all_hosts[ETH_ALEN] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };
static const u8 all_nodes[ETH_ALEN] = { 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 };
static const u8 unicast[ETH_ALEN] = { 0x00, 0x16, 0x3e, 0x00, 0x00, 0x01 };
static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static int mcast_init(struct kunit *test)
{
	struct xenvif_mcast *mcast = kunit_kzalloc(test, sizeof(*mcast),
						   GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mcast);
	xenvif_mcast_init(mcast);
	test->priv = mcast;
	return 0;
}

static void add_many(struct kunit *test, unsigned int nr)
{
	u8 addr[ETH_ALEN];
	unsigned int i;

	memcpy(addr, all_nodes, ETH_ALEN);
	for (i = 0; i < nr; i++) {
		addr[5] = i;
		KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(test->priv, addr));
	}
}

static void mcast_off(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	KUNIT_EXPECT_TRUE(test, xenvif_mcast_wanted(mcast, all_hosts));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_nodes));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_wanted(mcast, all_hosts));
}

static void mcast_on(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	mcast->on = true;
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_wanted(mcast, all_hosts));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_hosts));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_wanted(mcast, all_hosts));
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_wanted(mcast, all_nodes));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_wanted(mcast, unicast));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_wanted(mcast, broadcast));
}

static void mcast_delete(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	add_many(test, 3);
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_hosts));
	xenvif_mcast_del(mcast, all_nodes);
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_has(mcast, all_nodes));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_has(mcast, all_hosts));
	KUNIT_EXPECT_EQ(test, mcast->nr, 3);
	xenvif_mcast_del(mcast, all_nodes);
	KUNIT_EXPECT_EQ(test, mcast->nr, 3);
}

static void mcast_twice(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_hosts));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_hosts));
	KUNIT_EXPECT_EQ(test, mcast->nr, 1);
	xenvif_mcast_del(mcast, all_hosts);
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_has(mcast, all_hosts));
}

static void mcast_full(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	add_many(test, XENVIF_MCAST_MAX);
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_add(mcast, all_hosts));
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_has(mcast, all_hosts));
	/* One that is there already needs no room. */
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_nodes));
	xenvif_mcast_del(mcast, all_nodes);
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_add(mcast, all_hosts));
}

static void mcast_no_multicast(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	KUNIT_EXPECT_FALSE(test, xenvif_mcast_add(mcast, unicast));
	KUNIT_EXPECT_EQ(test, mcast->nr, 0);
}

static void mcast_cleared(struct kunit *test)
{
	struct xenvif_mcast *mcast = test->priv;

	mcast->on = true;
	add_many(test, 2);
	xenvif_mcast_clear(mcast);
	KUNIT_EXPECT_FALSE(test, xenvif_mcast_has(mcast, all_nodes));
	KUNIT_EXPECT_TRUE(test, xenvif_mcast_wanted(mcast, all_hosts));
}

static struct kunit_case mcast_cases[] = {
	MCAST_CASE(mcast_off, "a guest that does not filter gets every group"),
	MCAST_CASE(mcast_on,
		   "a guest that filters gets the groups on its list only"),
	MCAST_CASE(mcast_delete, "a deleted address is not on the list"),
	MCAST_CASE(mcast_twice, "an address added twice is on the list once"),
	MCAST_CASE(mcast_full, "an address is refused when the list is full"),
	MCAST_CASE(mcast_no_multicast, "a unicast address is refused"),
	MCAST_CASE(mcast_cleared,
		   "clearing empties the list and ends the filter"),
	{}
};

static struct kunit_suite mcast_suite = {
	.name = "xen-netback-mcast",
	.init = mcast_init,
	.test_cases = mcast_cases,
};

kunit_test_suites(&mcast_suite);
