// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of rx_backlog.c, and of how rx.c drops what waited too long for a
 * guest; included by rx.c after rx_kunit.c, whose packets and state they use.
 */

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include <net/sch_generic.h>
#include <net/sock.h>
#include <net/udp.h>

/* For the state of its queue to the stack, which may be stopped and woken. */
static int drain_init(struct kunit *test)
{
	struct rx_state *state;
	int err = rx_test_init(test);

	if (err)
		return err;
	state = test->priv;
	state->netif.rx_notify = true;
	state->netif.dev = alloc_netdev(0, "drain%d", NET_NAME_UNKNOWN,
					ether_setup);
	if (!state->netif.dev)
		return -ENOMEM;
	rcu_assign_pointer(netdev_get_tx_queue(state->netif.dev, 0)->qdisc,
			   &noop_qdisc);
	return 0;
}

static void drain_exit(struct kunit *test)
{
	struct rx_state *state = test->priv;

	if (state && state->netif.dev)
		free_netdev(state->netif.dev);
	rx_test_exit(test);
}

/* Has the first packets of the backlog wait for longer, also for the guest. */
static void drain_age(struct xenvif_queue *queue, unsigned int packets,
		      unsigned long age)
{
	struct sk_buff *skb;

	if (queue->rx_lacks_since) {
		queue->rx_lacks_since -= age;
		queue->rx_lacks_from -= age;
	}
	skb_queue_walk(&queue->rx_backlog, skb) {
		if (!packets--)
			return;
		netbk_rx_info(skb)->queued_at -= age;
	}
}

static void drain_shares(struct kunit *test)
{
	const unsigned int share = NETBK_QUANTUM / NETBK_COST_DROP;
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	enum netbk_stop first, second;
	unsigned int left;

	backlog(test, &rx_small, share + 2);
	queue->rx_queued.packets = share + 2;
	queue->rx_turn.share.credit = NETBK_QUANTUM;

	first = xenvif_backlog_drain(&state->batch, queue, NETBK_DROP_TIMEOUT);
	left = skb_queue_len(&queue->rx_backlog);
	netbk_share_begin(&queue->rx_turn.share, &queue->rx_turn.party,
			  NETBK_WEIGHT_DEFAULT, 1);
	second = xenvif_backlog_drain(&state->batch, queue, NETBK_DROP_TIMEOUT);

	KUNIT_EXPECT_EQ(test, first, NETBK_STOP_CREDIT);
	KUNIT_EXPECT_EQ(test, left, 2);
	KUNIT_EXPECT_EQ(test, second, NETBK_STOP_EMPTY);
	KUNIT_EXPECT_EQ(test, queue->rx_queued.packets, 0);
	KUNIT_EXPECT_EQ(test,
			u64_stats_read(&queue->rx_stats.count[XENVIF_DROPPED]),
			share + 2);
}

static void drain_room(struct kunit *test)
{
	struct rx_state *state = test->priv;

	backlog(test, &rx_small, 1);
	state->batch.cost = NETBK_ROUND_COST;
	KUNIT_EXPECT_EQ(test, NETBK_STOP_ROOM,
			xenvif_backlog_drain(&state->batch, &state->queue,
					     NETBK_DROP_TIMEOUT));
	KUNIT_EXPECT_EQ(test, skb_queue_len(&state->queue.rx_backlog), 1);
}

/* A guest that posts for one packet has the rest dropped that is too old. */
static void drain_by_age(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.drain_timeout = HZ;
	backlog(test, &rx_small, 6);
	queue->rx_queued.packets = 6;
	drain_age(queue, 4, 2 * HZ);
	queue->rx.sring->req_prod = state->start + 1;

	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&queue->rx_backlog), 2);
	KUNIT_EXPECT_EQ(test,
			u64_stats_read(&queue->rx_stats.count[XENVIF_DROPPED]),
			3);
}

static void drain_fits_anyway(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.drain_timeout = HZ;
	backlog(test, &rx_small, 3);
	drain_age(queue, 3, 2 * HZ);
	queue->rx.sring->req_prod = state->start + 3;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_EMPTY);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 3);
}

static void drain_younger_fits(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.drain_timeout = HZ;
	backlog(test, &rx_three_slots, 1);
	backlog(test, &rx_small, 1);
	queue->rx_queued.packets = 2;
	drain_age(queue, 1, 2 * HZ);
	queue->rx.sring->req_prod = state->start + 1;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_EMPTY);
	KUNIT_EXPECT_EQ(test, state->batch.nr_packets, 1);
	KUNIT_EXPECT_FALSE(test, queue->rx_stuck);
}

static bool drain_stopped(const struct rx_state *state)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(state->netif.dev, 0));
}

/* A packet that counts as in flight from the queue itself. */
static void drain_own(struct kunit *test, struct sk_buff_head *list)
{
	struct rx_state *state = test->priv;
	struct sk_buff *skb = make_skb(test, &rx_small);

	xenvif_inflight_own(&state->queue, skb);
	xenvif_queued_add(&state->queue.rx_queued, skb);
	__skb_queue_tail(list, skb);
}

static void drain_late(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	struct sk_buff *refused = make_skb(test, &rx_small);

	KUNIT_ASSERT_EQ(test, 0, xenvif_inflight_init(queue));
	state->netif.drain_timeout = 10 * HZ;
	drain_own(test, &queue->rx_backlog);
	drain_own(test, &queue->rx_queue);
	queue->rx_queued.packets = XENVIF_RX_QUEUE_PACKETS;
	netif_tx_stop_queue(netdev_get_tx_queue(state->netif.dev, 0));
	queue->rx.sring->req_prod = state->start;

	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_GT(test, xenvif_inflight_bytes(queue), 0);
	KUNIT_EXPECT_TRUE(test, drain_stopped(state));

	drain_age(queue, 1, HZ);
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, xenvif_inflight_bytes(queue), 0);
	KUNIT_EXPECT_FALSE(test, drain_stopped(state));
	KUNIT_EXPECT_EQ(test, skb_queue_len(&queue->rx_backlog), 2);

	KUNIT_EXPECT_FALSE(test, xenvif_backlog_add(queue, refused));
	KUNIT_EXPECT_FALSE(test, drain_stopped(state));
	kfree_skb(refused);
	xenvif_inflight_deinit(queue);
}

/* Adds a packet that a socket of this type has sent. Returns the socket. */
static struct sock *drain_add_of(struct kunit *test, int type, int protocol)
{
	struct rx_state *state = test->priv;
	struct sk_buff *skb = make_skb(test, &rx_small);
	struct sock *sk = sk_alloc(&init_net, PF_INET, GFP_KERNEL, &udp_prot,
				   1);

	KUNIT_ASSERT_NOT_NULL(test, sk);
	sock_init_data(NULL, sk);
	KUNIT_EXPECT_EQ(test, sk->sk_type, 0);
	sk->sk_type = type;
	sk->sk_protocol = protocol;
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	skb_set_owner_w(skb, sk);
	KUNIT_EXPECT_TRUE(test, xenvif_backlog_add(&state->queue, skb));
	return sk;
}

static void drain_owners(struct kunit *test)
{
	static const struct {
		int type;
		int protocol;
		bool keeps;
	} sender[] = {
		{ SOCK_DGRAM, IPPROTO_UDP, false },
		{ SOCK_RAW, IPPROTO_ICMP, false },
		{ SOCK_RAW, IPPROTO_TCP, false },
		{ SOCK_STREAM, IPPROTO_TCP, true },
		{ 0, 0, true },
	};
	struct rx_state *state = test->priv;
	struct sock *sk[ARRAY_SIZE(sender)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sender); i++) {
		sk[i] = drain_add_of(test, sender[i].type, sender[i].protocol);
		KUNIT_EXPECT_EQ(test, !!sk_wmem_alloc_get(sk[i]),
				sender[i].keeps);
	}
	skb_queue_purge(&state->queue.rx_queue);

	set_bit(XENVIF_RX_LATE, &state->queue.events);
	sock_put(sk[3]);
	sk[3] = drain_add_of(test, SOCK_STREAM, IPPROTO_TCP);
	KUNIT_EXPECT_EQ(test, sk_wmem_alloc_get(sk[3]), 0);
	skb_queue_purge(&state->queue.rx_queue);
	for (i = 0; i < ARRAY_SIZE(sender); i++)
		sock_put(sk[i]);
}

static void drain_late_ends(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	struct sk_buff *skb = make_skb(test, &rx_small);

	KUNIT_ASSERT_EQ(test, 0, xenvif_inflight_init(queue));
	state->netif.drain_timeout = 10 * HZ;
	backlog(test, &rx_small, 2);
	queue->rx.sring->req_prod = state->start;
	rx_gather_queue(&state->batch, queue);
	drain_age(queue, 2, HZ);
	queue->rx.sring->req_prod = state->start + 1;
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_TRUE(test, test_bit(XENVIF_RX_LATE, &queue->events));

	xenvif_inflight_own(queue, skb);
	KUNIT_EXPECT_TRUE(test, xenvif_backlog_add(queue, skb));
	KUNIT_EXPECT_EQ(test, xenvif_inflight_bytes(queue), 0);

	/* The second of the old ones; the new one may wait a while. */
	queue->rx.sring->req_prod = state->start + 2;
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_FALSE(test, test_bit(XENVIF_RX_LATE, &queue->events));
	xenvif_inflight_deinit(queue);
	skb_queue_purge(&queue->rx_queue);
}

/* Packets that are old because of the rate; then the guest lacks room. */
static void drain_rate_waits(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.rx_notify = false;
	state->netif.drain_timeout = msecs_to_jiffies(30);
	backlog(test, &rx_small, 3);
	queue->rx_queued.packets = 3;
	drain_age(queue, 3, HZ);
	queue->rx.sring->req_prod = state->start + 1;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&queue->rx_backlog), 2);
	KUNIT_EXPECT_FALSE(test, test_bit(XENVIF_RX_LATE, &queue->events));

	/* Another wait for the rate, seen at the second visit after it. */
	xenvif_backlog_count_lack(queue, NETBK_STOP_LIMIT);
	drain_age(queue, 2, HZ);
	queue->rx_limited_at -= HZ;
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&queue->rx_backlog), 2);

	drain_age(queue, 2, HZ);
	rx_gather_queue(&state->batch, queue);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&queue->rx_backlog), 0);
}

/* A packet that came while another lacked room; one after a rate's wait. */
static void drain_counts_head(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	unsigned long from = jiffies - HZ;

	backlog(test, &rx_small, 1);
	queue->rx_lacks_since = from;
	queue->rx_lacks_from = from;
	xenvif_backlog_count_lack(queue, NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, queue->rx_lacks_since,
			netbk_rx_info(skb_peek(&queue->rx_backlog))->queued_at);

	queue->rx_lacks_since = from + HZ / 2;
	queue->rx_lacks_from = from;
	xenvif_backlog_count_lack(queue, NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, queue->rx_lacks_since, queue->rx_lacks_from);
	KUNIT_EXPECT_TRUE(test, time_after(queue->rx_lacks_from, from));

	xenvif_backlog_count_lack(queue, NETBK_STOP_EMPTY);
	KUNIT_EXPECT_EQ(test, queue->rx_lacks_since, 0);
}

static void drain_follows_head(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.drain_timeout = HZ;
	backlog(test, &rx_small, 1);
	drain_age(queue, 1, HZ / 2);
	set_bit(XENVIF_RX_LATE, &queue->events);
	rx_note_wait(queue, skb_peek(&queue->rx_backlog));
	KUNIT_EXPECT_EQ(test, queue->rx_due,
			netbk_rx_info(skb_peek(&queue->rx_backlog))->queued_at +
			HZ);
	KUNIT_EXPECT_TRUE(test, time_before(queue->rx_due, jiffies + HZ));
}

static void drain_no_notify(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	state->netif.rx_notify = false;
	set_bit(XENVIF_RX_STARVED, &queue->events);
	KUNIT_EXPECT_FALSE(test, rx_awaits_something(queue));
	state->netif.rx_notify = true;
	KUNIT_EXPECT_TRUE(test, rx_awaits_something(queue));
}

static void drain_vain_visit(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct netbk_share *share = &state->queue.rx_turn.share;

	state->netif.drain_timeout = HZ;
	share->credit = NETBK_QUANTUM;
	state->queue.rx.sring->req_prod = state->start + 2;
	backlog(test, &rx_three_slots, 1);
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, &state->queue),
			NETBK_STOP_NEED);
	KUNIT_EXPECT_EQ(test, share->credit, NETBK_QUANTUM - NETBK_COST_DROP);
	KUNIT_EXPECT_EQ(test, state->batch.cost, NETBK_COST_DROP);
	KUNIT_EXPECT_TRUE(test, state->queue.rx_vain);

	/* A full batch is not the queue's fault. */
	state->queue.rx.sring->req_prod = state->start + 3;
	state->batch.cost = NETBK_ROUND_COST;
	KUNIT_EXPECT_EQ(test, rx_gather_queue(&state->batch, &state->queue),
			NETBK_STOP_ROOM);
	KUNIT_EXPECT_EQ(test, share->credit, NETBK_QUANTUM - NETBK_COST_DROP);
}

/* Without a packet, so that no timer is left. */
static void drain_vain_owed(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	struct netbk_share *share = &queue->rx_turn.share;

	queue->rx.sring->req_prod = state->start;
	queue->rx_stuck_need = 1;
	share->credit = 0;
	rx_settle_starved(NULL, queue);
	KUNIT_EXPECT_EQ(test, share->credit, 0);
	queue->rx_vain = true;
	rx_settle_starved(NULL, queue);
	KUNIT_EXPECT_EQ(test, share->credit,
			-(NETBK_COST_PACKET + NETBK_COST_REQUEST));
}

static void drain_full(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	struct sk_buff *skb = make_skb(test, &rx_small);

	RCU_INIT_POINTER(queue->netbk, (struct xen_netbk *)queue);
	queue->rx_queued.packets = XENVIF_RX_QUEUE_PACKETS;
	KUNIT_EXPECT_EQ(test, xenvif_rx_enqueue(queue, skb), NETBK_DROP_FULL);
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&queue->rx_queue));
	RCU_INIT_POINTER(queue->netbk, NULL);
	kfree_skb(skb);
}

/* ------------------------------ bounds ------------------------------- */

/* Adds packets until the stack is stopped. Returns how many that took. */
static unsigned int drain_fill(struct kunit *test,
			       const struct netbk_test_shape *shape,
			       unsigned int truesize)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;
	unsigned int packets = 0;

	netif_tx_start_queue(netdev_get_tx_queue(state->netif.dev, 0));
	while (!drain_stopped(state) && packets < 2 * XENVIF_RX_QUEUE_PACKETS) {
		struct sk_buff *skb = make_skb(test, shape);

		if (truesize)
			skb->truesize = truesize;
		KUNIT_EXPECT_TRUE(test, xenvif_backlog_add(queue, skb));
		packets++;
	}
	return packets;
}

/* Frees packets until the stack is woken. Returns how many are left. */
static unsigned int drain_until_woken(struct rx_state *state)
{
	struct xenvif_queue *queue = &state->queue;
	struct sk_buff *skb;

	while (drain_stopped(state) &&
	       (skb = skb_dequeue(&queue->rx_queue)) != NULL) {
		struct xenvif_queued gone = {};

		xenvif_queued_add(&gone, skb);
		xenvif_backlog_uncharge(queue, &gone);
		kfree_skb(skb);
	}
	return queue->rx_queued.packets;
}

/* 64 KiB in 45 frames, as GRO joins those of a card with a page for each. */
static const struct netbk_test_shape drain_pages = {
	.headroom = 64, .linear = 66, .nr_frags = 15, .offset = 128,
	.size = 1448, .nr_parts = 2, .gso_type = SKB_GSO_TCPV4,
};

static void drain_depth(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	KUNIT_EXPECT_EQ(test, drain_fill(test, &drain_pages, 0), 9);
	KUNIT_EXPECT_GT(test, queue->rx_queued.memory,
			2 * XENVIF_RX_QUEUE_BYTES);
	KUNIT_EXPECT_EQ(test, drain_until_woken(state), 4);
	skb_queue_purge(&queue->rx_queue);
}

static void drain_depth_small(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	KUNIT_EXPECT_EQ(test, drain_fill(test, &rx_small, 768),
			XENVIF_RX_QUEUE_PACKETS);
	KUNIT_EXPECT_EQ(test, drain_until_woken(state),
			XENVIF_RX_QUEUE_PACKETS / 2 - 1);
	skb_queue_purge(&queue->rx_queue);
}

static void drain_depth_memory(struct kunit *test)
{
	struct rx_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue;

	KUNIT_EXPECT_EQ(test, drain_fill(test, &rx_small, SZ_64K),
			XENVIF_RX_QUEUE_MEMORY / SZ_64K);
	skb_queue_purge(&queue->rx_queue);
}

static struct kunit_case drain_cases[] = {
	RX_CASE(drain_depth,
		"eight packets of 64 KiB wait, even of a page for each frame"),
	RX_CASE(drain_depth_small, "as many small packets wait as may"),
	RX_CASE(drain_depth_memory,
		"packets with much memory wait within the bound on memory"),
	RX_CASE(drain_shares,
		"a timed-out backlog is dropped a quantum at a time"),
	RX_CASE(drain_room, "a full batch postpones the drop of a backlog"),
	RX_CASE(drain_by_age,
		"packets expire while the guest takes one now and then"),
	RX_CASE(drain_fits_anyway,
		"an old packet for which there is room is delivered"),
	RX_CASE(drain_younger_fits,
		"a packet that fits follows one that has expired"),
	RX_CASE(drain_vain_visit, "a visit that takes nothing is charged"),
	RX_CASE(drain_vain_owed, "a queue owes the cost of a vain visit"),
	RX_CASE(drain_late,
		"a guest that takes nothing does not hold its senders back"),
	RX_CASE(drain_owners,
		"packets of shared sockets lose their owner when queued"),
	RX_CASE(drain_late_ends,
		"senders are held back again when old packets are taken"),
	RX_CASE(drain_rate_waits,
		"a wait for the rate is no lack of room"),
	RX_CASE(drain_counts_head,
		"a lack of room is counted for the packet that waits"),
	RX_CASE(drain_follows_head, "the timer follows the age of the head"),
	RX_CASE(drain_no_notify,
		"a guest without rx-notify is looked at with each packet"),
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
