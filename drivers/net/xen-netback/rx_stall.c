// SPDX-License-Identifier: GPL-2.0
/*
 * A queue is stuck while the guest has posted too few Rx requests for the next
 * packet. Packets that wait are dropped after a while (rx_backlog.c), but the
 * queue remains stuck until a packet fits. If that takes longer than
 * rx_stall_timeout_msecs, the queue is stalled:
 *
 *   - its packets are refused at once, and the stack gets another queue of the
 *     netif for them, unless the guest has configured hashing (ctrl_hash.c);
 *   - when all queues of the netif are stalled, its carrier goes off, so that a
 *     bridge or a bond may choose another way;
 *   - the stall ends when the guest posts as many requests as the packet that
 *     was waiting needed (XSA-392): it has been asked for an event then.
 *
 * A frontend that sends no events when it posts requests is never stalled.
 */

#include "rx_stall.h"

#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/netdevice.h>

#include "params.h"
#include "queue.h"
#include "trace.h"
#include "vif.h"

/**
 * xenvif_stall_init - initialise a netif without stalled queues
 * @stall: zeroed memory
 *
 * Context: any; before the net device is registered.
 */
void xenvif_stall_init(struct xenvif_stall *stall)
{
	spin_lock_init(&stall->lock);
}

/**
 * xenvif_stall_connect - reset stalls when a frontend connects
 * @netif: the netif, whose queues no worker knows
 * @rx_notify: whether the guest sends an event when it has posted requests
 *
 * Context: process.
 */
void xenvif_stall_connect(struct xen_netif *netif, bool rx_notify)
{
	unsigned int msecs = netbk_param(rx_stall_timeout_msecs);
	unsigned int id;

	for_each_set_bit(id, netif->stall.queues, netif->max_queues)
		trace_netbk_stall(&netif->queues[id], false);
	bitmap_zero(netif->stall.queues, XENVIF_QUEUES_MAX);
	netif->stall.timeout = rx_notify ? msecs_to_jiffies(msecs) : 0;
}

/**
 * xenvif_is_stalled - check whether a queue is stalled
 * @queue: the queue
 *
 * Context: any.
 * Return: true if so.
 */
bool xenvif_is_stalled(const struct xenvif_queue *queue)
{
	return test_bit(queue->id, queue->netif->stall.queues);
}

static bool stall_of_all(const struct xen_netif *netif)
{
	lockdep_assert_held(&netif->stall.lock);
	return bitmap_weight(netif->stall.queues, XENVIF_QUEUES_MAX) >=
	       netif->num_queues;
}

/**
 * xenvif_stall_judge - stall a queue that has been stuck for too long
 * @queue: a queue that is not stalled, and that has dropped a packet which had
 *	waited too long
 *
 * Context: the worker of the Rx lane, which then drops what is left and what
 * still arrives: producers do not see the stall at once.
 * Return: whether the queue is stalled now.
 */
bool xenvif_stall_judge(struct xenvif_queue *queue)
{
	struct xen_netif *netif = queue->netif;
	struct xenvif_stall *stall = &netif->stall;

	if (!stall->timeout || !queue->rx_stuck ||
	    time_before(jiffies, queue->rx_stuck_since + stall->timeout))
		return false;

	trace_netbk_stall(queue, true);
	spin_lock(&stall->lock);
	set_bit(queue->id, stall->queues);
	if (stall_of_all(netif)) {
		netif_carrier_off(netif->dev);
		netdev_info(netif->dev, "Guest Rx stalled\n");
	}
	spin_unlock(&stall->lock);
	return true;
}

/**
 * xenvif_stall_end - end the stall of a queue
 * @queue: the queue, whose guest takes packets again
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_stall_end(struct xenvif_queue *queue)
{
	struct xen_netif *netif = queue->netif;
	struct xenvif_stall *stall = &netif->stall;

	trace_netbk_stall(queue, false);
	spin_lock(&stall->lock);
	if (stall_of_all(netif)) {
		netif_carrier_on(netif->dev);
		netdev_info(netif->dev, "Guest Rx ready\n");
	}
	clear_bit(queue->id, stall->queues);
	spin_unlock(&stall->lock);
}

/**
 * xenvif_stall_avoid - choose a queue that is not stalled
 * @netif: the netif of the queues
 * @id: the preferred queue
 * @num_queues: number of queues
 *
 * Context: any.
 * Return: @id or, if it is stalled, the next queue that is not; @id if all are.
 */
unsigned int xenvif_stall_avoid(const struct xen_netif *netif, unsigned int id,
				unsigned int num_queues)
{
	const unsigned long *stalled = netif->stall.queues;
	unsigned int other;

	if (likely(!test_bit(id, stalled)))
		return id;
	other = find_next_zero_bit(stalled, num_queues, id);
	if (other >= num_queues)
		other = find_first_zero_bit(stalled, num_queues);
	return other < num_queues ? other : id;
}
