// SPDX-License-Identifier: GPL-2.0
/*
 * A round of a group's Tx lane:
 *
 *   gather    visit the queues in line, each for its share (lane_share.c):
 *	       parse packets off the ring, plan their copies (tx_plan.c)
 *   copy      one hypercall for all queues of the round
 *   answer    a response to each request; one push and at most one event for
 *	       each queue
 *   settle    a queue with more requests stays in line, and while the lane is
 *	       dense so does one that had some; others wait for an event
 *   deliver   hand the packets to the stack in ring order, TCP segments joined
 *	       (tx_gro.c)
 *
 * The guest is answered before the stack sees the packets. They are copies, so
 * nothing of the guest's is held, and the guest posts its next requests while
 * the stack works.
 */

#include "tx.h"

#include <linux/bits.h>
#include <linux/bottom_half.h>
#include <linux/etherdevice.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "fault.h"
#include "group.h"
#include "params.h"
#include "queue.h"
#include "queue_event.h"
#include "trace.h"
#include "tx_inflight.h"
#include "tx_offload.h"
#include "tx_plan.h"
#include "vif.h"
#include "vif_limit.h"
#include "vif_mcast.h"

/* ------------------------------ gather ------------------------------- */

static bool tx_has_room(const struct netbk_tx_batch *batch)
{
	return batch->cost < NETBK_ROUND_COST &&
	       batch->nr_packets < NETBK_TX_PACKETS &&
	       batch->nr_slots + netbk_param(fatal_skb_slots) <
	       NETBK_TX_SLOTS &&
	       batch->copy.nr + NETBK_TX_PACKET_OPS <= NETBK_COPY_OPS;
}

/* In instructions. The lengths of a packet without an skb may be unchecked. */
static unsigned int tx_cost_of(const struct netbk_tx_packet *packet)
{
	const struct xenvif_tx_desc *desc = &packet->desc;
	unsigned int requests = desc->nr_slots + desc->nr_extras;
	unsigned int segments = 0;

	if (!packet->skb)
		return netbk_cost(requests, 0, 0);
	if (desc->gso_size)
		segments = DIV_ROUND_UP(desc->len, desc->gso_size);
	return netbk_cost(max_t(unsigned int, requests, packet->nr_ops),
			  desc->len, segments);
}

/* Carries out a request about the interface at once, as it has no data to copy.
 * Returns the status for the guest.
 */
static s16 tx_take_pseudo(struct xen_netif *netif,
			  const struct xenvif_tx_desc *desc)
{
	s16 status = XEN_NETIF_RSP_OKAY;

	if (desc->mcasts & BIT(XENVIF_TX_MCAST_ADD) &&
	    !xenvif_mcast_add(&netif->mcast,
			      desc->mcast_addr[XENVIF_TX_MCAST_ADD]))
		status = XEN_NETIF_RSP_ERROR;
	if (desc->mcasts & BIT(XENVIF_TX_MCAST_DEL))
		xenvif_mcast_del(&netif->mcast,
				 desc->mcast_addr[XENVIF_TX_MCAST_DEL]);
	return status;
}

static void tx_drop(struct netbk_tx_packet *packet, enum netbk_drop why)
{
	packet->status = XEN_NETIF_RSP_DROPPED;
	packet->why = why;
}

/* The net device is down: what the guest sends is answered and dropped. */
static bool tx_is_closed(const struct xenvif_queue *queue)
{
	return test_bit(XENVIF_CLOSED, &queue->netif->state);
}

/* A guest has one for all its queues in the lane. */
static struct netbk_overrun *tx_overrun_of(const struct xenvif_queue *queue)
{
	return &READ_ONCE(queue->lead)->tx_turn.overrun;
}

static bool tx_gather_packet(struct xen_netbk *netbk,
			     struct xenvif_queue *queue, unsigned int avail)
{
	struct xenvif_limit *limit = &queue->netif->limit[NETBK_TX];
	struct netbk_tx_batch *batch = &netbk->tx;
	struct netbk_tx_packet *packet = &batch->packet[batch->nr_packets];
	enum xenvif_tx_verdict verdict;

	verdict = xenvif_tx_parse(&queue->tx, avail,
				  netbk_param(fatal_skb_slots), &packet->desc,
				  &batch->slot[batch->nr_slots]);
	if (unlikely(verdict == XENVIF_TX_FATAL)) {
		xenvif_set_broken(queue->netif, packet->desc.reason);
		return false;
	}

	packet->queue = queue;
	packet->skb = NULL;
	packet->first_slot = batch->nr_slots;
	packet->first_op = batch->copy.nr;
	packet->nr_ops = 0;
	packet->status = verdict == XENVIF_TX_BAD ? XEN_NETIF_RSP_ERROR :
						    XEN_NETIF_RSP_OKAY;
	batch->nr_packets++;
	batch->nr_slots += packet->desc.nr_slots;

	/* The length of a refused packet is unchecked. */
	if (unlikely(tx_is_closed(queue))) {
		xenvif_limit_charge(limit, 0, 0);
		if (verdict == XENVIF_TX_PACKET)
			tx_drop(packet, NETBK_DROP_DOWN);
	} else if (likely(verdict == XENVIF_TX_PACKET)) {
		xenvif_limit_charge(limit, packet->desc.len,
				    packet->desc.gso_size);
		netbk_tx_plan(batch, &netbk->buffers, packet);
		if (likely(packet->skb))
			xenvif_inflight_own(queue, packet->skb);
	} else {
		xenvif_limit_charge(limit, 0, 0);
	}
	if (unlikely(verdict == XENVIF_TX_PSEUDO))
		packet->status = tx_take_pseudo(queue->netif, &packet->desc);
	packet->cost = tx_cost_of(packet);
	netbk_share_charge(&queue->tx_turn.share, packet->cost);
	batch->cost += packet->cost +
		       netbk_overrun_expect(tx_overrun_of(queue), packet->cost);
	return true;
}

/* Returns why a queue may not send now, or NETBK_STOP_EMPTY. */
static enum netbk_stop tx_may_send(struct xenvif_queue *queue)
{
	if (!xenvif_limit_open(&queue->netif->limit[NETBK_TX]))
		return NETBK_STOP_LIMIT;
	if (unlikely(tx_is_closed(queue)))
		return NETBK_STOP_EMPTY;
	if (!xenvif_inflight_open(queue))
		return NETBK_STOP_INFLIGHT;
	return NETBK_STOP_EMPTY;
}

static enum netbk_stop tx_gather_queue(struct xen_netbk *netbk,
				       struct xenvif_queue *queue)
{
	RING_IDX prod = READ_ONCE(queue->tx.sring->req_prod);
	enum netbk_stop stop;

	if (list_empty(&queue->tx_turn.served))
		queue->tx_active = false;
	if (unlikely(prod - queue->tx.req_cons > RING_SIZE(&queue->tx))) {
		xenvif_set_broken(queue->netif,
				  "impossible number of Tx requests");
		return NETBK_STOP_EMPTY;
	}
	if (queue->tx.req_cons == prod)
		return NETBK_STOP_EMPTY;
	stop = tx_may_send(queue);
	if (stop != NETBK_STOP_EMPTY)
		return stop;
	queue->tx_active = true;
	virt_rmb();	/* requests are read after the index that covers them */
	set_bit(XENVIF_TX_HONEST, &queue->events);
	if (unlikely(tx_overrun_of(queue)->excess))
		netbk_overrun_fade(tx_overrun_of(queue), ktime_get_ns());

	do {
		if (!tx_has_room(&netbk->tx))
			return NETBK_STOP_ROOM;
		if (!tx_gather_packet(netbk, queue,
				      prod - queue->tx.req_cons) ||
		    queue->tx.req_cons == prod)
			return NETBK_STOP_EMPTY;
		stop = tx_may_send(queue);
		if (stop != NETBK_STOP_EMPTY)
			return stop;
	} while (netbk_share_left(&queue->tx_turn.share));
	return unlikely(tx_is_closed(queue)) ? NETBK_STOP_EMPTY :
					       NETBK_STOP_CREDIT;
}

static void tx_gather(struct xen_netbk *netbk)
{
	struct netbk_lane *lane = &netbk->lane[NETBK_TX];
	struct xenvif_queue *queue;

	while ((queue = netbk_next_queue(lane))) {
		if (!netbk_visited(lane, queue, tx_gather_queue(netbk, queue)))
			return;
	}
}

/* ------------------------------ answer ------------------------------- */

static void tx_respond(struct xenvif_queue *queue, u16 id, s16 status)
{
	struct xen_netif_tx_response *rsp;

	rsp = RING_GET_RESPONSE(&queue->tx, queue->tx.rsp_prod_pvt);
	rsp->id = id;
	rsp->status = status;
	queue->tx.rsp_prod_pvt++;
}

/* Answers every request. Extra info follows the first request in the ring, and
 * a null response answers it.
 */
static void tx_answer_packet(const struct netbk_tx_batch *batch,
			     const struct netbk_tx_packet *packet)
{
	const struct xenvif_tx_slot *slot = &batch->slot[packet->first_slot];
	unsigned int i;

	tx_respond(packet->queue, slot[0].id, packet->status);
	for (i = 0; i < packet->desc.nr_extras; i++)
		tx_respond(packet->queue, 0, XEN_NETIF_RSP_NULL);
	for (i = 1; i < packet->desc.nr_slots; i++)
		tx_respond(packet->queue, slot[i].id, packet->status);
}

static void tx_answer(struct netbk_tx_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_tx_packet *packet = &batch->packet[i];
		int status = netbk_copy_status(&batch->copy, packet->first_op,
					       packet->nr_ops);

		if (unlikely(status)) {
			trace_netbk_copy_failed(packet->queue, NETBK_TX,
						status);
			packet->status = XEN_NETIF_RSP_ERROR;
		}
		tx_answer_packet(batch, packet);
	}
}

/* ------------------------------ settle ------------------------------- */

static bool tx_has_more(const struct xenvif_queue *queue)
{
	return READ_ONCE(queue->tx.sring->req_prod) != queue->tx.req_cons;
}

/* The guest's event is acknowledged when the limit opens: until then another
 * event would bring no news.
 */
static void tx_settle_limited(struct netbk_lane *lane,
			      struct xenvif_queue *queue)
{
	/* For the visit, which may have taken nothing. */
	netbk_share_charge(&queue->tx_turn.share, NETBK_COST_DROP);
	netbk_release_turn(queue, NETBK_TX);
	set_bit(XENVIF_TX_LIMITED, &queue->events);
	if (xenvif_limit_wait(&queue->netif->limit[NETBK_TX], queue))
		netbk_retake_turn(lane, queue);
}

/* What was taken in this round is delivered, and perhaps freed, after this. So
 * the queue is looked at once more before it waits.
 */
static void tx_settle_inflight(struct netbk_lane *lane,
			       struct xenvif_queue *queue)
{
	if (queue->tx_active) {
		netbk_requeue(lane, queue);
		return;
	}
	/* The visit has taken nothing, but the time of a timer and a run. */
	netbk_share_charge(&queue->tx_turn.share, NETBK_COST_PACKET);
	netbk_release_turn(queue, NETBK_TX);
	set_bit(XENVIF_TX_INFLIGHT, &queue->events);
	xenvif_inflight_wait(queue);
}

/* A guest whose device is down may send for one quantum every 10 ms, so that it
 * does not keep a CPU busy with what is dropped.
 */
static void tx_settle_closed(struct xenvif_queue *queue)
{
	netbk_release_turn(queue, NETBK_TX);
	set_bit(XENVIF_TX_INFLIGHT, &queue->events);
	xenvif_inflight_pause(queue, 10 * NSEC_PER_MSEC);
}

/* A queue with more requests stays in line. So does one that will probably have
 * more soon, and its guest then sends no event.
 */
static void tx_settle_queue(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	if (queue->tx_turn.stop == NETBK_STOP_LIMIT) {
		tx_settle_limited(lane, queue);
		return;
	}
	if (unlikely(tx_is_closed(queue)) && queue->tx_active) {
		tx_settle_closed(queue);
		return;
	}
	if (queue->tx_turn.stop == NETBK_STOP_INFLIGHT) {
		tx_settle_inflight(lane, queue);
		return;
	}
	if (tx_has_more(queue)) {
		netbk_requeue(lane, queue);
		return;
	}
	if (queue->tx_active && netbk_keep(lane, queue))
		return;
	netbk_release_turn(queue, NETBK_TX);
	if (xenvif_arm_tx(queue))
		netbk_retake_turn(lane, queue);
	else
		xenvif_eoi(queue, NETBK_TX);
}

static void tx_settle(struct netbk_lane *lane)
{
	struct xenvif_queue *queue;
	unsigned int notifies = 0;
	bool in_line;

	while ((queue = netbk_next_served(lane, &in_line))) {
		notifies += xenvif_push_tx(queue);
		if (!in_line)
			tx_settle_queue(lane, queue);
		xenvif_eoi_common(queue);
	}
	u64_stats_update_begin(&lane->stats.syncp);
	u64_stats_add(&lane->stats.count[NETBK_NOTIFIES], notifies);
	u64_stats_update_end(&lane->stats.syncp);
}

/* ------------------------------ deliver ------------------------------ */

static int tx_finish_skb(struct sk_buff *skb,
			 const struct netbk_tx_packet *packet)
{
	skb->protocol = eth_type_trans(skb, packet->queue->netif->dev);
	skb_reset_network_header(skb);
	return netbk_tx_offload(skb, &packet->desc);
}

static void tx_count_packet(const struct netbk_tx_packet *packet,
			    bool delivered)
{
	struct xenvif_stats *stats = &packet->queue->tx_stats;
	const struct xenvif_tx_desc *desc = &packet->desc;

	u64_stats_update_begin(&stats->syncp);
	if (likely(delivered)) {
		u64_stats_inc(&stats->count[XENVIF_PACKETS]);
		u64_stats_add(&stats->count[XENVIF_BYTES], desc->len);
		if (desc->gso_size && !(desc->flags & XEN_NETTXF_csum_blank))
			u64_stats_inc(&stats->count[XENVIF_GSO_CSUM_FIXUPS]);
	} else if (packet->status == XEN_NETIF_RSP_DROPPED) {
		u64_stats_inc(&stats->count[XENVIF_DROPPED]);
	} else {
		u64_stats_inc(&stats->count[XENVIF_ERRORS]);
	}
	u64_stats_update_end(&stats->syncp);
}

/* Completes a packet for the stack, or returns why it is dropped. */
static enum netbk_drop tx_finish_packet(struct netbk_tx_packet *packet)
{
	if (unlikely(packet->status == XEN_NETIF_RSP_DROPPED))
		return packet->why;
	if (unlikely(packet->status != XEN_NETIF_RSP_OKAY))
		return packet->skb ? NETBK_DROP_COPY : NETBK_DROP_REQUEST;
	if (unlikely(tx_finish_skb(packet->skb, packet)))
		return NETBK_DROP_HEADER;
	return NETBK_DROP_NONE;
}

/* Each segment of a packet repeats the headers, which use up the rate and take
 * time to make.
 */
static void tx_charge_segments(struct netbk_tx_packet *packet)
{
	const struct xenvif_tx_desc *desc = &packet->desc;
	struct xenvif_queue *queue = packet->queue;
	unsigned int charged, segments, wire, more;

	if (!skb_is_gso(packet->skb))
		return;
	charged = DIV_ROUND_UP(desc->len, desc->gso_size);
	segments = max_t(unsigned int, charged,
			 skb_shinfo(packet->skb)->gso_segs);
	wire = netbk_tx_wire_bytes(packet->skb, desc->len);
	xenvif_limit_charge_segments(&queue->netif->limit[NETBK_TX], desc->len,
				     desc->gso_size, wire, segments);
	more = netbk_cost(0, wire, segments) -
	       netbk_cost(0, desc->len, charged);
	netbk_share_charge(&queue->tx_turn.share, more);
	packet->cost += more;
}

/* Returns the bytes handed to the stack. */
static unsigned int tx_deliver_packet(struct xen_netbk *netbk,
				      struct netbk_tx_packet *packet)
{
	enum netbk_drop why;

	if (!packet->skb && packet->desc.mcasts)
		return 0;	/* a pseudo request, carried out or refused */

	why = tx_finish_packet(packet);
	tx_count_packet(packet, why == NETBK_DROP_NONE);
	if (unlikely(why != NETBK_DROP_NONE)) {
		xenvif_drop(packet->queue, NETBK_TX, why, packet->skb);
		return 0;
	}
	tx_charge_segments(packet);
	xenvif_inflight_begin(packet->queue);
	netbk_gro_receive(&netbk->gro, packet->skb);
	return packet->desc.len;
}

static bool tx_is_last_of_visit(const struct netbk_tx_batch *batch,
				unsigned int i)
{
	return i + 1 == batch->nr_packets ||
	       batch->packet[i + 1].queue != batch->packet[i].queue;
}

static void tx_charge_time(struct netbk_lane *lane, struct xenvif_queue *queue,
			   const struct netbk_bill *bill)
{
	if (unlikely(bill->ns > (s64)bill->cost * NETBK_OVERRUN_TIMES))
		netbk_overrun_learn(tx_overrun_of(queue), bill,
				    ktime_get_ns());
	netbk_share_charge_time(&queue->tx_turn.share, bill);
	netbk_note_charge(lane, queue);
}

/* The queues have been settled, but none can leave the group before this round
 * ends. Returns the packets handed to the stack.
 */
static unsigned int tx_deliver(struct xen_netbk *netbk)
{
	struct netbk_lane_stats *stats = &netbk->lane[NETBK_TX].stats;
	struct netbk_tx_batch *batch = &netbk->tx;
	unsigned int packets = 0, bytes = 0;
	struct netbk_bill bill = {};
	u64 begin = netbk_lane_clock();
	unsigned int i, len;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_tx_packet *packet = &batch->packet[i];

		len = tx_deliver_packet(netbk, packet);
		packets += !!len;
		bytes += len;
		bill.packets++;
		bill.cost += packet->cost;
		if (tx_is_last_of_visit(batch, i)) {
			u64 end;

			netbk_gro_flush(&netbk->gro);
			end = netbk_lane_clock();
			bill.ns = end - begin;
			tx_charge_time(&netbk->lane[NETBK_TX], packet->queue,
				       &bill);
			bill = (struct netbk_bill){};
			begin = end;
		}
	}

	netbk_gro_poll(&netbk->gro);
	xenvif_inflight_end();

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->count[NETBK_BATCHES]);
	u64_stats_add(&stats->count[NETBK_PACKETS], packets);
	u64_stats_add(&stats->count[NETBK_BYTES], bytes);
	u64_stats_add(&stats->count[NETBK_COPIES], batch->copy.nr);
	u64_stats_add(&stats->count[NETBK_HYPERCALLS], !!batch->copy.nr);
	u64_stats_update_end(&stats->syncp);
	return packets;
}

/**
 * netbk_tx_round - carry out a round of a group's Tx lane
 * @netbk: the group
 *
 * Context: the worker of the Tx lane, BH disabled.
 * Return: packets handed to the stack.
 */
unsigned int netbk_tx_round(struct xen_netbk *netbk)
{
	struct netbk_tx_batch *batch = &netbk->tx;

	batch->nr_packets = 0;
	batch->nr_slots = 0;
	batch->cost = 0;
	batch->copy.nr = 0;

	tx_gather(netbk);
	if (batch->copy.nr)
		netbk_copy_run(&batch->copy);
	tx_answer(batch);
	tx_settle(&netbk->lane[NETBK_TX]);
	return batch->nr_packets ? tx_deliver(netbk) : 0;
}

/* -------------------------- what was left ---------------------------- */

/* Answers the requests of a packet, all before @prod: extra info follows the
 * first of them in the ring.
 */
static void tx_refuse_packet(struct xenvif_queue *queue, RING_IDX prod)
{
	struct xen_netif_tx_request req;
	struct xen_netif_extra_info extra;
	bool more_data, more_extras;

	RING_COPY_REQUEST(&queue->tx, queue->tx.req_cons++, &req);
	tx_respond(queue, req.id, XEN_NETIF_RSP_DROPPED);
	more_data = req.flags & XEN_NETTXF_more_data;
	more_extras = req.flags & XEN_NETTXF_extra_info;
	while (more_extras && queue->tx.req_cons != prod) {
		RING_COPY_REQUEST(&queue->tx, queue->tx.req_cons++, &req);
		memcpy(&extra, &req, sizeof(extra));
		more_extras = extra.flags & XEN_NETIF_EXTRA_FLAG_MORE;
		tx_respond(queue, 0, XEN_NETIF_RSP_NULL);
	}
	while (more_data && queue->tx.req_cons != prod) {
		RING_COPY_REQUEST(&queue->tx, queue->tx.req_cons++, &req);
		more_data = req.flags & XEN_NETTXF_more_data;
		tx_respond(queue, req.id, XEN_NETIF_RSP_DROPPED);
	}
}

/**
 * xenvif_tx_refuse - answer and drop what a guest has left on a Tx ring
 * @queue: a queue that is on no group; its guest has not broken the protocol
 *
 * Workers leave a queue between two rounds. A frontend that closes may wait for
 * all its answers before it frees its pages. The guest's index is read once, so
 * that one that goes on sending gains nothing. A request about the interface
 * counts as a packet, too.
 *
 * Context: process; the only user of the queue's rings.
 */
void xenvif_tx_refuse(struct xenvif_queue *queue)
{
	struct xenvif_stats *stats = &queue->tx_stats;
	unsigned int packets = 0;
	RING_IDX prod;

	if (!queue->tx.sring || !queue->tx_irq)
		return;
	prod = READ_ONCE(queue->tx.sring->req_prod);
	if (prod - queue->tx.req_cons > RING_SIZE(&queue->tx))
		return;
	virt_rmb();	/* requests are read after the index that covers them */
	while (queue->tx.req_cons != prod) {
		tx_refuse_packet(queue, prod);
		xenvif_drop(queue, NETBK_TX, NETBK_DROP_DOWN, NULL);
		packets++;
	}
	xenvif_push_tx(queue);

	/* As in a worker, no reader may interrupt this. */
	local_bh_disable();
	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->count[XENVIF_DROPPED], packets);
	u64_stats_update_end(&stats->syncp);
	local_bh_enable();
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/tx_kunit.c"
#endif
