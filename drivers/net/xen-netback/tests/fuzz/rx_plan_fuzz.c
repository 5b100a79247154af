// SPDX-License-Identifier: GPL-2.0
/*
 * Target rx_plan: an input is a queue with posted requests, and packets for it.
 *
 * 2 bytes: headroom; 4 bytes: index of the first request; then packets. Each
 * has its properties, the size of its linear part and its fragments.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <xen/interface/io/ring.h>

#include "../../rx_plan.c"
#include "../../copy.c"

#define RING_SLOTS 256
#define PACKET_BYTES_MAX (65536 + 64)
#define PARTS_MAX 40

/* Memory that packets lie in: pages with a number, and an address that nobody
 * may follow.
 */
#define ARENA_PAGES 2048
#define ARENA ((u8 *)0x100000000)

/**
 * struct part - bytes of a packet that lie together
 * @at: offset into the arena
 * @len: bytes
 */
struct part {
	unsigned long at;
	unsigned int len;
};

/**
 * struct plan_state - a queue and the packet that is being planned
 * @queue: with a ring
 * @batch: what is planned
 * @page: the pages of the arena
 * @pages: of them, taken
 * @part: the packet's bytes, in order
 * @nr_parts: of them
 */
struct plan_state {
	struct xenvif_queue queue;
	struct netbk_rx_batch *batch;
	struct page *page;
	unsigned int pages;
	struct part part[PARTS_MAX];
	unsigned int nr_parts;
};

static struct plan_state state;

struct page *virt_to_page(const void *address)
{
	return &state.page[((const u8 *)address - ARENA) >> PAGE_SHIFT];
}

int HYPERVISOR_grant_table_op(unsigned int cmd, void *uop, unsigned int count)
{
	fuzz_expect(false, "a plan makes no hypercall");
	return 0;
}

/* ------------------------------ packets ------------------------------ */

/* A page is left free behind each part. Returns the offset into the arena. */
static unsigned long take_memory(unsigned int offset, unsigned int len)
{
	unsigned long at = state.pages * PAGE_SIZE + offset;

	state.pages += DIV_ROUND_UP(offset + len, PAGE_SIZE) + 1;
	if (len) {
		state.part[state.nr_parts].at = at;
		state.part[state.nr_parts].len = len;
		state.nr_parts++;
	}
	return at;
}

static void fill_skb(struct sk_buff *skb, struct fuzz_input *in,
		     unsigned int most, unsigned int frags)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int head = fuzz_u16(in) % 8192, i;

	head = min(head, most);
	skb->data = ARENA + take_memory(fuzz_u16(in) % PAGE_SIZE, head);
	skb->len = head;
	for (i = 0; i < min(frags, MAX_SKB_FRAGS); i++) {
		skb_frag_t *frag = &info->frags[i];
		unsigned int size = fuzz_u16(in);
		unsigned int offset = fuzz_u16(in) % (4 * PAGE_SIZE);

		size = min(size, most - skb->len);
		if (!size)
			break;
		frag->page = &state.page[state.pages];
		frag->offset = offset;
		frag->size = size;
		take_memory(offset, size);
		/* Another guest's page is a single one. */
		if (offset + size <= PAGE_SIZE && fuzz_u8(in) % 4 == 0)
			frag->page->foreign = true;
		skb->len += size;
		skb->data_len += size;
		info->nr_frags++;
	}
}

/* A list of fragments is a packet of its own, without properties. */
static void take_skb(struct sk_buff *skb, struct sk_buff *part,
		     struct fuzz_input *in)
{
	u8 what = fuzz_u8(in);

	memset(skb, 0, sizeof(*skb));
	memset(part, 0, sizeof(*part));
	skb->ip_summed = what % 4;
	if (what & 4) {
		skb_shinfo(skb)->gso_size = fuzz_u16(in) | 1;
		skb_shinfo(skb)->gso_type = what & 8 ? SKB_GSO_TCPV6 :
						       SKB_GSO_TCPV4;
	}
	netbk_rx_info(skb)->has_hash = what & 16;
	netbk_rx_info(skb)->hash = 0x01020304;
	netbk_rx_info(skb)->hash_type = what % 4;
	fill_skb(skb, in, PACKET_BYTES_MAX, fuzz_u8(in) % 18);
	if (what & 32) {
		fill_skb(part, in, PACKET_BYTES_MAX - skb->len,
			 fuzz_u8(in) % 18);
		skb_shinfo(skb)->frag_list = part->len ? part : NULL;
		skb->len += part->len;
		skb->data_len += part->len;
	}
}

/* ------------------------------- checks ------------------------------ */

/**
 * struct walk - a walk along the bytes of a packet, as they lie in memory
 * @part: the part that is next
 * @offset: bytes of it that were passed
 */
struct walk {
	unsigned int part;
	unsigned int offset;
};

static void check_source(struct walk *walk, const struct gnttab_copy *op)
{
	const struct part *part = &state.part[walk->part];
	unsigned long at = part->at + walk->offset;
	struct page *page = &state.page[at >> PAGE_SHIFT];

	fuzz_expect(walk->part < state.nr_parts &&
		    walk->offset + op->len <= part->len,
		    "only bytes of the packet are copied");
	fuzz_expect(op->source.offset + op->len <= XEN_PAGE_SIZE,
		    "a copy ends within our page");
	fuzz_expect(op->source.offset == xen_offset_in_page(at),
		    "bytes are copied in their order");
	if (op->flags & GNTCOPY_source_gref)
		fuzz_expect(page->foreign &&
			    op->source.u.ref == xen_page_foreign(page)->gref,
			    "another guest's page is named by its grant");
	else
		fuzz_expect(!page->foreign && op->source.u.gmfn ==
			    xen_page_to_gfn(page) +
			    (offset_in_page(at) >> XEN_PAGE_SHIFT),
			    "a page of ours is named by its frame");
	walk->offset += op->len;
	if (walk->offset == part->len) {
		walk->part++;
		walk->offset = 0;
	}
}

/* A response of which the request is at @at; returns the copies into it. */
static unsigned int check_slot(const struct netbk_rx_slot *slot, RING_IDX at,
			       unsigned int op, struct walk *walk)
{
	const struct xen_netif_rx_request *req =
		RING_GET_REQUEST(&state.queue.rx, at);
	unsigned int i, offset = slot->offset;

	fuzz_expect(slot->id == req->id, "a response has its request's id");
	fuzz_expect(slot->len, "a slot for data has some");
	fuzz_expect(slot->offset + slot->len <= XEN_PAGE_SIZE,
		    "a slot ends within the guest's page");
	for (i = op; i < op + slot->nr_ops; i++) {
		const struct gnttab_copy *copy = &state.batch->copy.op[i];

		fuzz_expect(copy->dest.u.ref == req->gref &&
			    copy->dest.domid == state.queue.domid &&
			    copy->flags & GNTCOPY_dest_gref,
			    "a copy goes to the page of its request");
		fuzz_expect(copy->len && copy->dest.offset == offset,
			    "a page is filled without a gap");
		offset += copy->len;
		check_source(walk, copy);
	}
	fuzz_expect(offset == slot->offset + slot->len,
		    "copies sum up to the length of their slot");
	return slot->nr_ops;
}

/* Returns the number of extra infos from slot @first on. */
static unsigned int check_extras(unsigned int first, unsigned int end)
{
	unsigned int i = first;
	u8 flags;

	do {
		fuzz_expect(i < end && state.batch->slot[i].is_extra,
			    "a chain of extra infos is complete");
		flags = state.batch->slot[i++].extra.flags;
	} while (flags & XEN_NETIF_EXTRA_FLAG_MORE);
	return i - first;
}

static void check_slots(const struct netbk_rx_packet *packet, RING_IDX begin)
{
	unsigned int end = packet->first_slot + packet->nr_slots, extras = 0;
	unsigned int nr = packet->first_slot, op = packet->first_op, len = 0;
	struct walk walk = {};
	bool more = true;

	while (nr < end) {
		const struct netbk_rx_slot *slot = &state.batch->slot[nr];

		fuzz_expect(more && !slot->is_extra,
			    "the last slot, and no other, has nothing after it");
		fuzz_expect(nr == packet->first_slot || !slot->offset,
			    "only the first page has headroom");
		op += check_slot(slot, begin + nr - packet->first_slot, op,
				 &walk);
		len += slot->len;
		more = slot->flags & XEN_NETRXF_more_data;
		if (slot->flags & XEN_NETRXF_extra_info) {
			fuzz_expect(nr == packet->first_slot,
				    "extra info follows the first slot");
			extras = check_extras(nr + 1, end);
			nr += extras;
		}
		nr++;
	}
	fuzz_expect(!more && op == state.batch->copy.nr,
		    "each copy belongs to a slot");
	fuzz_expect(len == packet->skb->len && walk.part == state.nr_parts,
		    "slots sum up to the packet's length");
	fuzz_expect(extras == rx_count_extras(packet->skb,
					      state.queue.rx_headroom),
		    "a packet has the extra infos that were counted");
}

static void plan(struct sk_buff *skb, unsigned int posted)
{
	unsigned int least = netbk_rx_slots(skb, state.queue.rx_headroom);
	unsigned int copies = netbk_rx_copies(skb, state.queue.rx_headroom);
	unsigned int slots = state.batch->nr_slots;
	unsigned int ops = state.batch->copy.nr;
	const struct netbk_rx_packet *packet;
	RING_IDX begin = state.queue.rx.req_cons;

	fuzz_expect(least <= NETBK_RX_PACKET_SLOTS,
		    "no packet takes more slots than the longest");
	/* As rx.c has it, before it takes a packet. */
	if (posted < least || copies > NETBK_COPY_OPS - ops ||
	    slots + NETBK_RX_PACKET_SLOTS + NETBK_RX_SPARE_SLOTS >
	    NETBK_RX_SLOTS)
		return;
	netbk_rx_plan(state.batch, &state.queue, skb, posted);
	packet = &state.batch->packet[state.batch->nr_packets - 1];
	fuzz_expect(packet->nr_slots == state.batch->nr_slots - slots &&
		    packet->nr_slots == state.queue.rx.req_cons - begin,
		    "each request that was taken has a response");
	fuzz_expect(packet->nr_slots <= posted &&
		    packet->nr_slots <= least + NETBK_RX_SPARE_SLOTS,
		    "a packet takes no more requests than there are");
	fuzz_expect(state.batch->copy.nr - ops <= copies,
		    "a packet takes no more copies than were counted");
	check_slots(packet, begin);
}

static void prepare(struct fuzz_input *in)
{
	u16 headroom = fuzz_u16(in);
	RING_IDX start = fuzz_u32(in);
	unsigned int i;

	state.queue.domid = 7;
	state.queue.rx_headroom = min_t(unsigned int, headroom,
					NETBK_RX_HEADROOM_MAX);
	for (i = 0; i < RING_SLOTS; i++) {
		struct xen_netif_rx_request *req;

		req = RING_GET_REQUEST(&state.queue.rx, i);
		req->id = i;
		req->gref = 1000 + i;
	}
	state.queue.rx.req_cons = start;
	memset(state.batch, 0, offsetof(struct netbk_rx_batch, packet));
	state.batch->copy.nr = 0;
}

/* Once: a batch and its pages are large. */
static void allocate(void)
{
	struct xen_netif_rx_sring *sring = calloc(1, XEN_PAGE_SIZE);
	unsigned int i;

	state.batch = malloc(sizeof(*state.batch));
	state.page = calloc(ARENA_PAGES, sizeof(*state.page));
	if (!sring || !state.batch || !state.page)
		abort();
	BACK_RING_ATTACH(&state.queue.rx, sring, 0, XEN_PAGE_SIZE);
	for (i = 0; i < ARENA_PAGES; i++) {
		state.page[i].gfn = 0x1000 + i * (PAGE_SIZE / XEN_PAGE_SIZE);
		((struct xen_page_foreign *)&state.page[i].private)->gref = i;
	}
}

static void forget_pages(void)
{
	unsigned int i;

	for (i = 0; i < state.pages; i++)
		state.page[i].foreign = false;
	state.pages = 0;
	state.nr_parts = 0;
}

void fuzz_one(struct fuzz_input *in)
{
	struct sk_buff skb, part;

	if (!state.page)
		allocate();
	prepare(in);
	while (in->left && state.batch->nr_packets < NETBK_RX_PACKETS) {
		forget_pages();
		take_skb(&skb, &part, in);
		if (skb.len >= ETH_HLEN)
			plan(&skb, fuzz_u8(in));
	}
	forget_pages();
}
