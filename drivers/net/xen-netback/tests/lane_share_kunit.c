// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of lane_share.c: what packets cost, and what queues that are always
 * busy, or often come back, get of a lane. They need neither Xen nor a kernel:
 * tests/unit runs them in user space too.
 */

#include "../lane_share.h"

#include <kunit/test.h>
#include <linux/prandom.h>

#define SHARE_CASE(fn, says) { .run_case = fn, .name = says }

#define NR_QUEUES 3
#define VISITS 30000

/**
 * struct busy_queue - a queue that always has another packet
 * @share: of the lane
 * @weight: its own
 * @least: its packets cost this
 * @spread: and up to this more, at random
 * @served: what was taken from it
 */
struct busy_queue {
	struct netbk_share share;
	unsigned int weight;
	unsigned int least;
	unsigned int spread;
	u64 served;
};

static void cost_examples(struct kunit *test)
{
	/* Those at the head of lane_share.c. */
	KUNIT_EXPECT_EQ(test, netbk_cost(1, 60, 0), 3215);
	KUNIT_EXPECT_EQ(test, netbk_cost(1, 1514, 0), 3578);
	KUNIT_EXPECT_EQ(test, netbk_cost(18, 65536, 46), 39984);
	KUNIT_EXPECT_EQ(test, netbk_cost(1, 0, 0), 3200);
	KUNIT_EXPECT_EQ(test, netbk_cost(2, 0, 0), 4400);
	KUNIT_EXPECT_EQ(test, netbk_cost(18, 65536, 2048), 285744);
}

static void time_beyond(struct kunit *test)
{
	struct netbk_share share = {};

	netbk_share_charge_time(&share, 3215, 3215);
	KUNIT_EXPECT_EQ(test, share.credit, 0);
	netbk_share_charge_time(&share, 80000, 3215);
	KUNIT_EXPECT_EQ(test, share.credit, 3215 - 80000);
	share.credit = 0;
	netbk_share_charge_time(&share, 1000000000000, 3215);
	KUNIT_EXPECT_EQ(test, share.credit, -NETBK_OVERRUN_TIMES * 3215);
	share.credit = 0;
	netbk_share_charge_time(&share, 1000000000000, 2 * NETBK_QUANTUM);
	KUNIT_EXPECT_EQ(test, share.credit, -NETBK_OVERRUN_MAX);
}

static void quantum_once(struct kunit *test)
{
	struct netbk_share share = {};

	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, 100));
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM);
	netbk_share_charge(&share, NETBK_QUANTUM - 1);
	KUNIT_EXPECT_TRUE(test, netbk_share_left(&share));
	/* The batch was full: no second quantum. */
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, 100));
	KUNIT_EXPECT_EQ(test, share.credit, 1);
	netbk_share_charge(&share, 1);
	KUNIT_EXPECT_FALSE(test, netbk_share_left(&share));
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, 200));
	KUNIT_EXPECT_EQ(test, share.credit, 2 * NETBK_QUANTUM);
}

static void debt_waits(struct kunit *test)
{
	struct netbk_share share = {};
	unsigned int passes = 0;

	netbk_share_begin(&share, NETBK_WEIGHT_MIN);
	netbk_share_charge(&share, NETBK_QUANTUM);
	while (!netbk_share_begin(&share, NETBK_WEIGHT_MIN))
		passes++;
	/* The tenth quantum of a tenth brings it to 0, which is not credit. */
	KUNIT_EXPECT_EQ(test, passes, 9);
}

static void credit_forfeited(struct kunit *test)
{
	struct netbk_share share = {};

	netbk_share_begin(&share, 100);
	netbk_share_charge(&share, 1000);
	netbk_share_forfeit(&share);
	KUNIT_EXPECT_EQ(test, share.credit, 0);
	netbk_share_begin(&share, 100);
	netbk_share_charge(&share, NETBK_QUANTUM + 1000);
	netbk_share_forfeit(&share);
	KUNIT_EXPECT_EQ(test, share.credit, -1000);
}

static unsigned int next_cost(const struct busy_queue *queue,
			      struct rnd_state *rnd)
{
	return queue->least +
	       prandom_u32_state(rnd) % (queue->spread + 1);
}

static void visit(struct busy_queue *queue, struct rnd_state *rnd)
{
	unsigned int cost;

	if (!netbk_share_begin(&queue->share, queue->weight))
		return;
	while (netbk_share_left(&queue->share)) {
		cost = next_cost(queue, rnd);
		netbk_share_charge(&queue->share, cost);
		queue->served += cost;
	}
}

/* Each in turn, and to each what its weight entitles it to, within 1 %. */
static void expect_shares(struct kunit *test, struct busy_queue *queues)
{
	unsigned int weights = 0, i;
	struct rnd_state rnd;
	u64 served = 0;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < VISITS; i++)
		visit(&queues[i % NR_QUEUES], &rnd);
	for (i = 0; i < NR_QUEUES; i++) {
		weights += queues[i].weight;
		served += queues[i].served;
	}
	for (i = 0; i < NR_QUEUES; i++) {
		u64 due = served * queues[i].weight;

		KUNIT_EXPECT_LT(test, queues[i].served * weights * 100,
				due * 101);
		KUNIT_EXPECT_GT(test, queues[i].served * weights * 100,
				due * 99);
	}
}

static void shares_equal(struct kunit *test)
{
	struct busy_queue queues[NR_QUEUES] = {
		{ .weight = 100, .least = 3215 },
		{ .weight = 100, .least = 39984 },
		{ .weight = 100, .least = 3215, .spread = 282529 },
	};

	expect_shares(test, queues);
}

static void shares_weighted(struct kunit *test)
{
	struct busy_queue queues[NR_QUEUES] = {
		{ .weight = 100, .least = 3215, .spread = 36769 },
		{ .weight = 200, .least = 3215, .spread = 36769 },
		{ .weight = 400, .least = 3215, .spread = 36769 },
	};

	expect_shares(test, queues);
}

static void shares_extreme(struct kunit *test)
{
	struct busy_queue queues[NR_QUEUES] = {
		{ .weight = NETBK_WEIGHT_MIN, .least = 285744 },
		{ .weight = NETBK_WEIGHT_DEFAULT, .least = 3215 },
		{ .weight = NETBK_WEIGHT_MAX, .least = 39984 },
	};

	expect_shares(test, queues);
}

/* One has a dear packet at each visit and is then empty. */
static void coming_back(struct kunit *test)
{
	struct busy_queue busy = { .weight = 100, .least = 39984 };
	struct netbk_share share = {};
	struct rnd_state rnd;
	u64 served = 0;
	unsigned int i;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < VISITS; i++) {
		visit(&busy, &rnd);
		if (!netbk_share_begin(&share, 100))
			continue;
		netbk_share_charge(&share, 285744);
		served += 285744;
		netbk_share_forfeit(&share);
	}
	KUNIT_EXPECT_LT(test, served * 1000, busy.served * 1001);
}

static struct kunit_case share_cases[] = {
	SHARE_CASE(cost_examples, "the examples of the cost model hold"),
	SHARE_CASE(time_beyond, "time beyond the estimated cost is charged"),
	SHARE_CASE(quantum_once,
		   "a visit cut short by a full batch earns no new quantum"),
	SHARE_CASE(debt_waits,
		   "a queue in debt is passed until quanta have repaid it"),
	SHARE_CASE(credit_forfeited,
		   "an empty queue keeps its debt but not its credit"),
	SHARE_CASE(shares_equal,
		   "queues get equal shares whatever their packets cost"),
	SHARE_CASE(shares_weighted, "weights of 1:2:4 give shares of 1:2:4"),
	SHARE_CASE(shares_extreme,
		   "weights of 1:10:100 give shares of 1:10:100"),
	SHARE_CASE(coming_back, "a queue that comes back often gains nothing"),
	{}
};

static struct kunit_suite share_suite = {
	.name = "xen-netback-share",
	.test_cases = share_cases,
};

kunit_test_suites(&share_suite);
