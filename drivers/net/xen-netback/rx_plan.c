// SPDX-License-Identifier: GPL-2.0

#include "rx_plan.h"

#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include "queue.h"

/**
 * struct rx_dest - destination of a packet's next bytes
 * @guest: the guest's page
 * @slot: the response
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

/* ------------------------------ counting ----------------------------- */

static unsigned int rx_count_extras(const struct sk_buff *skb,
				    unsigned int headroom)
{
	return skb_is_gso(skb) + !!headroom + netbk_rx_info(skb)->has_hash;
}

/**
 * netbk_rx_slots - count the requests that a packet takes at least
 * @skb: the packet
 * @headroom: bytes to leave free in its first page
 *
 * Context: any.
 * Return: number of requests, with those for extra info.
 */
unsigned int netbk_rx_slots(const struct sk_buff *skb, unsigned int headroom)
{
	return DIV_ROUND_UP(headroom + skb->len, XEN_PAGE_SIZE) +
	       rx_count_extras(skb, headroom);
}

/* Our pages that hold a part of a packet, without its list of fragments. */
static unsigned int rx_count_pages(const struct sk_buff *skb)
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

/**
 * netbk_rx_copies - count the copies that a packet takes at most
 * @skb: the packet
 * @headroom: bytes to leave free in its first page
 *
 * One for each of our pages, and one more where a page of the guest ends.
 *
 * Context: any.
 * Return: number of copies, or %UINT_MAX if the packet has to be made linear
 * first.
 */
unsigned int netbk_rx_copies(const struct sk_buff *skb, unsigned int headroom)
{
	unsigned int copies = rx_count_pages(skb) +
			      netbk_rx_slots(skb, headroom);
	struct sk_buff *part;

	skb_walk_frags(skb, part) {
		/* Only repeated reassembly nests these. */
		if (unlikely(skb_has_frag_list(part)))
			return UINT_MAX;
		copies += rx_count_pages(part);
	}
	return copies;
}

/* ------------------------------ planning ----------------------------- */

static struct netbk_rx_slot *rx_next_slot(struct netbk_rx_batch *batch)
{
	struct netbk_rx_slot *slot = &batch->slot[batch->nr_slots++];

	memset(slot, 0, sizeof(*slot));
	return slot;
}

static void rx_post_slot(struct xenvif_queue *queue,
			 struct netbk_rx_batch *batch, struct rx_dest *dest)
{
	struct xen_netif_rx_request req;

	RING_COPY_REQUEST(&queue->rx, queue->rx.req_cons++, &req);

	dest->slot = rx_next_slot(batch);
	dest->slot->id = req.id;
	dest->guest.gref = req.gref;
	dest->guest.offset = 0;
	dest->room = XEN_PAGE_SIZE;
}

/* Extra info uses its request only as a place in the ring. It is the packet's
 * last one unless another follows.
 */
static struct xen_netif_extra_info *
rx_next_extra(struct xenvif_queue *queue, struct netbk_rx_batch *batch, u8 type)
{
	struct netbk_rx_slot *slot = rx_next_slot(batch);

	queue->rx.req_cons++;
	slot->is_extra = true;
	slot->extra.type = type;
	return &slot->extra;
}

static void rx_plan_gso(struct xenvif_queue *queue,
			struct netbk_rx_batch *batch, const struct sk_buff *skb)
{
	struct xen_netif_extra_info *extra;

	extra = rx_next_extra(queue, batch, XEN_NETIF_EXTRA_TYPE_GSO);
	extra->u.gso.size = skb_shinfo(skb)->gso_size;
	extra->u.gso.type = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
			    XEN_NETIF_GSO_TYPE_TCPV6 :
			    XEN_NETIF_GSO_TYPE_TCPV4;
}

static void rx_plan_hash(struct xenvif_queue *queue,
			 struct netbk_rx_batch *batch,
			 const struct netbk_rx_info *info)
{
	__le32 value = cpu_to_le32(info->hash);
	struct xen_netif_extra_info *extra;

	extra = rx_next_extra(queue, batch, XEN_NETIF_EXTRA_TYPE_HASH);
	extra->u.hash.type = info->hash_type;
	extra->u.hash.algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ;
	memcpy(extra->u.hash.value, &value, sizeof(value));
}

/* Returns the number of extra infos, right behind the packet's first slot. */
static unsigned int rx_plan_extras(struct xenvif_queue *queue,
				   struct netbk_rx_batch *batch,
				   const struct sk_buff *skb)
{
	unsigned int first = batch->nr_slots, i;
	struct xen_netif_extra_info *extra;

	if (skb_is_gso(skb))
		rx_plan_gso(queue, batch, skb);
	if (queue->rx_headroom) {
		extra = rx_next_extra(queue, batch, XEN_NETIF_EXTRA_TYPE_XDP);
		extra->u.xdp.headroom = queue->rx_headroom;
	}
	if (netbk_rx_info(skb)->has_hash)
		rx_plan_hash(queue, batch, netbk_rx_info(skb));

	for (i = first; i + 1 < batch->nr_slots; i++)
		batch->slot[i].extra.flags = XEN_NETIF_EXTRA_FLAG_MORE;
	return batch->nr_slots - first;
}

static u16 rx_csum_flags(const struct sk_buff *skb)
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

/* The first slot describes the packet; its extra info comes in the slot after
 * it.
 */
static void rx_plan_first_slot(struct xenvif_queue *queue,
			       struct netbk_rx_batch *batch,
			       const struct sk_buff *skb, struct rx_dest *dest)
{
	rx_post_slot(queue, batch, dest);
	dest->slot->flags = rx_csum_flags(skb);
	dest->slot->offset = queue->rx_headroom;
	dest->guest.offset = queue->rx_headroom;
	dest->room -= queue->rx_headroom;
	if (rx_plan_extras(queue, batch, skb))
		dest->slot->flags |= XEN_NETRXF_extra_info;
}

static unsigned int rx_bytes_in_page(unsigned int offset, unsigned int len)
{
	return min_t(unsigned int, len,
		     XEN_PAGE_SIZE - xen_offset_in_page(offset));
}

/* Plans bytes that are contiguous in our memory: they are split at the ends of
 * our pages and, unless they stay whole, of the guest's.
 */
static void rx_plan_bytes(struct xenvif_queue *queue,
			  struct netbk_rx_batch *batch,
			  struct page *page, unsigned int offset,
			  unsigned int len, struct rx_dest *dest)
{
	page += offset >> PAGE_SHIFT;
	offset = offset_in_page(offset);

	while (len) {
		unsigned int piece = rx_bytes_in_page(offset, len);

		if (!dest->room || (dest->whole && piece > dest->room)) {
			dest->slot->flags |= XEN_NETRXF_more_data;
			rx_post_slot(queue, batch, dest);
		}
		piece = min(piece, dest->room);
		/* netbk_rx_copies() fits a batch, and counts one a slot. */
		BUILD_BUG_ON(NETBK_COPY_OPS - 1 > U8_MAX);
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

static void rx_plan_skb(struct xenvif_queue *queue,
			struct netbk_rx_batch *batch,
			const struct sk_buff *skb, struct rx_dest *dest)
{
	unsigned int i;

	rx_plan_bytes(queue, batch, virt_to_page(skb->data),
		      offset_in_page(skb->data), skb_headlen(skb), dest);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		rx_plan_bytes(queue, batch, skb_frag_page(frag),
			      skb_frag_off(frag), skb_frag_size(frag), dest);
	}
}

/* The additional slots for bytes that stay whole; @room is what the last slot
 * has left.
 */
static unsigned int rx_whole_slots(unsigned int offset, unsigned int len,
				   unsigned int *room)
{
	unsigned int slots = 0;

	while (len) {
		unsigned int piece = rx_bytes_in_page(offset, len);

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

/* Whether the guest's pages can take a packet without splitting a copy. */
static bool rx_stays_whole(const struct sk_buff *skb, unsigned int headroom,
			   unsigned int posted)
{
	unsigned int slots = rx_count_extras(skb, headroom) + 1;
	unsigned int most = netbk_rx_slots(skb, headroom);
	unsigned int room = XEN_PAGE_SIZE - headroom;
	unsigned int i;

	if (!skb_is_nonlinear(skb) || skb_has_frag_list(skb))
		return false;
	/* Frontends expect an Ethernet header in the first slot. */
	if (rx_bytes_in_page(offset_in_page(skb->data), skb_headlen(skb)) <
	    ETH_HLEN)
		return false;
	/* The first slot needs data even if it has headroom. */
	if (rx_bytes_in_page(offset_in_page(skb->data),
			     skb_headlen(skb)) > room)
		return false;
	slots += rx_whole_slots(offset_in_page(skb->data), skb_headlen(skb),
				&room);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		slots += rx_whole_slots(skb_frag_off(frag), skb_frag_size(frag),
					&room);
	}
	if (most >= NETBK_RX_MANY_SLOTS)
		most += NETBK_RX_SPARE_SLOTS;
	return slots <= min(posted, most);
}

/**
 * netbk_rx_plan - plan a packet into the next requests of its guest
 * @batch: the batch; the caller has checked that it has room
 * @queue: the queue of the guest
 * @skb: the packet, which belongs to the batch from now on
 * @posted: requests that may be taken; netbk_rx_slots() or more
 *
 * Context: the worker of the Rx lane.
 */
void netbk_rx_plan(struct netbk_rx_batch *batch, struct xenvif_queue *queue,
		   struct sk_buff *skb, unsigned int posted)
{
	struct netbk_rx_packet *packet = &batch->packet[batch->nr_packets++];
	struct rx_dest dest = {
		.guest.domid = queue->domid,
		.whole = rx_stays_whole(skb, queue->rx_headroom, posted),
	};
	struct sk_buff *part;

	packet->queue = queue;
	packet->skb = skb;
	packet->first_slot = batch->nr_slots;
	packet->first_op = batch->copy.nr;

	rx_plan_first_slot(queue, batch, skb, &dest);
	rx_plan_skb(queue, batch, skb, &dest);
	skb_walk_frags(skb, part)
		rx_plan_skb(queue, batch, part, &dest);

	packet->nr_slots = batch->nr_slots - packet->first_slot;
}
