// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how rx.c drops what waited too long for a guest; included by it
 * after rx_test.c, whose packets and state they use.
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

	first = drain_backlog(&state->batch, queue);
	left = skb_queue_len(&queue->rx_backlog);
	netbk_share_begin(&queue->rx_turn.share, NETBK_WEIGHT_DEFAULT);
	second = drain_backlog(&state->batch, queue);

	KUNIT_EXPECT_EQ(test, first, NETBK_STOP_CREDIT);
	KUNIT_EXPECT_EQ(test, left, 2);
	KUNIT_EXPECT_TRUE(test, test_bit(XENVIF_RX_DRAIN, &queue->events));
	KUNIT_EXPECT_EQ(test, second, NETBK_STOP_EMPTY);
	KUNIT_EXPECT_FALSE(test, queue->rx_waiting);
	KUNIT_EXPECT_EQ(test, queue->rx_queued_packets, 0);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&queue->rx_stats.dropped),
			share + 2);
}

static void drain_room(struct kunit *test)
{
	struct rx_state *state = test->priv;

	backlog(test, &rx_small, 1);
	state->batch.cost = NETBK_ROUND_COST;
	KUNIT_EXPECT_EQ(test, drain_backlog(&state->batch, &state->queue),
			NETBK_STOP_ROOM);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&state->queue.rx_backlog), 1);
}

static struct kunit_case drain_cases[] = {
	RX_CASE(drain_shares, "what waited too long goes, a share at a time"),
	RX_CASE(drain_room, "a full batch lets it wait"),
	{}
};

static struct kunit_suite drain_suite = {
	.name = "xen-netback-drain",
	.init = drain_init,
	.exit = drain_exit,
	.test_cases = drain_cases,
};

kunit_test_suites(&drain_suite);
