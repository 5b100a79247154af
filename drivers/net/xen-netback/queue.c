// SPDX-License-Identifier: GPL-2.0

#include "queue.h"

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include <xen/events.h>
#include <xen/page.h>

#include "group.h"
#include "lane_run.h"
#include "queue_event.h"
#include "queue_ring.h"
#include "rx.h"
#include "rx_backlog.h"
#include "vif.h"

/**
 * xenvif_queue_init - initialise a queue that is not connected
 * @queue: zeroed memory
 * @netif: the netif that it belongs to
 * @id: its index there
 *
 * Context: any; before the net device is registered.
 */
void xenvif_queue_init(struct xenvif_queue *queue, struct xen_netif *netif,
		       unsigned int id)
{
	queue->netif = netif;
	queue->lead = queue;
	queue->id = id;
	queue->domid = netif->domid;
	INIT_LIST_HEAD(&queue->tx_turn.line);
	INIT_LIST_HEAD(&queue->tx_turn.served);
	INIT_LIST_HEAD(&queue->rx_turn.line);
	INIT_LIST_HEAD(&queue->rx_turn.served);
	INIT_LIST_HEAD(&queue->charged);
	__skb_queue_head_init(&queue->rx_backlog);
	skb_queue_head_init(&queue->rx_queue);
	xenvif_drain_init(queue);
	u64_stats_init(&queue->tx_stats.syncp);
	u64_stats_init(&queue->rx_stats.syncp);
	u64_stats_init(&queue->rx_dropped_syncp);
}

/* ------------------------------- rings ------------------------------- */

static int queue_map_tx_ring(struct xenvif_queue *queue, grant_ref_t ref)
{
	struct xenvif_ring_page page;
	int err;

	err = xenvif_ring_map(queue->netif, ref, "Tx",
			      __CONST_RING_SIZE(xen_netif_tx, XEN_PAGE_SIZE),
			      &page);
	if (err)
		return err;
	BACK_RING_ATTACH(&queue->tx, (struct xen_netif_tx_sring *)page.sring,
			 page.rsp_prod, XEN_PAGE_SIZE);
	queue->tx_pushed = page.rsp_prod;
	return 0;
}

static int queue_map_rx_ring(struct xenvif_queue *queue, grant_ref_t ref)
{
	struct xenvif_ring_page page;
	int err;

	err = xenvif_ring_map(queue->netif, ref, "Rx",
			      __CONST_RING_SIZE(xen_netif_rx, XEN_PAGE_SIZE),
			      &page);
	if (err)
		return err;
	BACK_RING_ATTACH(&queue->rx, (struct xen_netif_rx_sring *)page.sring,
			 page.rsp_prod, XEN_PAGE_SIZE);
	queue->rx_pushed = page.rsp_prod;
	queue->rx_prod_seen = page.rsp_prod;
	return 0;
}

/* ------------------------------ events ------------------------------- */

static int queue_bind_event(struct xenvif_queue *queue, evtchn_port_t evtchn,
			    irq_handler_t handler, const char *name,
			    unsigned int *irq)
{
	int ret;

	ret = bind_interdomain_evtchn_to_irqhandler_lateeoi(queue->netif->xdev,
							    evtchn, handler, 0,
							    name, queue);
	if (ret < 0)
		return ret;
	*irq = ret;
	/* Until the queue is started; an earlier event does no harm. */
	disable_irq(*irq);
	return 0;
}

static int queue_bind_events(struct xenvif_queue *queue, evtchn_port_t tx,
			     evtchn_port_t rx)
{
	int err;

	if (tx == rx) {
		err = queue_bind_event(queue, tx, xenvif_common_interrupt,
				       queue->name, &queue->tx_irq);
		if (!err)
			queue->rx_irq = queue->tx_irq;
		return err;
	}

	snprintf(queue->tx_irq_name, sizeof(queue->tx_irq_name), "%s-tx",
		 queue->name);
	snprintf(queue->rx_irq_name, sizeof(queue->rx_irq_name), "%s-rx",
		 queue->name);
	err = queue_bind_event(queue, tx, xenvif_tx_interrupt,
			       queue->tx_irq_name, &queue->tx_irq);
	if (err)
		return err;
	return queue_bind_event(queue, rx, xenvif_rx_interrupt,
				queue->rx_irq_name, &queue->rx_irq);
}

static void queue_unbind_event(struct xenvif_queue *queue, unsigned int irq)
{
	irq_update_affinity_hint(irq, NULL);
	unbind_from_irqhandler(irq, queue);
}

static void queue_unbind_events(struct xenvif_queue *queue)
{
	if (queue->rx_irq && queue->rx_irq != queue->tx_irq)
		queue_unbind_event(queue, queue->rx_irq);
	if (queue->tx_irq)
		queue_unbind_event(queue, queue->tx_irq);
	queue->rx_irq = 0;
	queue->tx_irq = 0;
}

/**
 * xenvif_queue_connect - map a queue's rings and bind its events
 * @queue: a queue that is not connected
 * @refs: the frontend's grants and event channels
 *
 * On failure, xenvif_queue_disconnect() undoes what was done.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int xenvif_queue_connect(struct xenvif_queue *queue,
			 const struct xenvif_ring_refs *refs)
{
	int err;

	snprintf(queue->name, sizeof(queue->name), "%s-q%u",
		 queue->netif->dev->name, queue->id);
	queue->events = 0;
	queue->rx_stuck = false;

	err = queue_map_tx_ring(queue, refs->tx_ref);
	if (err)
		return err;
	err = queue_map_rx_ring(queue, refs->rx_ref);
	if (err)
		return err;
	return queue_bind_events(queue, refs->tx_evtchn, refs->rx_evtchn);
}

/**
 * xenvif_queue_disconnect - undo xenvif_queue_connect(), in whole or in part
 * @queue: a queue that is on no group, so that no worker touches its rings, and
 *	is not running for the stack; its interrupt handler ends here
 *
 * Each pointer is cleared with the thing it points to, so that a second call
 * finds nothing to do (CVE-2026-99287).
 *
 * Context: process, may sleep.
 */
void xenvif_queue_disconnect(struct xenvif_queue *queue)
{
	queue_unbind_events(queue);
	xenvif_ring_unmap(queue->netif, queue->rx.sring);
	queue->rx.sring = NULL;
	xenvif_ring_unmap(queue->netif, queue->tx.sring);
	queue->tx.sring = NULL;
}

/**
 * xenvif_queue_start - start the events of a queue and visit it once
 * @queue: the queue, on a group
 *
 * Both directions are visited, for requests that a former backend has left or
 * an event that was not acknowledged.
 *
 * Context: process, rtnl held.
 */
void xenvif_queue_start(struct xenvif_queue *queue)
{
	ASSERT_RTNL();
	enable_irq(queue->tx_irq);
	if (queue->rx_irq != queue->tx_irq)
		enable_irq(queue->rx_irq);
	netbk_start_queue(queue);
}

/* Only this driver changes the route from now on: group.c says why. A new
 * interrupt of the same number is anyone's again.
 */
static void queue_set_event_cpu(unsigned int irq, unsigned int cpu)
{
	irq_set_status_flags(irq, IRQ_NO_BALANCING);
	irq_set_affinity_and_hint(irq, cpumask_of(cpu));
}

/**
 * xenvif_queue_set_cpu - route a queue's events to a CPU
 * @queue: the queue
 * @cpu: an online CPU; if it has gone offline, the route stays as it was
 *
 * From then on user space cannot change the route.
 *
 * Context: process; the events must not be bound or unbound concurrently.
 */
void xenvif_queue_set_cpu(struct xenvif_queue *queue, unsigned int cpu)
{
	if (queue->tx_irq)
		queue_set_event_cpu(queue->tx_irq, cpu);
	if (queue->rx_irq != queue->tx_irq)
		queue_set_event_cpu(queue->rx_irq, cpu);
}

/**
 * xenvif_queue_stop - stop the events of a queue
 * @queue: the queue; its handler does not run when this returns
 *
 * Context: process, rtnl held, may sleep.
 */
void xenvif_queue_stop(struct xenvif_queue *queue)
{
	ASSERT_RTNL();
	disable_irq(queue->tx_irq);
	if (queue->rx_irq != queue->tx_irq)
		disable_irq(queue->rx_irq);
}
