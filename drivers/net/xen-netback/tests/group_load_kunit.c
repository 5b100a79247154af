// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of group_load.c, which includes this file: averages, what is counted as
 * a group's load, and as its queues'. The groups are the case's own.
 */

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/prandom.h>

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
	netbk->lane[NETBK_TX].dir = NETBK_TX;
	netbk->lane[NETBK_RX].dir = NETBK_RX;
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

/* As a worker does it, at the end of a visit. */
static void charge(struct xen_netbk *netbk, struct xenvif_queue *queue,
		   enum netbk_dir dir, unsigned int cost)
{
	netbk_turn_of(queue, dir)->share.spent += cost;
	netbk_note_charge(&netbk->lane[dir], queue);
}

/* As netbk_load_look() does it, of two groups that are not the driver's. The
 * placement mutex is held from the first look until forget_queues(), so that no
 * look of the driver's comes between.
 */
static void look_at_two(struct xen_netbk *netbk, struct xen_netbk *other,
			unsigned int ran, unsigned int other_ran)
{
	lockdep_assert_held(&netbk_placement);
	pass_time(&netbk->lane[NETBK_TX], ran, 0);
	pass_time(&other->lane[NETBK_TX], other_ran, 0);
	load_take_sample(netbk, 0, 1000);
	load_take_sample(other, 0, 1000);
	load_collect(netbk);
	load_collect(other);
	load_measure_queues();
	load_sum_up(netbk);
	load_sum_up(other);
	load_measure(netbk, 1000);
	load_measure(other, 1000);
}

static void begin_queues(struct xen_netbk *netbk, struct xenvif_queue *queues,
			 unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		INIT_LIST_HEAD(&queues[i].charged);
		RCU_INIT_POINTER(queues[i].netbk, netbk);
		netbk_load_begin(&queues[i]);
	}
}

static struct xenvif_queue *make_queues(struct kunit *test, unsigned int nr)
{
	struct xenvif_queue *queues;

	queues = kunit_kzalloc(test, nr * sizeof(*queues), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, queues);
	return queues;
}

static void forget_queues(struct xenvif_queue *queues, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		list_del_init(&queues[i].charged);
}

/* One queue is charged in looks in which no run ends, one all the time. */
static void load_of_queues(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test), *other = make_group(test);
	struct xenvif_queue *queue = make_queues(test, 2);
	unsigned int look;

	netbk->cpu = -1;
	mutex_lock(&netbk_placement);
	begin_queues(netbk, queue, 2);
	for (look = 0; look < 12; look++) {
		if (!(look & 1))
			charge(netbk, &queue[0], NETBK_TX, 200000);
		look_at_two(netbk, other, 1000, 0);
		KUNIT_EXPECT_EQ(test, netbk_load_of(&queue[0]), netbk->load);
	}
	KUNIT_EXPECT_GE(test, netbk->load, 990);
	for (look = 0; look < 12; look++) {
		charge(netbk, &queue[0], NETBK_TX, 100000);
		charge(netbk, &queue[1], NETBK_RX, 300000);
		look_at_two(netbk, other, 1000, 0);
	}
	KUNIT_EXPECT_LE(test, abs((int)netbk_load_of(&queue[0]) - 250), 3);
	KUNIT_EXPECT_LE(test, abs((int)netbk_load_of(&queue[1]) - 750), 3);
	/* Nobody works any more: looks end when that is forgotten. */
	for (look = 0; look < 10; look++)
		look_at_two(netbk, other, 0, 0);
	KUNIT_EXPECT_FALSE(test, load_measure(netbk, 1000));
	KUNIT_EXPECT_EQ(test, netbk_load_of(&queue[0]) +
			netbk_load_of(&queue[1]), 0);
	forget_queues(queue, 2);
	mutex_unlock(&netbk_placement);
}

#define MANY_QUEUES 8001

static unsigned int count_visited(const struct xenvif_queue *queues,
				  unsigned int nr)
{
	unsigned int visited = 0, i;

	for (i = 0; i < nr; i++)
		visited += !list_empty(&queues[i].charged);
	return visited;
}

/* All have had something to do, but since then only the last one has. */
static void load_visits(struct kunit *test)
{
	struct xen_netbk *netbk = make_group(test), *other = make_group(test);
	struct xenvif_queue *queues, *busy;
	unsigned int look, i;

	queues = kvcalloc(MANY_QUEUES, sizeof(*queues), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, queues);
	busy = &queues[MANY_QUEUES - 1];
	netbk->cpu = -1;
	mutex_lock(&netbk_placement);
	begin_queues(netbk, queues, MANY_QUEUES);
	for (i = 0; i < MANY_QUEUES; i++)
		charge(netbk, &queues[i], NETBK_TX, 3215);
	look_at_two(netbk, other, 1000, 0);
	KUNIT_EXPECT_EQ(test, count_visited(queues, MANY_QUEUES), MANY_QUEUES);
	for (look = 0; look < 20; look++) {
		charge(netbk, busy, NETBK_TX, 300000);
		charge(netbk, busy, NETBK_RX, 300000);
		charge(netbk, busy, NETBK_RX, 300000);
		look_at_two(netbk, other, 1000, 0);
		KUNIT_EXPECT_EQ(test, count_visited(queues, MANY_QUEUES), 1);
		KUNIT_EXPECT_FALSE(test, list_empty(&busy->charged));
	}
	KUNIT_EXPECT_LE(test, netbk->load - netbk_load_of(busy), 10);
	KUNIT_EXPECT_EQ(test, netbk_load_of(&queues[0]), 0);
	look_at_two(netbk, other, 1000, 0);
	KUNIT_EXPECT_EQ(test, count_visited(queues, MANY_QUEUES), 0);
	forget_queues(queues, MANY_QUEUES);
	mutex_unlock(&netbk_placement);
	kvfree(queues);
}

#define MODEL_QUEUES 8

/**
 * struct load_model - loads by visits to all queues, to compare with
 * @netbk: two groups
 * @queue: their queues
 * @charged: cost of a queue since the last look
 * @spent: its average
 * @on: number of its group
 * @rnd: what happens is taken from here
 */
struct load_model {
	struct xen_netbk *netbk[2];
	struct xenvif_queue *queue;
	unsigned int charged[MODEL_QUEUES];
	unsigned int spent[MODEL_QUEUES];
	unsigned int on[MODEL_QUEUES];
	struct rnd_state rnd;
};

static unsigned int model_random(struct load_model *model, unsigned int nr)
{
	return prandom_u32_state(&model->rnd) % nr;
}

/* Queue N is busy for 2^N looks, then idle for as many. */
static void model_charge(struct load_model *model, unsigned int look)
{
	unsigned int i, visits;

	for (i = 0; i < MODEL_QUEUES; i++) {
		if (look >> i & 1)
			continue;
		for (visits = model_random(model, 3); visits; visits--) {
			unsigned int cost = 3215 + model_random(model, 500000);

			charge(model->netbk[model->on[i]], &model->queue[i],
			       model_random(model, 2) ? NETBK_TX : NETBK_RX,
			       cost);
			model->charged[i] += cost;
		}
	}
}

static void model_move(struct load_model *model)
{
	unsigned int i = model_random(model, MODEL_QUEUES);
	struct xenvif_queue *queue = &model->queue[i];
	unsigned int from = model->on[i];

	RCU_INIT_POINTER(queue->netbk, model->netbk[!from]);
	netbk_load_shift(queue, model->netbk[from], model->netbk[!from]);
	model->on[i] = !from;
}

static void model_look(struct load_model *model)
{
	unsigned int i;

	for (i = 0; i < MODEL_QUEUES; i++) {
		model->spent[i] = (model->spent[i] + model->charged[i]) / 2;
		model->charged[i] = 0;
	}
	look_at_two(model->netbk[0], model->netbk[1],
		    model_random(model, 1001), model_random(model, 1001));
}

static void model_forget(struct load_model *model)
{
	load_looks += LOAD_LOOKS_TO_0;
	load_forget_group(model->netbk[0], 0);
	load_forget_group(model->netbk[1], 0);
	load_forget_charged(&netbk_load_charged);
	load_forget_charged(&load_waiting);
	memset(model->charged, 0, sizeof(model->charged));
	memset(model->spent, 0, sizeof(model->spent));
}

/* Averages are equal, sums larger by as much as roundings may make them. */
static unsigned int model_differences(const struct load_model *model)
{
	unsigned int wrong = 0, i;
	u64 sum[2] = {};

	for (i = 0; i < MODEL_QUEUES; i++)
		sum[model->on[i]] += model->spent[i];
	for (i = 0; i < 2; i++)
		wrong += model->netbk[i]->spent < sum[i] ||
			 model->netbk[i]->spent > sum[i] + MODEL_QUEUES;
	for (i = 0; i < MODEL_QUEUES; i++) {
		const struct xenvif_queue *queue = &model->queue[i];
		unsigned int load = model->netbk[model->on[i]]->load;
		u64 all = max(sum[model->on[i]], 1ULL);
		u64 part = div64_u64((u64)model->spent[i] * load, all);
		u64 slack = 1 + div64_u64((u64)load * MODEL_QUEUES, all);
		u64 found = netbk_load_of(queue);

		wrong += load_spent(queue, load_looks) != model->spent[i];
		wrong += found > part || found + slack < part;
	}
	return wrong;
}

static void load_as_modelled(struct kunit *test)
{
	unsigned int look, wrong = 0;
	struct load_model *model;

	model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, model);
	model->netbk[0] = make_group(test);
	model->netbk[1] = make_group(test);
	model->netbk[0]->cpu = -1;
	model->netbk[1]->cpu = -1;
	model->queue = make_queues(test, MODEL_QUEUES);
	prandom_seed_state(&model->rnd, 20);
	mutex_lock(&netbk_placement);
	begin_queues(model->netbk[0], model->queue, MODEL_QUEUES);
	for (look = 0; look < 2000; look++) {
		model_charge(model, look);
		if (!model_random(model, 5))
			model_move(model);
		model_look(model);
		wrong += model_differences(model);
		if (!model_random(model, 5))
			model_move(model);
		wrong += model_differences(model);
		if (!model_random(model, 500))
			model_forget(model);
	}
	load_collect(model->netbk[0]);
	load_collect(model->netbk[1]);
	forget_queues(model->queue, MODEL_QUEUES);
	mutex_unlock(&netbk_placement);
	KUNIT_EXPECT_EQ(test, wrong, 0);
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
	LOAD_CASE(load_visits, "a look does not visit 8,000 idle queues"),
	LOAD_CASE(load_as_modelled,
		  "loads are as if looks visited all queues"),
	{}
};

static struct kunit_suite load_suite = {
	.name = "xen-netback-load",
	.test_cases = load_cases,
};

kunit_test_suites(&load_suite);
