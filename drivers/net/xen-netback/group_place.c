// SPDX-License-Identifier: GPL-2.0
/*
 * Which group serves which queue: chosen when a vif comes up, afterwards by
 * hand or by load (group_balance.c).
 */

#include "group_place.h"

#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>

#include "group.h"
#include "group_load.h"
#include "lane_run.h"
#include "params.h"
#include "queue.h"
#include "trace.h"
#include "vif.h"

/* Load that a queue may carry later, in thousandths of a CPU. */
#define LOAD_OF_QUEUE 100

/* Placement cost: one for each queue, for load it may add later, plus the
 * measured load in units of LOAD_OF_QUEUE. With balancing off the load is stale
 * and ignored.
 */
static unsigned int place_burden(const struct xen_netbk *netbk)
{
	unsigned int load = netbk_param(balance) ? netbk->load : 0;

	return netbk->nr_queues + load / LOAD_OF_QUEUE;
}

static struct xen_netbk *place_least_loaded(void)
{
	struct xen_netbk *best = netbk_group(0);
	unsigned int i;

	lockdep_assert_held(&netbk_placement);
	for (i = 1; i < netbk_groups_count(); i++) {
		if (place_burden(netbk_group(i)) < place_burden(best))
			best = netbk_group(i);
	}
	return best;
}

/**
 * netbk_bind_queue - send a queue's events to its group's CPU
 * @queue: a queue with event channels
 * @netbk: its group
 * @unused: for netbk_visit_placed()
 *
 * Context: process, under the placement mutex.
 */
void netbk_bind_queue(struct xenvif_queue *queue,
		      const struct xen_netbk *netbk, void *unused)
{
	int cpu = READ_ONCE(netbk->cpu);

	lockdep_assert_held(&netbk_placement);
	if (cpu >= 0)
		xenvif_queue_set_cpu(queue, cpu);
}

/* Returns another queue of the same vif on a group, or NULL. */
static struct xenvif_queue *place_fellow(const struct xenvif_queue *queue,
					 const struct xen_netbk *netbk)
{
	const struct xen_netif *netif = queue->netif;
	unsigned int id;

	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *other = &netif->queues[id];

		if (other != queue && netbk_placed_on(other) == netbk)
			return other;
	}
	return NULL;
}

/* For a queue that will leave a group on which others of its vif remain. */
static void place_pass_lead(const struct xenvif_queue *queue,
			    const struct xen_netbk *netbk)
{
	struct xenvif_queue *heir = place_fellow(queue, netbk);
	const struct xen_netif *netif = queue->netif;
	unsigned int id;

	lockdep_assert_held(&netbk_placement);
	for (id = 0; heir && id < netif->num_queues; id++) {
		struct xenvif_queue *other = &netif->queues[id];

		if (other != queue && other->lead == queue)
			WRITE_ONCE(other->lead, heir);
	}
}

static void place_enter(struct xenvif_queue *queue, struct xen_netbk *netbk)
{
	const struct xenvif_queue *fellow = place_fellow(queue, netbk);

	/* A party counts its queues in 8 bits. */
	BUILD_BUG_ON(XENVIF_QUEUES_MAX > U8_MAX);
	lockdep_assert_held(&netbk_placement);
	WRITE_ONCE(queue->lead, fellow ? fellow->lead : queue);
	WRITE_ONCE(netbk->nr_queues, netbk->nr_queues + 1);
	list_add_tail(&queue->placed, &netbk->queues);
	__set_bit(netbk->index, queue->netif->groups_seen);
	rcu_assign_pointer(queue->netbk, netbk);
	netbk_bind_queue(queue, netbk, NULL);
}

static void place_leave(struct xenvif_queue *queue, struct xen_netbk *netbk)
{
	lockdep_assert_held(&netbk_placement);
	list_del(&queue->placed);
	WRITE_ONCE(netbk->nr_queues, netbk->nr_queues - 1);
}

/**
 * netbk_add_netif - place each queue of a vif on the least loaded group
 * @netif: a vif that is coming up
 *
 * Pinned queues go to their group, so that a guest cannot leave it by
 * reconnecting.
 *
 * Context: process, may sleep; called by __netif_up().
 */
void netbk_add_netif(struct xen_netif *netif)
{
	unsigned int id;

	mutex_lock(&netbk_placement);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];

		queue->stays_until = jiffies;
		netbk_load_begin(queue);
		place_enter(queue, queue->pinned ? netbk_group(queue->pin) :
					     place_least_loaded());
	}
	mutex_unlock(&netbk_placement);
}

/* Takes a vif's queues off their groups, and sets @left to these groups and all
 * that the queues were on before.
 */
static void place_leave_all(struct xen_netif *netif, unsigned long *left)
{
	unsigned int id;

	mutex_lock(&netbk_placement);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];
		struct xen_netbk *netbk = netbk_placed_on(queue);

		place_leave(queue, netbk);
		netbk_load_shift(queue, netbk, NULL);
		RCU_INIT_POINTER(queue->netbk, NULL);
	}
	bitmap_copy(left, netif->groups_seen, NETBK_GROUPS_MAX);
	bitmap_zero(netif->groups_seen, NETBK_GROUPS_MAX);
	mutex_unlock(&netbk_placement);
}

static void place_forget_all(struct xen_netif *netif,
			     const unsigned long *left)
{
	mutex_lock(&netbk_placement);
	netbk_load_end(netif->queues, netif->num_queues, left);
	mutex_unlock(&netbk_placement);
}

/**
 * netbk_remove_netif - take the queues of a vif off their groups
 * @netif: a vif that is going down
 *
 * When this returns no worker knows any of the queues, or will; the head of
 * lane.c says why. No look does, either.
 *
 * Context: process, may sleep; called by __netif_down().
 */
void netbk_remove_netif(struct xen_netif *netif)
{
	DECLARE_BITMAP(left, NETBK_GROUPS_MAX);

	place_leave_all(netif, left);
	synchronize_net();
	netbk_flush_groups(left);
	place_forget_all(netif, left);
}

/**
 * netbk_move_queue - have another group serve a queue
 * @queue: a queue that is on a group
 * @to: another group
 *
 * Packets that come meanwhile wait; the driver loses and reorders none. The
 * head of lane.c says why.
 *
 * Context: process, may sleep, under the placement mutex.
 */
void netbk_move_queue(struct xenvif_queue *queue, struct xen_netbk *to)
{
	struct xen_netbk *from = netbk_placed_on(queue);

	lockdep_assert_held(&netbk_placement);
	trace_netbk_move(queue, from, to);
	/* After the flush the old workers know the new lead, before the new
	 * ones serve the old lead.
	 */
	place_pass_lead(queue, from);
	netbk_flush(from, queue);
	place_leave(queue, from);
	place_enter(queue, to);
	netbk_lane_give(&to->lane[NETBK_TX], queue);
	netbk_lane_give(&to->lane[NETBK_RX], queue);

	netbk_load_shift(queue, from, to);
	WRITE_ONCE(to->moves, to->moves + 1);
}

/**
 * netbk_pin_queue - pin a queue to a group, now and whenever it comes up
 * @queue: the queue
 * @index: the group's number
 *
 * Context: process, may sleep.
 * Return: 0, or -ERANGE if there is no such group.
 */
int netbk_pin_queue(struct xenvif_queue *queue, unsigned int index)
{
	struct xen_netbk *netbk;

	if (index >= netbk_groups_count())
		return -ERANGE;

	mutex_lock(&netbk_placement);
	queue->pinned = true;
	queue->pin = index;
	netbk = netbk_placed_on(queue);
	if (netbk && netbk->index != index)
		netbk_move_queue(queue, netbk_group(index));
	mutex_unlock(&netbk_placement);
	return 0;
}

/**
 * netbk_unpin_queue - let a queue move by its load again
 * @queue: the queue
 *
 * Context: process, may sleep.
 */
void netbk_unpin_queue(struct xenvif_queue *queue)
{
	mutex_lock(&netbk_placement);
	queue->pinned = false;
	mutex_unlock(&netbk_placement);
}

/**
 * netbk_group_of_queue - get the number of the group that serves a queue
 * @queue: the queue
 *
 * Context: any.
 * Return: the number, or -1 if no group does.
 */
int netbk_group_of_queue(const struct xenvif_queue *queue)
{
	const struct xen_netbk *netbk;
	int index;

	rcu_read_lock();
	netbk = rcu_dereference(queue->netbk);
	index = netbk ? netbk->index : -1;
	rcu_read_unlock();
	return index;
}

/**
 * netbk_visit_placed - call a function for each queue that is on a group
 * @visit: called under the placement mutex, group by group
 * @data: passed to it
 *
 * Context: process, may sleep. No queue comes, goes or moves meanwhile.
 */
void netbk_visit_placed(netbk_visit_fn visit, void *data)
{
	struct xenvif_queue *queue;
	unsigned int i;

	mutex_lock(&netbk_placement);
	for (i = 0; i < netbk_groups_count(); i++) {
		list_for_each_entry(queue, &netbk_group(i)->queues, placed)
			visit(queue, netbk_group(i), data);
	}
	mutex_unlock(&netbk_placement);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/group_place_kunit.c"
#endif
