// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how rx.c drops what waited too long for a guest, and of rx_stall.c;
 * included by it after rx_kunit.c, whose packets and state they use.
 */

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

/* For the state of its queue to the stack, which is not stopped. */
static int drain_init(struct kunit *test)
{
	struct rx_state *state;
	int err = rx_test_init(test);

	if (err)
		return err;
	state = test->priv;
	state->netif.dev = alloc_netdev(0, "drain%d", NET_NAME_UNKNOWN,
					ether_setup);
	return state->netif.dev ? 0 : -ENOMEM;
}

static void drain_exit(struct kunit *test)
{
	struct rx_state *state = test->priv;

	if (state && state->netif.dev)
		free_netdev(state->netif.dev);
	rx_test_exit(test);
}

/* What waited too long goes with all behind it, a share at a time. */
static void drain_shares(struct kunit *test)
{
	const unsigned int share = NETBK_QUANTUM / NETBK_COST_DROP;
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	enum netbk_stop first, second;
	unsigned int left;

	backlog(test, &rx_small, share + 2);
	queue->rx_queued_packets = share + 2;
	queue->rx_waiting = true;
	queue->rx_turn.share.credit = NETBK_QUANTUM;

	first = xenvif_backlog_drain(&state->batch, queue, NETBK_DROP_TIMEOUT);
	left = skb_queue_len(&queue->rx_backlog);
	netbk_share_begin(&queue->rx_turn.share, NETBK_WEIGHT_DEFAULT);
	second = xenvif_backlog_drain(&state->batch, queue, NETBK_DROP_TIMEOUT);

	KUNIT_EXPECT_EQ(test, first, NETBK_STOP_CREDIT);
	KUNIT_EXPECT_EQ(test, left, 2);
	KUNIT_EXPECT_TRUE(test, test_bit(XENVIF_RX_DRAIN, &queue->events));
	KUNIT_EXPECT_EQ(test, second, NETBK_STOP_EMPTY);
	KUNIT_EXPECT_FALSE(test, queue->rx_waiting);
	KUNIT_EXPECT_EQ(test, queue->rx_queued_packets, 0);
	KUNIT_EXPECT_EQ(test,
			u64_stats_read(&queue->rx_stats.count[XENVIF_DROPPED]),
			share + 2);
}

static void drain_room(struct kunit *test)
{
	struct rx_state *state = test->priv;

	backlog(test, &rx_small, 1);
	state->batch.cost = NETBK_ROUND_COST;
	KUNIT_EXPECT_EQ(test,
			xenvif_backlog_drain(&state->batch, &state->queue,
					 NETBK_DROP_TIMEOUT), NETBK_STOP_ROOM);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&state->queue.rx_backlog), 1);
}

/* ------------------------------- stall ------------------------------- */

/* A queue whose head has waited for long, with nothing posted. */
static void make_stuck(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.num_queues = 1;
	state->netif.stall.timeout = HZ;
	state->netif.drain_timeout = 1;
	xenvif_stall_init(&state->netif.stall);
	netif_carrier_on(state->netif.dev);
	queue->rx.sring->req_prod = state->start;

	backlog(test, &rx_three_slots, 2);
	queue->rx_queued_packets = 2;
	rx_note_wait(queue, 3);
	queue->rx_waiting_since = jiffies - 2 * HZ;
	queue->rx_stuck_since = jiffies - 2 * HZ;
	set_bit(XENVIF_RX_DRAIN, &queue->events);
}

static void drain_stalls(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	make_stuck(test);
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_TRUE(test, xenvif_is_stalled(queue));
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(state->netif.dev));
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&queue->rx_backlog));
	KUNIT_EXPECT_EQ(test, queue->rx_queued_packets, 0);
}

static void drain_one_of_two(struct kunit *test)
{
	struct rx_state *state = test->priv;

	make_stuck(test);
	state->netif.num_queues = 2;
	rx_gather_queue(&state->batch, &state->queue);
	KUNIT_EXPECT_TRUE(test, xenvif_is_stalled(&state->queue));
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(state->netif.dev));
	KUNIT_EXPECT_EQ(test, xenvif_stall_avoid(&state->netif, 0, 2), 1);
	KUNIT_EXPECT_EQ(test, xenvif_stall_avoid(&state->netif, 1, 2), 1);
	KUNIT_EXPECT_EQ(test, xenvif_stall_avoid(&state->netif, 0, 1), 0);
}

static void drain_no_stall_yet(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	make_stuck(test);
	queue->rx_stuck_since = jiffies;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_EMPTY);
	KUNIT_EXPECT_FALSE(test, xenvif_is_stalled(queue));
	KUNIT_EXPECT_TRUE(test, queue->rx_stuck);

	make_stuck(test);
	state->netif.stall.timeout = 0;
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_FALSE(test, xenvif_is_stalled(queue));
}

/* Brought by one who has not seen that the queue is stalled. */
static void drain_late_packet(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	make_stuck(test);
	rx_gather_queue(&state->batch, queue);
	__skb_queue_tail(&queue->rx_queue, make_skb(test, &rx_small));
	queue->rx_queued_packets = 1;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&queue->rx_queue));
	KUNIT_EXPECT_EQ(test, queue->rx_queued_packets, 0);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 0);
}

static void drain_stall_ends(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	make_stuck(test);
	rx_gather_queue(&state->batch, queue);
	queue->rx.sring->req_prod += 2;
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_TRUE(test, xenvif_is_stalled(queue));
	queue->rx.sring->req_prod += 1;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_EMPTY);
	KUNIT_EXPECT_FALSE(test, xenvif_is_stalled(queue));
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(state->netif.dev));
	KUNIT_EXPECT_FALSE(test, queue->rx_stuck);
}

/* The frontend of this test lacks scatter-gather: it has room for a page. */
static void drain_judge(struct kunit *test)
{
	static const struct netbk_test_shape giant = {
		.name = "more than a page", .headroom = 64,
		.linear = XEN_PAGE_SIZE + 1,
	};
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	struct sk_buff *small = make_skb(test, &rx_small);
	struct sk_buff *large = make_skb(test, &giant);

	KUNIT_EXPECT_EQ(test, rx_judge(queue, small), NETBK_DROP_DOWN);
	RCU_INIT_POINTER(queue->netbk, (struct xen_netbk *)queue);
	KUNIT_EXPECT_EQ(test, rx_judge(queue, small), NETBK_DROP_NONE);
	KUNIT_EXPECT_EQ(test, rx_judge(queue, large), NETBK_DROP_SIZE);
	make_stuck(test);
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_EQ(test, rx_judge(queue, small), NETBK_DROP_STALLED);
	RCU_INIT_POINTER(queue->netbk, NULL);
	kfree_skb(small);
	kfree_skb(large);
}

static void drain_full(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	struct sk_buff *skb = make_skb(test, &rx_small);

	RCU_INIT_POINTER(queue->netbk, (struct xen_netbk *)queue);
	queue->rx_queued_packets = XENVIF_RX_QUEUE_PACKETS;
	KUNIT_EXPECT_EQ(test, xenvif_rx_enqueue(queue, skb), NETBK_DROP_FULL);
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&queue->rx_queue));
	RCU_INIT_POINTER(queue->netbk, NULL);
	kfree_skb(skb);
}

static struct kunit_case drain_cases[] = {
	RX_CASE(drain_shares,
		"a timed-out backlog is dropped a quantum at a time"),
	RX_CASE(drain_room, "a full batch postpones the drop of a backlog"),
	RX_CASE(drain_stalls,
		"a queue that is stuck for the stall timeout is stalled"),
	RX_CASE(drain_one_of_two,
		"carrier stays on while one of two queues is stalled"),
	RX_CASE(drain_no_stall_yet,
		"no queue stalls before its timeout or without one"),
	RX_CASE(drain_late_packet,
		"a packet that reaches a stalled queue is dropped"),
	RX_CASE(drain_stall_ends,
		"a stall ends when the guest posts enough requests"),
	RX_CASE(drain_judge, "a packet that is refused has its drop reason"),
	RX_CASE(drain_full, "a packet for a full queue has its drop reason"),
	{}
};

static struct kunit_suite drain_suite = {
	.name = "xen-netback-drain",
	.init = drain_init,
	.exit = drain_exit,
	.test_cases = drain_cases,
};

kunit_test_suites(&drain_suite);
