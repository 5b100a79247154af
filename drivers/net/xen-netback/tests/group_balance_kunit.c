// SPDX-License-Identifier: GPL-2.0
/* Tests of group_balance.c: what a move would bring. */

#include "../group_balance.h"
#include "../group_load.h"

#include <kunit/test.h>

#define BALANCE_CASE(fn, says) { .run_case = fn, .name = says }

static void gain_two_hot(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(875, 0, 437), 437);
}

static void gain_lone(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(1000, 0, 1000), 0);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(1000, 0, 990), 0);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(1000, 0, 0), 0);
}

/* No single one of seven would take much off. */
static void gain_many(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(994, 0, 142), 142);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(994, 142, 142), 142);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(994, 426, 142), 142);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(994, 710, 142), 0);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(960, 0, 16), 16);
}

static void gain_beside_hog(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(1000, 0, 50), 50);
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(950, 50, 950), 0);
}

static void gain_not_full(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(850, 0, 425), 0);
}

static void gain_both_full(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netbk_balance_gain(1000, 900, 100), 0);
}

/* Whatever is moved for a gain is not moved back for one. */
static void gain_not_back(struct kunit *test)
{
	unsigned int from, to, queue, back = 0;

	for (from = 0; from <= NETBK_LOAD_FULL; from += 20) {
		for (to = 0; to <= NETBK_LOAD_FULL; to += 20) {
			for (queue = 0; queue <= from; queue += 20) {
				if (netbk_balance_gain(from, to, queue) &&
				    netbk_balance_gain(to + queue,
						       from - queue, queue))
					back++;
			}
		}
	}
	KUNIT_EXPECT_EQ(test, back, 0);
}

static struct kunit_case balance_cases[] = {
	BALANCE_CASE(gain_two_hot,
		     "one of two busy queues moves to an idle group"),
	BALANCE_CASE(gain_lone, "the only busy queue of a group stays there"),
	BALANCE_CASE(gain_many,
		     "small queues move until the loads are nearly equal"),
	BALANCE_CASE(gain_beside_hog,
		     "a small queue moves away from a busy queue"),
	BALANCE_CASE(gain_not_full,
		     "a group with CPU time to spare keeps its queues"),
	BALANCE_CASE(gain_both_full, "no queue moves between two full groups"),
	BALANCE_CASE(gain_not_back,
		     "a queue that has moved does not move back"),
	{}
};

static struct kunit_suite balance_suite = {
	.name = "xen-netback-balance",
	.test_cases = balance_cases,
};

kunit_test_suites(&balance_suite);
