// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of group_load.c, which includes this file: averages, what is counted as
 * a group's load, and as its queues'. The groups are the case's own.
 */

#include <kunit/test.h>
#include <linux/gfp.h>

#define LOAD_CASE(fn, says) { .run_case = fn, .name = says }

static void average_grows(struct kunit *test)
{
	unsigned int load = 0;

	load = load_average(load, NETBK_LOAD_FULL);
	KUNIT_EXPECT_EQ(test, load, 500);
	load = load_average(load, NETBK_LOAD_FULL);
	load = load_average(load, NETBK_LOAD_FULL);
	KUNIT_EXPECT_EQ(test, load, 875);
}

static void average_falls(struct kunit *test)
{
	unsigned int load = NETBK_LOAD_FULL, looks = 0;

	while (load) {
		load = load_average(load, 0);
		looks++;
	}
	KUNIT_EXPECT_EQ(test, looks, 10);
}

/* A count grows by 500 at once, and looks are 100 apart: the last 100 of it may
 * be of the time after this one.
 */
static void load_time(struct kunit *test)
{
	u64 seen = 40;

	KUNIT_EXPECT_EQ(test, load_time_since(100, &seen, 100), 60ULL);
	KUNIT_EXPECT_EQ(test, load_time_since(100, &seen, 100), 0ULL);
	seen = 0;
	KUNIT_EXPECT_EQ(test, load_time_since(500, &seen, 100), 100ULL);
	KUNIT_EXPECT_EQ(test, seen, 400ULL);
	KUNIT_EXPECT_EQ(test, load_time_since(500, &seen, 100), 100ULL);
	KUNIT_EXPECT_EQ(test, load_time_since(500, &seen, 100), 0ULL);
}

static struct xen_netbk *make_group(struct kunit *test)
{
	struct xen_netbk *netbk;

	netbk = kunit_kzalloc(test, sizeof(*netbk), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, netbk);
	u64_stats_init(&netbk->lane[NETBK_TX].stats.syncp);
	u64_stats_init(&netbk->lane[NETBK_RX].stats.syncp);
	return netbk;
}

static void pass_time(struct netbk_lane *lane, u64 ran, u64 behind)
{
	u64_stats_add(&lane->stats.count[NETBK_BUSY_NS], ran);
	u64_stats_add(&lane->stats.count[NETBK_BEHIND_NS], behind);
}

static void load_thread(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test);
	struct netbk_lane *tx = &netbk->lane[NETBK_TX];
	struct netbk_lane *rx = &netbk->lane[NETBK_RX];

	netbk->cpu = -1;
	/* Others have the CPU half of the time. */
	pass_time(tx, 500, 490);
	load_take_sample(netbk, 0, 1000);
	KUNIT_EXPECT_EQ(test, load_sample_of(netbk, 1000), 990);
	/* Each waits for the other, whose time does not count twice. */
	pass_time(tx, 300, 200);
	pass_time(rx, 200, 300);
	load_take_sample(netbk, 0, 1000);
	KUNIT_EXPECT_EQ(test, load_sample_of(netbk, 1000), 500);
}

/* Of the two groups of a CPU, as load_take_samples() does it, which may do it
 * for the driver's own meanwhile.
 */
static void sample_two(struct xen_netbk *first, struct xen_netbk *second)
{
	lockdep_assert_held(&netbk_placement);
	load_take_sample(first, 0, 1000);
	load_begin_cpu(first);
	load_take_sample(second, 0, 1000);
	load_begin_cpu(second);
	load_add_to_cpu(first);
	load_add_to_cpu(second);
}

static void load_bound(struct kunit *test)
{
	struct xen_netbk *busy = make_group(test), *other = make_group(test);
	struct netbk_lane *tx = &busy->lane[NETBK_TX];
	struct netbk_lane *rx = &busy->lane[NETBK_RX];

	mutex_lock(&netbk_placement);
	/* Interrupts and others on its CPU keep it from its work. */
	pass_time(tx, 500, 300);
	pass_time(rx, 200, 300);
	sample_two(busy, other);
	KUNIT_EXPECT_EQ(test, load_sample_of(busy, 1000), 800);
	KUNIT_EXPECT_EQ(test, load_sample_of(other, 1000), 0);
	/* Tasklets on two CPUs: the busier one counts. */
	rx->cpu = 1;
	pass_time(tx, 300, 0);
	pass_time(rx, 200, 0);
	sample_two(busy, other);
	KUNIT_EXPECT_EQ(test, load_sample_of(busy, 1000), 300);
	mutex_unlock(&netbk_placement);
}

/* They wait for each other, but the CPU has no more time than it has. */
static void load_shared(struct kunit *test)
{
	struct xen_netbk *first = make_group(test), *second = make_group(test);

	mutex_lock(&netbk_placement);
	pass_time(&first->lane[NETBK_TX], 300, 100);
	pass_time(&second->lane[NETBK_TX], 200, 300);
	sample_two(first, second);
	KUNIT_EXPECT_EQ(test, load_sample_of(first, 1000), 300);
	KUNIT_EXPECT_EQ(test, load_sample_of(second, 1000), 200);
	/* Something else has the rest of it. */
	pass_time(&first->lane[NETBK_TX], 500, 200);
	pass_time(&second->lane[NETBK_TX], 200, 800);
	sample_two(first, second);
	KUNIT_EXPECT_EQ(test, load_sample_of(first, 1000), 560);
	KUNIT_EXPECT_EQ(test, load_sample_of(second, 1000), 440);
	/* Who has waited is not booked on who has run. */
	pass_time(&first->lane[NETBK_TX], 0, 1000);
	pass_time(&second->lane[NETBK_TX], 10, 0);
	sample_two(first, second);
	KUNIT_EXPECT_EQ(test, load_sample_of(first, 1000), 990);
	KUNIT_EXPECT_EQ(test, load_sample_of(second, 1000), 10);
	mutex_unlock(&netbk_placement);
}

/* A wait counts while it lasts, and not again when it is told. */
static void load_waits(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test);
	struct netbk_lane *tx = &netbk->lane[NETBK_TX];
	unsigned int look;

	netbk->cpu = -1;
	pass_time(tx, 300, 0);
	u64_stats_set(&tx->stats.behind_since, 10300);
	for (look = 1; look <= 5; look++) {
		load_take_sample(netbk, 10000 + 1000 * look, 1000);
		KUNIT_EXPECT_EQ(test, load_sample_of(netbk, 1000), 1000);
	}
	/* It has run from 14800 to 15600, of which a look has seen 200. */
	pass_time(tx, 800, 4500);
	u64_stats_set(&tx->stats.behind_since, 0);
	load_take_sample(netbk, 16000, 1000);
	KUNIT_EXPECT_EQ(test, load_sample_of(netbk, 1000), 600);
	load_take_sample(netbk, 17000, 1000);
	KUNIT_EXPECT_EQ(test, load_sample_of(netbk, 1000), 0);
}

static void look_at(struct xen_netbk *netbk, unsigned int ran)
{
	pass_time(&netbk->lane[NETBK_TX], ran, 0);
	load_take_sample(netbk, 0, 1000);
	load_measure(netbk, 1000);
}

static struct xenvif_queue *make_queues(struct kunit *test, unsigned int nr)
{
	struct xenvif_queue *queues;

	queues = kunit_kzalloc(test, nr * sizeof(*queues), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, queues);
	return queues;
}

/* One queue is charged in looks in which no run ends, one all the time. */
static void load_of_queues(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test);
	struct xenvif_queue *queue = make_queues(test, 2);
	unsigned int look;

	netbk->cpu = -1;
	INIT_LIST_HEAD(&netbk->queues);
	list_add(&queue[0].placed, &netbk->queues);
	for (look = 0; look < 12; look++) {
		queue[0].tx_turn.share.spent += look & 1 ? 0 : 2000;
		look_at(netbk, 1000);
		KUNIT_EXPECT_EQ(test, queue[0].load, netbk->load);
	}
	KUNIT_EXPECT_GE(test, netbk->load, 990);
	list_add(&queue[1].placed, &netbk->queues);
	for (look = 0; look < 12; look++) {
		queue[0].tx_turn.share.spent += 1000;
		queue[1].rx_turn.share.spent += 3000;
		look_at(netbk, 1000);
	}
	KUNIT_EXPECT_LE(test, abs((int)queue[0].load - 250), 3);
	KUNIT_EXPECT_LE(test, abs((int)queue[1].load - 750), 3);
	/* Nobody works any more: looks end when that is forgotten. */
	for (look = 0; look < 10; look++)
		look_at(netbk, 0);
	KUNIT_EXPECT_FALSE(test, load_measure(netbk, 1000));
	KUNIT_EXPECT_EQ(test, queue[0].load + queue[1].load, 0);
}

/* It was charged what its packets were expected to take; they took less. */
static void load_refund(struct kunit *test)
{
	struct xenvif_queue *queue = make_queues(test, 1);

	queue->tx_turn.share.spent = 5000;
	KUNIT_EXPECT_EQ(test, load_charged(queue), 5000);
	queue->tx_turn.share.spent -= 2000;
	KUNIT_EXPECT_EQ(test, load_charged(queue), 0);
	queue->tx_turn.share.spent += 3000;
	KUNIT_EXPECT_EQ(test, load_charged(queue), 1000);
	/* Both are modulo 2^32. */
	queue->rx_turn.share.spent = UINT_MAX - 5999;
	load_skip_charged(queue);
	queue->rx_turn.share.spent += 7000;
	KUNIT_EXPECT_EQ(test, load_charged(queue), 7000);
}

static struct kunit_case load_cases[] = {
	LOAD_CASE(average_grows, "three full samples raise the average to 7/8"),
	LOAD_CASE(average_falls, "ten empty samples lower the average to 0"),
	LOAD_CASE(load_time, "time counts in the sample that it belongs to"),
	LOAD_CASE(load_thread,
		  "time that keeps a thread from its work counts as load"),
	LOAD_CASE(load_bound,
		  "time that keeps a group from its CPU counts as load"),
	LOAD_CASE(load_shared,
		  "loads of groups on one CPU add up to its time at most"),
	LOAD_CASE(load_waits, "a wait counts while it lasts, and only once"),
	LOAD_CASE(load_of_queues,
		  "loads of queues add up to the load of their group"),
	LOAD_CASE(load_refund,
		  "a refund is deducted from later charges of a queue"),
	{}
};

static struct kunit_suite load_suite = {
	.name = "xen-netback-load",
	.test_cases = load_cases,
};

kunit_test_suites(&load_suite);
