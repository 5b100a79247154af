// SPDX-License-Identifier: GPL-2.0

#include "notify.h"

#include <xen/events.h>
#include <xen/interface/io/ring.h>

#include "queue.h"

/**
 * xenvif_push_tx - show a guest its Tx responses
 * @queue: the queue
 *
 * Context: the Tx lane's worker.
 * Return: true if the guest was sent an event.
 */
bool xenvif_push_tx(struct xenvif_queue *queue)
{
	bool notify;

	if (queue->tx.rsp_prod_pvt == queue->tx.sring->rsp_prod)
		return false;
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&queue->tx, notify);
	if (notify)
		notify_remote_via_irq(queue->tx_irq);
	return notify;
}

/**
 * xenvif_push_rx - show a guest its Rx responses
 * @queue: the queue
 *
 * Context: the Rx lane's worker.
 * Return: true if the guest was sent an event.
 */
bool xenvif_push_rx(struct xenvif_queue *queue)
{
	bool notify;

	if (queue->rx.rsp_prod_pvt == queue->rx.sring->rsp_prod)
		return false;
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&queue->rx, notify);
	if (notify)
		notify_remote_via_irq(queue->rx_irq);
	return notify;
}

/**
 * xenvif_arm_tx - ask the guest for an event with its next Tx request
 * @queue: the queue, with its turn given up
 *
 * Context: the Tx lane's worker.
 * Return: true if requests have come meanwhile, for which the guest may have
 * sent no event.
 */
bool xenvif_arm_tx(struct xenvif_queue *queue)
{
	bool work;

	RING_FINAL_CHECK_FOR_REQUESTS(&queue->tx, work);
	return work;
}

/**
 * xenvif_arm_rx - ask the guest for an event with its next Rx request
 * @queue: the queue, with its turn given up
 * @need: requests that the packet at the head of the backlog takes
 *
 * Context: the Rx lane's worker.
 * Return: true if there are enough requests by now, for which the guest may
 * have sent no event.
 */
bool xenvif_arm_rx(struct xenvif_queue *queue, unsigned int need)
{
	struct xen_netif_rx_sring *sring = queue->rx.sring;

	sring->req_event = READ_ONCE(sring->req_prod) + 1;
	virt_mb();	/* the guest sees req_event before we look again */
	return READ_ONCE(sring->req_prod) - queue->rx.req_cons >= need;
}

/**
 * xenvif_eoi - acknowledge the event that asked for what has been done
 * @queue: the queue, which has no more work in @dir
 * @dir: the direction
 *
 * Context: the lane's worker.
 */
void xenvif_eoi(struct xenvif_queue *queue, enum netbk_dir dir)
{
	if (dir == NETBK_TX) {
		if (test_and_clear_bit(XENVIF_EOI_TX, &queue->events))
			xen_irq_lateeoi(queue->tx_irq, 0);
	} else {
		if (test_and_clear_bit(XENVIF_EOI_RX, &queue->events))
			xen_irq_lateeoi(queue->rx_irq, 0);
	}
	xenvif_eoi_common(queue);
}

/**
 * xenvif_eoi_common - acknowledge the event of a channel for both directions
 * @queue: the queue, of which one direction was served
 *
 * Unlike that of a channel of its own, this event is acknowledged even if more
 * work is left: the other direction may wait for an event.
 *
 * Context: a lane's worker.
 */
void xenvif_eoi_common(struct xenvif_queue *queue)
{
	if (test_bit(XENVIF_EOI_COMMON, &queue->events) &&
	    test_and_clear_bit(XENVIF_EOI_COMMON, &queue->events))
		xen_irq_lateeoi(queue->tx_irq, 0);
}

/* Whether a worker will look at the queue because of this event. If not, the
 * event is honest all the same when requests were taken since the last one: the
 * worker was faster than the event.
 */
static bool tx_event(struct xenvif_queue *queue, bool *honest)
{
	if (test_and_clear_bit(XENVIF_TX_SERVED, &queue->events))
		*honest = true;
	return READ_ONCE(queue->tx.sring->req_prod) !=
	       READ_ONCE(queue->tx.req_cons) &&
	       netbk_schedule(queue, NETBK_TX);
}

/* An Rx event is honest if requests were posted since the last one. The index
 * must have moved forward and within the ring, else a guest could make it swing
 * back and forth and pass for honest for ever.
 */
static bool rx_event(struct xenvif_queue *queue, bool *honest)
{
	RING_IDX prod = READ_ONCE(queue->rx.sring->req_prod);
	RING_IDX posted = prod - queue->rx_prod_seen;

	if (!posted || posted > RING_SIZE(&queue->rx) ||
	    prod - READ_ONCE(queue->rx.req_cons) > RING_SIZE(&queue->rx))
		return false;

	queue->rx_prod_seen = prod;
	*honest = true;
	return test_and_clear_bit(XENVIF_RX_STARVED, &queue->events) &&
	       netbk_schedule(queue, NETBK_RX);
}

/* The worker may have done so meanwhile. */
static void finish_event(struct xenvif_queue *queue, unsigned int irq,
			 enum xenvif_event_bits bit, bool honest)
{
	if (test_and_clear_bit(bit, &queue->events))
		xen_irq_lateeoi(irq, honest ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

/**
 * xenvif_tx_interrupt - event on a channel for guest Tx alone
 * @irq: the channel's
 * @data: the queue
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t xenvif_tx_interrupt(int irq, void *data)
{
	struct xenvif_queue *queue = data;
	bool honest = false;

	set_bit(XENVIF_EOI_TX, &queue->events);
	if (!tx_event(queue, &honest))
		finish_event(queue, irq, XENVIF_EOI_TX, honest);
	return IRQ_HANDLED;
}

/**
 * xenvif_rx_interrupt - event on a channel for guest Rx alone
 * @irq: the channel's
 * @data: the queue
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t xenvif_rx_interrupt(int irq, void *data)
{
	struct xenvif_queue *queue = data;
	bool honest = false;

	set_bit(XENVIF_EOI_RX, &queue->events);
	if (!rx_event(queue, &honest))
		finish_event(queue, irq, XENVIF_EOI_RX, honest);
	return IRQ_HANDLED;
}

/**
 * xenvif_common_interrupt - event on a channel for both directions
 * @irq: the channel's
 * @data: the queue
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t xenvif_common_interrupt(int irq, void *data)
{
	struct xenvif_queue *queue = data;
	bool honest = false;
	bool tx, rx;

	set_bit(XENVIF_EOI_COMMON, &queue->events);
	tx = tx_event(queue, &honest);
	rx = rx_event(queue, &honest);
	if (!tx && !rx)
		finish_event(queue, irq, XENVIF_EOI_COMMON, honest);
	return IRQ_HANDLED;
}
