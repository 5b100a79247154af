// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of bucket.c: what passes at a rate, and how rates are written. They
 * need neither Xen nor a kernel: tests/unit runs them in user space too.
 */

#include "../bucket.h"

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/prandom.h>
#include <linux/time64.h>

#define BUCKET_CASE(fn, says) { .run_case = fn, .name = says }

/* When cases begin: not in a whole number of microseconds. */
#define BEGIN_NS 1234567891234ULL

#define LARGEST_PACKET 65536

static u64 after_us(u64 us)
{
	return BEGIN_NS + us * NSEC_PER_USEC;
}

/* An empty one, at the beginning. */
static void init_bucket(struct netbk_bucket *bucket, u32 amount, u32 period_us)
{
	const struct netbk_rate rate = {
		.amount = amount, .period_us = period_us,
	};

	*bucket = (struct netbk_bucket){};
	netbk_bucket_set(bucket, &rate, LARGEST_PACKET, BEGIN_NS);
}

/* What the whole microseconds up to @now have brought. */
static u64 due(const struct netbk_bucket *bucket, u64 now)
{
	u64 us = div_u64(now - BEGIN_NS, NSEC_PER_USEC);

	return div_u64(us * bucket->rate.amount, bucket->rate.period_us);
}

/* -------------------------------- rates ------------------------------ */

struct good_rate {
	const char *text;
	u32 amount;
	u32 period_us;
};

static const struct good_rate good_rates[] = {
	{ "625000,50000", 625000, 50000 },
	{ "625000,50000\n", 625000, 50000 },
	{ "1,1", 1, 1 },
	{ "00625000,050000", 625000, 50000 },
	{ "4294967295,4294967295", U32_MAX, U32_MAX },
	/* No limit. */
	{ "0,50000", 0, 0 },
	{ "0,0", 0, 0 },
	/* 100 Gbit/s for a second, a quarter of it. */
	{ "12500000000,1000000", 3125000000U, 250000 },
	{ "4294967296,4294967295", 1U << 31, U32_MAX >> 1 },
	{ "18446744073709551615,4294967295", 0, 0 },
	{ "18446744073709551615,1", 0, 0 },
	{ "4294967296,1", 0, 0 },
};

static const char * const bad_rates[] = {
	"",
	"\n",
	",",
	"625000",
	"625000,",
	",50000",
	"625000,0",
	"625000,-1",
	"-625000,50000",
	"625000 ,50000",
	" 625000,50000",
	"625000, 50000",
	"625000,50000 ",
	"625000,50000\n\n",
	"625000,50000,1",
	"625000,,50000",
	"625000;50000",
	"625000.5,50000",
	"0x100,50000",
	"625k,50000",
	"625000,50ms",
	"rate,time",
	"625000,4294967296",
	"18446744073709551616,50000",
	"0,",
	"0,x",
	"00000000000000000000000000625000,00000000050000",
};

static void rates_good(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good_rates); i++) {
		const struct good_rate *good = &good_rates[i];
		struct netbk_rate rate = { .amount = 1, .period_us = 1 };

		KUNIT_EXPECT_TRUE(test, netbk_rate_parse(good->text, &rate));
		KUNIT_EXPECT_EQ(test, rate.amount, good->amount);
		KUNIT_EXPECT_EQ(test, rate.period_us, good->period_us);
	}
}

static void rates_bad(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_rates); i++) {
		struct netbk_rate rate = { .amount = 1, .period_us = 1 };

		if (netbk_rate_parse(bad_rates[i], &rate))
			kunit_info(test, "taken: %s\n", bad_rates[i]);
		KUNIT_EXPECT_FALSE(test, netbk_rate_parse(bad_rates[i], &rate));
		KUNIT_EXPECT_EQ(test, rate.amount, 0);
	}
}

/* ------------------------------- the depth --------------------------- */

static void depth_least(struct kunit *test)
{
	struct netbk_bucket bucket;

	/* A period's, the largest packet, what comes in 10 ms. */
	init_bucket(&bucket, 625000, 50000);
	KUNIT_EXPECT_EQ(test, bucket.depth, 625000);
	init_bucket(&bucket, 1000, 50000);
	KUNIT_EXPECT_EQ(test, bucket.depth, LARGEST_PACKET);
	init_bucket(&bucket, 12500, 100);
	KUNIT_EXPECT_EQ(test, bucket.depth, 1250000);
}

static void begins_empty(struct kunit *test)
{
	struct netbk_bucket bucket;

	init_bucket(&bucket, 625000, 50000);
	netbk_bucket_fill(&bucket, BEGIN_NS);
	KUNIT_EXPECT_FALSE(test, netbk_bucket_left(&bucket));
	KUNIT_EXPECT_EQ(test, netbk_bucket_opens(&bucket), after_us(1));
	netbk_bucket_fill(&bucket, after_us(1));
	KUNIT_EXPECT_EQ(test, bucket.left, 12);
}

static void idle_fills(struct kunit *test)
{
	static const u64 idle_us[] = {
		50000, 60000, 3600000000ULL, U32_MAX, U32_MAX + 1ULL,
		10000000000000000ULL,
	};
	struct netbk_bucket bucket;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(idle_us); i++) {
		u64 now = after_us(idle_us[i]) + 999;

		init_bucket(&bucket, 625000, 50000);
		netbk_bucket_fill(&bucket, now);
		KUNIT_EXPECT_EQ(test, bucket.left, 625000);
		/* All of that time is over. */
		netbk_bucket_charge(&bucket, 625000);
		netbk_bucket_fill(&bucket, now);
		KUNIT_EXPECT_EQ(test, bucket.left, 0);
		netbk_bucket_fill(&bucket, now + 1);
		KUNIT_EXPECT_EQ(test, bucket.left, 12);
	}
}

/* -------------------------------- debts ------------------------------ */

/* The example at the head of bucket.c. */
static void debt_example(struct kunit *test)
{
	u64 now = after_us(50000);
	struct netbk_bucket bucket;
	unsigned int packets = 0;

	init_bucket(&bucket, 625000, 50000);
	netbk_bucket_fill(&bucket, now);
	while (netbk_bucket_left(&bucket)) {
		netbk_bucket_charge(&bucket, 65536);
		packets++;
	}
	KUNIT_EXPECT_EQ(test, packets, 10);
	KUNIT_EXPECT_EQ(test, bucket.left, -30360);
	KUNIT_EXPECT_EQ(test, netbk_bucket_opens(&bucket),
			after_us(50000 + 2429));
	netbk_bucket_fill(&bucket, after_us(50000 + 2429));
	KUNIT_EXPECT_EQ(test, bucket.left, 2);
	KUNIT_EXPECT_EQ(test, bucket.part, 25000);
	netbk_bucket_charge(&bucket, 65536);
	KUNIT_EXPECT_EQ(test, netbk_bucket_opens(&bucket),
			after_us(50000 + 2429 + 5243));
}

/* It opens when it says so, and not a nanosecond earlier. */
static void debt_repaid(struct kunit *test)
{
	static const struct netbk_rate rates[] = {
		{ 625000, 50000 }, { 7, 13 }, { 13, 7 }, { 1, 997 },
		{ 999983, 1000003 }, { 4294967291U, 65537 },
	};
	struct netbk_bucket bucket;
	struct rnd_state rnd;
	unsigned int i, j;
	u64 opens;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		init_bucket(&bucket, rates[i].amount, rates[i].period_us);
		for (j = 0; j < 1000; j++) {
			netbk_bucket_charge(&bucket,
					    prandom_u32_state(&rnd) % 65536);
			opens = netbk_bucket_opens(&bucket);
			if (opens == bucket.filled)
				continue;
			netbk_bucket_fill(&bucket, opens - 1);
			KUNIT_EXPECT_FALSE(test, netbk_bucket_left(&bucket));
			KUNIT_EXPECT_EQ(test, netbk_bucket_opens(&bucket),
					opens);
			netbk_bucket_fill(&bucket, opens);
			KUNIT_EXPECT_TRUE(test, netbk_bucket_left(&bucket));
		}
	}
}

/* ------------------------------- the rate ---------------------------- */

static u32 random_size(struct rnd_state *rnd)
{
	return 60 + prandom_u32_state(rnd) % (65536 - 60 + 1);
}

/* Somebody who always has a packet looks at random times, by far more often
 * than the bucket fills up. Returns what passed in 5 s, and sets @now to the
 * last look.
 */
static u64 pass_for_5s(struct netbk_bucket *bucket, struct rnd_state *rnd,
		       u32 apart_ns, u64 *now)
{
	u64 passed = 0;

	for (*now = BEGIN_NS; *now < after_us(5000000);
	     *now += 1 + prandom_u32_state(rnd) % apart_ns) {
		netbk_bucket_fill(bucket, *now);
		while (netbk_bucket_left(bucket)) {
			u32 size = random_size(rnd);

			netbk_bucket_charge(bucket, size);
			passed += size;
		}
	}
	netbk_bucket_fill(bucket, *now);
	return passed;
}

/* 1 Gbit/s, in periods of which some are shorter than the looks are apart. */
static void rate_kept(struct kunit *test)
{
	static const u32 periods[] = { 8, 100, 1000, 50000, 1000000, 10000000 };
	struct netbk_bucket bucket;
	struct rnd_state rnd;
	unsigned int i;
	u64 now, passed;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < ARRAY_SIZE(periods); i++) {
		init_bucket(&bucket, 125 * periods[i], periods[i]);
		passed = pass_for_5s(&bucket, &rnd, 2 * NSEC_PER_MSEC, &now);
		KUNIT_EXPECT_GT(test, passed * 1000, due(&bucket, now) * 999);
		KUNIT_EXPECT_LT(test, passed * 1000, due(&bucket, now) * 1001);
	}
}

/* What passed and what is left is what time has brought, to the byte. */
static void rate_exact(struct kunit *test)
{
	static const struct netbk_rate rates[] = {
		{ 7, 13 }, { 13, 7 }, { 999983, 1000003 }, { 1000003, 999983 },
		{ 4294967291U, 4294967279U }, { 1, 1 },
	};
	struct netbk_bucket bucket;
	struct rnd_state rnd;
	unsigned int i;
	u64 now, passed;

	prandom_seed_state(&rnd, 20100427);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		init_bucket(&bucket, rates[i].amount, rates[i].period_us);
		passed = pass_for_5s(&bucket, &rnd, 5000, &now);
		KUNIT_EXPECT_EQ(test, passed + bucket.left, due(&bucket, now));
	}
}

/* A packet in ten seconds, looked at each 3 us. */
static void rate_slow(struct kunit *test)
{
	struct netbk_bucket bucket;
	unsigned int passed = 0;
	u64 us;

	init_bucket(&bucket, 1, 10000000);
	for (us = 0; us < 30000000; us += 3) {
		netbk_bucket_fill(&bucket, after_us(us));
		if (!netbk_bucket_left(&bucket))
			continue;
		netbk_bucket_charge(&bucket, 1);
		passed++;
	}
	KUNIT_EXPECT_EQ(test, passed, 2);
	KUNIT_EXPECT_EQ(test, netbk_bucket_opens(&bucket), after_us(30000000));
}

static void clock_back(struct kunit *test)
{
	struct netbk_bucket bucket;

	init_bucket(&bucket, 625000, 50000);
	netbk_bucket_fill(&bucket, after_us(2));
	netbk_bucket_fill(&bucket, after_us(1));
	KUNIT_EXPECT_EQ(test, bucket.left, 25);
	netbk_bucket_fill(&bucket, after_us(4));
	KUNIT_EXPECT_EQ(test, bucket.left, 50);
}

/* ------------------------------- the bounds -------------------------- */

static void bounds_fast(struct kunit *test)
{
	struct netbk_bucket bucket;

	init_bucket(&bucket, U32_MAX, 1);
	KUNIT_EXPECT_EQ(test, bucket.depth, 10000 * (u64)U32_MAX);
	netbk_bucket_fill(&bucket, after_us(1));
	KUNIT_EXPECT_EQ(test, bucket.left, U32_MAX);
	netbk_bucket_fill(&bucket, U64_MAX);
	KUNIT_EXPECT_EQ(test, bucket.left, bucket.depth);

	/* Together 2^64 bytes. */
	init_bucket(&bucket, 1U << 31, 1);
	netbk_bucket_fill(&bucket, after_us(1ULL << 33));
	KUNIT_EXPECT_EQ(test, bucket.left, bucket.depth);
}

static void bounds_slow(struct kunit *test)
{
	struct netbk_bucket bucket;
	unsigned int i;

	init_bucket(&bucket, 1, U32_MAX);
	for (i = 0; i < 3; i++)
		netbk_bucket_charge(&bucket, U32_MAX);
	KUNIT_EXPECT_EQ(test, bucket.left, -NETBK_DEBT_MAX);
	/* In truth it takes 290,000 years. */
	KUNIT_EXPECT_EQ(test, netbk_bucket_opens(&bucket), after_us(U32_MAX));
	netbk_bucket_fill(&bucket, after_us(U32_MAX));
	KUNIT_EXPECT_EQ(test, bucket.left, 1 - NETBK_DEBT_MAX);
	KUNIT_EXPECT_EQ(test, bucket.part, 0);
}

static void bounds_full_part(struct kunit *test)
{
	struct netbk_bucket bucket;

	init_bucket(&bucket, U32_MAX, U32_MAX);
	netbk_bucket_charge(&bucket, U32_MAX);
	netbk_bucket_charge(&bucket, U32_MAX);
	bucket.part = U32_MAX - 1;
	netbk_bucket_fill(&bucket, after_us(U32_MAX));
	KUNIT_EXPECT_EQ(test, bucket.left, U32_MAX - NETBK_DEBT_MAX);
	KUNIT_EXPECT_EQ(test, bucket.part, U32_MAX - 1);
}

/* ------------------------------ a new rate --------------------------- */

static void set_again(struct netbk_bucket *bucket, u32 amount, u32 period_us,
		      u64 now)
{
	const struct netbk_rate rate = {
		.amount = amount, .period_us = period_us,
	};

	netbk_bucket_set(bucket, &rate, LARGEST_PACKET, now);
}

static void new_rate(struct kunit *test)
{
	struct netbk_bucket bucket;

	init_bucket(&bucket, 625000, 50000);
	set_again(&bucket, 100000, 50000, after_us(50000));
	KUNIT_EXPECT_EQ(test, bucket.left, 100000);
	netbk_bucket_charge(&bucket, 110000);
	/* The old rate up to here, the new one from here on. */
	set_again(&bucket, 1, 1, after_us(51000));
	KUNIT_EXPECT_EQ(test, bucket.left, -8000);
	netbk_bucket_fill(&bucket, after_us(52000));
	KUNIT_EXPECT_EQ(test, bucket.left, -7000);
}

static void new_limit(struct kunit *test)
{
	struct netbk_bucket bucket;

	init_bucket(&bucket, 625000, 50000);
	set_again(&bucket, 0, 0, after_us(50000));
	KUNIT_EXPECT_FALSE(test, netbk_bucket_limits(&bucket));
	netbk_bucket_charge(&bucket, 110000);
	set_again(&bucket, 625000, 50000, after_us(100000));
	KUNIT_EXPECT_TRUE(test, netbk_bucket_limits(&bucket));
	KUNIT_EXPECT_EQ(test, bucket.left, 0);
}

static struct kunit_case bucket_cases[] = {
	BUCKET_CASE(rates_good, "rates in the toolstack's format are accepted"),
	BUCKET_CASE(rates_bad, "rates in any other format are refused"),
	BUCKET_CASE(depth_least,
		    "the depth is a period, a packet and 10 ms at least"),
	BUCKET_CASE(begins_empty, "a new bucket is empty"),
	BUCKET_CASE(idle_fills,
		    "years of idling fill a bucket to its depth, no further"),
	BUCKET_CASE(debt_example, "the example at the head of bucket.c holds"),
	BUCKET_CASE(debt_repaid,
		    "a bucket opens exactly when its debt is repaid"),
	BUCKET_CASE(rate_kept, "1 Gbit/s is kept within 0.1 % over 5 s"),
	BUCKET_CASE(rate_exact, "no byte is lost to rounding"),
	BUCKET_CASE(rate_slow, "a rate of one packet in ten seconds is kept"),
	BUCKET_CASE(clock_back, "a clock that goes back adds nothing"),
	BUCKET_CASE(bounds_fast, "the fastest rate does not overflow"),
	BUCKET_CASE(bounds_slow,
		    "the slowest rate and largest debt do not overflow"),
	BUCKET_CASE(bounds_full_part, "the largest product does not overflow"),
	BUCKET_CASE(new_rate, "a new rate keeps the debt"),
	BUCKET_CASE(new_limit, "a limit that is set again starts without debt"),
	{}
};

static struct kunit_suite bucket_suite = {
	.name = "xen-netback-bucket",
	.test_cases = bucket_cases,
};

kunit_test_suites(&bucket_suite);
