// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of rx_stall.c, and of what rx.c does with a stalled queue; included by
 * rx.c after rx_backlog_kunit.c, whose net device they use.
 */

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
	queue->rx_queued.packets = 2;
	drain_age(queue, 2, 2 * HZ);
	rx_note_wait(queue, skb_peek(&queue->rx_backlog));
	queue->rx_stuck_since = jiffies - 2 * HZ;
}

static void stall_begins(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	make_stuck(test);
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_TRUE(test, xenvif_is_stalled(queue));
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(state->netif.dev));
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&queue->rx_backlog));
	KUNIT_EXPECT_EQ(test, queue->rx_queued.packets, 0);
}

static void stall_of_one(struct kunit *test)
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

static void stall_not_yet(struct kunit *test)
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
static void stall_drops(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	make_stuck(test);
	rx_gather_queue(&state->batch, queue);
	__skb_queue_tail(&queue->rx_queue, make_skb(test, &rx_small));
	queue->rx_queued.packets = 1;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&queue->rx_queue));
	KUNIT_EXPECT_EQ(test, queue->rx_queued.packets, 0);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 0);
}

static void stall_ends(struct kunit *test)
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
static void stall_judge(struct kunit *test)
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

static struct kunit_case stall_cases[] = {
	RX_CASE(stall_begins,
		"a queue that is stuck for the stall timeout is stalled"),
	RX_CASE(stall_of_one,
		"carrier stays on while one of two queues is stalled"),
	RX_CASE(stall_not_yet,
		"no queue stalls before its timeout or without one"),
	RX_CASE(stall_drops,
		"a packet that reaches a stalled queue is dropped"),
	RX_CASE(stall_ends,
		"a stall ends when the guest posts enough requests"),
	RX_CASE(stall_judge, "a packet that is refused has its drop reason"),
	{}
};

static struct kunit_suite stall_suite = {
	.name = "xen-netback-stall",
	.init = drain_init,
	.exit = drain_exit,
	.test_cases = stall_cases,
};

kunit_test_suites(&stall_suite);
