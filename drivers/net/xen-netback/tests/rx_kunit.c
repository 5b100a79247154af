// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of rx.c, which includes this file, and of rx_plan.c: how packets of
 * every shape are planned into the slots that a guest has posted, and how they
 * are answered.
 */

#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "local.h"
#include "shapes.h"

#define RX_CASE(fn, says) { .run_case = fn, .name = says }
#define RX_SHAPE_CASE(fn, says)						\
	{								\
		.run_case = fn, .name = says,				\
		.generate_params = rx_shapes_gen_params,		\
	}

#define RX_TEST_DOMID 7
#define RX_TEST_RING 256

#define RX_CSUM_BLANK (XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated)

static const struct netbk_test_shape rx_shapes[] = {
	{ .name = "14 bytes", .headroom = 66, .linear = 14 },
	{ .name = "linear, checked", .headroom = 193, .linear = 1514,
	  .csum = CHECKSUM_UNNECESSARY, .flags = XEN_NETRXF_data_validated },
	{ .name = "linear, all of a page", .headroom = 0, .linear = 4096 },
	{ .name = "linear, across a page", .headroom = 4095, .linear = 2,
	  .csum = CHECKSUM_PARTIAL, .flags = RX_CSUM_BLANK },
	{ .name = "linear, across three pages", .headroom = 3001,
	  .linear = 9000, .csum = CHECKSUM_COMPLETE },
	{ .name = "fragments at odd offsets", .headroom = 65, .linear = 67,
	  .nr_frags = 5, .offset = 1003, .size = 1447 },
	{ .name = "fragments alone", .headroom = 64, .linear = 0,
	  .nr_frags = 3, .offset = 1, .size = 4095 },
	{ .name = "fragments of one byte", .headroom = 64, .linear = 15,
	  .nr_frags = MAX_SKB_FRAGS, .offset = 4095, .size = 1 },
	{ .name = "compound pages", .headroom = 64, .linear = 66,
	  .nr_frags = 2, .order = 3, .offset = 3001, .size = 20000 },
	{ .name = "compound pages from their middle", .headroom = 64,
	  .linear = 66, .nr_frags = 2, .order = 3, .offset = 12289,
	  .size = 20001 },
	{ .name = "slots that end where pages do", .headroom = 0,
	  .linear = 4096, .nr_frags = 3, .offset = 0, .size = 4096 },
	{ .name = "GSO over IPv4", .headroom = 64, .linear = 66,
	  .nr_frags = 2, .order = 3, .offset = 17, .size = 30000,
	  .gso_type = SKB_GSO_TCPV4, .csum = CHECKSUM_PARTIAL,
	  .flags = RX_CSUM_BLANK | XEN_NETRXF_extra_info },
	{ .name = "GSO over IPv6, in one page", .headroom = 64,
	  .linear = 3000, .gso_type = SKB_GSO_TCPV6,
	  .csum = CHECKSUM_PARTIAL,
	  .flags = RX_CSUM_BLANK | XEN_NETRXF_extra_info },
	{ .name = "a list of skbs", .headroom = 99, .linear = 1501,
	  .nr_frags = 2, .offset = 301, .size = 999, .nr_parts = 7 },
	{ .name = "a GSO list of skbs", .headroom = 99, .linear = 0,
	  .nr_frags = 4, .offset = 4000, .size = 96, .nr_parts = 12,
	  .gso_type = SKB_GSO_TCPV4 | SKB_GSO_DODGY,
	  .csum = CHECKSUM_PARTIAL,
	  .flags = RX_CSUM_BLANK | XEN_NETRXF_extra_info },
	{ .name = "64 KiB", .headroom = 64, .linear = 14, .nr_frags = 2,
	  .order = 4, .offset = 2047, .size = 32768,
	  .gso_type = SKB_GSO_TCPV6, .csum = CHECKSUM_PARTIAL,
	  .flags = RX_CSUM_BLANK | XEN_NETRXF_extra_info },
	{ .name = "a hash", .headroom = 64, .linear = 1514, .hash = true,
	  .flags = XEN_NETRXF_extra_info },
	{ .name = "headroom", .headroom = 64, .linear = 1514, .xdp = 256,
	  .flags = XEN_NETRXF_extra_info },
	{ .name = "headroom, to the page's end", .headroom = 64,
	  .linear = 3840, .xdp = 256, .flags = XEN_NETRXF_extra_info },
	{ .name = "headroom, a byte beyond it", .headroom = 64,
	  .linear = 3841, .xdp = 256, .flags = XEN_NETRXF_extra_info },
	{ .name = "all headroom there is", .headroom = 64, .linear = 14,
	  .nr_frags = 2, .order = 2, .offset = 9, .size = 9000,
	  .xdp = NETBK_RX_HEADROOM_MAX, .flags = XEN_NETRXF_extra_info },
	{ .name = "64 KiB, all extra infos", .headroom = 64, .linear = 14,
	  .nr_frags = 2, .order = 4, .offset = 2047, .size = 32768,
	  .gso_type = SKB_GSO_TCPV6, .xdp = 4000, .hash = true,
	  .csum = CHECKSUM_PARTIAL,
	  .flags = RX_CSUM_BLANK | XEN_NETRXF_extra_info },
};

static unsigned int nr_extras(const struct netbk_test_shape *shape)
{
	return !!shape->gso_type + !!shape->xdp + shape->hash;
}

static void describe_rx_shape(const struct netbk_test_shape *shape, char *desc)
{
	strscpy(desc, shape->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rx_shapes, rx_shapes, describe_rx_shape);

/**
 * struct rx_state - what a case works on
 * @netif: of the queue
 * @queue: with a ring on which the guest has posted
 * @batch: to be filled; whose packets are freed after the case
 * @start: index of the guest's first request
 */
struct rx_state {
	struct xen_netif netif;
	struct xenvif_queue queue;
	struct netbk_rx_batch batch;
	RING_IDX start;
};

/* ------------------------------ packets ------------------------------ */

/* For a guest that wants the headroom of the shape. */
static struct sk_buff *make_skb(struct kunit *test,
				const struct netbk_test_shape *shape)
{
	struct rx_state *state = test->priv;
	struct sk_buff *skb = netbk_test_skb(shape);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	state->queue.rx_headroom = shape->xdp;
	*netbk_rx_info(skb) = (struct netbk_rx_info){
		.has_hash = shape->hash,
		.hash_type = _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP,
		.hash = 0x12345678,
		.queued_at = jiffies,
	};
	return skb;
}

/* -------------------------- the guest's side ------------------------- */

/* Pages in no order, and numbers that say nothing of their place. */
static struct xen_netif_rx_request posted(unsigned int nr)
{
	return (struct xen_netif_rx_request){
		.id = (nr * 37 + 11) % RX_TEST_RING,
		.gref = 5000 + (nr * 101 + 3) % RX_TEST_RING,
	};
}

static void post_requests(struct rx_state *state, RING_IDX start)
{
	struct xenvif_queue *queue = &state->queue;
	struct xen_netif_rx_sring *sring = queue->rx.sring;
	unsigned int i;

	BACK_RING_ATTACH(&queue->rx, sring, start, XEN_PAGE_SIZE);
	state->start = start;
	for (i = 0; i < RX_TEST_RING; i++)
		*RING_GET_REQUEST(&queue->rx, start + i) = posted(i);
}

static int rx_test_init(struct kunit *test)
{
	struct rx_state *state = kunit_kzalloc(test, sizeof(*state),
					       GFP_KERNEL);
	struct xen_netif_rx_sring *sring;

	KUNIT_ASSERT_NOT_NULL(test, state);
	sring = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sring);
	state->netif.domid = RX_TEST_DOMID;
	xenvif_queue_init(&state->queue, &state->netif, 0);
	state->queue.rx.sring = sring;
	state->queue.rx_turn.share.credit = INT_MAX;
	post_requests(state, 0);
	test->priv = state;
	return 0;
}

static void rx_test_exit(struct kunit *test)
{
	struct rx_state *state = test->priv;
	unsigned int i;

	if (!state)
		return;
	for (i = 0; i < state->batch.nr_packets; i++)
		kfree_skb(state->batch.packet[i].skb);
	__skb_queue_purge(&state->queue.rx_backlog);
}

/* Requests read since the guest posted them. */
static unsigned int taken(const struct rx_state *state)
{
	return state->queue.rx.req_cons - state->start;
}

/* Gathers a packet as if the guest had posted so many requests. */
static const struct netbk_rx_packet *gather_skb(struct kunit *test,
						struct sk_buff *skb,
						unsigned int posted)
{
	struct rx_state *state = test->priv;

	netbk_rx_plan(&state->batch, &state->queue, skb, posted);
	return &state->batch.packet[state->batch.nr_packets - 1];
}

static const struct netbk_rx_packet *gather_shape(struct kunit *test)
{
	return gather_skb(test, make_skb(test, test->param_value),
			  RX_TEST_RING);
}

/* ------------------------------- gather ------------------------------ */

static void rx_test_slots(struct kunit *test)
{
	const struct netbk_rx_packet *packet = gather_shape(test);
	struct rx_state *state = test->priv;
	unsigned int packed = netbk_rx_slots(packet->skb,
					     state->queue.rx_headroom);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, packet->first_slot, 0);
	KUNIT_EXPECT_GE(test, packet->nr_slots, packed);
	KUNIT_EXPECT_LE(test, packet->nr_slots,
			packed + (packed >= NETBK_RX_MANY_SLOTS ?
				  NETBK_RX_SPARE_SLOTS : 0));
	KUNIT_EXPECT_EQ(test, packet->nr_slots, state->batch.nr_slots);
	KUNIT_EXPECT_LE(test, packet->nr_slots,
			NETBK_RX_PACKET_SLOTS + NETBK_RX_SPARE_SLOTS);
	KUNIT_EXPECT_EQ(test, packet->nr_slots, taken(state));
	for (i = 0; i < packet->nr_slots; i++) {
		const struct netbk_rx_slot *slot = &state->batch.slot[i];

		if (!slot->is_extra)
			KUNIT_EXPECT_EQ(test, slot->id, posted(i).id);
	}
}

static void rx_test_flags(struct kunit *test)
{
	const struct netbk_test_shape *shape = test->param_value;
	const struct netbk_rx_packet *packet = gather_shape(test);
	const struct rx_state *state = test->priv;
	unsigned int i;

	for (i = 0; i < packet->nr_slots; i++) {
		const struct netbk_rx_slot *slot = &state->batch.slot[i];
		bool is_extra = i && i <= nr_extras(shape);
		/* The slots of extra infos hold none of the packet. */
		bool more = i + 1 + (i ? 0 : nr_extras(shape)) <
			    packet->nr_slots;
		u16 flags = i ? 0 : shape->flags;

		KUNIT_EXPECT_EQ(test, slot->is_extra, is_extra);
		if (is_extra)
			continue;
		if (more)
			flags |= XEN_NETRXF_more_data;
		KUNIT_EXPECT_EQ(test, slot->flags, flags);
		KUNIT_EXPECT_EQ(test, slot->offset, i ? 0 : shape->xdp);
	}
}

static void expect_extra(struct kunit *test,
			 const struct netbk_test_shape *shape,
			 const struct xen_netif_extra_info *extra)
{
	switch (extra->type) {
	case XEN_NETIF_EXTRA_TYPE_GSO:
		KUNIT_EXPECT_EQ(test, extra->u.gso.type,
				shape->gso_type & SKB_GSO_TCPV4 ?
				XEN_NETIF_GSO_TYPE_TCPV4 :
				XEN_NETIF_GSO_TYPE_TCPV6);
		KUNIT_EXPECT_EQ(test, extra->u.gso.size,
				NETBK_TEST_GSO_SIZE);
		KUNIT_EXPECT_EQ(test, extra->u.gso.features, 0);
		break;
	case XEN_NETIF_EXTRA_TYPE_XDP:
		KUNIT_EXPECT_EQ(test, extra->u.xdp.headroom, shape->xdp);
		break;
	case XEN_NETIF_EXTRA_TYPE_HASH:
		KUNIT_EXPECT_EQ(test, extra->u.hash.type,
				_XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP);
		KUNIT_EXPECT_EQ(test, extra->u.hash.algorithm,
				XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
		KUNIT_EXPECT_EQ(test, extra->u.hash.value[0], 0x78);
		KUNIT_EXPECT_EQ(test, extra->u.hash.value[3], 0x12);
		break;
	default:
		KUNIT_FAIL(test, "extra info of type %u", extra->type);
	}
}

/* Each type once, the last one without MORE. */
static void rx_test_extras(struct kunit *test)
{
	const struct netbk_test_shape *shape = test->param_value;
	const struct rx_state *state = test->priv;
	unsigned int seen = 0, i;

	gather_shape(test);
	for (i = 1; i <= nr_extras(shape); i++) {
		const struct netbk_rx_slot *slot = &state->batch.slot[i];

		expect_extra(test, shape, &slot->extra);
		KUNIT_EXPECT_FALSE(test, seen & BIT(slot->extra.type));
		seen |= BIT(slot->extra.type);
		KUNIT_EXPECT_EQ(test, slot->extra.flags,
				i < nr_extras(shape) ?
				XEN_NETIF_EXTRA_FLAG_MORE : 0);
		KUNIT_EXPECT_EQ(test, slot->nr_ops, 0);
	}
}

static void rx_test_fill(struct kunit *test)
{
	const struct netbk_rx_packet *packet =
		gather_skb(test, make_skb(test, test->param_value), 0);
	const struct rx_state *state = test->priv;
	unsigned int left = packet->skb->len;
	unsigned int i;

	for (i = 0; i < packet->nr_slots; i++) {
		const struct netbk_rx_slot *slot = &state->batch.slot[i];

		if (slot->is_extra)
			continue;
		KUNIT_EXPECT_EQ(test, slot->len,
				min_t(unsigned int, left,
				      XEN_PAGE_SIZE - slot->offset));
		left -= slot->len;
	}
	KUNIT_EXPECT_EQ(test, left, 0);
}

/* The copies of a slot: from byte @at of the packet on, into the request's page
 * from its offset. Returns how many bytes they are.
 */
static unsigned int expect_slot_copies(struct kunit *test,
				       const struct netbk_rx_packet *packet,
				       unsigned int nr, unsigned int op,
				       unsigned int at)
{
	const struct rx_state *state = test->priv;
	const struct netbk_rx_slot *slot =
		&state->batch.slot[packet->first_slot + nr];
	unsigned int done = 0, i;

	for (i = 0; i < slot->nr_ops; i++) {
		const struct gnttab_copy *copy =
			&state->batch.copy.op[op + i];

		KUNIT_EXPECT_EQ(test, copy->flags, GNTCOPY_dest_gref);
		netbk_test_expect_local(test, packet->skb, at + done,
					copy->len, &copy->source);
		KUNIT_EXPECT_EQ(test, copy->dest.domid, RX_TEST_DOMID);
		KUNIT_EXPECT_EQ(test, copy->dest.u.ref,
				posted(packet->first_slot + nr).gref);
		KUNIT_EXPECT_EQ(test, copy->dest.offset, slot->offset + done);
		done += copy->len;
	}
	KUNIT_EXPECT_EQ(test, done, slot->len);
	KUNIT_EXPECT_LE(test, slot->offset + done, XEN_PAGE_SIZE);
	return done;
}

static void expect_copies(struct kunit *test,
			  const struct netbk_rx_packet *packet)
{
	const struct rx_state *state = test->priv;
	unsigned int op = packet->first_op;
	unsigned int at = 0, i;

	for (i = 0; i < packet->nr_slots; i++) {
		if (state->batch.slot[packet->first_slot + i].is_extra)
			continue;
		at += expect_slot_copies(test, packet, i, op, at);
		op += state->batch.slot[packet->first_slot + i].nr_ops;
	}
	KUNIT_EXPECT_EQ(test, at, packet->skb->len);
}

static void rx_test_copies(struct kunit *test)
{
	expect_copies(test, gather_shape(test));
}

/* TCP of this host: 64 KiB out of two blocks, begun where the packet before
 * ended.
 */
static const struct netbk_test_shape rx_tcp = {
	.headroom = 64, .linear = 66, .nr_frags = 2, .order = 4,
	.offset = 1003, .size = 32580, .gso_type = SKB_GSO_TCPV4,
};

static unsigned int count_pages(const struct sk_buff *skb)
{
	return netbk_rx_copies(skb, 0) - netbk_rx_slots(skb, 0);
}

static void rx_test_whole(struct kunit *test)
{
	struct rx_state *state = test->priv;
	const struct netbk_rx_packet *packet;

	packet = gather_skb(test, make_skb(test, &rx_tcp), RX_TEST_RING);
	KUNIT_EXPECT_EQ(test, state->batch.copy.nr, count_pages(packet->skb));
	expect_copies(test, packet);
}

static void rx_test_not_whole(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct sk_buff *skb = make_skb(test, &rx_tcp);
	unsigned int packed = netbk_rx_slots(skb, 0);
	const struct netbk_rx_packet *packet = gather_skb(test, skb, packed);

	KUNIT_EXPECT_EQ(test, packet->nr_slots, packed);
	KUNIT_EXPECT_GT(test, state->batch.copy.nr, count_pages(skb));
	expect_copies(test, packet);
}

static void rx_test_max_copies(struct kunit *test)
{
	const struct netbk_rx_packet *packet = gather_shape(test);
	const struct rx_state *state = test->priv;
	unsigned int most = netbk_rx_copies(packet->skb,
					    state->queue.rx_headroom);

	KUNIT_EXPECT_LE(test, state->batch.copy.nr, most);
	KUNIT_EXPECT_LE(test, most, NETBK_COPY_OPS);
}

static void rx_test_wrap(struct kunit *test)
{
	static const struct netbk_test_shape shape = {
		.headroom = 64, .linear = 66, .nr_frags = 4, .order = 1,
		.offset = 1000, .size = 7000,
	};
	struct rx_state *state = test->priv;

	post_requests(state, 0xfffffffd);
	gather_skb(test, make_skb(test, &shape), RX_TEST_RING);
	KUNIT_EXPECT_EQ(test, state->batch.nr_slots, 7);
	KUNIT_EXPECT_EQ(test, state->queue.rx.req_cons, 4);
	expect_copies(test, &state->batch.packet[0]);
}

static void rx_test_two(struct kunit *test)
{
	static const struct netbk_test_shape shape = {
		.headroom = 64, .linear = 66, .nr_frags = 1, .order = 1,
		.offset = 1000, .size = 5000, .gso_type = SKB_GSO_TCPV4,
	};
	struct rx_state *state = test->priv;
	const struct netbk_rx_packet *packet = state->batch.packet;

	gather_skb(test, make_skb(test, &shape), RX_TEST_RING);
	gather_skb(test, make_skb(test, &shape), RX_TEST_RING);
	KUNIT_EXPECT_EQ(test, packet[0].nr_slots, 3);
	KUNIT_EXPECT_EQ(test, packet[1].nr_slots, 3);
	KUNIT_EXPECT_EQ(test, packet[1].first_slot, 3);
	expect_copies(test, &packet[0]);
	expect_copies(test, &packet[1]);
}

/* More pieces than a batch holds, or lists in lists. */
static void expect_linearised(struct kunit *test,
			      const struct netbk_test_shape *shape)
{
	struct rx_state *state = test->priv;
	struct sk_buff *skb = make_skb(test, shape);
	unsigned int len = skb->len;

	__skb_queue_tail(&state->queue.rx_backlog, skb);
	KUNIT_EXPECT_GT(test, netbk_rx_copies(skb, 0), NETBK_COPY_OPS);
	KUNIT_EXPECT_EQ(test, rx_gather_backlog(&state->batch, &state->queue,
						state->start + RX_TEST_RING),
			NETBK_STOP_EMPTY);
	KUNIT_ASSERT_EQ(test, state->batch.nr_packets, 1);
	KUNIT_EXPECT_FALSE(test, skb_is_nonlinear(skb));
	KUNIT_EXPECT_EQ(test, skb->len, len);
	KUNIT_EXPECT_LE(test, state->batch.copy.nr, NETBK_COPY_OPS);
	expect_copies(test, &state->batch.packet[0]);
}

static void rx_test_pieces(struct kunit *test)
{
	static const struct netbk_test_shape shape = {
		.headroom = 64, .linear = 10, .nr_frags = MAX_SKB_FRAGS,
		.offset = 77, .size = 11, .nr_parts = 15,
	};

	expect_linearised(test, &shape);
}

static void rx_test_nested(struct kunit *test)
{
	static const struct netbk_test_shape shape = {
		.headroom = 64, .linear = 1000, .nr_frags = 1,
		.offset = 77, .size = 1100, .nr_parts = 2, .nested = true,
	};

	expect_linearised(test, &shape);
}

/* --------------------- what ends a queue's turn ---------------------- */

static const struct netbk_test_shape rx_small = {
	.headroom = 64, .linear = 60,
};

static const struct netbk_test_shape rx_three_slots = {
	.headroom = 64, .linear = 66, .nr_frags = 1, .order = 1, .offset = 0,
	.size = 8192,
};

static void backlog(struct kunit *test, const struct netbk_test_shape *shape,
		    unsigned int packets)
{
	struct rx_state *state = test->priv;

	while (packets--)
		__skb_queue_tail(&state->queue.rx_backlog,
				 make_skb(test, shape));
}

static void rx_test_need(struct kunit *test)
{
	struct rx_state *state = test->priv;

	backlog(test, &rx_three_slots, 3);
	KUNIT_EXPECT_EQ(test, rx_gather_backlog(&state->batch, &state->queue,
						state->start + 8),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 2);
	KUNIT_EXPECT_EQ(test, taken(state), 6);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&state->queue.rx_backlog), 1);
}

static void rx_test_credit(struct kunit *test)
{
	unsigned int cost = netbk_cost(1, rx_small.linear, 0);
	struct rx_state *state = test->priv;
	struct netbk_share *share = &state->queue.rx_turn.share;

	share->credit = 2 * cost + 1;
	backlog(test, &rx_small, 4);
	KUNIT_EXPECT_EQ(test, rx_gather_backlog(&state->batch, &state->queue,
						state->start + RX_TEST_RING),
			NETBK_STOP_CREDIT);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 3);
	KUNIT_EXPECT_EQ(test, state->batch.cost, 3 * cost);
	KUNIT_EXPECT_EQ(test, share->credit, 1 - (int)cost);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&state->queue.rx_backlog), 1);
}

static void rx_test_no_room(struct kunit *test)
{
	struct rx_state *state = test->priv;
	RING_IDX prod = state->start + RX_TEST_RING;

	backlog(test, &rx_small, 1);
	state->batch.copy.nr = NETBK_COPY_OPS - 1;
	KUNIT_EXPECT_EQ(test, rx_gather_backlog(&state->batch, &state->queue,
						prod), NETBK_STOP_ROOM);
	state->batch.copy.nr = 0;
	state->batch.cost = NETBK_ROUND_COST;
	KUNIT_EXPECT_EQ(test, rx_gather_backlog(&state->batch, &state->queue,
						prod), NETBK_STOP_ROOM);
	state->batch.cost = 0;
	state->batch.nr_slots = NETBK_RX_SLOTS - NETBK_RX_PACKET_SLOTS -
				NETBK_RX_SPARE_SLOTS + 1;
	KUNIT_EXPECT_EQ(test, rx_gather_backlog(&state->batch, &state->queue,
						prod), NETBK_STOP_ROOM);
	KUNIT_EXPECT_EQ(test, taken(state), 0);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 0);
}

/* ------------------------------- answer ------------------------------ */

static void rx_test_answer(struct kunit *test)
{
	const struct netbk_rx_packet *packet = gather_shape(test);
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, rx_answer_packet(&state->batch, packet));
	KUNIT_EXPECT_EQ(test, queue->rx.rsp_prod_pvt, queue->rx.req_cons);
	for (i = 0; i < packet->nr_slots; i++) {
		const struct netbk_rx_slot *slot = &state->batch.slot[i];
		const struct xen_netif_rx_response *rsp =
			RING_GET_RESPONSE(&queue->rx, state->start + i);
		const struct xen_netif_extra_info *extra = (const void *)rsp;

		if (slot->is_extra) {
			KUNIT_EXPECT_EQ(test, memcmp(extra, &slot->extra,
						     sizeof(*extra)), 0);
			continue;
		}
		KUNIT_EXPECT_EQ(test, rsp->id, posted(i).id);
		KUNIT_EXPECT_EQ(test, rsp->offset, slot->offset);
		KUNIT_EXPECT_EQ(test, rsp->flags, slot->flags);
		KUNIT_EXPECT_EQ(test, rsp->status, slot->len);
	}
}

static void rx_test_failed_copy(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct netbk_rx_batch *batch = &state->batch;
	struct xenvif_queue *queue = &state->queue;
	const struct xen_netif_rx_response *rsp;

	gather_skb(test, make_skb(test, &rx_three_slots), 0);
	/* The last copy into the second of the slots. */
	batch->copy.op[batch->slot[0].nr_ops + batch->slot[1].nr_ops - 1]
		.status = GNTST_bad_gntref;
	KUNIT_EXPECT_FALSE(test, rx_answer_packet(batch, &batch->packet[0]));

	rsp = RING_GET_RESPONSE(&queue->rx, 0);
	KUNIT_EXPECT_EQ(test, rsp->status, XEN_PAGE_SIZE);
	rsp = RING_GET_RESPONSE(&queue->rx, 1);
	KUNIT_EXPECT_EQ(test, rsp->status, GNTST_bad_gntref);
	rsp = RING_GET_RESPONSE(&queue->rx, 2);
	KUNIT_EXPECT_EQ(test, rsp->status, 66);
}

static void rx_test_room(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xen_netif *netif = &state->netif;

	netif->offloads = 0;
	KUNIT_EXPECT_EQ(test, XEN_PAGE_SIZE, rx_room(netif));
	netif->rx_headroom = 256;
	KUNIT_EXPECT_EQ(test, XEN_PAGE_SIZE - 256, rx_room(netif));
	netif->offloads = NETIF_F_SG;
	KUNIT_EXPECT_EQ(test, NETBK_RX_DATA_SLOTS * XEN_PAGE_SIZE,
			rx_room(netif));
	netif->rx_headroom = 0;
}

static struct kunit_case rx_cases[] = {
	RX_CASE(rx_test_room,
		"a frontend without scatter-gather has room for a page"),
	RX_SHAPE_CASE(rx_test_slots,
		      "a packet takes the requests it was counted for"),
	RX_SHAPE_CASE(rx_test_flags,
		      "the flags of a response describe the packet"),
	RX_SHAPE_CASE(rx_test_extras, "extra infos come after the first slot"),
	RX_SHAPE_CASE(rx_test_fill,
		      "without a spare slot all slots but the last are full"),
	RX_SHAPE_CASE(rx_test_copies,
		      "copies deliver the bytes of a packet in order"),
	RX_CASE(rx_test_whole, "with a spare slot no copy is split"),
	RX_CASE(rx_test_not_whole,
		"without a spare slot the whole packet arrives"),
	RX_SHAPE_CASE(rx_test_max_copies,
		      "a packet takes no more copies than estimated"),
	RX_SHAPE_CASE(rx_test_answer,
		      "responses take the slots of their requests"),
	RX_CASE(rx_test_wrap,
		"a packet may cross the wrap of the ring indices"),
	RX_CASE(rx_test_two, "packets follow each other in a batch"),
	RX_CASE(rx_test_pieces, "a packet with too many pieces is linearised"),
	RX_CASE(rx_test_nested,
		"a packet with nested frag_lists is linearised"),
	RX_CASE(rx_test_need, "a packet waits for all of its requests"),
	RX_CASE(rx_test_credit, "a queue stops when its credit is used up"),
	RX_CASE(rx_test_no_room, "a full batch takes no packet"),
	RX_CASE(rx_test_failed_copy,
		"a failed copy is reported in its own slot only"),
	{}
};

static struct kunit_suite rx_suite = {
	.name = "xen-netback-rx",
	.init = rx_test_init,
	.exit = rx_test_exit,
	.test_cases = rx_cases,
};

kunit_test_suites(&rx_suite);
