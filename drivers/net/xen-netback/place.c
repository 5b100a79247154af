// SPDX-License-Identifier: GPL-2.0
/*
 * Which group serves which queue: chosen when a netif comes up, or by hand
 * afterwards.
 */

#include "place.h"

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>

#include "group.h"
#include "netif.h"
#include "queue.h"

/* Serialises placement; see the letter P of groups and queues. */
static DEFINE_MUTEX(placement_mutex);

static struct xen_netbk *least_loaded(void)
{
	struct xen_netbk *best = netbk_group(0);
	unsigned int i;

	lockdep_assert_held(&placement_mutex);
	for (i = 1; i < netbk_groups_count(); i++) {
		if (netbk_group(i)->nr_queues < best->nr_queues)
			best = netbk_group(i);
	}
	return best;
}

static struct xen_netbk *group_of(const struct xenvif_queue *queue)
{
	return rcu_dereference_protected(queue->netbk,
					 lockdep_is_held(&placement_mutex));
}

static void enter(struct xenvif_queue *queue, struct xen_netbk *netbk)
{
	WRITE_ONCE(netbk->nr_queues, netbk->nr_queues + 1);
	__set_bit(netbk->index, queue->netif->groups_seen);
	rcu_assign_pointer(queue->netbk, netbk);
}

static void leave(struct xen_netbk *netbk)
{
	WRITE_ONCE(netbk->nr_queues, netbk->nr_queues - 1);
}

/**
 * netbk_add_netif - place each queue of a netif on the least loaded group
 * @netif: a netif that is coming up
 *
 * Those that are pinned go to their group, so that a guest does not get away
 * from there by connecting anew.
 *
 * Context: process, may sleep; called by __netif_up().
 */
void netbk_add_netif(struct xen_netif *netif)
{
	unsigned int id;

	mutex_lock(&placement_mutex);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];

		enter(queue, queue->pinned ? netbk_group(queue->pin) :
					     least_loaded());
	}
	mutex_unlock(&placement_mutex);
}

/* Takes the queues of a netif off their groups. In @left are those, and those
 * they were on before.
 */
static void unplace(struct xen_netif *netif, unsigned long *left)
{
	unsigned int id;

	mutex_lock(&placement_mutex);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];
		struct xen_netbk *netbk = group_of(queue);

		leave(netbk);
		RCU_INIT_POINTER(queue->netbk, NULL);
	}
	bitmap_copy(left, netif->groups_seen, NETBK_GROUPS_MAX);
	bitmap_zero(netif->groups_seen, NETBK_GROUPS_MAX);
	mutex_unlock(&placement_mutex);
}

/**
 * netbk_remove_netif - take the queues of a netif off their groups
 * @netif: a netif that is going down
 *
 * When this returns no worker knows any of the queues and none will; the head
 * of lane.c says why.
 *
 * Context: process, may sleep; called by __netif_down().
 */
void netbk_remove_netif(struct xen_netif *netif)
{
	DECLARE_BITMAP(left, NETBK_GROUPS_MAX);
	unsigned int i;

	unplace(netif, left);
	synchronize_net();
	for_each_set_bit(i, left, NETBK_GROUPS_MAX)
		netbk_flush(netbk_group(i), NULL);
}

static void move(struct xenvif_queue *queue, struct xen_netbk *to)
{
	struct xen_netbk *from = group_of(queue);

	netbk_flush(from, queue);
	leave(from);
	enter(queue, to);
	netbk_lane_give(&to->lane[NETBK_TX], queue);
	netbk_lane_give(&to->lane[NETBK_RX], queue);

	WRITE_ONCE(to->moves, to->moves + 1);
}

/**
 * netbk_pin_queue - have a group serve a queue, now and when it comes up again
 * @queue: the queue
 * @index: the group's number
 *
 * Packets that come meanwhile wait; the driver loses none and lets none
 * overtake another. The head of lane.c says why.
 *
 * Context: process, may sleep.
 * Return: 0, or -ERANGE if there is no such group.
 */
int netbk_pin_queue(struct xenvif_queue *queue, unsigned int index)
{
	struct xen_netbk *netbk;

	if (index >= netbk_groups_count())
		return -ERANGE;

	mutex_lock(&placement_mutex);
	queue->pinned = true;
	queue->pin = index;
	netbk = group_of(queue);
	if (netbk && netbk->index != index)
		move(queue, netbk_group(index));
	mutex_unlock(&placement_mutex);
	return 0;
}

/**
 * netbk_unpin_queue - let a queue be placed anew when it comes up again
 * @queue: the queue
 *
 * Context: process, may sleep.
 */
void netbk_unpin_queue(struct xenvif_queue *queue)
{
	mutex_lock(&placement_mutex);
	queue->pinned = false;
	mutex_unlock(&placement_mutex);
}

/**
 * netbk_group_of_queue - which group serves a queue
 * @queue: the queue
 *
 * Context: any.
 * Return: the group's number, or -1 if none does.
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

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "test/place_test.c"
#endif
