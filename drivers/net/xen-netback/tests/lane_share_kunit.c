// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of lane_share.c: what packets cost, and what queues and guests that are
 * always busy, or often come back, get of a lane. They need neither Xen nor a
 * kernel: tests/unit runs them in user space too.
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
 * @party: of its guest, which has no other queue if this is used
 * @weight: its own
 * @least: its packets cost this
 * @spread: and up to this more, at random
 * @served: what was taken from it
 */
struct busy_queue {
	struct netbk_share share;
	struct netbk_party party;
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

static unsigned int next_cost(const struct busy_queue *queue,
			      struct rnd_state *rnd)
{
	return queue->least +
	       prandom_u32_state(rnd) % (queue->spread + 1);
}

static void visit(struct busy_queue *queue, struct netbk_party *party,
		  unsigned int lap, struct rnd_state *rnd)
{
	unsigned int cost;

	if (!netbk_share_begin(&queue->share, party, queue->weight, lap))
		return;
	while (netbk_share_left(&queue->share)) {
		cost = next_cost(queue, rnd);
		netbk_share_charge(&queue->share, cost);
		queue->served += cost;
	}
	netbk_party_count_busy(party);
}

/* Each in turn, and to each what its weight entitles it to, within 1 %. */
static void expect_shares(struct kunit *test, struct busy_queue *queues)
{
	unsigned int weights = 0, i;
	struct rnd_state rnd;
	u64 served = 0;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < VISITS; i++) {
		struct busy_queue *queue = &queues[i % NR_QUEUES];

		visit(queue, &queue->party, i / NR_QUEUES, &rnd);
	}
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
	struct netbk_party party = {};
	struct netbk_share share = {};
	struct rnd_state rnd;
	u64 served = 0;
	unsigned int i;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < VISITS; i++) {
		visit(&busy, &busy.party, i, &rnd);
		if (!netbk_share_begin(&share, &party, 100, i))
			continue;
		netbk_share_charge(&share, 285744);
		served += 285744;
		netbk_share_forfeit(&share, &party);
	}
	KUNIT_EXPECT_LT(test, served * 1000, busy.served * 1001);
}

/* ------------------------------- guests ------------------------------ */

#define GUEST_QUEUES 64
#define LAPS 5000
#define SPARSE_COST 3215

/**
 * struct busy_guest - some queues of a guest
 * @party: what they share
 * @queue: the queues; those with work come first
 * @served: what was taken from them
 */
struct busy_guest {
	struct netbk_party party;
	struct busy_queue queue[GUEST_QUEUES];
	u64 served;
};

static struct busy_guest *busy_guest(struct kunit *test, unsigned int weight)
{
	struct busy_guest *guest = kunit_kzalloc(test, sizeof(*guest),
						 GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, guest);
	for (i = 0; i < GUEST_QUEUES; i++) {
		guest->queue[i].weight = weight;
		guest->queue[i].least = 3215;
		guest->queue[i].spread = 36769;
	}
	return guest;
}

/* A lap in which @nr queues are busy. */
static void visit_guest(struct busy_guest *guest, unsigned int nr,
			unsigned int lap, struct rnd_state *rnd)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct busy_queue *queue = &guest->queue[i];
		u64 before = queue->served;

		visit(queue, &guest->party, lap, rnd);
		guest->served += queue->served - before;
	}
}

/* A queue that has one packet. */
static void visit_sparse(struct busy_guest *guest, unsigned int nr,
			 unsigned int lap)
{
	struct busy_queue *queue = &guest->queue[nr];

	if (!netbk_share_begin(&queue->share, &guest->party, queue->weight,
			       lap))
		return;
	netbk_share_charge(&queue->share, SPARSE_COST);
	netbk_share_forfeit(&queue->share, &guest->party);
	guest->served += SPARSE_COST;
}

/* @guest is to have @times as much as @other, within 1 %. */
static void expect_ratio(struct kunit *test, const struct busy_guest *guest,
			 const struct busy_guest *other, unsigned int times)
{
	KUNIT_EXPECT_LT(test, guest->served * 100,
			other->served * times * 101);
	KUNIT_EXPECT_GT(test, guest->served * 100, other->served * times * 99);
}

/* Each of the guest's first queues has had as much as the others. */
static void expect_equal_parts(struct kunit *test,
			       const struct busy_guest *guest, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u64 times = guest->queue[i].served * nr;

		KUNIT_EXPECT_LT(test, times * 100, guest->served * 110);
		KUNIT_EXPECT_GT(test, times * 100, guest->served * 90);
	}
}

/* The first has @nr busy queues, the second one. */
static void expect_guests(struct kunit *test, unsigned int nr,
			  unsigned int weight, unsigned int times)
{
	struct busy_guest *many = busy_guest(test, weight);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 0; lap < LAPS; lap++) {
		visit_guest(many, nr, lap, &rnd);
		visit_guest(one, 1, lap, &rnd);
	}
	expect_ratio(test, many, one, times);
	expect_equal_parts(test, many, nr);
}

static void guests_equal(struct kunit *test)
{
	expect_guests(test, 8, NETBK_WEIGHT_DEFAULT, 1);
}

static void guests_most(struct kunit *test)
{
	expect_guests(test, GUEST_QUEUES, NETBK_WEIGHT_DEFAULT, 1);
}

static void guests_weighted(struct kunit *test)
{
	expect_guests(test, 8, 2 * NETBK_WEIGHT_DEFAULT, 2);
}

/* All have work at first. */
static void guests_one_busy(struct kunit *test)
{
	struct busy_guest *many = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 0; lap < LAPS; lap++) {
		visit_guest(many, lap < 10 ? 8 : 1, lap, &rnd);
		visit_guest(one, 1, lap, &rnd);
	}
	expect_ratio(test, many, one, 1);
	KUNIT_EXPECT_EQ(test, many->party.expected, 1);
}

/* Seven have a packet in each lap, before or after the one that is busy. */
static void guests_sparse(struct kunit *test)
{
	struct busy_guest *many = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap, i;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 0; lap < LAPS; lap++) {
		for (i = 1; i < 4; i++)
			visit_sparse(many, i, lap);
		visit_guest(many, 1, lap, &rnd);
		for (i = 4; i < 8; i++)
			visit_sparse(many, i, lap);
		visit_guest(one, 1, lap, &rnd);
	}
	expect_ratio(test, many, one, 1);
}

/* A busy queue, beside which @nr others have a packet in every @each-th lap. */
static void expect_beside_bursts(struct kunit *test, unsigned int nr,
				 unsigned int each)
{
	struct busy_guest *many = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap, i;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 0; lap < LAPS; lap++) {
		visit_guest(many, 1, lap, &rnd);
		for (i = 1; lap % each == 0 && i <= nr; i++)
			visit_sparse(many, i, lap);
		visit_guest(one, 1, lap, &rnd);
	}
	KUNIT_EXPECT_LT(test, many->served * 100, one->served * 101);
	KUNIT_EXPECT_GT(test, many->served * 100, one->served * 98);
}

static void guests_bursts(struct kunit *test)
{
	unsigned int each;

	for (each = 1; each <= 12; each++) {
		expect_beside_bursts(test, 7, each);
		expect_beside_bursts(test, 15, each);
	}
}

/* As many as it likes in each lap, and idle in some. */
static void guests_at_random(struct kunit *test)
{
	struct busy_guest *many = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 0; lap < LAPS; lap++) {
		visit_guest(many, prandom_u32_state(&rnd) % 9, lap, &rnd);
		visit_guest(one, 1, lap, &rnd);
	}
	KUNIT_EXPECT_LT(test, many->served * 100, one->served * 101);
	/* A ninth of the laps passes without work. */
	KUNIT_EXPECT_GT(test, many->served * 100, one->served * 80);
}

/* Beside a guest with one queue of the default weight. */
static void expect_weight(struct kunit *test, unsigned int nr,
			  unsigned int weight)
{
	struct busy_guest *many = busy_guest(test, weight);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 1; lap < 10 * LAPS; lap++) {
		visit_guest(many, nr, lap, &rnd);
		visit_guest(one, 1, lap, &rnd);
	}
	KUNIT_EXPECT_LT(test, many->served * 10000, one->served * 102 * weight);
	KUNIT_EXPECT_GT(test, many->served * 10000, one->served * 98 * weight);
	expect_equal_parts(test, many, nr);
}

/* Low weights, of which queues have the least part. */
static void guests_least(struct kunit *test)
{
	expect_weight(test, 8, NETBK_WEIGHT_MIN);
	expect_weight(test, 8, 12);
	expect_weight(test, GUEST_QUEUES, NETBK_WEIGHT_MIN);
	expect_weight(test, GUEST_QUEUES, 11);
	expect_weight(test, GUEST_QUEUES, 90);
}

/* Two are busy, before or behind six that have a packet in each lap. */
static void guests_two_busy(struct kunit *test)
{
	struct busy_guest *many = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap, i;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 1; lap < LAPS; lap++) {
		for (i = 2; i < 8; i++)
			visit_sparse(many, i, lap);
		visit_guest(many, 2, lap, &rnd);
	}
	KUNIT_EXPECT_LT(test, many->queue[0].served * 100,
			many->queue[1].served * 105);
	KUNIT_EXPECT_GT(test, many->queue[0].served * 100,
			many->queue[1].served * 95);
}

/* One queue less each lap, until one is left, and all of them again: that way
 * it loses least for a burst.
 */
static void guests_in_waves(struct kunit *test)
{
	struct busy_guest *many = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct busy_guest *one = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	struct rnd_state rnd;
	unsigned int lap;

	prandom_seed_state(&rnd, 20100427);
	for (lap = 0; lap < LAPS; lap++) {
		visit_guest(many, 8 - lap % 8, lap, &rnd);
		visit_guest(one, 1, lap, &rnd);
	}
	KUNIT_EXPECT_LT(test, many->served * 100, one->served * 101);
	/* Less by what queues owed when they had no more work. */
	KUNIT_EXPECT_GT(test, many->served * 100, one->served * 95);
}

/* What it did not use it may use once, not as often as it has forfeited it. */
static void spare_bounded(struct kunit *test)
{
	struct busy_guest *guest = busy_guest(test, NETBK_WEIGHT_DEFAULT);
	unsigned int lap, i;
	int given = 0;

	for (lap = 1; lap < 100; lap++)
		visit_sparse(guest, 0, lap);
	for (i = 1; i < 8; i++) {
		struct netbk_share *share = &guest->queue[i].share;

		netbk_share_begin(share, &guest->party, 100, lap);
		KUNIT_EXPECT_LE(test, share->credit, NETBK_QUANTUM);
		given += share->credit;
	}
	/* 1 + 1/2 + ... + 1/7 is 2.6. */
	KUNIT_EXPECT_LE(test, given, 37 * NETBK_QUANTUM / 10);
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
	SHARE_CASE(shares_equal,
		   "queues get equal shares whatever their packets cost"),
	SHARE_CASE(shares_weighted, "weights of 1:2:4 give shares of 1:2:4"),
	SHARE_CASE(shares_extreme,
		   "weights of 1:10:100 give shares of 1:10:100"),
	SHARE_CASE(coming_back, "a queue that comes back often gains nothing"),
	SHARE_CASE(guests_equal,
		   "a guest with 8 busy queues gets as much as one with 1"),
	SHARE_CASE(guests_most,
		   "a guest with 64 busy queues gets as much as one with 1"),
	SHARE_CASE(guests_weighted,
		   "a weight of 200 with 8 queues gives two thirds beside 100"),
	SHARE_CASE(guests_one_busy,
		   "a guest with 8 queues, 1 of them busy, gets half"),
	SHARE_CASE(guests_sparse,
		   "a busy queue gets what the guest's sparse queues leave"),
	SHARE_CASE(guests_bursts,
		   "a busy queue gets what bursts of the guest's others leave"),
	SHARE_CASE(guests_least,
		   "low weights hold for many queues, which get equal parts"),
	SHARE_CASE(guests_two_busy,
		   "busy queues share what the guest's sparse queues leave"),
	SHARE_CASE(guests_at_random,
		   "a guest gains nothing by queues that come and go"),
	SHARE_CASE(guests_in_waves,
		   "a guest gains nothing by queues that come in waves"),
	SHARE_CASE(spare_bounded, "what a guest leaves it may use once"),
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
