// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of tx.c, which includes this file, and of tx_plan.c: how packets are
 * planned into skbs, and what they cost.
 */

#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/numa.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <net/page_pool/helpers.h>

#include "guest_tx.h"
#include "local.h"

#define TX_CASE(fn, says) { .run_case = fn, .name = says }
#define TX_SHAPE_CASE(fn, says)						\
	{								\
		.run_case = fn, .name = says,				\
		.generate_params = tx_shapes_gen_params,		\
	}

#define TX_TEST_DOMID 7

/**
 * struct tx_shape - a packet as a guest describes it
 * @name: what is special about it
 * @nr_slots: its slots
 * @offset: bytes in front of each slot's, in its page
 * @first: bytes in the first slot
 * @size: bytes in each slot between
 * @last: bytes in the last slot, unless that is the first
 */
struct tx_shape {
	const char *name;
	u8 nr_slots;
	u16 offset;
	u16 first;
	u16 size;
	u16 last;
};

static const struct tx_shape tx_shapes[] = {
	{ "60 bytes", 1, 200, 60 },
	{ "an Ethernet header", 1, 4082, 14 },
	{ "all of a page", 1, 0, 4096 },
	{ "a header across slots", 3, 96, 3, 50, 4000 },
	{ "a header of a slot", 2, 7, NETBK_TX_HEAD_LEN, 0, 4089 },
	{ "a header and a byte", 2, 7, NETBK_TX_HEAD_LEN + 1, 0, 4089 },
	{ "many slots in one page", 19, 9, 15, 20, 25 },
	{ "as many slots as fragments", MAX_SKB_FRAGS, 5, 66, 2222, 1 },
	{ "one slot more", MAX_SKB_FRAGS + 1, 5, 66, 2222, 1 },
	{ "18 slots beyond the first", 19, 11, 100, 3000, 3000 },
	{ "64 KiB in 17 slots", 17, 241, 3855, 3855, 3855 },
	{ "64 KiB in 17 slots, the header alone", 17, 0, 66, 4096, 4029 },
	{ "64 KiB in 19 slots", 19, 647, 3453, 3449, 3449 },
	{ "64 KiB in 19 slots, the header alone", 19, 100, 66, 3851, 2 },
	{ "slots of zero bytes", 3, 0, 60, 0, 0 },
	{ "slots of zero bytes between", 5, 0, 4000, 0, 3000 },
	{ "a first slot of zero bytes", 3, 0, 0, 2000, 2001 },
	{ "19 slots, most of zero bytes", 19, 0, 4096, 0, 4096 },
	{ "19 slots, the last of zero bytes", 19, 0, 66, 3500, 0 },
};

static void describe_tx_shape(const struct tx_shape *shape, char *desc)
{
	strscpy(desc, shape->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(tx_shapes, tx_shapes, describe_tx_shape);

/**
 * struct tx_state - what a case works on
 * @queue: of the guest; for its domid
 * @netbk: a group without lanes, for its batch and its buffers
 */
struct tx_state {
	struct xenvif_queue queue;
	struct xen_netbk netbk;
};

static int tx_test_init(struct kunit *test)
{
	struct tx_state *state = kunit_kzalloc(test, sizeof(*state),
					       GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, state);
	state->queue.domid = TX_TEST_DOMID;
	err = netbk_buffers_init(&state->netbk.buffers, NUMA_NO_NODE, 1);
	if (err)
		return err;
	test->priv = state;
	return 0;
}

static void tx_test_exit(struct kunit *test)
{
	struct tx_state *state = test->priv;

	if (!state)
		return;
	kfree_skb(state->netbk.tx.packet[0].skb);
	netbk_buffers_deinit(&state->netbk.buffers);
	test->priv = NULL;
}

/* ------------------------------ planning ----------------------------- */

static void describe_slots(struct netbk_tx_batch *batch,
			   const struct tx_shape *shape)
{
	struct netbk_tx_packet *packet = &batch->packet[0];
	unsigned int i;

	for (i = 0; i < shape->nr_slots; i++) {
		struct xenvif_tx_slot *slot = &batch->slot[i];

		slot->gref = 900 - i;
		slot->offset = shape->offset;
		slot->id = i;
		if (!i)
			slot->size = shape->first;
		else if (i + 1 < shape->nr_slots)
			slot->size = shape->size;
		else
			slot->size = shape->last;
		packet->desc.len += slot->size;
	}
	packet->desc.nr_slots = shape->nr_slots;
	batch->nr_slots = shape->nr_slots;
	batch->nr_packets = 1;
}

static const struct netbk_tx_packet *plan(struct kunit *test,
					  const struct tx_shape *shape)
{
	struct tx_state *state = test->priv;
	struct netbk_tx_packet *packet = &state->netbk.tx.packet[0];

	describe_slots(&state->netbk.tx, shape);
	packet->queue = &state->queue;
	local_bh_disable();
	netbk_tx_plan(&state->netbk.tx, &state->netbk.buffers, packet);
	local_bh_enable();
	KUNIT_ASSERT_NOT_NULL(test, packet->skb);
	return packet;
}

static const struct netbk_tx_packet *plan_shape(struct kunit *test)
{
	return plan(test, test->param_value);
}

static void tx_test_skb(struct kunit *test)
{
	const struct netbk_tx_packet *packet = plan_shape(test);
	const struct sk_buff *skb = packet->skb;
	unsigned int head = min_t(unsigned int, packet->desc.len,
				  NETBK_TX_HEAD_LEN);

	KUNIT_EXPECT_EQ(test, skb->len, packet->desc.len);
	KUNIT_EXPECT_GE(test, skb_headlen(skb), head);
	KUNIT_EXPECT_GE(test, skb_headroom(skb), NETBK_HEADROOM);
	KUNIT_EXPECT_LE(test, skb_shinfo(skb)->nr_frags, MAX_SKB_FRAGS);
	KUNIT_EXPECT_GE(test, skb->truesize, skb->len);
}

/* Memory that one skb keeps from being used again is charged for, half of it at
 * least.
 */
static void tx_test_charge(struct kunit *test)
{
	const struct sk_buff *skb = plan_shape(test)->skb;
	unsigned long kept = 0;
	unsigned int i;

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		kept += page_size(compound_head(skb_frag_page(frag)));
	}
	KUNIT_EXPECT_LE(test, kept, 2UL * skb->truesize);
}

static unsigned long pool_bytes(const struct page_pool *pool)
{
	return (unsigned long)pool->p.pool_size << (PAGE_SHIFT + pool->p.order);
}

/* Of the only group there is. */
static void tx_test_pools(struct kunit *test)
{
	const struct tx_state *state = test->priv;
	const struct netbk_buffers *buffers = &state->netbk.buffers;

	if (!NETBK_HAS_BLOCKS) {
		KUNIT_EXPECT_EQ(test, pool_bytes(buffers->pages), SZ_8M);
		return;
	}
	KUNIT_EXPECT_EQ(test, pool_bytes(buffers->pages), SZ_1M);
	KUNIT_EXPECT_EQ(test, pool_bytes(buffers->blocks), SZ_8M);
}

static void tx_test_linear(struct kunit *test)
{
	const struct tx_shape shape = {
		.nr_slots = 1, .offset = 1, .first = NETBK_LINEAR_LEN,
	};
	const struct sk_buff *skb = plan(test, &shape)->skb;

	KUNIT_EXPECT_EQ(test, skb_headlen(skb), NETBK_LINEAR_LEN);
	KUNIT_EXPECT_FALSE(test, skb_is_nonlinear(skb));
}

static void tx_test_not_linear(struct kunit *test)
{
	const struct tx_shape shape = {
		.nr_slots = 1, .offset = 1, .first = NETBK_LINEAR_LEN + 1,
	};
	const struct sk_buff *skb = plan(test, &shape)->skb;

	KUNIT_EXPECT_EQ(test, skb_headlen(skb), NETBK_TX_HEAD_LEN);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->nr_frags, 1);
}

/* Slot by slot, byte by byte: from the slot's start to its end, to where the
 * packet's next bytes are.
 */
static void tx_test_copies(struct kunit *test)
{
	const struct netbk_tx_packet *packet = plan_shape(test);
	const struct tx_state *state = test->priv;
	const struct netbk_tx_batch *batch = &state->netbk.tx;
	const struct gnttab_copy *copy = batch->copy.op;
	unsigned int at = 0, i;

	for (i = 0; i < batch->nr_slots; i++) {
		const struct xenvif_tx_slot *slot = &batch->slot[i];
		unsigned int done = 0;

		for (; done < slot->size; done += copy++->len) {
			KUNIT_ASSERT_LT(test, copy - batch->copy.op,
					batch->copy.nr);
			KUNIT_EXPECT_EQ(test, copy->flags,
					GNTCOPY_source_gref);
			KUNIT_EXPECT_EQ(test, copy->source.domid,
					TX_TEST_DOMID);
			KUNIT_EXPECT_EQ(test, copy->source.u.ref, slot->gref);
			KUNIT_EXPECT_EQ(test, copy->source.offset,
					slot->offset + done);
			netbk_test_expect_local(test, packet->skb, at + done,
						copy->len, &copy->dest);
		}
		KUNIT_EXPECT_EQ(test, done, slot->size);
		at += done;
	}
	KUNIT_EXPECT_EQ(test, at, packet->desc.len);
	KUNIT_EXPECT_EQ(test, copy - batch->copy.op, batch->copy.nr);
}

/* TCP of a Linux guest: the headers, then blocks cut into pages. */
static void tx_test_runs(struct kunit *test)
{
	struct tx_state *state = test->priv;
	struct netbk_tx_packet *packet = &state->netbk.tx.packet[0];
	struct xenvif_tx_slot *slot = state->netbk.tx.slot;
	unsigned int i;

	packet->queue = &state->queue;
	packet->desc.nr_slots = 17;
	for (i = 0; i < packet->desc.nr_slots; i++)
		slot[i].size = XEN_PAGE_SIZE;
	slot[0].offset = 1700;
	slot[0].size = NETBK_TX_HEAD_LEN;
	slot[1].offset = 1003;	/* the rest of a block */
	slot[1].size = XEN_PAGE_SIZE - 1003;
	slot[9].size = 77;	/* the start of another */
	slot[16].size = 78;
	for (i = 0; i < packet->desc.nr_slots; i++)
		packet->desc.len += slot[i].size;

	local_bh_disable();
	netbk_tx_plan(&state->netbk.tx, &state->netbk.buffers, packet);
	local_bh_enable();
	KUNIT_ASSERT_NOT_NULL(test, packet->skb);
	KUNIT_EXPECT_EQ(test, packet->nr_ops, packet->desc.nr_slots);
	/* A block may end within each of the three. */
	KUNIT_EXPECT_LE(test, skb_shinfo(packet->skb)->nr_frags,
			state->netbk.buffers.scattered ? MAX_SKB_FRAGS : 6);
}

/* Many small slots, as one who wants to take much memory for little data would
 * send them.
 */
static void tx_test_short_runs(struct kunit *test)
{
	const struct tx_shape shape = {
		.nr_slots = 19, .offset = 64, .first = NETBK_TX_HEAD_LEN,
		.size = 210, .last = 210,
	};
	const struct sk_buff *skb = plan(test, &shape)->skb;

	KUNIT_EXPECT_EQ(test, skb_headlen(skb), NETBK_TX_HEAD_LEN);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->nr_frags, 1);
	KUNIT_EXPECT_LE(test, skb->truesize, 4 * PAGE_SIZE);
}

/* With pages of 4 KiB these are not short any more. The rest is for the linear
 * part.
 */
static void tx_test_memory(struct kunit *test)
{
	const struct tx_shape shape = {
		.nr_slots = 19, .offset = 64, .first = SZ_1K,
		.size = SZ_1K, .last = SZ_1K,
	};
	const struct sk_buff *skb = plan(test, &shape)->skb;

	KUNIT_EXPECT_EQ(test, skb->len, 19 * SZ_1K);
	KUNIT_EXPECT_LE(test, skb->truesize,
			4 * skb->len + SKB_TRUESIZE(XEN_PAGE_SIZE));
}

/* While there are no blocks to be had, pages are used one by one, and the
 * packet still has few enough fragments.
 */
static void tx_test_no_blocks(struct kunit *test)
{
	struct tx_state *state = test->priv;
	const struct skb_shared_info *shared;
	unsigned int i;

	state->netbk.buffers.blocks_wait = MAX_SKB_FRAGS;
	shared = skb_shinfo(plan_shape(test)->skb);
	for (i = 0; i < shared->nr_frags; i++)
		KUNIT_EXPECT_LE(test, skb_frag_off(&shared->frags[i]) +
				skb_frag_size(&shared->frags[i]), PAGE_SIZE);
	KUNIT_EXPECT_LE(test, shared->nr_frags, MAX_SKB_FRAGS);
}

static void tx_test_max_copies(struct kunit *test)
{
	const struct netbk_tx_packet *packet = plan_shape(test);
	const struct tx_state *state = test->priv;

	KUNIT_EXPECT_EQ(test, packet->nr_ops, state->netbk.tx.copy.nr);
	KUNIT_EXPECT_LE(test, packet->nr_ops, NETBK_TX_PACKET_OPS);
}

static void tx_test_has_room(struct kunit *test)
{
	struct tx_state *state = test->priv;
	struct netbk_tx_batch *batch = &state->netbk.tx;
	unsigned int slots = netbk_param(fatal_skb_slots) + 1;

	batch->nr_packets = NETBK_TX_PACKETS - 1;
	batch->nr_slots = NETBK_TX_SLOTS - slots;
	batch->copy.nr = NETBK_COPY_OPS - NETBK_TX_PACKET_OPS;
	KUNIT_EXPECT_TRUE(test, tx_has_room(batch));

	batch->nr_packets++;
	KUNIT_EXPECT_FALSE(test, tx_has_room(batch));
	batch->nr_packets--;
	batch->nr_slots++;
	KUNIT_EXPECT_FALSE(test, tx_has_room(batch));
	batch->nr_slots--;
	batch->copy.nr++;
	KUNIT_EXPECT_FALSE(test, tx_has_room(batch));
	batch->copy.nr--;
	batch->cost = NETBK_ROUND_COST;
	KUNIT_EXPECT_FALSE(test, tx_has_room(batch));
}

/* -------------------------------- cost ------------------------------- */

/* Of a packet that was refused nobody has checked length and segments. */
static void tx_test_cost(struct kunit *test)
{
	struct tx_state *state = test->priv;
	struct netbk_tx_packet *packet = &state->netbk.tx.packet[0];
	struct netbk_dest dest;

	packet->desc.len = 65535;
	packet->desc.gso_size = 1;
	packet->desc.nr_slots = 1;
	packet->desc.nr_extras = 1;
	KUNIT_EXPECT_EQ(test, tx_cost_of(packet), netbk_cost(2, 0, 0));

	local_bh_disable();
	packet->skb = netbk_alloc_head(&state->netbk.buffers, NETBK_TX_HEAD_LEN,
				       &dest);
	local_bh_enable();
	KUNIT_ASSERT_NOT_NULL(test, packet->skb);
	packet->desc.gso_size = 100;
	packet->nr_ops = 18;
	KUNIT_EXPECT_EQ(test, tx_cost_of(packet), netbk_cost(18, 65535, 656));
	packet->desc.nr_extras = 100;
	KUNIT_EXPECT_EQ(test, tx_cost_of(packet), netbk_cost(101, 65535, 656));
}

/* The net device is down, so that packets need no memory. */
static void tx_test_expected(struct kunit *test)
{
	struct xen_netif *netif = kunit_kzalloc(test, sizeof(*netif),
						GFP_KERNEL);
	struct xen_netif_tx_sring *sring = kunit_kzalloc(test, XEN_PAGE_SIZE,
							 GFP_KERNEL);
	struct tx_state *state = test->priv;
	struct netbk_tx_batch *batch = &state->netbk.tx;
	struct xenvif_queue *queue = &state->queue;
	unsigned int cost;

	KUNIT_ASSERT_NOT_NULL(test, netif);
	KUNIT_ASSERT_NOT_NULL(test, sring);
	set_bit(XENVIF_CLOSED, &netif->state);
	queue->netif = netif;
	queue->lead = queue;
	BACK_RING_INIT(&queue->tx, sring, XEN_PAGE_SIZE);
	RING_GET_REQUEST(&queue->tx, 0)->size = 60;
	RING_GET_REQUEST(&queue->tx, 1)->size = 60;
	KUNIT_EXPECT_TRUE(test, tx_gather_packet(&state->netbk, queue, 2));
	cost = batch->cost;
	KUNIT_EXPECT_EQ(test, cost, batch->packet[0].cost);
	queue->tx_turn.overrun.excess = 32;
	KUNIT_EXPECT_TRUE(test, tx_gather_packet(&state->netbk, queue, 1));
	KUNIT_EXPECT_EQ(test, batch->cost, cost + 3 * cost);
	KUNIT_EXPECT_EQ(test, queue->tx_turn.share.spent, 2 * cost);
}

/* By another queue than the lead. */
static void tx_test_overrun(struct kunit *test)
{
	struct xenvif_queue *lead = kunit_kzalloc(test, sizeof(*lead),
						  GFP_KERNEL);
	struct netbk_bill bill = { .packets = 1, .cost = 3215, .ns = 12860 };
	struct tx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	KUNIT_ASSERT_NOT_NULL(test, lead);
	queue->lead = lead;
	tx_charge_time(&state->netbk.lane[NETBK_TX], queue, &bill);
	KUNIT_EXPECT_EQ(test, lead->tx_turn.overrun.excess, 0);
	KUNIT_EXPECT_EQ(test, queue->tx_turn.share.credit, -9645);
	bill.ns = 150000;
	tx_charge_time(&state->netbk.lane[NETBK_TX], queue, &bill);
	KUNIT_EXPECT_GT(test, lead->tx_turn.overrun.excess, 0);
	KUNIT_EXPECT_EQ(test, queue->tx_turn.share.credit, -9645 - 146785);
	KUNIT_EXPECT_TRUE(test, queue->tx_turn.noted);
}

/* ----------------------------- what is left --------------------------- */

static void tx_test_refuse(struct kunit *test)
{
	static const struct xen_netif_tx_response answers[] = {
		{ 0, XEN_NETIF_RSP_DROPPED }, { 0, XEN_NETIF_RSP_NULL },
		{ 0, XEN_NETIF_RSP_NULL }, { 3, XEN_NETIF_RSP_DROPPED },
		{ 4, XEN_NETIF_RSP_DROPPED },
	};
	struct netbk_guest_tx *guest = kunit_kzalloc(test, sizeof(*guest),
						     GFP_KERNEL);
	struct xenvif_queue *queue = &((struct tx_state *)test->priv)->queue;
	const struct xen_netif_tx_response *rsp;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, guest);
	guest->sring = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest->sring);
	netbk_guest_restart(guest, 0);
	BACK_RING_ATTACH(&queue->tx, guest->sring, 0, XEN_PAGE_SIZE);

	netbk_guest_put(guest, XEN_NETTXF_extra_info | XEN_NETTXF_more_data, 0,
			100);
	netbk_guest_extra(guest, XEN_NETIF_EXTRA_TYPE_GSO,
			  XEN_NETIF_EXTRA_FLAG_MORE);
	netbk_guest_extra(guest, XEN_NETIF_EXTRA_TYPE_HASH, 0);
	/* Extra info belongs to the first request of a packet only. */
	netbk_guest_put(guest, XEN_NETTXF_extra_info, 0, 40);
	netbk_guest_put(guest, XEN_NETTXF_more_data, 0, 40);

	tx_refuse_packet(queue, guest->prod);
	KUNIT_EXPECT_EQ(test, queue->tx.req_cons, 4);
	tx_refuse_packet(queue, guest->prod);
	KUNIT_EXPECT_EQ(test, queue->tx.req_cons, 5);
	KUNIT_ASSERT_EQ(test, queue->tx.rsp_prod_pvt, ARRAY_SIZE(answers));
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		rsp = RING_GET_RESPONSE(&queue->tx, i);
		KUNIT_EXPECT_EQ(test, rsp->id, answers[i].id);
		KUNIT_EXPECT_EQ(test, rsp->status, answers[i].status);
	}
}

static struct kunit_case tx_cases[] = {
	TX_SHAPE_CASE(tx_test_skb,
		      "headers are linear, fragments not too many"),
	TX_SHAPE_CASE(tx_test_copies,
		      "all bytes of all slots are copied once, in order"),
	TX_CASE(tx_test_expected,
		"packets that are expected to take long fill a round"),
	TX_CASE(tx_test_overrun,
		"time of delivery is charged, and expected of the guest"),
	TX_CASE(tx_test_runs, "a run of slots is copied with one copy a slot"),
	TX_CASE(tx_test_short_runs, "short slots share a page"),
	TX_CASE(tx_test_memory,
		"a packet occupies at most four times its length"),
	TX_SHAPE_CASE(tx_test_charge,
		      "truesize covers half of the pinned memory or more"),
	TX_SHAPE_CASE(tx_test_no_blocks,
		      "packets fit into single pages if blocks run out"),
	TX_SHAPE_CASE(tx_test_max_copies,
		      "a packet takes no more copies than estimated"),
	TX_CASE(tx_test_pools, "pools hold as many bytes for any page size"),
	TX_CASE(tx_test_linear, "a packet of NETBK_LINEAR_LEN bytes is linear"),
	TX_CASE(tx_test_not_linear,
		"a longer packet is linear for its headers only"),
	TX_CASE(tx_test_refuse,
		"each request that is left on a ring gets an answer"),
	TX_CASE(tx_test_cost, "a refused packet costs its requests only"),
	TX_CASE(tx_test_has_room,
		"room in a batch suffices for the largest packet"),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "xen-netback-tx",
	.init = tx_test_init,
	.exit = tx_test_exit,
	.test_cases = tx_cases,
};

kunit_test_suites(&tx_suite);
