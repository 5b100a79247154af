// SPDX-License-Identifier: GPL-2.0
/* Which group serves which queue: chosen when a netif comes up. */

#include "place.h"

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>

#include "group.h"
#include "netif.h"
#include "params.h"
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
 * Context: process, may sleep; called by __netif_up().
 */
void netbk_add_netif(struct xen_netif *netif)
{
	unsigned int id;

	mutex_lock(&placement_mutex);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];

		enter(queue, least_loaded());
	}
	mutex_unlock(&placement_mutex);
}

/* Takes the queues of a netif off their groups, and marks those groups. */
static void unplace(struct xen_netif *netif, unsigned long *left)
{
	unsigned int id;

	mutex_lock(&placement_mutex);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];
		struct xen_netbk *netbk = group_of(queue);

		leave(netbk);
		RCU_INIT_POINTER(queue->netbk, NULL);
		__set_bit(netbk->index, left);
	}
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
	DECLARE_BITMAP(left, NETBK_GROUPS_MAX) = {};
	unsigned int i;

	unplace(netif, left);
	synchronize_net();
	for_each_set_bit(i, left, NETBK_GROUPS_MAX)
		netbk_flush(netbk_group(i));
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "test/place_test.c"
#endif
