// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of histogram.c. They need neither Xen nor a kernel: tests/unit runs
 * them in user space too.
 */

#include "../histogram.h"

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>

#define HISTOGRAM_CASE(fn, says) { .run_case = fn, .name = says }

static int histogram_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct netbk_histogram),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* The largest value of the only bucket that is not empty, which is emptied. */
static u64 counted_as(struct kunit *test)
{
	struct netbk_histogram *histogram = test->priv;
	unsigned int i, used = 0, bucket = 0;

	for (i = 0; i < NETBK_HISTOGRAM_BUCKETS; i++) {
		if (histogram->count[i]) {
			bucket = i;
			used++;
		}
	}
	KUNIT_EXPECT_EQ(test, used, 1U);
	histogram->count[bucket] = 0;
	return netbk_histogram_up_to(bucket);
}

static u64 add_one(struct kunit *test, u64 value)
{
	netbk_histogram_add(test->priv, value);
	return counted_as(test);
}

static void small_values(struct kunit *test)
{
	u64 value;

	for (value = 0; value < 8; value++)
		KUNIT_EXPECT_EQ(test, add_one(test, value), value);
}

static void quarters(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, add_one(test, 8), 9ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 9), 9ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 10), 11ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 15), 15ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 16), 19ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 127), 127ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 128), 159ULL);
	KUNIT_EXPECT_EQ(test, add_one(test, 1000000), 1048575ULL);
}

static void each_bucket(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < NETBK_HISTOGRAM_BUCKETS; i++) {
		u64 last = netbk_histogram_up_to(i);

		KUNIT_EXPECT_EQ(test, add_one(test, last), last);
		if (i + 1 == NETBK_HISTOGRAM_BUCKETS)
			break;
		KUNIT_EXPECT_EQ(test, add_one(test, last + 1),
				netbk_histogram_up_to(i + 1));
		KUNIT_EXPECT_LE(test, netbk_histogram_up_to(i + 1),
				max(last + 1, (last + 1) * 5 / 4));
	}
}

static void beyond(struct kunit *test)
{
	u64 largest = (1ULL << NETBK_HISTOGRAM_BITS) - 1;

	KUNIT_EXPECT_EQ(test, add_one(test, largest), largest);
	KUNIT_EXPECT_EQ(test, add_one(test, largest + 1), largest);
	KUNIT_EXPECT_EQ(test, add_one(test, ~0ULL), largest);
}

static void counts(struct kunit *test)
{
	struct netbk_histogram *histogram = test->priv;
	unsigned int i;

	for (i = 0; i < 1000; i++)
		netbk_histogram_add(histogram, i % 2);
	KUNIT_EXPECT_EQ(test, histogram->count[0], 500UL);
	KUNIT_EXPECT_EQ(test, histogram->count[1], 500UL);
}

static struct kunit_case histogram_cases[] = {
	HISTOGRAM_CASE(small_values, "values below 8 have a bucket each"),
	HISTOGRAM_CASE(quarters,
		       "larger values share quarters of a power of two"),
	HISTOGRAM_CASE(each_bucket,
		       "each bucket begins where the one before it ends"),
	HISTOGRAM_CASE(beyond,
		       "values that are too large count as the largest"),
	HISTOGRAM_CASE(counts, "each value is counted once"),
	{}
};

static struct kunit_suite histogram_suite = {
	.name = "xen-netback-histogram",
	.init = histogram_init,
	.test_cases = histogram_cases,
};

kunit_test_suites(&histogram_suite);
