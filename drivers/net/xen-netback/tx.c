// SPDX-License-Identifier: GPL-2.0
/*
 * A round of a group's Tx lane:
 *
 *   gather    queue by queue: parse packets off the ring, plan their copies
 *   copy      one hypercall for all queues of the round
 *   answer    a response to each request; one push and at most one event a
 *	       queue
 *   settle    a queue with more to do stays in line, others await an event
 *   deliver   hand the packets to the stack, in the order they were taken
 *
 * The guest is answered before the stack sees the packets: they are copies, so
 * nothing of the guest's is held, and its next requests come while the stack is
 * at work.
 */

#include "tx.h"

#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include <net/page_pool/helpers.h>

#include <xen/page.h>

#include "group.h"
#include "netif.h"
#include "notify.h"
#include "params.h"
#include "queue.h"

/* Packets of one queue in a round, so that a busy guest leaves room. */
#define TX_QUANTUM 64

/* The headers that anyone looks at are in here, so that they are linear and
 * private to us (XSA-423): Ethernet, IPv6 and TCP with all options take 114.
 */
#define TX_HEAD_LEN 128

#define TX_HEADROOM (NET_SKB_PAD + NET_IP_ALIGN)

/* A packet up to this length is linear: one copy for one slot, no fragment. */
#define TX_LINEAR_LEN SKB_MAX_ORDER(TX_HEADROOM, 0)

/* Copies of one packet: a slot is cut where the linear part ends, and where a
 * page of ours ends. A page holds 4 KiB or more of the 64 KiB.
 */
#define TX_PACKET_OPS (2 * (XEN_NETIF_NR_SLOTS_MIN + 1) + MAX_SKB_FRAGS + 1)

/**
 * struct tx_dest - where the next bytes of a packet go
 * @page: the page
 * @offset: bytes into it
 * @room: bytes left of the piece that was allocated
 */
struct tx_dest {
	struct page *page;
	unsigned int offset;
	unsigned int room;
};

/* ----------------------------- buffers ------------------------------- */

static struct page_pool *create_pool(int node)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_PAGE_FRAG,
		.order = 0,
		.pool_size = NETBK_COPY_OPS,
		.nid = node,
	};

	return page_pool_create(&params);
}

/**
 * netbk_tx_buffers_init - make a group's page pools
 * @buffers: filled in
 * @node: where their pages shall be
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int netbk_tx_buffers_init(struct netbk_tx_buffers *buffers, int node)
{
	buffers->heads = create_pool(node);
	if (IS_ERR(buffers->heads))
		return PTR_ERR(buffers->heads);

	buffers->data = create_pool(node);
	if (IS_ERR(buffers->data)) {
		page_pool_destroy(buffers->heads);
		return PTR_ERR(buffers->data);
	}
	return 0;
}

/**
 * netbk_tx_buffers_deinit - give up a group's page pools
 * @buffers: after the group's workers have ended
 *
 * Pages still in skbs somewhere return to the pools, which the page_pool core
 * frees with the last of them.
 *
 * Context: process, may sleep.
 */
void netbk_tx_buffers_deinit(struct netbk_tx_buffers *buffers)
{
	page_pool_destroy(buffers->data);
	page_pool_destroy(buffers->heads);
}

static struct sk_buff *alloc_head(struct netbk_tx_buffers *buffers,
				  unsigned int len, struct tx_dest *dest)
{
	unsigned int size = SKB_DATA_ALIGN(TX_HEADROOM + len) +
			    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	unsigned int offset;
	struct sk_buff *skb;
	struct page *page;

	page = page_pool_dev_alloc_frag(buffers->heads, &offset, size);
	if (unlikely(!page))
		return NULL;

	skb = napi_build_skb(page_address(page) + offset, size);
	if (unlikely(!skb)) {
		page_pool_put_full_page(buffers->heads, page, true);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	skb_reserve(skb, TX_HEADROOM);
	__skb_put(skb, len);

	dest->page = page;
	dest->offset = offset + TX_HEADROOM;
	dest->room = len;
	return skb;
}

static bool alloc_frag(struct netbk_tx_buffers *buffers, struct sk_buff *skb,
		       unsigned int len, struct tx_dest *dest)
{
	unsigned int offset;
	struct page *page;

	page = page_pool_dev_alloc_frag(buffers->data, &offset, len);
	if (unlikely(!page))
		return false;

	/* Pieces of more than half a page leave the rest of it unused. */
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, offset, len,
			len > PAGE_SIZE / 2 ? PAGE_SIZE : SKB_DATA_ALIGN(len));
	dest->page = page;
	dest->offset = offset;
	dest->room = len;
	return true;
}

/* ------------------------------ gather ------------------------------- */

static bool has_room(const struct netbk_tx_batch *batch)
{
	return batch->nr_packets < NETBK_TX_PACKETS &&
	       batch->nr_slots + xenvif_param_fatal_slots() < NETBK_TX_SLOTS &&
	       batch->copy.nr + TX_PACKET_OPS <= NETBK_COPY_OPS;
}

static void plan_piece(struct netbk_copy_batch *copy, struct tx_dest *dest,
		       struct netbk_copy_end *guest, unsigned int len)
{
	netbk_copy_from_guest(copy, guest, dest->page, dest->offset, len);
	guest->offset += len;
	dest->offset += len;
	dest->room -= len;
}

/* Each slot's bytes go to a fragment of their own, so that no copy is cut in
 * two, unless that makes more fragments than an skb may have: then the bytes
 * are packed page by page.
 */
static bool plan_slots(struct netbk_tx_buffers *buffers,
		       struct netbk_copy_batch *copy,
		       const struct netbk_tx_packet *packet,
		       const struct xenvif_tx_slot *slot, struct tx_dest *dest)
{
	bool packed = packet->desc.nr_slots > MAX_SKB_FRAGS;
	unsigned int left = packet->desc.len;
	unsigned int i;

	for (i = 0; i < packet->desc.nr_slots; i++) {
		struct netbk_copy_end guest = {
			.domid = packet->queue->domid,
			.gref = slot[i].gref,
			.offset = slot[i].offset,
		};
		unsigned int size = slot[i].size;

		while (size) {
			unsigned int len;

			if (!dest->room &&
			    !alloc_frag(buffers, packet->skb,
					packed ? min_t(unsigned int, left,
						       PAGE_SIZE) : size,
					dest))
				return false;
			len = min3(size, dest->room, (unsigned int)
				   (XEN_PAGE_SIZE -
				    xen_offset_in_page(dest->offset)));
			plan_piece(copy, dest, &guest, len);
			size -= len;
			left -= len;
		}
	}
	return true;
}

static void plan_packet(struct xen_netbk *netbk, struct netbk_tx_packet *packet)
{
	struct netbk_copy_batch *copy = &netbk->tx.copy;
	unsigned int len = packet->desc.len;
	struct tx_dest dest;

	packet->skb = alloc_head(&netbk->buffers,
				 len <= TX_LINEAR_LEN ? len : TX_HEAD_LEN,
				 &dest);
	if (likely(packet->skb) &&
	    likely(plan_slots(&netbk->buffers, copy, packet,
			      &netbk->tx.slot[packet->first_slot], &dest))) {
		packet->nr_ops = copy->nr - packet->first_op;
		return;
	}

	if (packet->skb)
		dev_kfree_skb_any(packet->skb);
	packet->skb = NULL;
	packet->status = XEN_NETIF_RSP_DROPPED;
	copy->nr = packet->first_op;
}

static bool gather_packet(struct xen_netbk *netbk, struct xenvif_queue *queue,
			  unsigned int avail)
{
	struct netbk_tx_batch *batch = &netbk->tx;
	struct netbk_tx_packet *packet = &batch->packet[batch->nr_packets];
	enum xenvif_tx_verdict verdict;

	verdict = xenvif_tx_parse(&queue->tx, avail, xenvif_param_fatal_slots(),
				  &packet->desc, &batch->slot[batch->nr_slots]);
	if (unlikely(verdict == XENVIF_TX_FATAL)) {
		xenvif_set_broken(queue->netif, queue->name,
				  packet->desc.reason);
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

	if (likely(verdict == XENVIF_TX_PACKET))
		plan_packet(netbk, packet);
	return true;
}

/* Returns whether the queue has more requests than were taken. */
static bool gather_queue(struct xen_netbk *netbk, struct xenvif_queue *queue)
{
	RING_IDX prod = READ_ONCE(queue->tx.sring->req_prod);
	unsigned int packets = 0;

	if (unlikely(prod - queue->tx.req_cons > RING_SIZE(&queue->tx))) {
		xenvif_set_broken(queue->netif, queue->name,
				  "impossible number of Tx requests");
		return false;
	}
	virt_rmb();	/* requests are read after the index that covers them */

	while (queue->tx.req_cons != prod && packets < TX_QUANTUM &&
	       has_room(&netbk->tx)) {
		if (!gather_packet(netbk, queue, prod - queue->tx.req_cons))
			return false;
		packets++;
	}
	if (packets)
		set_bit(XENVIF_TX_SERVED, &queue->events);
	return queue->tx.req_cons != prod;
}

static void gather(struct xen_netbk *netbk, struct list_head *served,
		   struct list_head *unfinished)
{
	struct netbk_lane *lane = &netbk->lane[NETBK_TX];
	struct xenvif_queue *queue = NULL;

	while (has_room(&netbk->tx)) {
		queue = netbk_next_queue(lane, queue);
		if (!queue)
			break;
		list_add_tail(&queue->tx_turn.line,
			      gather_queue(netbk, queue) ? unfinished : served);
	}
}

/* ------------------------------ answer ------------------------------- */

static void respond(struct xenvif_queue *queue, u16 id, s16 status)
{
	struct xen_netif_tx_response *rsp;

	rsp = RING_GET_RESPONSE(&queue->tx, queue->tx.rsp_prod_pvt);
	rsp->id = id;
	rsp->status = status;
	queue->tx.rsp_prod_pvt++;
}

/* A response to each request; those that carried extra info, which come after
 * the first one, count as answered by a null response.
 */
static void answer_packet(const struct netbk_tx_batch *batch,
			  const struct netbk_tx_packet *packet)
{
	const struct xenvif_tx_slot *slot = &batch->slot[packet->first_slot];
	unsigned int i;

	respond(packet->queue, slot[0].id, packet->status);
	for (i = 0; i < packet->desc.nr_extras; i++)
		respond(packet->queue, 0, XEN_NETIF_RSP_NULL);
	for (i = 1; i < packet->desc.nr_slots; i++)
		respond(packet->queue, slot[i].id, packet->status);
}

static void answer(struct netbk_tx_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr_packets; i++) {
		struct netbk_tx_packet *packet = &batch->packet[i];

		if (unlikely(netbk_copy_status(&batch->copy, packet->first_op,
					       packet->nr_ops)))
			packet->status = XEN_NETIF_RSP_ERROR;
		answer_packet(batch, packet);
	}
}

/* ------------------------------ settle ------------------------------- */

static void settle(struct netbk_lane *lane, struct list_head *served,
		   struct list_head *unfinished)
{
	struct xenvif_queue *queue, *next;
	unsigned int notifies = 0;

	list_for_each_entry_safe(queue, next, unfinished, tx_turn.line) {
		notifies += xenvif_push_tx(queue);
		list_del_init(&queue->tx_turn.line);
		netbk_requeue(lane, queue);
		xenvif_eoi_common(queue);
	}
	list_for_each_entry_safe(queue, next, served, tx_turn.line) {
		notifies += xenvif_push_tx(queue);
		list_del_init(&queue->tx_turn.line);
		netbk_release_turn(queue, NETBK_TX);
		if (xenvif_arm_tx(queue))
			netbk_retake_turn(lane, queue);
		else
			xenvif_eoi(queue, NETBK_TX);
	}
	u64_stats_update_begin(&lane->stats.syncp);
	u64_stats_add(&lane->stats.notifies, notifies);
	u64_stats_update_end(&lane->stats.syncp);
}

/* ------------------------------ deliver ------------------------------ */

static int set_gso(struct sk_buff *skb, const struct xenvif_tx_desc *desc)
{
	bool v4 = desc->gso_type == XEN_NETIF_GSO_TYPE_TCPV4;

	if (skb->protocol != htons(v4 ? ETH_P_IP : ETH_P_IPV6))
		return -EPROTO;

	/* Nobody has checked the headers: let the stack do so where it must,
	 * and count the segments.
	 */
	skb_shinfo(skb)->gso_size = desc->gso_size;
	skb_shinfo(skb)->gso_type = SKB_GSO_DODGY |
				    (v4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6);
	skb_shinfo(skb)->gso_segs = 0;
	return 0;
}

/* Tell the stack what the guest said of the checksum. A segment of a GSO packet
 * gets its checksum from the blank one, so one that came filled in is blanked.
 */
static int set_checksum(struct sk_buff *skb, const struct xenvif_tx_desc *desc)
{
	bool fill = false;

	if (desc->flags & XEN_NETTXF_csum_blank)
		skb->ip_summed = CHECKSUM_PARTIAL;
	else if (desc->gso_size)
		fill = true;
	else if (desc->flags & XEN_NETTXF_data_validated)
		skb->ip_summed = CHECKSUM_UNNECESSARY;

	if (fill)
		skb->ip_summed = CHECKSUM_PARTIAL;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	return skb_checksum_setup(skb, fill);
}

static int finish_skb(struct sk_buff *skb, const struct netbk_tx_packet *packet)
{
	const struct xenvif_tx_desc *desc = &packet->desc;
	int err;

	skb->protocol = eth_type_trans(skb, packet->queue->netif->dev);
	skb_reset_network_header(skb);
	skb_record_rx_queue(skb, packet->queue->id);

	if (desc->gso_size) {
		err = set_gso(skb, desc);
		if (err)
			return err;
	}
	return set_checksum(skb, desc);
}

static void count_packet(const struct netbk_tx_packet *packet, bool delivered)
{
	struct xenvif_tx_stats *stats = &packet->queue->tx_stats;
	const struct xenvif_tx_desc *desc = &packet->desc;

	u64_stats_update_begin(&stats->syncp);
	if (likely(delivered)) {
		u64_stats_inc(&stats->packets);
		u64_stats_add(&stats->bytes, desc->len);
		if (desc->gso_size && !(desc->flags & XEN_NETTXF_csum_blank))
			u64_stats_inc(&stats->gso_csum_fixups);
	} else if (packet->status == XEN_NETIF_RSP_DROPPED) {
		u64_stats_inc(&stats->dropped);
	} else {
		u64_stats_inc(&stats->errors);
	}
	u64_stats_update_end(&stats->syncp);
}

/* Returns the bytes handed to the stack. */
static unsigned int deliver_packet(struct netbk_tx_packet *packet)
{
	struct sk_buff *skb = packet->skb;

	if (!skb && packet->status == XEN_NETIF_RSP_OKAY)
		return 0;	/* a pseudo request */

	if (unlikely(packet->status != XEN_NETIF_RSP_OKAY ||
		     finish_skb(skb, packet))) {
		count_packet(packet, false);
		dev_kfree_skb_any(skb);
		return 0;
	}
	count_packet(packet, true);
	netif_receive_skb(skb);
	return packet->desc.len;
}

static void deliver(struct xen_netbk *netbk)
{
	struct netbk_lane_stats *stats = &netbk->lane[NETBK_TX].stats;
	struct netbk_tx_batch *batch = &netbk->tx;
	unsigned int packets = 0, bytes = 0;
	unsigned int i, len;

	for (i = 0; i < batch->nr_packets; i++) {
		len = deliver_packet(&batch->packet[i]);
		packets += !!len;
		bytes += len;
	}

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->batches);
	u64_stats_add(&stats->packets, packets);
	u64_stats_add(&stats->bytes, bytes);
	u64_stats_add(&stats->copies, batch->copy.nr);
	u64_stats_add(&stats->hypercalls, !!batch->copy.nr);
	u64_stats_update_end(&stats->syncp);
}

/**
 * netbk_tx_round - serve the queues in line for guest Tx, as many as a batch
 * holds
 * @netbk: the group
 *
 * Context: the worker of the Tx lane, BH disabled.
 */
void netbk_tx_round(struct xen_netbk *netbk)
{
	struct netbk_tx_batch *batch = &netbk->tx;
	LIST_HEAD(served);
	LIST_HEAD(unfinished);

	batch->nr_packets = 0;
	batch->nr_slots = 0;
	batch->copy.nr = 0;

	gather(netbk, &served, &unfinished);
	if (batch->copy.nr)
		netbk_copy_run(&batch->copy);
	answer(batch);
	settle(&netbk->lane[NETBK_TX], &served, &unfinished);
	if (batch->nr_packets)
		deliver(netbk);
}
