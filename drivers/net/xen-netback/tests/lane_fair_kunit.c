// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of lane_share.c: what queues and guests that are always busy, or often
 * come back, get of a lane in the long run. They need neither Xen nor a kernel:
 * tests/unit runs them in user space too.
 */

#include "../lane_share.h"

#include <kunit/test.h>
#include <linux/prandom.h>

#define FAIR_CASE(fn, says) { .run_case = fn, .name = says }

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

/**
 * struct contest - two guests in one lane
 * @many: the one that the case is about
 * @one: one of the default weight, whose only queue is always busy
 * @rnd: costs of packets are taken from here
 */
struct contest {
	struct busy_guest *many;
	struct busy_guest *one;
	struct rnd_state rnd;
};

static struct contest contest_begin(struct kunit *test, unsigned int weight)
{
	struct contest contest = {
		.many = busy_guest(test, weight),
		.one = busy_guest(test, NETBK_WEIGHT_DEFAULT),
	};

	prandom_seed_state(&contest.rnd, 20100427);
	return contest;
}

/* A lap in which @nr queues of the first guest are busy. */
static void contest_lap(struct contest *contest, unsigned int nr,
			unsigned int lap)
{
	visit_guest(contest->many, nr, lap, &contest->rnd);
	visit_guest(contest->one, 1, lap, &contest->rnd);
}

/* What the first guest has had of what the second one has, in 1/10000. */
static void expect_part(struct kunit *test, const struct contest *contest,
			unsigned int least, unsigned int most)
{
	u64 many = contest->many->served * 10000;

	KUNIT_EXPECT_GT(test, many, contest->one->served * least);
	KUNIT_EXPECT_LT(test, many, contest->one->served * most);
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
	struct contest contest = contest_begin(test, weight);
	unsigned int lap;

	for (lap = 0; lap < LAPS; lap++)
		contest_lap(&contest, nr, lap);
	expect_part(test, &contest, 9900 * times, 10100 * times);
	expect_equal_parts(test, contest.many, nr);
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
	struct contest contest = contest_begin(test, NETBK_WEIGHT_DEFAULT);
	unsigned int lap;

	for (lap = 0; lap < LAPS; lap++)
		contest_lap(&contest, lap < 10 ? 8 : 1, lap);
	expect_part(test, &contest, 9900, 10100);
	KUNIT_EXPECT_EQ(test, contest.many->party.expected, 1);
}

/* Seven have a packet in each lap, before or after the one that is busy. */
static void guests_sparse(struct kunit *test)
{
	struct contest contest = contest_begin(test, NETBK_WEIGHT_DEFAULT);
	unsigned int lap, i;

	for (lap = 0; lap < LAPS; lap++) {
		for (i = 1; i < 4; i++)
			visit_sparse(contest.many, i, lap);
		visit_guest(contest.many, 1, lap, &contest.rnd);
		for (i = 4; i < 8; i++)
			visit_sparse(contest.many, i, lap);
		visit_guest(contest.one, 1, lap, &contest.rnd);
	}
	expect_part(test, &contest, 9900, 10100);
}

/* A busy queue, beside which @nr others have a packet in every @each-th lap. */
static void expect_beside_bursts(struct kunit *test, unsigned int nr,
				 unsigned int each)
{
	struct contest contest = contest_begin(test, NETBK_WEIGHT_DEFAULT);
	unsigned int lap, i;

	for (lap = 0; lap < LAPS; lap++) {
		visit_guest(contest.many, 1, lap, &contest.rnd);
		for (i = 1; lap % each == 0 && i <= nr; i++)
			visit_sparse(contest.many, i, lap);
		visit_guest(contest.one, 1, lap, &contest.rnd);
	}
	expect_part(test, &contest, 9800, 10100);
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
	struct contest contest = contest_begin(test, NETBK_WEIGHT_DEFAULT);
	unsigned int lap;

	for (lap = 0; lap < LAPS; lap++)
		contest_lap(&contest, prandom_u32_state(&contest.rnd) % 9, lap);
	/* A ninth of the laps passes without work. */
	expect_part(test, &contest, 8000, 10100);
}

/* Beside a guest with one queue of the default weight. */
static void expect_weight(struct kunit *test, unsigned int nr,
			  unsigned int weight)
{
	struct contest contest = contest_begin(test, weight);
	unsigned int lap;

	for (lap = 1; lap < 10 * LAPS; lap++)
		contest_lap(&contest, nr, lap);
	expect_part(test, &contest, 98 * weight, 102 * weight);
	expect_equal_parts(test, contest.many, nr);
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
	struct contest contest = contest_begin(test, NETBK_WEIGHT_DEFAULT);
	unsigned int lap;

	for (lap = 0; lap < LAPS; lap++)
		contest_lap(&contest, 8 - lap % 8, lap);
	/* Less by what queues owed when they had no more work. */
	expect_part(test, &contest, 9500, 10100);
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

static struct kunit_case fair_cases[] = {
	FAIR_CASE(shares_equal,
		  "queues get equal shares whatever their packets cost"),
	FAIR_CASE(shares_weighted, "weights of 1:2:4 give shares of 1:2:4"),
	FAIR_CASE(shares_extreme,
		  "weights of 1:10:100 give shares of 1:10:100"),
	FAIR_CASE(coming_back, "a queue that comes back often gains nothing"),
	FAIR_CASE(guests_equal,
		  "a guest with 8 busy queues gets as much as one with 1"),
	FAIR_CASE(guests_most,
		  "a guest with 64 busy queues gets as much as one with 1"),
	FAIR_CASE(guests_weighted,
		  "a weight of 200 with 8 queues gives two thirds beside 100"),
	FAIR_CASE(guests_one_busy,
		  "a guest with 8 queues, 1 of them busy, gets half"),
	FAIR_CASE(guests_sparse,
		  "a busy queue gets what the guest's sparse queues leave"),
	FAIR_CASE(guests_bursts,
		  "a busy queue gets what bursts of the guest's others leave"),
	FAIR_CASE(guests_at_random,
		  "a guest gains nothing by queues that come and go"),
	FAIR_CASE(guests_least,
		  "low weights hold for many queues, which get equal parts"),
	FAIR_CASE(guests_two_busy,
		  "busy queues share what the guest's sparse queues leave"),
	FAIR_CASE(guests_in_waves,
		  "a guest gains nothing by queues that come in waves"),
	FAIR_CASE(spare_bounded, "what a guest leaves it may use once"),
	{}
};

static struct kunit_suite fair_suite = {
	.name = "xen-netback-fair",
	.test_cases = fair_cases,
};

kunit_test_suites(&fair_suite);
