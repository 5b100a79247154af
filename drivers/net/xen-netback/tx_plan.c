// SPDX-License-Identifier: GPL-2.0

#include "tx_plan.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include <xen/page.h>

#include "fault.h"
#include "queue.h"
#include "tx_buffer.h"

/* Runs of fewer bytes share pages: a page for each would waste memory. */
#define TX_SHORT_RUN (PAGE_SIZE / 4)

static void tx_plan_piece(struct netbk_copy_batch *copy,
			  struct netbk_dest *dest,
			  struct netbk_copy_end *guest, unsigned int len)
{
	netbk_copy_from_guest(copy, guest,
			      dest->page + (dest->offset >> PAGE_SHIFT),
			      offset_in_page(dest->offset), len);
	guest->offset += len;
	dest->offset += len;
	dest->room -= len;
}

/* Bytes, from inside a slot on, that follow each other as in one block of
 * memory: a page of the guest is filled to its end, and the next one from its
 * start. Copied to the same offset in a page of ours, none of them is split.
 */
static unsigned int tx_run_length(const struct xenvif_tx_slot *slot,
				  const struct xenvif_tx_slot *end,
				  unsigned int len)
{
	while (slot->offset + slot->size == XEN_PAGE_SIZE && ++slot < end &&
	       !slot->offset)
		len += slot->size;
	return len;
}

/* Bytes of runs too short for a page each, from inside a slot on. */
static unsigned int tx_short_length(const struct xenvif_tx_slot *slot,
				    const struct xenvif_tx_slot *end,
				    unsigned int len)
{
	while (++slot < end && slot->size < TX_SHORT_RUN)
		len += slot->size;
	return len;
}

/* Adds a fragment for the run that starts @size bytes before the end of a slot.
 * Short runs are packed. So are all @left bytes if they need all fragments that
 * remain: in the worst case a fragment is a page.
 */
static bool tx_plan_frag(struct netbk_buffers *buffers, struct sk_buff *skb,
			 const struct xenvif_tx_slot *slot,
			 const struct xenvif_tx_slot *end, unsigned int size,
			 unsigned int left, struct netbk_dest *dest)
{
	unsigned int frags = MAX_SKB_FRAGS - skb_shinfo(skb)->nr_frags;
	unsigned int lead = slot->offset + slot->size - size;
	unsigned int run;

	if (unlikely(frags <= DIV_ROUND_UP(left, PAGE_SIZE)))
		return netbk_alloc_frag(buffers, skb, 0, left, dest);
	run = tx_run_length(slot, end, size);
	if (unlikely(run < TX_SHORT_RUN))
		return netbk_alloc_frag(buffers, skb, 0,
					tx_short_length(slot, end, size), dest);
	return netbk_alloc_frag(buffers, skb, lead, run, dest);
}

static bool tx_plan_slots(struct netbk_buffers *buffers,
			  struct netbk_copy_batch *copy,
			  const struct netbk_tx_packet *packet,
			  const struct xenvif_tx_slot *slot,
			  struct netbk_dest *dest)
{
	const struct xenvif_tx_slot *end = slot + packet->desc.nr_slots;
	unsigned int left = packet->desc.len;

	for (; slot < end; slot++) {
		struct netbk_copy_end guest = {
			.domid = packet->queue->domid,
			.gref = slot->gref,
			.offset = slot->offset,
		};
		unsigned int size = slot->size;

		while (size) {
			unsigned int len;

			if (!dest->room &&
			    !tx_plan_frag(buffers, packet->skb, slot, end, size,
					  left, dest))
				return false;
			len = min3(size, dest->room, (unsigned int)
				   (XEN_PAGE_SIZE -
				    xen_offset_in_page(dest->offset)));
			tx_plan_piece(copy, dest, &guest, len);
			size -= len;
			left -= len;
		}
	}
	return true;
}

/**
 * netbk_tx_plan - plan the copies of a packet into a new skb
 * @batch: the batch; the caller has checked that it has room
 * @buffers: memory for the skb
 * @packet: the packet, in the batch, with its slots; gets the skb, or the
 *	status %XEN_NETIF_RSP_DROPPED if there is no memory
 *
 * Context: the worker of the Tx lane.
 */
void netbk_tx_plan(struct netbk_tx_batch *batch, struct netbk_buffers *buffers,
		   struct netbk_tx_packet *packet)
{
	struct netbk_copy_batch *copy = &batch->copy;
	unsigned int len = packet->desc.len;
	struct netbk_dest dest;

	packet->skb = netbk_alloc_head(buffers, len <= NETBK_LINEAR_LEN ?
						len : NETBK_TX_HEAD_LEN,
				       &dest);
	if (likely(packet->skb) &&
	    likely(tx_plan_slots(buffers, copy, packet,
				 &batch->slot[packet->first_slot], &dest))) {
		packet->nr_ops = copy->nr - packet->first_op;
		return;
	}

	if (packet->skb)
		dev_kfree_skb_any_reason(packet->skb, SKB_DROP_REASON_NOMEM);
	packet->skb = NULL;
	packet->status = XEN_NETIF_RSP_DROPPED;
	packet->why = NETBK_DROP_MEMORY;
	copy->nr = packet->first_op;
}
