// SPDX-License-Identifier: GPL-2.0

#include "queue_event.h"

#include <linux/bits.h>
#include <linux/bitops.h>

#include <xen/events.h>
#include <xen/interface/io/ring.h>

#include "lane_run.h"
#include "queue.h"

/**
 * xenvif_push_tx - push Tx responses to the guest
 * @queue: the queue
 *
 * Context: the worker of the Tx lane, or the only user of the queue's rings.
 * Return: true if the guest was sent an event.
 */
bool xenvif_push_tx(struct xenvif_queue *queue)
{
	bool notify;

	if (queue->tx.rsp_prod_pvt == queue->tx_pushed)
		return false;
	queue->tx_pushed = queue->tx.rsp_prod_pvt;
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&queue->tx, notify);
	if (notify)
		notify_remote_via_irq(queue->tx_irq);
	return notify;
}

/**
 * xenvif_push_rx - push Rx responses to the guest
 * @queue: the queue
 *
 * Context: the worker of the Rx lane.
 * Return: true if the guest was sent an event.
 */
bool xenvif_push_rx(struct xenvif_queue *queue)
{
	bool notify;

	if (queue->rx.rsp_prod_pvt == queue->rx_pushed)
		return false;
	queue->rx_pushed = queue->rx.rsp_prod_pvt;
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&queue->rx, notify);
	if (notify)
		notify_remote_via_irq(queue->rx_irq);
	return notify;
}

/**
 * xenvif_arm_tx - ask the guest for an event with its next Tx request
 * @queue: the queue, with its turn released
 *
 * Context: the worker of the Tx lane.
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
 * xenvif_arm_rx - ask the guest for an event when it has posted enough
 * @queue: the queue, with its turn released
 * @need: requests that the packet at the head of the backlog takes
 *
 * Context: the worker of the Rx lane.
 * Return: true if there are enough requests by now, for which the guest may
 * have sent no event.
 */
bool xenvif_arm_rx(struct xenvif_queue *queue, unsigned int need)
{
	struct xen_netif_rx_sring *sring = queue->rx.sring;

	sring->req_event = queue->rx.req_cons + need;
	virt_mb();	/* the guest sees req_event before we look again */
	return READ_ONCE(sring->req_prod) - queue->rx.req_cons >= need;
}

/* An event that came with work counts as honest, once. The interrupt is an
 * argument, since the first event may come while the queue is still being bound
 * and does not have the number.
 */
static void queue_late_eoi(struct xenvif_queue *queue, unsigned int irq,
			   enum xenvif_event_bits pending,
			   enum xenvif_event_bits honest)
{
	bool earned;

	if (!test_bit(pending, &queue->events) ||
	    !test_and_clear_bit(pending, &queue->events))
		return;
	earned = test_and_clear_bit(honest, &queue->events);
	xen_irq_lateeoi(irq, earned ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

/**
 * xenvif_eoi - acknowledge the event of a channel for one direction
 * @queue: the queue, which has no more work in @dir
 * @dir: the direction
 *
 * Leaves the event of a channel for both directions alone.
 *
 * Context: the lane's worker.
 */
void xenvif_eoi(struct xenvif_queue *queue, enum netbk_dir dir)
{
	if (dir == NETBK_TX)
		queue_late_eoi(queue, queue->tx_irq, XENVIF_EOI_TX,
			       XENVIF_TX_HONEST);
	else
		queue_late_eoi(queue, queue->rx_irq, XENVIF_EOI_RX,
			       XENVIF_RX_HONEST);
}

/**
 * xenvif_eoi_common - acknowledge the event of a channel for both directions
 * @queue: the queue, of which one direction was visited
 *
 * Acknowledges the event even if work is left, unlike xenvif_eoi(): the other
 * direction may wait for an event.
 *
 * Context: a lane's worker.
 */
void xenvif_eoi_common(struct xenvif_queue *queue)
{
	queue_late_eoi(queue, queue->tx_irq, XENVIF_EOI_COMMON,
		       XENVIF_COMMON_HONEST);
}

static bool queue_tx_requested(const struct xenvif_queue *queue)
{
	return READ_ONCE(queue->tx.sring->req_prod) !=
	       READ_ONCE(queue->tx.req_cons);
}

/* While a guest may not send more, it is not asked for events. */
static bool queue_tx_wanted(const struct xenvif_queue *queue)
{
	return !(READ_ONCE(queue->events) &
		 (BIT(XENVIF_TX_INFLIGHT) | BIT(XENVIF_TX_LIMITED))) &&
	       queue_tx_requested(queue);
}

/* Returns whether a worker will visit the queue because of this event. A Tx
 * event is honest if the worker has taken requests since the last one, before
 * or after this one came; the worker sets the bit.
 */
static bool queue_tx_event(struct xenvif_queue *queue)
{
	return queue_tx_wanted(queue) && netbk_schedule(queue, NETBK_TX);
}

/* An Rx event is honest if requests were posted since the last one: requests
 * beyond those seen then, or any if all of those have been used since. So an
 * index that swings back and forth earns nothing.
 */
static void queue_note_posted(struct xenvif_queue *queue)
{
	RING_IDX cons = READ_ONCE(queue->rx.req_cons);
	unsigned int posted, seen;

	virt_rmb();	/* the guest's index is never behind ours */
	posted = READ_ONCE(queue->rx.sring->req_prod) - cons;
	seen = queue->rx_prod_seen - cons;
	if (posted > RING_SIZE(&queue->rx) ||
	    (seen <= RING_SIZE(&queue->rx) && posted <= seen))
		return;
	queue->rx_prod_seen = cons + posted;
	set_bit(XENVIF_RX_HONEST, &queue->events);
}

/* The event of a channel for both directions is honest if there is or was work
 * in either. Netbacks that ignored one direction made FreeBSD guests slow.
 */
static void queue_note_common(struct xenvif_queue *queue)
{
	bool honest = queue_tx_wanted(queue);

	queue_note_posted(queue);
	honest |= test_and_clear_bit(XENVIF_TX_HONEST, &queue->events);
	honest |= test_and_clear_bit(XENVIF_RX_HONEST, &queue->events);
	if (honest)
		set_bit(XENVIF_COMMON_HONEST, &queue->events);
}

/* Returns whether a worker will visit the queue because of this event. */
static bool queue_rx_event(struct xenvif_queue *queue)
{
	return test_and_clear_bit(XENVIF_RX_STARVED, &queue->events) &&
	       netbk_schedule(queue, NETBK_RX);
}

/**
 * xenvif_tx_interrupt - handle an event on a channel for guest Tx alone
 * @irq: the channel's interrupt
 * @data: the queue
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t xenvif_tx_interrupt(int irq, void *data)
{
	struct xenvif_queue *queue = data;

	set_bit(XENVIF_EOI_TX, &queue->events);
	if (!queue_tx_event(queue))
		queue_late_eoi(queue, irq, XENVIF_EOI_TX, XENVIF_TX_HONEST);
	return IRQ_HANDLED;
}

/**
 * xenvif_rx_interrupt - handle an event on a channel for guest Rx alone
 * @irq: the channel's interrupt
 * @data: the queue
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t xenvif_rx_interrupt(int irq, void *data)
{
	struct xenvif_queue *queue = data;

	queue_note_posted(queue);
	set_bit(XENVIF_EOI_RX, &queue->events);
	if (!queue_rx_event(queue))
		queue_late_eoi(queue, irq, XENVIF_EOI_RX, XENVIF_RX_HONEST);
	return IRQ_HANDLED;
}

/**
 * xenvif_common_interrupt - handle an event on a channel for both directions
 * @irq: the channel's interrupt
 * @data: the queue
 *
 * Context: hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t xenvif_common_interrupt(int irq, void *data)
{
	struct xenvif_queue *queue = data;
	bool tx, rx;

	queue_note_common(queue);
	set_bit(XENVIF_EOI_COMMON, &queue->events);
	tx = queue_tx_event(queue);
	rx = queue_rx_event(queue);
	if (!tx && !rx)
		queue_late_eoi(queue, irq, XENVIF_EOI_COMMON,
			       XENVIF_COMMON_HONEST);
	return IRQ_HANDLED;
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/queue_event_kunit.c"
#endif
