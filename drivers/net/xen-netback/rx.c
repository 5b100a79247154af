// SPDX-License-Identifier: GPL-2.0
/*
 * A packet for a guest waits on its queue's rx_queue, which is bounded in bytes
 * and packets. A round of the group's Rx lane:
 *
 *   gather    visit the queues in line, each for its share (lane_share.c): plan
 *	       packets into the slots that the guest has posted
 *   copy      one hypercall for all queues of the round
 *   answer    each response takes the place of its request, as frontends rely
 *	       on that; one push and at most one event for each queue
 *   settle    a queue with more packets stays in line; one whose guest has
 *	       posted too few slots is starved, and waits for an event
 *   free      all packets of the round, which may wake their senders
 */

#include "rx.h"

#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>

#include "fault.h"
#include "group.h"
#include "lane_run.h"
#include "queue.h"
#include "queue_event.h"
#include "rx_backlog.h"
#include "rx_plan.h"
#include "rx_stall.h"
#include "trace.h"
#include "vif.h"
#include "vif_limit.h"

/* ------------------------------ enqueue ------------------------------ */

/* Bytes that a frontend has room for: its slots, or one page if it does not
 * support scatter-gather. The stack enforces the MTU, but a packet may exceed
 * it by VLAN tags, and a packet that tc mirrors or redirects by any amount.
 */
static unsigned int rx_room(const struct xen_netif *netif)
{
	if (likely(READ_ONCE(netif->offloads) & NETIF_F_SG))
		return NETBK_RX_DATA_SLOTS * XEN_PAGE_SIZE;
	return XEN_PAGE_SIZE - READ_ONCE(netif->rx_headroom);
}

static enum netbk_drop rx_judge(const struct xenvif_queue *queue,
				const struct sk_buff *skb)
{
	if (unlikely(!rcu_access_pointer(queue->netbk)))
		return NETBK_DROP_DOWN;
	if (unlikely(xenvif_is_stalled(queue)))
		return NETBK_DROP_STALLED;
	if (unlikely(skb->len > rx_room(queue->netif)))
		return NETBK_DROP_SIZE;
	return NETBK_DROP_NONE;
}

/* The event or timer that the queue waits for has it served. A guest that need
 * not send an event has its ring looked at with each packet.
 */
static bool rx_awaits_something(const struct xenvif_queue *queue)
{
	unsigned long awaited = BIT(XENVIF_RX_LIMITED);

	if (likely(queue->netif->rx_notify))
		awaited |= BIT(XENVIF_RX_STARVED);
	return READ_ONCE(queue->events) & awaited;
}

/**
 * xenvif_rx_enqueue - leave a packet to the queue's group
 * @queue: the queue
 * @skb: the packet, whose ownership passes on success
 *
 * Context: ndo_start_xmit; BH disabled.
 * Return: %NETBK_DROP_NONE, or why the packet is refused.
 */
enum netbk_drop xenvif_rx_enqueue(struct xenvif_queue *queue,
				  struct sk_buff *skb)
{
	enum netbk_drop why;

	/* A queue that leaves its group waits for this RCU section before its
	 * rx_queue is emptied, so no packet is left behind.
	 */
	rcu_read_lock();
	why = rx_judge(queue, skb);
	if (likely(why == NETBK_DROP_NONE) &&
	    unlikely(!xenvif_backlog_add(queue, skb)))
		why = NETBK_DROP_FULL;
	smp_mb();	/* packet, then bit; pairs with netbk_release_turn() */
	if (likely(why == NETBK_DROP_NONE) &&
	    (!rx_awaits_something(queue) || xenvif_is_stalled(queue)))
		netbk_schedule(queue, NETBK_RX);
	rcu_read_unlock();
	return why;
}

/* ------------------------------ gather ------------------------------- */

static bool rx_has_room(const struct netbk_rx_batch *batch, unsigned int copies)
{
	return batch->cost < NETBK_ROUND_COST &&
	       batch->nr_packets < NETBK_RX_PACKETS &&
	       batch->nr_slots + NETBK_RX_PACKET_SLOTS + NETBK_RX_SPARE_SLOTS <=
	       NETBK_RX_SLOTS &&
	       batch->copy.nr + copies <= NETBK_COPY_OPS;
}

/* In instructions; the packet is the one planned last, as its copies are the
 * last of the batch.
 */
static unsigned int rx_cost_of(const struct netbk_rx_batch *batch,
			       const struct netbk_rx_packet *packet)
{
	unsigned int copies = batch->copy.nr - packet->first_op;

	return netbk_cost(max_t(unsigned int, packet->nr_slots, copies),
			  packet->skb->len, 0);
}

/* Returns the copies that a packet takes. A packet with too many pieces for any
 * batch is made linear. Returns 0 if that lacked memory and the packet was
 * dropped.
 */
static unsigned int rx_fit_batch(struct netbk_rx_batch *batch,
				 struct xenvif_queue *queue,
				 struct sk_buff *skb)
{
	unsigned int copies = netbk_rx_copies(skb, queue->rx_headroom);
	unsigned int charged = skb->truesize;
	struct xenvif_queued gone = {};
	int err;

	if (likely(copies <= NETBK_COPY_OPS))
		return copies;
	netbk_rx_spend(batch, &queue->rx_turn.share,
		       netbk_cost(0, skb->len, 0));
	err = skb_linearize(skb);
	/* It may fail with a part done. */
	xenvif_backlog_recharge(queue, skb->truesize - charged);
	if (!err)
		return netbk_rx_copies(skb, queue->rx_headroom);
	__skb_unlink(skb, &queue->rx_backlog);
	xenvif_queued_add(&gone, skb);
	xenvif_backlog_uncharge(queue, &gone);
	xenvif_drop(queue, NETBK_RX, NETBK_DROP_MEMORY, skb);
	xenvif_backlog_count_dropped(queue, 1);
	return 0;
}

static enum netbk_stop rx_gather_backlog(struct netbk_rx_batch *batch,
					 struct xenvif_queue *queue,
					 RING_IDX prod)
{
	struct xenvif_limit *limit = &queue->netif->limit[NETBK_RX];
	struct sk_buff *skb;

	while ((skb = skb_peek(&queue->rx_backlog))) {
		unsigned int posted = prod - queue->rx.req_cons;
		unsigned int copies;

		if (posted < netbk_rx_slots(skb, queue->rx_headroom))
			return NETBK_STOP_NEED;
		queue->rx_stuck = false;
		if (!netbk_share_left(&queue->rx_turn.share))
			return NETBK_STOP_CREDIT;
		if (!xenvif_limit_open(limit))
			return NETBK_STOP_LIMIT;
		copies = rx_fit_batch(batch, queue, skb);
		if (unlikely(!copies))
			continue;
		if (!rx_has_room(batch, copies))
			return NETBK_STOP_ROOM;
		__skb_unlink(skb, &queue->rx_backlog);
		netbk_rx_plan(batch, queue, skb, posted);
		/* No headers for segments: the guest gets the packet whole, and
		 * its sender has chosen the size of segments.
		 */
		xenvif_limit_charge(limit, skb->len, 0);
		netbk_rx_spend(batch, &queue->rx_turn.share,
			       rx_cost_of(batch, &batch->packet
					  [batch->nr_packets - 1]));
	}
	return NETBK_STOP_EMPTY;
}

/* A stalled queue waits for requests even without a packet. */
static bool rx_may_go_on(struct xenvif_queue *queue, RING_IDX prod)
{
	if (prod - queue->rx.req_cons < queue->rx_stuck_need)
		return false;
	queue->rx_stuck = false;
	xenvif_stall_end(queue);
	return true;
}

/* Drops what a stalled queue has left, and what came while it stalled. */
static enum netbk_stop rx_refuse_backlog(struct netbk_rx_batch *batch,
					 struct xenvif_queue *queue)
{
	enum netbk_stop stop;

	xenvif_backlog_refill(queue);
	stop = xenvif_backlog_drain(batch, queue, NETBK_DROP_STALLED);
	return stop == NETBK_STOP_EMPTY ? NETBK_STOP_NEED : stop;
}

/* Drops what the guest has left waiting for too long. A younger packet may need
 * fewer requests, and so get in.
 */
static enum netbk_stop rx_expire_backlog(struct netbk_rx_batch *batch,
					 struct xenvif_queue *queue,
					 RING_IDX prod)
{
	enum netbk_stop stop;

	do {
		stop = xenvif_backlog_drain(batch, queue, NETBK_DROP_TIMEOUT);
		if (stop == NETBK_STOP_EMPTY)
			stop = rx_gather_backlog(batch, queue, prod);
	} while (stop == NETBK_STOP_NEED && xenvif_backlog_is_expired(queue));
	if (xenvif_stall_judge(queue))
		stop = rx_refuse_backlog(batch, queue);
	return stop;
}

static enum netbk_stop rx_visit(struct netbk_rx_batch *batch,
				struct xenvif_queue *queue)
{
	RING_IDX prod = READ_ONCE(queue->rx.sring->req_prod);
	enum netbk_stop stop;

	if (unlikely(prod - queue->rx.req_cons > RING_SIZE(&queue->rx))) {
		xenvif_set_broken(queue->netif,
				  "impossible number of Rx requests");
		return NETBK_STOP_EMPTY;
	}
	virt_rmb();	/* requests are read after the index that covers them */
	/* For all of this visit, and for what it leaves waiting. */
	queue->rx_headroom = READ_ONCE(queue->netif->rx_headroom);

	if (test_bit(XENVIF_RX_STARVED, &queue->events))
		clear_bit(XENVIF_RX_STARVED, &queue->events);
	if (unlikely(xenvif_is_stalled(queue)) && !rx_may_go_on(queue, prod))
		return rx_refuse_backlog(batch, queue);
	xenvif_backlog_refill(queue);
	stop = rx_gather_backlog(batch, queue, prod);
	xenvif_backlog_count_lack(queue, stop);
	if (stop == NETBK_STOP_NEED &&
	    unlikely(xenvif_backlog_is_expired(queue)))
		stop = rx_expire_backlog(batch, queue, prod);
	xenvif_backlog_set_late(batch, queue, stop == NETBK_STOP_NEED);
	return stop;
}

/* A guest that posts too little each time, or that moves its index back and
 * forth, has to pay for the visits. A full batch is no fault of the queue's,
 * and a rate wakes it by itself.
 */
static enum netbk_stop rx_gather_queue(struct netbk_rx_batch *batch,
				       struct xenvif_queue *queue)
{
	unsigned int cost = batch->cost;
	enum netbk_stop stop = rx_visit(batch, queue);

	queue->rx_vain = batch->cost == cost;
	if (queue->rx_vain &&
	    (stop == NETBK_STOP_NEED || stop == NETBK_STOP_EMPTY))
		netbk_rx_spend(batch, &queue->rx_turn.share, NETBK_COST_DROP);
	return stop;
}

static void rx_gather(struct xen_netbk *netbk)
{
	struct netbk_lane *lane = &netbk->lane[NETBK_RX];
	struct xenvif_queue *queue;

	while ((queue = netbk_next_queue(lane))) {
		if (!netbk_visited(lane, queue,
				   rx_gather_queue(&netbk->rx, queue)))
			return;
	}
}

/* ------------------------------ answer ------------------------------- */

static void rx_respond(struct xenvif_queue *queue,
		       const struct netbk_rx_slot *slot, s16 status)
{
	struct xen_netif_rx_response *rsp;

	rsp = RING_GET_RESPONSE(&queue->rx, queue->rx.rsp_prod_pvt);
	rsp->offset = slot->offset;
	rsp->flags = slot->flags;
	rsp->id = slot->id;
	rsp->status = status;
	queue->rx.rsp_prod_pvt++;
}

static void rx_respond_extra(struct xenvif_queue *queue,
			     const struct netbk_rx_slot *slot)
{
	struct xen_netif_extra_info *extra;

	extra = (struct xen_netif_extra_info *)
		RING_GET_RESPONSE(&queue->rx, queue->rx.rsp_prod_pvt);
	*extra = slot->extra;
	queue->rx.rsp_prod_pvt++;
}

/* Returns whether the whole packet was copied. */
static bool rx_answer_packet(const struct netbk_rx_batch *batch,
			     const struct netbk_rx_packet *packet)
{
	unsigned int op = packet->first_op;
	bool copied = true;
	unsigned int i;

	for (i = 0; i < packet->nr_slots; i++) {
		const struct netbk_rx_slot *slot =
			&batch->slot[packet->first_slot + i];
		int status;

		if (slot->is_extra) {
			rx_respond_extra(packet->queue, slot);
			continue;
		}
		status = netbk_copy_status(&batch->copy, op, slot->nr_ops);
		op += slot->nr_ops;
		if (unlikely(status != GNTST_okay)) {
			trace_netbk_copy_failed(packet->queue, NETBK_RX,
						status);
			copied = false;
		}
		rx_respond(packet->queue, slot,
			   status == GNTST_okay ? slot->len : status);
	}
	return copied;
}

static void rx_count_packet(const struct netbk_rx_packet *packet, bool copied)
{
	struct xenvif_stats *stats = &packet->queue->rx_stats;

	u64_stats_update_begin(&stats->syncp);
	if (likely(copied)) {
		u64_stats_inc(&stats->count[XENVIF_PACKETS]);
		u64_stats_add(&stats->count[XENVIF_BYTES], packet->skb->len);
	} else {
		u64_stats_inc(&stats->count[XENVIF_ERRORS]);
	}
	u64_stats_update_end(&stats->syncp);
}

static unsigned int rx_answer(struct xen_netbk *netbk)
{
	struct netbk_lane_stats *stats = &netbk->lane[NETBK_RX].stats;
	struct netbk_rx_batch *batch = &netbk->rx;
	unsigned int packets = 0, bytes = 0;
	unsigned int i;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_rx_packet *packet = &batch->packet[i];
		bool copied = rx_answer_packet(batch, packet);

		packet->copied = copied;
		rx_count_packet(packet, copied);
		packets += copied;
		bytes += copied ? packet->skb->len : 0;
	}

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->count[NETBK_BATCHES], !!batch->nr_packets);
	u64_stats_add(&stats->count[NETBK_PACKETS], packets);
	u64_stats_add(&stats->count[NETBK_BYTES], bytes);
	u64_stats_add(&stats->count[NETBK_COPIES], batch->copy.nr);
	u64_stats_add(&stats->count[NETBK_HYPERCALLS], !!batch->copy.nr);
	u64_stats_update_end(&stats->syncp);
	return packets;
}

/* ------------------------------ settle ------------------------------- */

static void rx_note_wait(struct xenvif_queue *queue, const struct sk_buff *head)
{
	queue->rx_stuck_need = netbk_rx_slots(head, queue->rx_headroom);
	WRITE_ONCE(queue->rx_due, xenvif_backlog_due(queue, head));
	if (!queue->rx_stuck) {
		queue->rx_stuck = true;
		queue->rx_stuck_since = jiffies;
	}
}

/* The head of the backlog does not fit what the guest has posted. Once the bit
 * is set, the guest's event schedules the queue, and producers need not. If
 * requests were posted and their event came before the bit was set, the check
 * in xenvif_arm_rx() finds them.
 */
static void rx_settle_starved(struct netbk_lane *lane,
			      struct xenvif_queue *queue)
{
	struct sk_buff *head = skb_peek(&queue->rx_backlog);
	bool more;

	if (head)
		rx_note_wait(queue, head);
	/* For the event, the run and the arming, and not out of the quantum,
	 * of which the rest has been taken.
	 */
	if (queue->rx_vain)
		netbk_share_charge(&queue->rx_turn.share,
				   NETBK_COST_PACKET + NETBK_COST_REQUEST);
	netbk_release_turn(queue, NETBK_RX);
	set_bit(XENVIF_RX_STARVED, &queue->events);
	smp_mb__after_atomic();	/* the bit before the arming */
	more = xenvif_arm_rx(queue, queue->rx_stuck_need);
	/* Packets for a stalled queue have to be dropped. */
	if (more || (!head && !skb_queue_empty_lockless(&queue->rx_queue))) {
		netbk_retake_turn(lane, queue);
		return;
	}
	xenvif_eoi(queue, NETBK_RX);
	if (head)
		xenvif_drain_later(queue);
}

static void rx_settle_limited(struct netbk_lane *lane,
			      struct xenvif_queue *queue)
{
	netbk_release_turn(queue, NETBK_RX);
	set_bit(XENVIF_RX_LIMITED, &queue->events);
	if (xenvif_limit_wait(&queue->netif->limit[NETBK_RX], queue))
		netbk_retake_turn(lane, queue);
	else
		xenvif_eoi(queue, NETBK_RX);
}

static void rx_settle_empty(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	netbk_release_turn(queue, NETBK_RX);
	if (!skb_queue_empty_lockless(&queue->rx_queue))
		netbk_retake_turn(lane, queue);
	else
		xenvif_eoi(queue, NETBK_RX);
}

static void rx_settle_queue(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	if (queue->rx_turn.stop == NETBK_STOP_EMPTY)
		rx_settle_empty(lane, queue);
	else if (queue->rx_turn.stop == NETBK_STOP_NEED)
		rx_settle_starved(lane, queue);
	else if (queue->rx_turn.stop == NETBK_STOP_LIMIT)
		rx_settle_limited(lane, queue);
	else
		netbk_requeue(lane, queue);
}

static void rx_settle(struct netbk_lane *lane)
{
	struct xenvif_queue *queue;
	unsigned int notifies = 0;
	bool in_line;

	while ((queue = netbk_next_served(lane, &in_line))) {
		notifies += xenvif_push_rx(queue);
		if (!in_line)
			rx_settle_queue(lane, queue);
		xenvif_eoi_common(queue);
	}
	u64_stats_update_begin(&lane->stats.syncp);
	u64_stats_add(&lane->stats.count[NETBK_NOTIFIES], notifies);
	u64_stats_update_end(&lane->stats.syncp);
}

/* ------------------------------- free -------------------------------- */

/* Packets of a visit are adjacent, so the queue's lock is taken once. */
static void rx_free_packets(struct netbk_rx_batch *batch)
{
	struct xenvif_queued gone = {};
	unsigned int i;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_rx_packet *packet = &batch->packet[i];
		bool last = i + 1 == batch->nr_packets ||
			    packet[1].queue != packet->queue;

		xenvif_queued_add(&gone, packet->skb);
		if (likely(packet->copied))
			consume_skb(packet->skb);
		else
			xenvif_drop(packet->queue, NETBK_RX, NETBK_DROP_COPY,
				    packet->skb);
		if (last) {
			xenvif_backlog_uncharge(packet->queue, &gone);
			gone = (struct xenvif_queued){};
		}
	}
}

/**
 * netbk_rx_round - carry out a round of a group's Rx lane
 * @netbk: the group
 *
 * Context: the worker of the Rx lane, BH disabled.
 * Return: packets copied into the guests' pages.
 */
unsigned int netbk_rx_round(struct xen_netbk *netbk)
{
	struct netbk_rx_batch *batch = &netbk->rx;
	unsigned int copied;

	batch->nr_packets = 0;
	batch->nr_slots = 0;
	batch->cost = 0;
	batch->copy.nr = 0;

	rx_gather(netbk);
	if (batch->copy.nr)
		netbk_copy_run(&batch->copy);
	copied = rx_answer(netbk);
	rx_settle(&netbk->lane[NETBK_RX]);
	rx_free_packets(batch);
	return copied;
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/rx_kunit.c"
#include "tests/rx_backlog_kunit.c"
#include "tests/rx_stall_kunit.c"
#endif
