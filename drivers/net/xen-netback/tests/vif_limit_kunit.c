// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of vif_limit.c, which includes this file: queues of a netif that wait
 * for its limit, with a lane that does nothing so that the case can be the
 * worker.
 */

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/gfp.h>

#include "../group.h"

#define LIMIT_CASE(fn, says)						\
	{								\
		.run_case = fn, .name = says,				\
		.generate_params = limit_dirs_gen_params,		\
	}

#define LIMIT_QUEUES 4

static const enum netbk_dir limit_dirs[] = { NETBK_TX, NETBK_RX };

static void describe_limit(const enum netbk_dir *dir, char *desc)
{
	strscpy(desc, *dir == NETBK_TX ? "Tx" : "Rx", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(limit_dirs, limit_dirs, describe_limit);

/**
 * struct limit_state - what a case works on
 * @limit: of the case's direction
 * @netbk: the group of all queues
 * @netif: whose limit it is
 * @queue: its queues
 */
struct limit_state {
	struct xenvif_limit limit;
	struct xen_netbk netbk;
	struct xen_netif netif;
	struct xenvif_queue queue[LIMIT_QUEUES];
};

/* Nothing comes in while a case runs. */
static const struct netbk_rate a_byte_an_hour = {
	.amount = 1, .period_us = 3600000000U,
};

static const struct netbk_rate no_limit;

static void do_nothing(struct tasklet_struct *tasklet)
{
}

static int limit_test_init(struct kunit *test)
{
	const enum netbk_dir *dir = test->param_value;
	struct limit_state *state;
	struct netbk_lane *lane;
	unsigned int i;

	state = kunit_kzalloc(test, sizeof(*state), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state);
	lane = &state->netbk.lane[*dir];
	state->netbk.cpu = -1;
	netbk_lane_init(lane, &state->netbk, *dir, NULL, NULL);
	tasklet_setup(&lane->tasklet, do_nothing);
	state->netif.queues = state->queue;
	state->netif.max_queues = LIMIT_QUEUES;
	for (i = 0; i < LIMIT_QUEUES; i++) {
		xenvif_queue_init(&state->queue[i], &state->netif, i);
		RCU_INIT_POINTER(state->queue[i].netbk, &state->netbk);
	}
	xenvif_limit_init(&state->limit, &state->netif, *dir);
	test->priv = state;
	return 0;
}

static void limit_test_exit(struct kunit *test)
{
	struct limit_state *state = test->priv;

	if (!state)
		return;
	xenvif_limit_stop(&state->limit);
	tasklet_kill(&state->netbk.lane[state->limit.dir].tasklet);
	test->priv = NULL;
}

static bool is_waiting(struct limit_state *state, unsigned int nr)
{
	return test_bit(limit_bit_of(&state->limit), &state->queue[nr].events);
}

static bool timer_is_set(struct limit_state *state)
{
	return hrtimer_is_queued(&state->limit.timer);
}

static bool may_take(struct limit_state *state)
{
	bool open;

	local_bh_disable();
	open = xenvif_limit_open(&state->limit);
	local_bh_enable();
	return open;
}

static void take_gso(struct limit_state *state, unsigned int bytes,
		     unsigned int gso_size)
{
	local_bh_disable();
	xenvif_limit_charge(&state->limit, bytes, gso_size);
	local_bh_enable();
}

static void take(struct limit_state *state, unsigned int bytes)
{
	take_gso(state, bytes, 0);
}

/* As the worker of queue @nr does that found the limit closed. */
static bool wait_for_limit(struct limit_state *state, unsigned int nr)
{
	bool open;

	set_bit(limit_bit_of(&state->limit), &state->queue[nr].events);
	local_bh_disable();
	open = xenvif_limit_wait(&state->limit, &state->queue[nr]);
	local_bh_enable();
	return open;
}

static void add_tokens(struct limit_state *state, enum xenvif_limit_kind kind,
		       unsigned int tokens)
{
	spin_lock_bh(&state->limit.lock);
	state->limit.bucket[kind].left += tokens;
	spin_unlock_bh(&state->limit.lock);
}

static void fire_timer(struct limit_state *state)
{
	local_bh_disable();
	limit_timer_fired(&state->limit.timer);
	local_bh_enable();
}

/* The queues that were scheduled since the last time, a digit for each, in
 * their order; their turns are free again.
 */
static void expect_woken(struct kunit *test, const char *order)
{
	struct limit_state *state = test->priv;
	enum netbk_dir dir = state->limit.dir;
	char woken[LIMIT_QUEUES + 1] = {};
	struct netbk_turn *turn, *next;
	struct llist_node *first;
	unsigned int i = 0, id;

	first = llist_del_all(&state->netbk.lane[dir].inbox);
	first = llist_reverse_order(first);
	llist_for_each_entry_safe(turn, next, first, inbox) {
		for (id = 0; id < LIMIT_QUEUES; id++) {
			struct xenvif_queue *queue = &state->queue[id];

			if (turn == (dir == NETBK_TX ? &queue->tx_turn :
						       &queue->rx_turn))
				woken[i++] = '0' + id;
		}
		clear_bit(NETBK_TURN_TAKEN, &turn->state);
	}
	KUNIT_EXPECT_STREQ(test, (const char *)woken, order);
}

static void limit_none(struct kunit *test)
{
	struct limit_state *state = test->priv;

	take(state, 1000000);
	KUNIT_EXPECT_TRUE(test, may_take(state));
	KUNIT_EXPECT_EQ(test, state->limit.bucket[XENVIF_LIMIT_BYTES].left, 0);
	KUNIT_EXPECT_TRUE(test, wait_for_limit(state, 0));
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 0));
	KUNIT_EXPECT_FALSE(test, timer_is_set(state));
}

static void limit_shuts(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	KUNIT_EXPECT_FALSE(test, may_take(state));
	add_tokens(state, XENVIF_LIMIT_BYTES, 1);
	KUNIT_EXPECT_TRUE(test, may_take(state));
	take(state, 65536);
	KUNIT_EXPECT_FALSE(test, may_take(state));
	KUNIT_EXPECT_FALSE(test, wait_for_limit(state, 0));
	KUNIT_EXPECT_TRUE(test, is_waiting(state, 0));
	KUNIT_EXPECT_TRUE(test, timer_is_set(state));
	expect_woken(test, "");
}

/* A debt of 100 us, which may be over before one gets to wait for its end. */
static void limit_shut_long(struct kunit *test)
{
	static const struct netbk_rate rate = { .amount = 1, .period_us = 1 };
	struct limit_state *state = test->priv;
	unsigned int tries = 0;
	u64 now, opens;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &rate);
	do {
		take(state, 100);
		now = ktime_get_ns();
	} while (wait_for_limit(state, 0) && ++tries < 1000);
	KUNIT_ASSERT_LT(test, tries, 1000);
	opens = ktime_to_ns(hrtimer_get_expires(&state->limit.timer));
	KUNIT_EXPECT_GE(test, opens, now + NETBK_SHUT_NS);
}

/* Something came between the look that found it closed and the wait. */
static void limit_opens_early(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	KUNIT_EXPECT_FALSE(test, may_take(state));
	add_tokens(state, XENVIF_LIMIT_BYTES, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_limit(state, 0));
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 0));
	KUNIT_EXPECT_FALSE(test, timer_is_set(state));
}

/* Nobody passes those who wait, until the timer has woken them. */
static void limit_shut_for_all(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	wait_for_limit(state, 1);
	add_tokens(state, XENVIF_LIMIT_BYTES, 1);
	KUNIT_EXPECT_FALSE(test, may_take(state));
	KUNIT_EXPECT_FALSE(test, wait_for_limit(state, 2));
	fire_timer(state);
	expect_woken(test, "12");
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 1));
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 2));
	KUNIT_EXPECT_TRUE(test, may_take(state));
}

static void limit_too_early(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	wait_for_limit(state, 0);
	hrtimer_cancel(&state->limit.timer);
	fire_timer(state);
	expect_woken(test, "");
	KUNIT_EXPECT_TRUE(test, is_waiting(state, 0));
	KUNIT_EXPECT_TRUE(test, timer_is_set(state));
}

/* Somebody has opened the limit before the timer took the lock. */
static void limit_too_late(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	wait_for_limit(state, 0);
	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	expect_woken(test, "0");
	fire_timer(state);
	expect_woken(test, "");
	KUNIT_EXPECT_FALSE(test, timer_is_set(state));
	KUNIT_EXPECT_FALSE(test, wait_for_limit(state, 0));
	KUNIT_EXPECT_TRUE(test, timer_is_set(state));
}

/* Each time another one goes first; who does not wait is left out. */
static void limit_rotation(struct kunit *test)
{
	static const char * const orders[] = { "013", "130", "301", "013" };
	struct limit_state *state = test->priv;
	unsigned int i;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		wait_for_limit(state, 3);
		wait_for_limit(state, 0);
		wait_for_limit(state, 1);
		add_tokens(state, XENVIF_LIMIT_BYTES, 1);
		fire_timer(state);
		expect_woken(test, orders[i]);
		take(state, 1);
	}
}

static void limit_lifted(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	wait_for_limit(state, 2);
	wait_for_limit(state, 1);
	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &no_limit);
	expect_woken(test, "12");
	KUNIT_EXPECT_TRUE(test, may_take(state));
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 1));
	KUNIT_EXPECT_FALSE(test, timer_is_set(state));
}

static void limit_both_kinds(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	xenvif_limit_set(&state->limit, XENVIF_LIMIT_PACKETS, &a_byte_an_hour);
	add_tokens(state, XENVIF_LIMIT_BYTES, 1000);
	KUNIT_EXPECT_FALSE(test, may_take(state));
	add_tokens(state, XENVIF_LIMIT_PACKETS, 2);
	KUNIT_EXPECT_TRUE(test, may_take(state));
	take(state, 60);
	KUNIT_EXPECT_TRUE(test, may_take(state));
	take(state, 60);
	KUNIT_EXPECT_FALSE(test, may_take(state));
	xenvif_limit_set(&state->limit, XENVIF_LIMIT_PACKETS, &no_limit);
	KUNIT_EXPECT_TRUE(test, may_take(state));
	take(state, 1000);
	KUNIT_EXPECT_FALSE(test, may_take(state));
}

/* What segments come to counts, however little of it came in. */
static void limit_segments(struct kunit *test)
{
	struct limit_state *state = test->priv;
	const struct netbk_bucket *bucket = state->limit.bucket;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	xenvif_limit_set(&state->limit, XENVIF_LIMIT_PACKETS, &a_byte_an_hour);
	take_gso(state, 14600, 1460);
	KUNIT_EXPECT_EQ(test, bucket[XENVIF_LIMIT_PACKETS].left, -10);
	KUNIT_EXPECT_EQ(test, bucket[XENVIF_LIMIT_BYTES].left, -14600);
	take_gso(state, 16384, 8);
	KUNIT_EXPECT_EQ(test, bucket[XENVIF_LIMIT_PACKETS].left, -10 - 2048);
	KUNIT_EXPECT_EQ(test, bucket[XENVIF_LIMIT_BYTES].left,
			-14600 - 2048 * NETBK_COST_SEGMENT_LEN);
}

/* A guest that reconnects owes what it owed before. */
static void limit_stopped(struct kunit *test)
{
	struct limit_state *state = test->priv;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &a_byte_an_hour);
	take(state, 65536);
	wait_for_limit(state, 0);
	xenvif_limit_stop(&state->limit);
	KUNIT_EXPECT_FALSE(test, timer_is_set(state));
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 0));
	expect_woken(test, "");
	KUNIT_EXPECT_FALSE(test, may_take(state));
	KUNIT_EXPECT_EQ(test, state->limit.bucket[XENVIF_LIMIT_BYTES].left,
			-65536);
	KUNIT_EXPECT_FALSE(test, wait_for_limit(state, 0));
	KUNIT_EXPECT_TRUE(test, timer_is_set(state));
}

/* The timer itself: 10 ms of debt, or more if they are over by then. */
static void limit_timer(struct kunit *test)
{
	static const struct netbk_rate rate = {
		.amount = 1000, .period_us = 1000,
	};
	struct limit_state *state = test->priv;
	unsigned int tries = 0, ms = 0;

	xenvif_limit_set(&state->limit, XENVIF_LIMIT_BYTES, &rate);
	do {
		take(state, 10000);
	} while (wait_for_limit(state, 0) && ++tries < 1000);
	KUNIT_ASSERT_LT(test, tries, 1000);
	while (is_waiting(state, 0) && ms++ < 1000)
		fsleep(USEC_PER_MSEC);
	KUNIT_EXPECT_FALSE(test, is_waiting(state, 0));
	/* The bit goes before the queue is on its way. */
	hrtimer_cancel(&state->limit.timer);
	expect_woken(test, "0");
	KUNIT_EXPECT_TRUE(test, may_take(state));
}

static struct kunit_case limit_cases[] = {
	LIMIT_CASE(limit_none, "without a limit no state is touched"),
	LIMIT_CASE(limit_shuts, "a limit closes after one packet in excess"),
	LIMIT_CASE(limit_shut_long,
		   "a limit stays closed for NETBK_SHUT_NS or longer"),
	LIMIT_CASE(limit_opens_early,
		   "a queue does not wait if the limit opens meanwhile"),
	LIMIT_CASE(limit_shut_for_all, "no queue passes those that wait"),
	LIMIT_CASE(limit_too_early,
		   "a timer that fires too early is set again"),
	LIMIT_CASE(limit_too_late, "a timer that fires too late does nothing"),
	LIMIT_CASE(limit_rotation,
		   "waiting queues take turns at being woken first"),
	LIMIT_CASE(limit_lifted, "lifting a limit wakes all waiting queues"),
	LIMIT_CASE(limit_both_kinds,
		   "bytes and packets are limited at the same time"),
	LIMIT_CASE(limit_segments,
		   "a GSO packet is charged for each of its segments"),
	LIMIT_CASE(limit_stopped, "a debt outlives the connection"),
	LIMIT_CASE(limit_timer, "the timer wakes a waiting queue"),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "xen-netback-limit",
	.init = limit_test_init,
	.exit = limit_test_exit,
	.test_cases = limit_cases,
};

kunit_test_suites(&limit_suite);
