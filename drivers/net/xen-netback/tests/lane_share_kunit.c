// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of lane_share.c: what packets cost, and the accounts of queues and
 * guests. They need neither Xen nor a kernel: tests/unit runs them in user
 * space too.
 */

#include "../lane_share.h"

#include <kunit/test.h>

#define SHARE_CASE(fn, says) { .run_case = fn, .name = says }

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

#define COST 3215
#define MILLISECOND 1000000

static struct netbk_bill bill_of(s64 ns)
{
	return (struct netbk_bill){ .packets = 1, .cost = COST, .ns = ns };
}

/* What is charged for a packet that took @ns. */
static int overrun_charged(struct kunit *test, s64 ns)
{
	struct netbk_bill bill = bill_of(ns);
	struct netbk_share share = {};

	netbk_share_charge_time(&share, &bill);
	KUNIT_EXPECT_EQ(test, share.spent, -share.credit);
	return -share.credit;
}

static void time_beyond(struct kunit *test)
{
	struct netbk_bill bill = {
		.packets = 20, .cost = 20 * COST, .ns = 1000000000000,
	};
	struct netbk_share share = {};

	KUNIT_EXPECT_EQ(test, overrun_charged(test, -5), 0);
	KUNIT_EXPECT_EQ(test, overrun_charged(test, 0), 0);
	KUNIT_EXPECT_EQ(test, overrun_charged(test, COST), 0);
	KUNIT_EXPECT_EQ(test, overrun_charged(test, 80000), 80000 - COST);
	KUNIT_EXPECT_EQ(test, overrun_charged(test, 1000000000000),
			NETBK_OVERRUN_PACKET);
	netbk_share_charge_time(&share, &bill);
	KUNIT_EXPECT_EQ(test, share.credit, -20 * NETBK_OVERRUN_PACKET);
}

static void learn(struct netbk_overrun *overrun, s64 ns, u64 now)
{
	struct netbk_bill bill = bill_of(ns);

	netbk_overrun_learn(overrun, &bill, now);
}

static void time_expected(struct kunit *test)
{
	struct netbk_overrun overrun = {};
	unsigned int i, more;

	/* A slow machine. */
	learn(&overrun, NETBK_OVERRUN_TIMES * COST, 0);
	KUNIT_EXPECT_EQ(test, netbk_overrun_expect(&overrun, COST), 0);
	/* Broadcast over a hundred ports; half is believed at once. */
	learn(&overrun, 150000, 0);
	more = netbk_overrun_expect(&overrun, COST);
	KUNIT_EXPECT_GT(test, more, 65000);
	KUNIT_EXPECT_LT(test, more, 75000);
	for (i = 0; i < 10; i++)
		learn(&overrun, 150000, 0);
	/* Now four packets fill a round. */
	more = netbk_overrun_expect(&overrun, COST);
	KUNIT_EXPECT_GT(test, 4 * (COST + more), NETBK_ROUND_COST);
	KUNIT_EXPECT_LE(test, COST + more, 150000);
	KUNIT_EXPECT_LE(test, netbk_overrun_expect(&overrun, 700000),
			NETBK_OVERRUN_PACKET);
}

/* By time, not by the number of visits. */
static void time_forgotten(struct kunit *test)
{
	struct netbk_overrun overrun = {};
	unsigned int excess, i;

	learn(&overrun, 150000, 100 * MILLISECOND);
	excess = overrun.excess;
	KUNIT_EXPECT_GT(test, excess, 0);
	for (i = 0; i < 1000; i++)
		netbk_overrun_fade(&overrun, 119 * MILLISECOND);
	KUNIT_EXPECT_EQ(test, overrun.excess, excess);
	netbk_overrun_fade(&overrun, 122 * MILLISECOND);
	KUNIT_EXPECT_EQ(test, overrun.excess, excess / 2);
	netbk_overrun_fade(&overrun, 1122 * MILLISECOND);
	KUNIT_EXPECT_EQ(test, overrun.excess, 0);
}

static void quantum_once(struct kunit *test)
{
	struct netbk_party party = {};
	struct netbk_share share = {};

	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, &party, 100, 1));
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM);
	netbk_share_charge(&share, NETBK_QUANTUM - 1);
	KUNIT_EXPECT_TRUE(test, netbk_share_left(&share));
	/* The batch was full: no second quantum. */
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, &party, 100, 2));
	KUNIT_EXPECT_EQ(test, share.credit, 1);
	netbk_share_charge(&share, 1);
	KUNIT_EXPECT_FALSE(test, netbk_share_left(&share));
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, &party, 200, 3));
	KUNIT_EXPECT_EQ(test, share.credit, 2 * NETBK_QUANTUM);
}

static void debt_waits(struct kunit *test)
{
	struct netbk_party party = {};
	struct netbk_share share = {};
	unsigned int passes = 0;

	netbk_share_begin(&share, &party, NETBK_WEIGHT_MIN, 1);
	netbk_share_charge(&share, NETBK_QUANTUM);
	while (!netbk_share_begin(&share, &party, NETBK_WEIGHT_MIN, passes + 2))
		passes++;
	/* The tenth quantum of a tenth brings it to 0, which is not credit. */
	KUNIT_EXPECT_EQ(test, passes, 9);
}

static void credit_forfeited(struct kunit *test)
{
	struct netbk_party party = {};
	struct netbk_share share = {};

	netbk_share_begin(&share, &party, 100, 1);
	netbk_share_charge(&share, 1000);
	netbk_share_forfeit(&share, &party);
	KUNIT_EXPECT_EQ(test, share.credit, 0);
	netbk_share_begin(&share, &party, 100, 2);
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM);
	netbk_share_charge(&share, NETBK_QUANTUM + 1000);
	netbk_share_forfeit(&share, &party);
	KUNIT_EXPECT_EQ(test, share.credit, -1000);
}

static void expected_as_before(struct kunit *test)
{
	struct netbk_party party = {
		.lap = 5, .given = 8,
	};
	struct netbk_share share = {};

	netbk_share_begin(&share, &party, 100, 6);
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM / 8);
	share.credit = 0;
	/* One queue had work: it may use what the others have left. */
	netbk_share_begin(&share, &party, 100, 7);
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM);
	KUNIT_EXPECT_EQ(test, party.spare, NETBK_QUANTUM * 7 / 8);
}

/* A debt of three quanta, in laps with one queue, or without work. */
static void surprise_repaid(struct kunit *test)
{
	struct netbk_party party = {
		.lap = 5, .given = 1, .spare = -3 * NETBK_QUANTUM,
	};
	struct netbk_share share = {};
	unsigned int lap;

	for (lap = 6; lap < 9; lap++)
		KUNIT_EXPECT_FALSE(test, netbk_share_begin(&share, &party, 100,
							   lap));
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, &party, 100, 9));
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM);
	share.credit = 0;
	party.spare = -3 * NETBK_QUANTUM;
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, &party, 100, 1000));
	KUNIT_EXPECT_EQ(test, share.credit, NETBK_QUANTUM);
	KUNIT_EXPECT_EQ(test, party.spare, 0);
}

/* From the highest to the lowest, with 8 busy queues. */
static void weight_at_once(struct kunit *test)
{
	struct netbk_party party = {};
	struct netbk_share share = {};
	unsigned int lap, i;

	for (lap = 1; lap < 10; lap++) {
		for (i = 0; i < 8; i++) {
			netbk_share_begin(&share, &party, NETBK_WEIGHT_MAX,
					  lap);
			share.credit = 0;
		}
	}
	KUNIT_EXPECT_TRUE(test, netbk_share_begin(&share, &party,
						  NETBK_WEIGHT_MIN, lap));
	/* After a surprising lap. */
	share.credit = 0;
	party.spare = -27 * NETBK_QUANTUM;
	for (i = 0; i <= NETBK_QUANTA_OWED; i++)
		if (netbk_share_begin(&share, &party, NETBK_WEIGHT_MIN, ++lap))
			break;
	KUNIT_EXPECT_LE(test, i, NETBK_QUANTA_OWED);
}

static struct kunit_case share_cases[] = {
	SHARE_CASE(cost_examples, "the examples of the cost model hold"),
	SHARE_CASE(time_beyond, "time beyond the estimated cost is charged"),
	SHARE_CASE(time_expected,
		   "packets that took long are expected to take long"),
	SHARE_CASE(time_forgotten,
		   "what packets took is forgotten with time, not with visits"),
	SHARE_CASE(quantum_once,
		   "a visit cut short by a full batch earns no new quantum"),
	SHARE_CASE(debt_waits,
		   "a queue in debt is passed until quanta have repaid it"),
	SHARE_CASE(credit_forfeited,
		   "an empty queue keeps its debt but not its credit"),
	SHARE_CASE(expected_as_before,
		   "as many queues are expected as had work before"),
	SHARE_CASE(surprise_repaid,
		   "a guest repays what surprising queues got"),
	SHARE_CASE(weight_at_once,
		   "a guest is served in the lap after its weight fell"),
	{}
};

static struct kunit_suite share_suite = {
	.name = "xen-netback-share",
	.test_cases = share_cases,
};

kunit_test_suites(&share_suite);
