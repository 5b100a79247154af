// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of place.c, which includes this file: placement, on groups whose
 * workers work.
 */

#include <kunit/test.h>
#include <linux/gfp.h>

#include <xen/interface/io/ring.h>
#include <xen/page.h>

#define PLACE_CASE(fn, says) { .run_case = fn, .name = says }

static bool groups_are_ours;

/* Some kernels run the suites of a module before the module's own start. */
static int placement_suite_init(struct kunit_suite *suite)
{
	int err;

	if (netbk_groups_count())
		return 0;
	err = netbk_groups_init();
	groups_are_ours = !err;
	return err;
}

static void placement_suite_exit(struct kunit_suite *suite)
{
	if (groups_are_ours)
		netbk_groups_deinit();
	groups_are_ours = false;
}

/* A guest with @nr queues, whose rings are empty. */
static struct xen_netif *make_netif(struct kunit *test, unsigned int nr)
{
	struct xen_netif *netif = kunit_kzalloc(test, sizeof(*netif),
						GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, netif);
	netif->queues = kunit_kzalloc(test, nr * sizeof(*netif->queues),
				      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, netif->queues);
	/* Who reads the table of queues meanwhile asks for its name. */
	netif->dev = kunit_kzalloc(test, sizeof(*netif->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, netif->dev);
	netif->num_queues = nr;
	for (i = 0; i < nr; i++) {
		struct xenvif_queue *queue = &netif->queues[i];
		void *tx = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
		void *rx = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, tx);
		KUNIT_ASSERT_NOT_NULL(test, rx);
		xenvif_queue_init(queue, netif, i);
		BACK_RING_ATTACH(&queue->tx,
				 (struct xen_netif_tx_sring *)tx, 0,
				 XEN_PAGE_SIZE);
		BACK_RING_ATTACH(&queue->rx,
				 (struct xen_netif_rx_sring *)rx, 0,
				 XEN_PAGE_SIZE);
	}
	netif->weight = NETBK_WEIGHT_DEFAULT;
	return netif;
}

/* A tenth of a CPU counts like a queue. */
static unsigned int weight_of(const struct xen_netbk *netbk)
{
	return netbk->nr_queues + netbk->load / 100;
}

/* The first of those groups that have least, found differently. */
static struct xen_netbk *first_of_least(void)
{
	unsigned int least = UINT_MAX, i;

	for (i = 0; i < netbk_groups_count(); i++)
		least = min(least, weight_of(netbk_group(i)));
	for (i = 0; weight_of(netbk_group(i)) != least; i++)
		;
	return netbk_group(i);
}

static void set_group(unsigned int index, unsigned int queues,
		      unsigned int load)
{
	netbk_group(index)->nr_queues = queues;
	netbk_group(index)->load = load;
}

static void placement_least_loaded(struct kunit *test)
{
	unsigned int nr = netbk_groups_count(), pattern, wrong = 0, i;
	struct { unsigned int queues, load; } *kept;

	kept = kunit_kmalloc_array(test, nr, sizeof(*kept), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, kept);
	mutex_lock(&placement_mutex);
	for (i = 0; i < nr; i++) {
		kept[i].queues = netbk_group(i)->nr_queues;
		kept[i].load = netbk_group(i)->load;
	}
	for (pattern = 0; pattern < 100; pattern++) {
		for (i = 0; i < nr; i++)
			set_group(i, (i + 3) * (pattern + 7) % 5,
				  (i + 5) * (pattern + 3) * 90 % 1000);
		wrong += least_loaded() != first_of_least();
	}
	for (i = 0; i < nr; i++)
		set_group(i, kept[i].queues, kept[i].load);
	mutex_unlock(&placement_mutex);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

/* Whether no group that got a queue of @netif has two more than another. */
static bool spread_evenly(const struct xen_netif *netif)
{
	unsigned int fewest, most = 0, i;

	mutex_lock(&placement_mutex);
	fewest = netbk_group(0)->nr_queues;
	for (i = 1; i < netbk_groups_count(); i++)
		fewest = min(fewest, netbk_group(i)->nr_queues);
	for (i = 0; i < netif->num_queues; i++) {
		const struct xen_netbk *netbk;

		/* It is constant until we remove the netif. */
		netbk = rcu_dereference_protected(netif->queues[i].netbk, true);
		most = max(most, netbk->nr_queues);
	}
	mutex_unlock(&placement_mutex);
	return most <= fewest + 1;
}

static void placement_spread(struct kunit *test)
{
	unsigned int most = min(2 * netbk_groups_count() + 1, 64U), nr;

	for (nr = 1; nr <= most; nr += netbk_groups_count()) {
		struct xen_netif *netif = make_netif(test, nr);
		bool even;

		netbk_add_netif(netif);
		even = spread_evenly(netif);
		netbk_remove_netif(netif);
		KUNIT_EXPECT_TRUE(test, even);
	}
}

/* Workers are busy with the queues when these are taken from them: afterwards
 * none has one in its line, which would still have its turn.
 */
static void placement_remove(struct kunit *test)
{
	unsigned int nr = min(2 * netbk_groups_count(), 16U);
	struct xen_netif *netif = make_netif(test, nr);
	unsigned int round, i;

	for (round = 0; round < 20; round++) {
		netbk_add_netif(netif);
		for (i = 0; i < nr; i++) {
			netbk_schedule(&netif->queues[i], NETBK_TX);
			netbk_schedule(&netif->queues[i], NETBK_RX);
		}
		netbk_remove_netif(netif);
		for (i = 0; i < nr; i++) {
			const struct xenvif_queue *queue = &netif->queues[i];

			KUNIT_EXPECT_FALSE(test,
					   rcu_access_pointer(queue->netbk));
			KUNIT_EXPECT_EQ(test, queue->tx_turn.state, 0);
			KUNIT_EXPECT_EQ(test, queue->rx_turn.state, 0);
		}
	}
}

static void placement_served(struct kunit *test)
{
	struct xen_netif *netif = make_netif(test, 1);
	struct xenvif_queue *queue = &netif->queues[0];
	struct xen_netif_tx_sring *sring = queue->tx.sring;
	unsigned long end = jiffies + 60 * HZ;
	bool armed = false;

	netbk_add_netif(netif);
	netbk_schedule(queue, NETBK_TX);
	while (!armed && time_before(jiffies, end)) {
		armed = READ_ONCE(sring->req_event) == 1;
		cond_resched();
	}
	netbk_remove_netif(netif);
	KUNIT_EXPECT_TRUE(test, armed);
}

/* Work comes all the time, and workers take it, while the queue goes round. */
static void placement_moves(struct kunit *test)
{
	struct xen_netif *netif = make_netif(test, 1);
	struct xenvif_queue *queue = &netif->queues[0];
	unsigned int nr = netbk_groups_count(), i;
	int before, after;

	if (nr < 2)
		kunit_skip(test, "one group");
	netbk_add_netif(netif);
	before = netbk_group_of_queue(queue);
	for (i = 1; i <= 10 * nr; i++) {
		unsigned int to = (before + i) % nr;

		netbk_schedule(queue, NETBK_TX);
		netbk_schedule(queue, NETBK_RX);
		KUNIT_EXPECT_EQ(test, netbk_pin_queue(queue, to), 0);
		KUNIT_EXPECT_EQ(test, netbk_group_of_queue(queue), to);
	}
	after = netbk_group_of_queue(queue);
	netbk_remove_netif(netif);
	KUNIT_EXPECT_EQ(test, after, before);
	KUNIT_EXPECT_EQ(test, queue->tx_turn.state, 0);
	KUNIT_EXPECT_EQ(test, queue->rx_turn.state, 0);
	KUNIT_EXPECT_EQ(test, netbk_group_of_queue(queue), -1);
	KUNIT_EXPECT_EQ(test, netbk_pin_queue(queue, nr), -ERANGE);
}

/* As a guest would try to get away: by connecting anew. */
static void placement_pinned(struct kunit *test)
{
	struct xen_netif *netif = make_netif(test, 1);
	struct xenvif_queue *queue = &netif->queues[0];
	unsigned int nr = netbk_groups_count(), i;

	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ(test, netbk_pin_queue(queue, i), 0);
		netbk_add_netif(netif);
		KUNIT_EXPECT_EQ(test, netbk_group_of_queue(queue), i);
		netbk_remove_netif(netif);
	}
}

static void placement_moved_served(struct kunit *test)
{
	struct xen_netif *netif = make_netif(test, 1);
	struct xenvif_queue *queue = &netif->queues[0];
	struct xen_netif_tx_sring *sring = queue->tx.sring;
	unsigned long end = jiffies + 60 * HZ;
	unsigned int nr = netbk_groups_count();
	bool armed = false;

	if (nr < 2)
		kunit_skip(test, "one group");
	netbk_add_netif(netif);
	netbk_pin_queue(queue, (netbk_group_of_queue(queue) + 1) % nr);
	/* Nobody says that there is work: who gets a queue looks. */
	while (!armed && time_before(jiffies, end)) {
		armed = READ_ONCE(sring->req_event) == 1;
		cond_resched();
	}
	netbk_remove_netif(netif);
	KUNIT_EXPECT_TRUE(test, armed);
}

/* A count grows by 500 at once, and looks are 100 apart: the last 100 of it may
 * be of the time after this one.
 */
static void load_time(struct kunit *test)
{
	u64 seen = 40;

	KUNIT_EXPECT_EQ(test, time_since(100, &seen, 100), 60ULL);
	KUNIT_EXPECT_EQ(test, time_since(100, &seen, 100), 0ULL);
	seen = 0;
	KUNIT_EXPECT_EQ(test, time_since(500, &seen, 100), 100ULL);
	KUNIT_EXPECT_EQ(test, seen, 400ULL);
	KUNIT_EXPECT_EQ(test, time_since(500, &seen, 100), 100ULL);
	KUNIT_EXPECT_EQ(test, time_since(500, &seen, 100), 0ULL);
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
	u64_stats_add(&lane->stats.busy_ns, ran);
	u64_stats_add(&lane->stats.behind_ns, behind);
}

static void load_thread(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test);
	struct netbk_lane *tx = &netbk->lane[NETBK_TX];
	struct netbk_lane *rx = &netbk->lane[NETBK_RX];

	netbk->cpu = -1;
	/* Others have the CPU half of the time. */
	pass_time(tx, 500, 490);
	take_sample(netbk, 0, 1000);
	KUNIT_EXPECT_EQ(test, sample_of(netbk, 1000), 990);
	/* Each waits for the other, whose time does not count twice. */
	pass_time(tx, 300, 200);
	pass_time(rx, 200, 300);
	take_sample(netbk, 0, 1000);
	KUNIT_EXPECT_EQ(test, sample_of(netbk, 1000), 500);
}

/* Of the two groups of a CPU, as take_samples() does it. */
static void sample_two(struct xen_netbk *first, struct xen_netbk *second)
{
	lockdep_assert_held(&placement_mutex);
	take_sample(first, 0, 1000);
	begin_cpu(first);
	take_sample(second, 0, 1000);
	begin_cpu(second);
	add_to_cpu(first);
	add_to_cpu(second);
}

static void load_bound(struct kunit *test)
{
	struct xen_netbk *busy = make_group(test), *other = make_group(test);
	struct netbk_lane *tx = &busy->lane[NETBK_TX];
	struct netbk_lane *rx = &busy->lane[NETBK_RX];

	mutex_lock(&placement_mutex);
	/* Interrupts and others on its CPU keep it from its work. */
	pass_time(tx, 500, 300);
	pass_time(rx, 200, 300);
	sample_two(busy, other);
	KUNIT_EXPECT_EQ(test, sample_of(busy, 1000), 800);
	KUNIT_EXPECT_EQ(test, sample_of(other, 1000), 0);
	/* Tasklets on two CPUs: the busier one counts. */
	rx->cpu = 1;
	pass_time(tx, 300, 0);
	pass_time(rx, 200, 0);
	sample_two(busy, other);
	KUNIT_EXPECT_EQ(test, sample_of(busy, 1000), 300);
	mutex_unlock(&placement_mutex);
}

/* They wait for each other, but the CPU has no more time than it has. */
static void load_shared(struct kunit *test)
{
	struct xen_netbk *first = make_group(test), *second = make_group(test);

	mutex_lock(&placement_mutex);
	pass_time(&first->lane[NETBK_TX], 300, 100);
	pass_time(&second->lane[NETBK_TX], 200, 300);
	sample_two(first, second);
	KUNIT_EXPECT_EQ(test, sample_of(first, 1000), 300);
	KUNIT_EXPECT_EQ(test, sample_of(second, 1000), 200);
	/* Something else has the rest of it. */
	pass_time(&first->lane[NETBK_TX], 500, 200);
	pass_time(&second->lane[NETBK_TX], 200, 800);
	sample_two(first, second);
	KUNIT_EXPECT_EQ(test, sample_of(first, 1000), 560);
	KUNIT_EXPECT_EQ(test, sample_of(second, 1000), 440);
	/* Who has waited is not booked on who has run. */
	pass_time(&first->lane[NETBK_TX], 0, 1000);
	pass_time(&second->lane[NETBK_TX], 10, 0);
	sample_two(first, second);
	KUNIT_EXPECT_EQ(test, sample_of(first, 1000), 990);
	KUNIT_EXPECT_EQ(test, sample_of(second, 1000), 10);
	mutex_unlock(&placement_mutex);
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
		take_sample(netbk, 10000 + 1000 * look, 1000);
		KUNIT_EXPECT_EQ(test, sample_of(netbk, 1000), 1000);
	}
	/* It has run from 14800 to 15600, of which a look has seen 200. */
	pass_time(tx, 800, 4500);
	u64_stats_set(&tx->stats.behind_since, 0);
	take_sample(netbk, 16000, 1000);
	KUNIT_EXPECT_EQ(test, sample_of(netbk, 1000), 600);
	take_sample(netbk, 17000, 1000);
	KUNIT_EXPECT_EQ(test, sample_of(netbk, 1000), 0);
}

static void look_at(struct xen_netbk *netbk, unsigned int ran)
{
	pass_time(&netbk->lane[NETBK_TX], ran, 0);
	take_sample(netbk, 0, 1000);
	measure(netbk, 1000);
}

/* One queue is charged in looks in which no run ends, one all the time. */
static void load_of_queues(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test);
	struct xen_netif *netif = make_netif(test, 2);
	struct xenvif_queue *queue = netif->queues;
	unsigned int look;

	netbk->cpu = -1;
	INIT_LIST_HEAD(&netbk->queues);
	mutex_lock(&placement_mutex);
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
	KUNIT_EXPECT_FALSE(test, measure(netbk, 1000));
	KUNIT_EXPECT_EQ(test, queue[0].load + queue[1].load, 0);
	mutex_unlock(&placement_mutex);
}

/* The second group is idle, so the first one's two queues are parted. */
static void load_best_to_move(struct kunit *test)
{
	struct xen_netif *netif = make_netif(test, 2);
	struct xenvif_queue *queue = netif->queues;
	struct xen_netbk *from, *to;
	unsigned int loads[2];
	int cpus[2];

	if (netbk_groups_count() < 2)
		kunit_skip(test, "one group");
	from = netbk_group(0);
	to = netbk_group(1);
	netbk_pin_queue(&queue[0], 0);
	netbk_pin_queue(&queue[1], 0);
	netbk_add_netif(netif);
	mutex_lock(&placement_mutex);
	cpus[0] = from->sample.cpu;
	cpus[1] = to->sample.cpu;
	loads[0] = from->load;
	loads[1] = to->load;
	from->load = 1000;
	to->load = 0;
	queue[0].load = 600;
	queue[1].load = 400;
	from->sample.cpu = -1;
	to->sample.cpu = -1;
	sum_loads();
	KUNIT_EXPECT_PTR_EQ(test, best_to_move(to), NULL);
	queue[0].pinned = false;
	queue[1].pinned = false;
	KUNIT_EXPECT_PTR_EQ(test, best_to_move(to), &queue[0]);
	queue[0].stays_until = jiffies + HZ;
	KUNIT_EXPECT_PTR_EQ(test, best_to_move(to), &queue[1]);
	from->sample.cpu = cpus[0];
	to->sample.cpu = cpus[1];
	from->load = loads[0];
	to->load = loads[1];
	mutex_unlock(&placement_mutex);
	netbk_remove_netif(netif);
}

static struct kunit_case placement_cases[] = {
	PLACE_CASE(placement_least_loaded,
		   "the first of the least loaded groups is taken"),
	PLACE_CASE(placement_spread, "queues spread evenly over the groups"),
	PLACE_CASE(placement_served, "a queue with work is served"),
	PLACE_CASE(placement_remove, "no worker knows a queue removed"),
	PLACE_CASE(placement_moves, "a queue with work goes round the groups"),
	PLACE_CASE(placement_pinned, "a pinned queue comes back to its group"),
	PLACE_CASE(placement_moved_served,
		   "who gets a queue looks for work that came meanwhile"),
	PLACE_CASE(load_time, "time counts in the look that it belongs to"),
	PLACE_CASE(load_thread, "so does what keeps a thread from its work"),
	PLACE_CASE(load_bound, "and what keeps a group from its CPU"),
	PLACE_CASE(load_shared, "groups on one CPU share what there is of it"),
	PLACE_CASE(load_waits, "a wait counts while it lasts"),
	PLACE_CASE(load_of_queues, "loads of queues are that of their group"),
	PLACE_CASE(load_best_to_move,
		   "the largest queue that may move is chosen"),
	{}
};

static struct kunit_suite placement_suite = {
	.name = "xen-netback-placement",
	.suite_init = placement_suite_init,
	.suite_exit = placement_suite_exit,
	.test_cases = placement_cases,
};

kunit_test_suites(&placement_suite);
