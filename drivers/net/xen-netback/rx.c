// SPDX-License-Identifier: GPL-2.0
/*
 * A packet for a guest waits on its queue's rx_queue, which is bounded in bytes
 * and packets, until the group's Rx lane comes round. A round of the lane:
 *
 *   gather    queue by queue: plan packets into the slots the guest has posted
 *   copy      one hypercall for all queues of the round
 *   answer    each response goes where its request was, since frontends rely on
 *	       that; one push and at most one event a queue
 *   settle    a queue with more to do stays in line; one whose guest has too
 *	       few slots posted is starved, and awaits an event
 *   free      the packets, all at once, which may wake those who send
 */

#include "rx.h"

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include <xen/page.h>

#include "drain.h"
#include "group.h"
#include "netif.h"
#include "notify.h"
#include "queue.h"

/* Packets of one queue in a round, so that a busy guest leaves room. */
#define RX_QUANTUM 64

/* Slots of the longest packet, 64 KiB and link header, and its GSO info. */
#define RX_PACKET_SLOTS (DIV_ROUND_UP(65536 + 64, XEN_PAGE_SIZE) + 1)

/* A packet of so many slots may take a spare one, to have fewer copies cut in
 * two: the slot costs the guest 2,200 instructions, and each cut Xen 500.
 * Frontends take 18 slots with data.
 */
#define RX_MANY_SLOTS 8
#define RX_SPARE_SLOTS 1

/**
 * struct rx_dest - where the next bytes of a packet go
 * @guest: the guest's page
 * @slot: the response to be
 * @room: bytes left in the page
 * @whole: bytes that are together in a page of ours go to one page of the
 *	guest's
 */
struct rx_dest {
	struct netbk_copy_end guest;
	struct netbk_rx_slot *slot;
	unsigned int room;
	bool whole;
};

/* ------------------------------ enqueue ------------------------------ */

static unsigned int skb_slots(const struct sk_buff *skb)
{
	return DIV_ROUND_UP(skb->len, XEN_PAGE_SIZE) + skb_is_gso(skb);
}

static struct netdev_queue *dev_queue(const struct xenvif_queue *queue)
{
	return netdev_get_tx_queue(queue->netif->dev, queue->id);
}

static bool rx_queue_full(const struct xenvif_queue *queue)
{
	return queue->rx_queued_bytes >= XENVIF_RX_QUEUE_BYTES ||
	       queue->rx_queued_packets >= XENVIF_RX_QUEUE_PACKETS;
}

/* The stack is stopped when the queue is full and started when it is half
 * empty, both under the queue's lock, so that neither overtakes the other. What
 * comes from one who does not heed the stop is refused. Netconsole sends with
 * interrupts off, from within any of them.
 */
static bool charge(struct xenvif_queue *queue, struct sk_buff *skb)
{
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	taken = !rx_queue_full(queue);
	if (likely(taken)) {
		__skb_queue_tail(&queue->rx_queue, skb);
		queue->rx_queued_bytes += skb->len;
		queue->rx_queued_packets++;
	}
	if (rx_queue_full(queue))
		netif_tx_stop_queue(dev_queue(queue));
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
	return taken;
}

static void uncharge(struct xenvif_queue *queue, unsigned int packets,
		     unsigned int bytes)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	queue->rx_queued_bytes -= bytes;
	queue->rx_queued_packets -= packets;
	if (netif_tx_queue_stopped(dev_queue(queue)) &&
	    queue->rx_queued_bytes <= XENVIF_RX_QUEUE_BYTES / 2 &&
	    queue->rx_queued_packets <= XENVIF_RX_QUEUE_PACKETS / 2)
		netif_tx_wake_queue(dev_queue(queue));
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
}

/**
 * xenvif_rx_enqueue - leave a packet to the queue's group
 * @queue: the queue
 * @skb: the packet, whose ownership passes on success
 *
 * Context: ndo_start_xmit; BH disabled.
 * Return: false if the packet can't be taken: the queue is on no group, is
 * full, or the packet exceeds what a ring can ever hold.
 */
bool xenvif_rx_enqueue(struct xenvif_queue *queue, struct sk_buff *skb)
{
	bool taken = false;

	/* Whoever takes the queue off its group waits for us before it empties
	 * the rx_queue: no packet is left behind.
	 */
	rcu_read_lock();
	if (likely(rcu_access_pointer(queue->netbk)) &&
	    likely(skb_slots(skb) <= RX_PACKET_SLOTS))
		taken = charge(queue, skb);
	smp_mb();	/* packet, then bit; pairs with netbk_release_turn() */
	if (likely(taken) && !test_bit(XENVIF_RX_STARVED, &queue->events))
		netbk_schedule(queue, NETBK_RX);
	rcu_read_unlock();
	return taken;
}

/**
 * xenvif_rx_purge - drop what waits for the guest
 * @queue: a queue that is on no group, with nobody left who could be adding or
 *	copying
 *
 * Context: process, rtnl held.
 */
void xenvif_rx_purge(struct xenvif_queue *queue)
{
	__skb_queue_purge(&queue->rx_backlog);
	skb_queue_purge(&queue->rx_queue);
	queue->rx_queued_bytes = 0;
	queue->rx_queued_packets = 0;
	queue->rx_waiting = false;
}

/* ------------------------------ gather ------------------------------- */

static struct netbk_rx_slot *next_slot(struct netbk_rx_batch *batch)
{
	struct netbk_rx_slot *slot = &batch->slot[batch->nr_slots++];

	memset(slot, 0, sizeof(*slot));
	return slot;
}

static void post_slot(struct xenvif_queue *queue, struct netbk_rx_batch *batch,
		      struct rx_dest *dest)
{
	struct xen_netif_rx_request req;

	RING_COPY_REQUEST(&queue->rx, queue->rx.req_cons++, &req);

	dest->slot = next_slot(batch);
	dest->slot->id = req.id;
	dest->guest.gref = req.gref;
	dest->guest.offset = 0;
	dest->room = XEN_PAGE_SIZE;
}

static void plan_gso(struct xenvif_queue *queue, struct netbk_rx_batch *batch,
		     const struct sk_buff *skb)
{
	struct netbk_rx_slot *slot = next_slot(batch);

	/* The request gives its place in the ring and nothing else. */
	queue->rx.req_cons++;
	slot->gso_size = skb_shinfo(skb)->gso_size;
	slot->gso_type = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
			 XEN_NETIF_GSO_TYPE_TCPV6 : XEN_NETIF_GSO_TYPE_TCPV4;
}

static u16 csum_flags(const struct sk_buff *skb)
{
	switch (skb->ip_summed) {
	case CHECKSUM_PARTIAL:
		return XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated;
	case CHECKSUM_UNNECESSARY:
		return XEN_NETRXF_data_validated;
	default:
		return 0;
	}
}

/* The first slot says what the packet is; its extra info comes in the slot
 * after it.
 */
static void plan_first_slot(struct xenvif_queue *queue,
			    struct netbk_rx_batch *batch,
			    const struct sk_buff *skb, struct rx_dest *dest)
{
	post_slot(queue, batch, dest);
	dest->slot->flags = csum_flags(skb);
	if (skb_is_gso(skb)) {
		dest->slot->flags |= XEN_NETRXF_extra_info;
		plan_gso(queue, batch, skb);
	}
}

static unsigned int bytes_in_page(unsigned int offset, unsigned int len)
{
	return min_t(unsigned int, len,
		     XEN_PAGE_SIZE - xen_offset_in_page(offset));
}

/* Bytes that lie together in our memory: cut at the ends of our pages and,
 * unless they stay whole, of the guest's.
 */
static void plan_bytes(struct xenvif_queue *queue, struct netbk_rx_batch *batch,
		       struct page *page, unsigned int offset, unsigned int len,
		       struct rx_dest *dest)
{
	page += offset >> PAGE_SHIFT;
	offset = offset_in_page(offset);

	while (len) {
		unsigned int piece = bytes_in_page(offset, len);

		if (!dest->room || (dest->whole && piece > dest->room)) {
			dest->slot->flags |= XEN_NETRXF_more_data;
			post_slot(queue, batch, dest);
		}
		piece = min(piece, dest->room);
		netbk_copy_to_guest(&batch->copy, &dest->guest, page, offset,
				    piece);
		dest->guest.offset += piece;
		dest->slot->len += piece;
		dest->slot->nr_ops++;
		dest->room -= piece;
		len -= piece;
		offset += piece;
		if (offset == PAGE_SIZE) {
			offset = 0;
			page++;
		}
	}
}

static void plan_skb(struct xenvif_queue *queue, struct netbk_rx_batch *batch,
		     const struct sk_buff *skb, struct rx_dest *dest)
{
	unsigned int i;

	plan_bytes(queue, batch, virt_to_page(skb->data),
		   offset_in_page(skb->data), skb_headlen(skb), dest);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		plan_bytes(queue, batch, skb_frag_page(frag),
			   skb_frag_off(frag), skb_frag_size(frag), dest);
	}
}

/* The slots that more bytes take when they stay whole; @room is what the last
 * slot has left.
 */
static unsigned int whole_slots(unsigned int offset, unsigned int len,
				unsigned int *room)
{
	unsigned int slots = 0;

	while (len) {
		unsigned int piece = bytes_in_page(offset, len);

		if (piece > *room) {
			*room = XEN_PAGE_SIZE;
			slots++;
		}
		*room -= piece;
		len -= piece;
		offset = 0;
	}
	return slots;
}

/* Whether the guest's pages can take a packet with no copy cut in two. */
static bool stays_whole(const struct sk_buff *skb, unsigned int posted)
{
	unsigned int slots = skb_is_gso(skb);
	unsigned int most = skb_slots(skb);
	unsigned int room = 0;
	unsigned int i;

	if (!skb_is_nonlinear(skb) || skb_has_frag_list(skb))
		return false;
	slots += whole_slots(offset_in_page(skb->data), skb_headlen(skb),
			     &room);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		slots += whole_slots(skb_frag_off(frag), skb_frag_size(frag),
				     &room);
	}
	if (most >= RX_MANY_SLOTS)
		most += RX_SPARE_SLOTS;
	return slots <= min(posted, most);
}

/* At most so many copies: one for each of our pages that holds a part of it,
 * and one more where a page of the guest ends.
 */
static unsigned int count_pages(const struct sk_buff *skb)
{
	unsigned int pages, i;

	pages = DIV_ROUND_UP(xen_offset_in_page(skb->data) + skb_headlen(skb),
			     XEN_PAGE_SIZE);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		pages += DIV_ROUND_UP(xen_offset_in_page(skb_frag_off(frag)) +
				      skb_frag_size(frag), XEN_PAGE_SIZE);
	}
	return pages;
}

/* %UINT_MAX if the packet has to be made linear first. */
static unsigned int max_copies(const struct sk_buff *skb)
{
	unsigned int copies = count_pages(skb) + skb_slots(skb);
	struct sk_buff *part;

	skb_walk_frags(skb, part) {
		/* Only reassembly of the reassembled nests these. */
		if (unlikely(skb_has_frag_list(part)))
			return UINT_MAX;
		copies += count_pages(part);
	}
	return copies;
}

static bool has_room(const struct netbk_rx_batch *batch, unsigned int copies)
{
	return batch->nr_packets < NETBK_RX_PACKETS &&
	       batch->nr_slots + RX_PACKET_SLOTS + RX_SPARE_SLOTS <=
	       NETBK_RX_SLOTS &&
	       batch->copy.nr + copies <= NETBK_COPY_OPS;
}

static void gather_packet(struct netbk_rx_batch *batch,
			  struct xenvif_queue *queue, struct sk_buff *skb,
			  unsigned int posted)
{
	struct netbk_rx_packet *packet = &batch->packet[batch->nr_packets++];
	struct rx_dest dest = {
		.guest.domid = queue->domid,
		.whole = stays_whole(skb, posted),
	};
	struct sk_buff *part;

	packet->queue = queue;
	packet->skb = skb;
	packet->first_slot = batch->nr_slots;
	packet->first_op = batch->copy.nr;

	plan_first_slot(queue, batch, skb, &dest);
	plan_skb(queue, batch, skb, &dest);
	skb_walk_frags(skb, part)
		plan_skb(queue, batch, part, &dest);

	packet->nr_slots = batch->nr_slots - packet->first_slot;
}

static void count_dropped(struct xenvif_queue *queue, unsigned int packets)
{
	struct xenvif_rx_stats *stats = &queue->rx_stats;

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->dropped, packets);
	u64_stats_update_end(&stats->syncp);
}

/* A packet in so many pieces that no batch could hold its copies is made
 * linear. Returns false if it had to be dropped for want of memory.
 */
static bool fit_batch(struct xenvif_queue *queue, struct sk_buff *skb)
{
	if (likely(max_copies(skb) <= NETBK_COPY_OPS))
		return true;
	if (!skb_linearize(skb))
		return true;

	__skb_unlink(skb, &queue->rx_backlog);
	uncharge(queue, 1, skb->len);
	dev_kfree_skb_any(skb);
	count_dropped(queue, 1);
	return false;
}

static void refill_backlog(struct xenvif_queue *queue)
{
	unsigned long flags;

	if (!skb_queue_empty(&queue->rx_backlog) ||
	    skb_queue_empty_lockless(&queue->rx_queue))
		return;
	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	skb_queue_splice_tail_init(&queue->rx_queue, &queue->rx_backlog);
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
}

static enum xenvif_rx_stop gather_backlog(struct netbk_rx_batch *batch,
					  struct xenvif_queue *queue,
					  RING_IDX prod)
{
	unsigned int packets = 0;
	struct sk_buff *skb;

	while ((skb = skb_peek(&queue->rx_backlog))) {
		unsigned int posted = prod - queue->rx.req_cons;

		if (posted < skb_slots(skb))
			return XENVIF_RX_NEED;
		if (packets == RX_QUANTUM)
			return XENVIF_RX_QUANTUM;
		if (!fit_batch(queue, skb))
			continue;
		if (!has_room(batch, max_copies(skb)))
			return XENVIF_RX_NO_ROOM;
		__skb_unlink(skb, &queue->rx_backlog);
		gather_packet(batch, queue, skb, posted);
		queue->rx_waiting = false;
		packets++;
	}
	return XENVIF_RX_EMPTY;
}

/* The timer may have fired for an earlier wait. */
static bool has_waited_long(const struct xenvif_queue *queue)
{
	return queue->rx_waiting &&
	       time_after_eq(jiffies, queue->rx_waiting_since +
				      queue->netif->drain_timeout);
}

/* What has waited too long for a guest that posts nothing is dropped, with what
 * came after it: it holds on to sockets of those who sent it.
 */
static void drain_backlog(struct xenvif_queue *queue)
{
	unsigned int packets = 0, bytes = 0;
	struct sk_buff *skb;

	while (!skb_queue_empty(&queue->rx_backlog)) {
		skb = __skb_dequeue(&queue->rx_backlog);
		packets++;
		bytes += skb->len;
		dev_kfree_skb_any(skb);
		refill_backlog(queue);
	}
	count_dropped(queue, packets);
	uncharge(queue, packets, bytes);
	queue->rx_waiting = false;
}

static enum xenvif_rx_stop gather_queue(struct netbk_rx_batch *batch,
					struct xenvif_queue *queue)
{
	RING_IDX prod = READ_ONCE(queue->rx.sring->req_prod);
	enum xenvif_rx_stop stop;

	if (unlikely(prod - queue->rx.req_cons > RING_SIZE(&queue->rx))) {
		xenvif_set_broken(queue->netif,
				  "impossible number of Rx requests");
		return XENVIF_RX_EMPTY;
	}
	virt_rmb();	/* requests are read after the index that covers them */

	if (test_bit(XENVIF_RX_STARVED, &queue->events))
		clear_bit(XENVIF_RX_STARVED, &queue->events);
	refill_backlog(queue);
	stop = gather_backlog(batch, queue, prod);

	if (unlikely(test_bit(XENVIF_RX_DRAIN, &queue->events)) &&
	    test_and_clear_bit(XENVIF_RX_DRAIN, &queue->events) &&
	    stop == XENVIF_RX_NEED && has_waited_long(queue)) {
		drain_backlog(queue);
		stop = XENVIF_RX_EMPTY;
	}
	return stop;
}

/* Whom the batch leaves no room for comes first in the next round, unless the
 * queue has filled the batch alone.
 */
static struct xenvif_queue *gather(struct xen_netbk *netbk,
				   struct list_head *served)
{
	struct netbk_lane *lane = &netbk->lane[NETBK_RX];
	struct xenvif_queue *queue = NULL;
	bool first = true;

	while ((queue = netbk_next_queue(lane, queue))) {
		queue->rx_stop = gather_queue(&netbk->rx, queue);
		list_add_tail(&queue->rx_turn.line, served);
		if (queue->rx_stop == XENVIF_RX_NO_ROOM)
			return first ? NULL : queue;
		first = false;
	}
	return NULL;
}

/* ------------------------------ answer ------------------------------- */

static void respond(struct xenvif_queue *queue,
		    const struct netbk_rx_slot *slot, s16 status)
{
	struct xen_netif_rx_response *rsp;

	rsp = RING_GET_RESPONSE(&queue->rx, queue->rx.rsp_prod_pvt);
	rsp->offset = 0;
	rsp->flags = slot->flags;
	rsp->id = slot->id;
	rsp->status = status;
	queue->rx.rsp_prod_pvt++;
}

static void respond_gso(struct xenvif_queue *queue,
			const struct netbk_rx_slot *slot)
{
	struct xen_netif_extra_info *extra;

	extra = (struct xen_netif_extra_info *)
		RING_GET_RESPONSE(&queue->rx, queue->rx.rsp_prod_pvt);
	extra->type = XEN_NETIF_EXTRA_TYPE_GSO;
	extra->flags = 0;
	extra->u.gso.size = slot->gso_size;
	extra->u.gso.type = slot->gso_type;
	extra->u.gso.pad = 0;
	extra->u.gso.features = 0;
	queue->rx.rsp_prod_pvt++;
}

/* Returns whether all of the packet got there. */
static bool answer_packet(const struct netbk_rx_batch *batch,
			  const struct netbk_rx_packet *packet)
{
	unsigned int op = packet->first_op;
	bool copied = true;
	unsigned int i;

	for (i = 0; i < packet->nr_slots; i++) {
		const struct netbk_rx_slot *slot =
			&batch->slot[packet->first_slot + i];
		int status;

		if (slot->gso_type) {
			respond_gso(packet->queue, slot);
			continue;
		}
		status = netbk_copy_status(&batch->copy, op, slot->nr_ops);
		op += slot->nr_ops;
		if (unlikely(status != GNTST_okay))
			copied = false;
		respond(packet->queue, slot,
			status == GNTST_okay ? slot->len : status);
	}
	return copied;
}

static void count_packet(const struct netbk_rx_packet *packet, bool copied)
{
	struct xenvif_rx_stats *stats = &packet->queue->rx_stats;

	u64_stats_update_begin(&stats->syncp);
	if (likely(copied)) {
		u64_stats_inc(&stats->packets);
		u64_stats_add(&stats->bytes, packet->skb->len);
	} else {
		u64_stats_inc(&stats->errors);
	}
	u64_stats_update_end(&stats->syncp);
}

static void answer(struct xen_netbk *netbk)
{
	struct netbk_lane_stats *stats = &netbk->lane[NETBK_RX].stats;
	struct netbk_rx_batch *batch = &netbk->rx;
	unsigned int packets = 0, bytes = 0;
	unsigned int i;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_rx_packet *packet = &batch->packet[i];
		bool copied = answer_packet(batch, packet);

		count_packet(packet, copied);
		packets += copied;
		bytes += copied ? packet->skb->len : 0;
	}

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->batches, !!batch->nr_packets);
	u64_stats_add(&stats->packets, packets);
	u64_stats_add(&stats->bytes, bytes);
	u64_stats_add(&stats->copies, batch->copy.nr);
	u64_stats_add(&stats->hypercalls, !!batch->copy.nr);
	u64_stats_update_end(&stats->syncp);
}

/* ------------------------------ settle ------------------------------- */

/* The head of the backlog does not fit what the guest has posted. From the bit
 * on, the guest's event has the queue served, and those who send leave it at
 * that. Requests whose event came before the bit are seen by the look that
 * arming takes afterwards.
 */
static void settle_starved(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	unsigned int need = skb_slots(skb_peek(&queue->rx_backlog));

	if (!queue->rx_waiting) {
		queue->rx_waiting = true;
		WRITE_ONCE(queue->rx_waiting_since, jiffies);
	}
	netbk_release_turn(queue, NETBK_RX);
	set_bit(XENVIF_RX_STARVED, &queue->events);
	smp_mb__after_atomic();	/* the bit before the arming */
	if (xenvif_arm_rx(queue, need)) {
		netbk_retake_turn(lane, queue);
		return;
	}
	xenvif_eoi(queue, NETBK_RX);
	xenvif_drain_later(queue);
}

static void settle_empty(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	netbk_release_turn(queue, NETBK_RX);
	if (!skb_queue_empty_lockless(&queue->rx_queue))
		netbk_retake_turn(lane, queue);
	else
		xenvif_eoi(queue, NETBK_RX);
}

static void settle_queue(struct netbk_lane *lane, struct xenvif_queue *queue,
			 const struct xenvif_queue *cut)
{
	if (queue->rx_stop == XENVIF_RX_EMPTY)
		settle_empty(lane, queue);
	else if (queue->rx_stop == XENVIF_RX_NEED)
		settle_starved(lane, queue);
	else if (queue == cut)
		netbk_requeue_first(lane, queue);
	else
		netbk_requeue(lane, queue);
}

static void settle(struct netbk_lane *lane, struct list_head *served,
		   const struct xenvif_queue *cut)
{
	struct xenvif_queue *queue, *next;
	unsigned int notifies = 0;

	list_for_each_entry_safe(queue, next, served, rx_turn.line) {
		list_del_init(&queue->rx_turn.line);
		notifies += xenvif_push_rx(queue);
		settle_queue(lane, queue, cut);
		xenvif_eoi_common(queue);
	}
	u64_stats_update_begin(&lane->stats.syncp);
	u64_stats_add(&lane->stats.notifies, notifies);
	u64_stats_update_end(&lane->stats.syncp);
}

/* ------------------------------- free -------------------------------- */

/* A queue's packets stand together in the batch: its lock is taken once. */
static void free_packets(struct netbk_rx_batch *batch)
{
	unsigned int packets = 0, bytes = 0;
	unsigned int i;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_rx_packet *packet = &batch->packet[i];
		bool last = i + 1 == batch->nr_packets ||
			    packet[1].queue != packet->queue;

		packets++;
		bytes += packet->skb->len;
		napi_consume_skb(packet->skb, 1);
		if (last) {
			uncharge(packet->queue, packets, bytes);
			packets = 0;
			bytes = 0;
		}
	}
}

/**
 * netbk_rx_round - serve the queues in line for guest Rx, as many as a batch
 * holds
 * @netbk: the group
 *
 * Context: the worker of the Rx lane, BH disabled.
 */
void netbk_rx_round(struct xen_netbk *netbk)
{
	struct netbk_rx_batch *batch = &netbk->rx;
	const struct xenvif_queue *cut;
	LIST_HEAD(served);

	batch->nr_packets = 0;
	batch->nr_slots = 0;
	batch->copy.nr = 0;

	cut = gather(netbk, &served);
	if (batch->copy.nr)
		netbk_copy_run(&batch->copy);
	answer(netbk);
	settle(&netbk->lane[NETBK_RX], &served, cut);
	free_packets(batch);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "test/rx_test.c"
#endif
