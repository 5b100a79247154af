// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of tx_inflight.c, which includes this file: what counts as in flight,
 * until when, and when a queue may send no more.
 */

#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/netdevice.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <net/dst.h>

#define INFLIGHT_CASE(fn, says) { .run_case = fn, .name = says }

#define INFLIGHT_QUEUES 8

/**
 * struct inflight_state - what a case works on
 * @netif: one with queues that are not connected
 * @queue: its queues
 */
struct inflight_state {
	struct xen_netif netif;
	struct xenvif_queue queue[INFLIGHT_QUEUES];
};

static int inflight_test_init(struct kunit *test)
{
	struct inflight_state *state = kunit_kzalloc(test, sizeof(*state),
						     GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, state);
	state->netif.queues = state->queue;
	state->netif.num_queues = 1;
	state->netif.max_queues = INFLIGHT_QUEUES;
	test->priv = state;
	for (i = 0; i < INFLIGHT_QUEUES; i++) {
		xenvif_queue_init(&state->queue[i], &state->netif, i);
		KUNIT_ASSERT_EQ(test, 0,
				xenvif_inflight_init(&state->queue[i]));
	}
	return 0;
}

static void inflight_test_exit(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	unsigned int i;

	for (i = 0; state && i < INFLIGHT_QUEUES; i++) {
		xenvif_inflight_stop(&state->queue[i]);
		xenvif_inflight_deinit(&state->queue[i]);
	}
}

static struct sk_buff *inflight_skb(struct kunit *test, unsigned int truesize)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->truesize = truesize;
	return skb;
}

static void inflight_until_freed(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);

	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
	xenvif_inflight_own(queue, skb);
	KUNIT_EXPECT_EQ(test, 5000, xenvif_inflight_bytes(queue));
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
}

static void inflight_survives_queue(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);

	xenvif_inflight_own(queue, skb);
	xenvif_inflight_deinit(queue);
	KUNIT_EXPECT_NULL(test, queue->inflight.sk);
	kfree_skb(skb);
}

/* As netem has it: the packet refers to the owner and does not count. */
static void inflight_partial_orphan(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);

	xenvif_inflight_own(queue, skb);
	skb_orphan_partial(skb);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
	xenvif_inflight_deinit(queue);
	kfree_skb(skb);
}

static void inflight_bounds_queue(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	unsigned int bound = netbk_param(tx_inflight_kib) * SZ_1K;
	struct sk_buff *most = inflight_skb(test, bound - 1);
	struct sk_buff *least = inflight_skb(test, 1);

	xenvif_inflight_own(queue, most);
	KUNIT_EXPECT_TRUE(test, xenvif_inflight_open(queue));
	xenvif_inflight_own(queue, least);
	KUNIT_EXPECT_FALSE(test, xenvif_inflight_open(queue));
	kfree_skb(least);
	KUNIT_EXPECT_TRUE(test, xenvif_inflight_open(queue));
	kfree_skb(most);
}

/* Eight queues with less than a queue's bound each, but four times as much in
 * all: those with more than their part wait, a queue with less does not.
 */
static void inflight_bounds_netif(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	unsigned int bound = netbk_param(tx_inflight_kib) * SZ_1K;
	struct sk_buff *skb[INFLIGHT_QUEUES];
	unsigned int i;

	state->netif.num_queues = INFLIGHT_QUEUES;
	for (i = 0; i < INFLIGHT_QUEUES - 1; i++) {
		skb[i] = inflight_skb(test, bound * 4 / 7 + 1);
		xenvif_inflight_own(&state->queue[i], skb[i]);
	}
	for (i = 0; i < INFLIGHT_QUEUES - 1; i++)
		KUNIT_EXPECT_FALSE(test,
				   xenvif_inflight_open(&state->queue[i]));
	KUNIT_EXPECT_TRUE(test, xenvif_inflight_open(&state->queue[i]));

	kfree_skb(skb[0]);
	KUNIT_EXPECT_TRUE(test, xenvif_inflight_open(&state->queue[1]));
	for (i = 1; i < INFLIGHT_QUEUES - 1; i++)
		kfree_skb(skb[i]);
}

static void inflight_pauses_grow(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);
	struct sk_buff *another = inflight_skb(test, 700);
	unsigned int i;

	xenvif_inflight_own(queue, skb);
	xenvif_inflight_own(queue, another);
	xenvif_inflight_wait(queue);
	KUNIT_EXPECT_EQ(test, PAUSE_MIN_NS, queue->inflight.pause_ns);
	xenvif_inflight_wait(queue);
	KUNIT_EXPECT_EQ(test, 2 * PAUSE_MIN_NS, queue->inflight.pause_ns);
	for (i = 0; i < 10; i++)
		xenvif_inflight_wait(queue);
	KUNIT_EXPECT_EQ(test, PAUSE_MAX_NS, queue->inflight.pause_ns);
	/* As much in flight as before, but not the same packets. */
	kfree_skb(another);
	another = inflight_skb(test, 700);
	xenvif_inflight_own(queue, another);
	xenvif_inflight_wait(queue);
	KUNIT_EXPECT_EQ(test, PAUSE_MIN_NS, queue->inflight.pause_ns);
	kfree_skb(another);
	kfree_skb(skb);
}

#if IS_ENABLED(CONFIG_NETFILTER)
/* A device that is another vif, or none. */
static struct net_device *inflight_out(struct kunit *test,
				       struct xenvif_queue *from, bool is_vif)
{
	struct net_device *out = kunit_kzalloc(test, sizeof(*out), GFP_KERNEL);
	const struct net_device_ops *ops;
	struct net_device *vif;

	KUNIT_ASSERT_NOT_NULL(test, out);
	if (!from->netif->dev) {
		vif = kunit_kzalloc(test, sizeof(*vif), GFP_KERNEL);
		ops = kunit_kzalloc(test, sizeof(*ops), GFP_KERNEL);
		KUNIT_ASSERT_TRUE(test, vif && ops);
		vif->netdev_ops = ops;
		from->netif->dev = vif;
	}
	if (is_vif)
		out->netdev_ops = from->netif->dev->netdev_ops;
	return out;
}

static void inflight_hook(struct kunit *test, struct xenvif_queue *source,
			  nf_hookfn *hook, struct sk_buff *skb,
			  struct net_device *out)
{
	struct nf_hook_state state = { .out = out };

	local_bh_disable();
	if (source)
		xenvif_inflight_begin(source);
	KUNIT_EXPECT_EQ(test, NF_ACCEPT, hook(NULL, skb, &state));
	xenvif_inflight_end();
	local_bh_enable();
}

/* By @port, if that is not NULL, of the bridge that the packet leaves by. */
static void inflight_forward_by(struct kunit *test, struct xenvif_queue *from,
				struct sk_buff *skb, struct net_device *port,
				bool to_vif)
{
	struct inflight_state *state = test->priv;
	struct dst_entry *dst = kunit_kzalloc(test, sizeof(*dst), GFP_KERNEL);
	struct net_device *out = inflight_out(test, &state->queue[0], to_vif);

	KUNIT_ASSERT_NOT_NULL(test, dst);
	rcu_read_lock();
	skb_dst_set_noref(skb, dst);
	skb->dev = port ?: out;
	inflight_hook(test, from, inflight_forwarded, skb, out);
	skb->_skb_refdst = 0;
	rcu_read_unlock();
}

static void inflight_forward(struct kunit *test, struct xenvif_queue *from,
			     struct sk_buff *skb)
{
	inflight_forward_by(test, from, skb, NULL, true);
}

static void inflight_counts_forwarded(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);

	xenvif_inflight_own(queue, skb);
	skb_orphan(skb);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
	inflight_forward(test, queue, skb);
	KUNIT_EXPECT_EQ(test, 5000, xenvif_inflight_bytes(queue));
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
}

static void inflight_leaves_others(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);

	inflight_forward(test, NULL, skb);
	KUNIT_EXPECT_NULL(test, skb->sk);
	xenvif_inflight_own(&state->queue[1], skb);
	inflight_forward(test, queue, skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->sk, state->queue[1].inflight.sk);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
	kfree_skb(skb);
}

static void inflight_bridge(struct kunit *test, struct xenvif_queue *from,
			    struct sk_buff *skb, bool to_vif)
{
	inflight_hook(test, from, inflight_bridged, skb,
		      inflight_out(test, from, to_vif));
}

static void inflight_counts_clones(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *skb = inflight_skb(test, 5000);
	struct sk_buff *clone;

	xenvif_inflight_own(queue, skb);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	inflight_bridge(test, queue, clone, false);
	KUNIT_EXPECT_EQ(test, 10000, xenvif_inflight_bytes(queue));
	inflight_bridge(test, queue, skb, false);
	KUNIT_EXPECT_EQ(test, 10000, xenvif_inflight_bytes(queue));
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, 5000, xenvif_inflight_bytes(queue));
	kfree_skb(clone);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
}

static void inflight_leaves_clones_to_vifs(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *clone = inflight_skb(test, 5000);

	inflight_bridge(test, queue, clone, true);
	KUNIT_EXPECT_NULL(test, clone->sk);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
	kfree_skb(clone);
}

/* br_netfilter has the same clone pass by the hook for routed packets. */
static void inflight_leaves_filtered_clones(struct kunit *test)
{
	struct inflight_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];
	struct sk_buff *clone = inflight_skb(test, 5000);
	struct net_device *port = inflight_out(test, queue, true);

	port->netdev_ops = NULL;
	inflight_forward_by(test, queue, clone, port, true);
	KUNIT_EXPECT_EQ(test, 5000, xenvif_inflight_bytes(queue));
	skb_orphan(clone);
	port->netdev_ops = queue->netif->dev->netdev_ops;
	inflight_forward_by(test, queue, clone, port, false);
	KUNIT_EXPECT_EQ(test, 0, xenvif_inflight_bytes(queue));
	kfree_skb(clone);
}
#endif

static struct kunit_case inflight_cases[] = {
	INFLIGHT_CASE(inflight_until_freed,
		      "a packet is in flight until it is freed"),
	INFLIGHT_CASE(inflight_survives_queue,
		      "a packet may be freed after its queue"),
	INFLIGHT_CASE(inflight_partial_orphan,
		      "a packet may keep its owner without counting"),
	INFLIGHT_CASE(inflight_bounds_queue,
		      "a queue at its bound may send no more"),
	INFLIGHT_CASE(inflight_bounds_netif,
		      "queues share the bound of their netif"),
	INFLIGHT_CASE(inflight_pauses_grow,
		      "pauses grow while nothing is freed"),
#if IS_ENABLED(CONFIG_NETFILTER)
	INFLIGHT_CASE(inflight_counts_forwarded,
		      "a forwarded packet is counted again"),
	INFLIGHT_CASE(inflight_leaves_others,
		      "forwarded packets of others are not counted"),
	INFLIGHT_CASE(inflight_counts_clones,
		      "a bridge's clone is counted"),
	INFLIGHT_CASE(inflight_leaves_clones_to_vifs,
		      "a bridge's clone to another vif is not counted"),
	INFLIGHT_CASE(inflight_leaves_filtered_clones,
		      "br_netfilter does not have clones to vifs counted"),
#endif
	{}
};

static struct kunit_suite inflight_suite = {
	.name = "xen-netback-tx-inflight",
	.init = inflight_test_init,
	.exit = inflight_test_exit,
	.test_cases = inflight_cases,
};

kunit_test_suites(&inflight_suite);
