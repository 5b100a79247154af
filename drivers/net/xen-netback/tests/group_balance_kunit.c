// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of group_balance.c, which includes this file: what a move would bring,
 * and which queue is moved.
 */

#include <kunit/test.h>
#include <linux/delay.h>

#include "../vif.h"
#include "groups.h"

#define BALANCE_CASE(fn, says) { .run_case = fn, .name = says }

static void gain_two_hot(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, balance_gain(875, 0, 437), 437);
}

static void gain_lone(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, balance_gain(1000, 0, 1000), 0);
	KUNIT_EXPECT_EQ(test, balance_gain(1000, 0, 990), 0);
	KUNIT_EXPECT_EQ(test, balance_gain(1000, 0, 0), 0);
}

/* No single one of seven would take much off. */
static void gain_many(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, balance_gain(994, 0, 142), 142);
	KUNIT_EXPECT_EQ(test, balance_gain(994, 142, 142), 142);
	KUNIT_EXPECT_EQ(test, balance_gain(994, 426, 142), 142);
	KUNIT_EXPECT_EQ(test, balance_gain(994, 710, 142), 0);
	KUNIT_EXPECT_EQ(test, balance_gain(960, 0, 16), 16);
}

static void gain_beside_hog(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, balance_gain(1000, 0, 50), 50);
	KUNIT_EXPECT_EQ(test, balance_gain(950, 50, 950), 0);
}

static void gain_not_full(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, balance_gain(850, 0, 425), 0);
}

static void gain_both_full(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, balance_gain(1000, 900, 100), 0);
}

/* Whatever is moved for a gain is not moved back for one. */
static void gain_not_back(struct kunit *test)
{
	unsigned int from, to, queue, back = 0;

	for (from = 0; from <= NETBK_LOAD_FULL; from += 20) {
		for (to = 0; to <= NETBK_LOAD_FULL; to += 20) {
			for (queue = 0; queue <= from; queue += 20) {
				if (balance_gain(from, to, queue) &&
				    balance_gain(to + queue, from - queue,
						 queue))
					back++;
			}
		}
	}
	KUNIT_EXPECT_EQ(test, back, 0);
}

/* The second group is idle, so the first one's two queues are parted. */
static void move_best(struct kunit *test)
{
	struct xen_netif *netif = netbk_test_netif(test, 2);
	struct xenvif_queue *queue = netif->queues;
	struct xen_netbk *from, *to;
	unsigned int loads[2];
	int cpus[2];
	u64 spent;

	if (netbk_groups_count() < 2)
		kunit_skip(test, "one group");
	from = netbk_group(0);
	to = netbk_group(1);
	netbk_pin_queue(&queue[0], 0);
	netbk_pin_queue(&queue[1], 0);
	netbk_add_netif(netif);
	mutex_lock(&netbk_placement);
	cpus[0] = from->sample.cpu;
	cpus[1] = to->sample.cpu;
	loads[0] = from->load;
	loads[1] = to->load;
	spent = from->spent;
	from->load = 1000;
	from->spent = 1000;
	to->load = 0;
	netbk_load_begin(&queue[0]);
	netbk_load_begin(&queue[1]);
	queue[0].spent = 500;
	queue[1].spent = 300;
	list_move(&queue[0].charged, &netbk_load_charged);
	list_move(&queue[1].charged, &netbk_load_charged);
	from->sample.cpu = -1;
	to->sample.cpu = -1;
	KUNIT_EXPECT_PTR_EQ(test, balance_best_to_move(to), NULL);
	queue[0].pinned = false;
	queue[1].pinned = false;
	KUNIT_EXPECT_PTR_EQ(test, balance_best_to_move(to), &queue[0]);
	queue[0].stays_until = jiffies + HZ;
	KUNIT_EXPECT_PTR_EQ(test, balance_best_to_move(to), &queue[1]);
	/* It has done nothing lately. */
	list_del_init(&queue[1].charged);
	KUNIT_EXPECT_PTR_EQ(test, balance_best_to_move(to), NULL);
	queue[0].spent = 0;
	queue[1].spent = 0;
	from->spent = spent;
	from->sample.cpu = cpus[0];
	to->sample.cpu = cpus[1];
	from->load = loads[0];
	to->load = loads[1];
	mutex_unlock(&netbk_placement);
	netbk_remove_netif(netif);
}

/* No guest is there. What other cases have left is forgotten in ten looks. */
static void looks_end(struct kunit *test)
{
	unsigned int looks = 0;

	while (balance_groups() && looks < 100) {
		looks++;
		msleep(NETBK_BALANCE_MS);
	}
	KUNIT_EXPECT_LT(test, looks, 100);
	KUNIT_EXPECT_TRUE(test, list_empty(&netbk_load_charged));
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
	BALANCE_CASE(move_best, "the largest queue that may move is chosen"),
	BALANCE_CASE(looks_end, "looks end when no group works"),
	{}
};

static struct kunit_suite balance_suite = {
	.name = "xen-netback-balance",
	.suite_init = netbk_test_groups_init,
	.suite_exit = netbk_test_groups_exit,
	.test_cases = balance_cases,
};

kunit_test_suites(&balance_suite);
