// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of group_place.c, which includes this file: placement, on groups whose
 * workers work.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kthread.h>
#include <linux/workqueue.h>

#include "groups.h"

#define PLACE_CASE(fn, says) { .run_case = fn, .name = says }

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
	mutex_lock(&netbk_placement);
	for (i = 0; i < nr; i++) {
		kept[i].queues = netbk_group(i)->nr_queues;
		kept[i].load = netbk_group(i)->load;
	}
	for (pattern = 0; pattern < 100; pattern++) {
		for (i = 0; i < nr; i++)
			set_group(i, (i + 3) * (pattern + 7) % 5,
				  (i + 5) * (pattern + 3) * 90 % 1000);
		wrong += place_least_loaded() != first_of_least();
	}
	for (i = 0; i < nr; i++)
		set_group(i, kept[i].queues, kept[i].load);
	mutex_unlock(&netbk_placement);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

/* Whether no group that got a queue of @netif has two more than another. */
static bool spread_evenly(const struct xen_netif *netif)
{
	unsigned int fewest, most = 0, i;

	mutex_lock(&netbk_placement);
	fewest = netbk_group(0)->nr_queues;
	for (i = 1; i < netbk_groups_count(); i++)
		fewest = min(fewest, netbk_group(i)->nr_queues);
	for (i = 0; i < netif->num_queues; i++) {
		const struct xen_netbk *netbk;

		/* It is constant until we remove the netif. */
		netbk = rcu_dereference_protected(netif->queues[i].netbk, true);
		most = max(most, netbk->nr_queues);
	}
	mutex_unlock(&netbk_placement);
	return most <= fewest + 1;
}

static void placement_spread(struct kunit *test)
{
	unsigned int most = min(2 * netbk_groups_count() + 1, 64U), nr;

	for (nr = 1; nr <= most; nr += netbk_groups_count()) {
		struct xen_netif *netif = netbk_test_netif(test, nr);
		bool even;

		netbk_add_netif(netif);
		even = spread_evenly(netif);
		netbk_remove_netif(netif);
		KUNIT_EXPECT_TRUE(test, even);
	}
}

/* Nor will one: the queue is on no list from which a look takes queues. */
static bool no_look_knows(const struct xenvif_queue *queue)
{
	return !queue->tx_turn.noted && !queue->rx_turn.noted &&
	       list_empty(&queue->charged);
}

/* Workers are busy with the queues when these are taken from them: afterwards
 * none has one in its line, which would still have its turn.
 */
static void placement_remove(struct kunit *test)
{
	unsigned int nr = min(2 * netbk_groups_count(), 16U);
	struct xen_netif *netif = netbk_test_netif(test, nr);
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
			KUNIT_EXPECT_TRUE(test, no_look_knows(queue));
		}
	}
}

/**
 * struct place_stop - holds up a group's worker
 * @netbk: the group
 * @work: for a thread: waits for @go
 * @go: completed to let the thread go on
 */
struct place_stop {
	struct xen_netbk *netbk;
	struct kthread_work work;
	struct completion go;
};

static void wait_to_go(struct kthread_work *work)
{
	wait_for_completion(&container_of(work, struct place_stop, work)->go);
}

static void stop_worker(struct place_stop *stop, struct xen_netbk *netbk)
{
	stop->netbk = netbk;
	init_completion(&stop->go);
	kthread_init_work(&stop->work, wait_to_go);
	if (netbk->worker)
		kthread_queue_work(netbk->worker, &stop->work);
	else
		tasklet_disable(&netbk->lane[NETBK_TX].tasklet);
}

static void release_worker(struct place_stop *stop)
{
	complete(&stop->go);
	if (stop->netbk->worker)
		kthread_flush_work(&stop->work);
	else
		tasklet_enable(&stop->netbk->lane[NETBK_TX].tasklet);
}

/**
 * struct place_removal - takes a vif off its groups
 * @work: the work
 * @netif: the vif
 */
struct place_removal {
	struct work_struct work;
	struct xen_netif *netif;
};

static void remove_netif(struct work_struct *work)
{
	netbk_remove_netif(container_of(work, struct place_removal,
					work)->netif);
}

static bool all_answer_but(const struct xen_netbk *stopped)
{
	unsigned int i;

	for (i = 0; i < netbk_groups_count(); i++) {
		struct xen_netbk *netbk = netbk_group(i);

		if (netbk != stopped &&
		    !completion_done(&netbk->flush[NETBK_TX].done))
			return false;
	}
	return true;
}

/* Group 0 is waited for first, and does not answer. */
static void placement_flushes(struct kunit *test)
{
	unsigned int nr = netbk_groups_count(), i;
	struct place_removal removal = {};
	unsigned long end = jiffies + 60 * HZ;
	struct xenvif_queue *queue;
	struct place_stop stop;
	struct completion *done;
	bool answered = false;

	if (nr < 2)
		kunit_skip(test, "one group");
	removal.netif = netbk_test_netif(test, nr);
	for (i = 0; i < nr; i++) {
		netbk_pin_queue(&removal.netif->queues[i], i);
		/* Of a flush that nobody has begun. */
		init_completion(&netbk_group(i)->flush[NETBK_TX].done);
	}
	netbk_add_netif(removal.netif);
	INIT_WORK_ONSTACK(&removal.work, remove_netif);
	stop_worker(&stop, netbk_group(0));
	schedule_work(&removal.work);
	while (!answered && time_before(jiffies, end)) {
		answered = all_answer_but(netbk_group(0));
		cond_resched();
	}
	KUNIT_EXPECT_TRUE(test, answered);
	done = &netbk_group(0)->flush[NETBK_TX].done;
	KUNIT_EXPECT_FALSE(test, completion_done(done));
	release_worker(&stop);
	flush_work(&removal.work);
	destroy_work_on_stack(&removal.work);
	for (i = 0; i < nr; i++) {
		queue = &removal.netif->queues[i];
		KUNIT_EXPECT_EQ(test, -1, netbk_group_of_queue(queue));
	}
}

static void placement_served(struct kunit *test)
{
	struct xen_netif *netif = netbk_test_netif(test, 1);
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
	struct xen_netif *netif = netbk_test_netif(test, 1);
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
	KUNIT_EXPECT_TRUE(test, no_look_knows(queue));
	KUNIT_EXPECT_EQ(test, netbk_group_of_queue(queue), -1);
	KUNIT_EXPECT_EQ(test, netbk_pin_queue(queue, nr), -ERANGE);
}

/* As a guest would try to get away: by reconnecting. */
static void placement_pinned(struct kunit *test)
{
	struct xen_netif *netif = netbk_test_netif(test, 1);
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
	struct xen_netif *netif = netbk_test_netif(test, 1);
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

static bool lead_is(const struct xen_netif *netif, unsigned int first,
		    unsigned int last, unsigned int lead)
{
	unsigned int id;

	for (id = first; id <= last; id++) {
		if (netif->queues[id].lead != &netif->queues[lead])
			return false;
	}
	return true;
}

/* Three queues of a guest are on group 0, of which the first leads. */
static void placement_lead(struct kunit *test)
{
	struct xen_netif *other, *netif;
	unsigned int id;

	if (netbk_groups_count() < 2)
		kunit_skip(test, "one group");
	other = netbk_test_netif(test, 1);
	netif = netbk_test_netif(test, 3);
	netbk_pin_queue(&other->queues[0], 0);
	for (id = 0; id < 3; id++)
		netbk_pin_queue(&netif->queues[id], 0);
	netbk_add_netif(other);
	netbk_add_netif(netif);
	KUNIT_EXPECT_TRUE(test, lead_is(other, 0, 0, 0));
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 0, 2, 0));
	netbk_pin_queue(&netif->queues[0], 1);
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 0, 0, 0));
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 1, 2, 1));
	netbk_pin_queue(&netif->queues[0], 0);
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 0, 2, 1));
	netbk_pin_queue(&netif->queues[2], 1);
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 0, 1, 1));
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 2, 2, 2));
	netbk_remove_netif(netif);
	netbk_add_netif(netif);
	KUNIT_EXPECT_TRUE(test, lead_is(netif, 0, 1, 0));
	netbk_remove_netif(netif);
	netbk_remove_netif(other);
}

/* Of a group without a CPU, they are irqbalance's. The interrupt is of no
 * device: nothing sends events, and its route cannot be set.
 */
static void placement_events(struct kunit *test)
{
	struct xen_netif *netif = netbk_test_netif(test, 1);
	struct xenvif_queue *queue = &netif->queues[0];
	int irq = irq_alloc_desc(NUMA_NO_NODE);
	bool before, bound, balanced;

	KUNIT_ASSERT_GT(test, irq, 0);
	irq_set_chip(irq, &dummy_irq_chip);
	before = irqd_can_balance(irq_get_irq_data(irq));
	queue->tx_irq = irq;
	queue->rx_irq = irq;
	netbk_add_netif(netif);
	bound = READ_ONCE(netbk_group(netbk_group_of_queue(queue))->cpu) >= 0;
	balanced = irqd_can_balance(irq_get_irq_data(irq));
	netbk_remove_netif(netif);
	irq_update_affinity_hint(irq, NULL);
	irq_free_desc(irq);
	KUNIT_EXPECT_TRUE(test, before);
	KUNIT_EXPECT_EQ(test, bound, netbk_groups_have_one_cpu());
	KUNIT_EXPECT_EQ(test, balanced, !bound);
}

static struct kunit_case placement_cases[] = {
	PLACE_CASE(placement_least_loaded,
		   "the first of the least loaded groups is chosen"),
	PLACE_CASE(placement_spread,
		   "queues are spread evenly over the groups"),
	PLACE_CASE(placement_served, "a queue with work is served"),
	PLACE_CASE(placement_remove,
		   "a removed queue is known to no worker or look"),
	PLACE_CASE(placement_flushes,
		   "a group that is late holds up no other group's flush"),
	PLACE_CASE(placement_moves,
		   "a queue with work can move through all groups"),
	PLACE_CASE(placement_lead,
		   "one of a guest's queues on a group is the lead"),
	PLACE_CASE(placement_pinned,
		   "a pinned queue returns to its group on reconnection"),
	PLACE_CASE(placement_moved_served,
		   "a group that gets a queue looks for its work"),
	PLACE_CASE(placement_events,
		   "events of a group with a CPU cannot be sent elsewhere"),
	{}
};

static struct kunit_suite placement_suite = {
	.name = "xen-netback-placement",
	.suite_init = netbk_test_groups_init,
	.suite_exit = netbk_test_groups_exit,
	.test_cases = placement_cases,
};

kunit_test_suites(&placement_suite);
