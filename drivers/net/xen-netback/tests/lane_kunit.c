// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of lane.c, and of lane_run.c, which includes this file: the line of a
 * lane, with a worker that does nothing so that the case can be the worker.
 */

#include <kunit/test.h>
#include <linux/gfp.h>

#define LANE_CASE(fn, says)						\
	{								\
		.run_case = fn, .name = says,				\
		.generate_params = lanes_gen_params,			\
	}

static const enum netbk_dir lanes[] = { NETBK_TX, NETBK_RX };

static void describe_lane(const enum netbk_dir *dir, char *desc)
{
	strscpy(desc, *dir == NETBK_TX ? "Tx" : "Rx", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lanes, lanes, describe_lane);

/* ------------------------------ the line ----------------------------- */

#define LINE_QUEUES 10
#define LINE_GUESTS 2

/**
 * struct line_state - what a case works on
 * @lane: the lane of the case's direction
 * @netbk: its group
 * @netif: two guests', which are 0 and 1
 * @queue: of guest 0, until the case says otherwise
 */
struct line_state {
	struct netbk_lane *lane;
	struct xen_netbk netbk;
	struct xen_netif netif[LINE_GUESTS];
	struct xenvif_queue queue[LINE_QUEUES];
};

static void do_nothing(struct tasklet_struct *tasklet)
{
}

static void set_guest(struct line_state *state, unsigned int nr,
		      unsigned int guest)
{
	state->queue[nr].netif = &state->netif[guest];
}

static int line_init(struct kunit *test)
{
	const enum netbk_dir *dir = test->param_value;
	struct line_state *state;
	unsigned int i;

	state = kunit_kzalloc(test, sizeof(*state), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state);
	state->lane = &state->netbk.lane[*dir];
	state->netbk.cpu = -1;
	netbk_lane_init(state->lane, &state->netbk, *dir, NULL, NULL);
	tasklet_setup(&state->lane->tasklet, do_nothing);
	for (i = 0; i < LINE_GUESTS; i++)
		state->netif[i].weight = NETBK_WEIGHT_DEFAULT;
	for (i = 0; i < LINE_QUEUES; i++) {
		xenvif_queue_init(&state->queue[i], &state->netif[0], i);
		RCU_INIT_POINTER(state->queue[i].netbk, &state->netbk);
	}
	test->priv = state;
	return 0;
}

static void line_exit(struct kunit *test)
{
	struct line_state *state = test->priv;

	if (state)
		tasklet_kill(&state->lane->tasklet);
	test->priv = NULL;
}

static bool is_taken(struct line_state *state, unsigned int nr)
{
	struct netbk_turn *turn = netbk_turn_of(&state->queue[nr],
						state->lane->dir);

	return test_bit(NETBK_TURN_TAKEN, &turn->state);
}

/* Queues 0 to @nr - 1 have work, in this order. */
static void line_up(struct line_state *state, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		netbk_schedule(&state->queue[i], state->lane->dir);
	lane_empty_inbox(state->lane);
}

/* Visits all that stand in line, whose order is given by a digit for each. */
static void expect_visits(struct kunit *test, const char *order)
{
	struct line_state *state = test->priv;
	char visited[2 * LINE_QUEUES + 1] = {};
	struct xenvif_queue *queue;
	unsigned int i;

	for (i = 0; i < 2 * LINE_QUEUES; i++) {
		queue = netbk_next_queue(state->lane);
		if (!queue)
			break;
		visited[i] = '0' + queue->id;
	}
	KUNIT_EXPECT_STREQ(test, (const char *)visited, order);
}

static void line_order(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 5);
	expect_visits(test, "01234");
	expect_visits(test, "");
	KUNIT_EXPECT_TRUE(test, is_taken(state, 0));
}

static void charge(struct line_state *state, unsigned int nr, unsigned int cost)
{
	netbk_share_charge(&netbk_turn_of(&state->queue[nr],
					  state->lane->dir)->share,
			   cost);
}

/* Queue 0 owes two quanta, and lets others pass twice. */
static void line_debt(struct kunit *test)
{
	struct line_state *state = test->priv;
	char visited[4 * 2 + 1] = {};
	struct xenvif_queue *queue;
	unsigned int i;

	line_up(state, 2);
	charge(state, 0, 2 * NETBK_QUANTUM);
	for (i = 0; i < 4; i++) {
		queue = netbk_next_queue(state->lane);
		KUNIT_ASSERT_NOT_NULL(test, queue);
		visited[i] = '0' + queue->id;
		charge(state, queue->id, NETBK_QUANTUM);
		KUNIT_EXPECT_TRUE(test, netbk_visited(state->lane, queue,
						      NETBK_STOP_CREDIT));
	}
	KUNIT_EXPECT_STREQ(test, (const char *)visited, "1101");
}

/* What it owes takes more passes than a round may spend. */
static void line_debt_bounded(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 1);
	charge(state, 0, 3 * NETBK_PASSES_MAX / 2 * NETBK_QUANTUM);
	KUNIT_EXPECT_PTR_EQ(test, netbk_next_queue(state->lane), NULL);
	KUNIT_EXPECT_TRUE(test, state->lane->busy);
	KUNIT_EXPECT_TRUE(test, netbk_somebody_waits(state->lane));
	state->lane->passes = 0;
	KUNIT_EXPECT_PTR_EQ(test, netbk_next_queue(state->lane),
			    &state->queue[0]);
}

static void line_left(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 4);
	RCU_INIT_POINTER(state->queue[0].netbk, NULL);
	RCU_INIT_POINTER(state->queue[2].netbk, NULL);
	expect_visits(test, "13");
	KUNIT_EXPECT_FALSE(test, is_taken(state, 0));
	KUNIT_EXPECT_FALSE(test, is_taken(state, 2));
}

static void line_broken(struct kunit *test)
{
	struct line_state *state = test->priv;

	set_guest(state, 1, 1);
	set_bit(XENVIF_BROKEN, &state->netif[1].state);
	line_up(state, 3);
	expect_visits(test, "02");
	KUNIT_EXPECT_FALSE(test, is_taken(state, 1));
}

static struct xenvif_queue *visit_first(struct line_state *state,
					enum netbk_stop stop)
{
	struct xenvif_queue *queue = netbk_next_queue(state->lane);

	if (queue)
		netbk_visited(state->lane, queue, stop);
	return queue;
}

static void line_credit(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 3);
	visit_first(state, NETBK_STOP_CREDIT);
	KUNIT_EXPECT_FALSE(test, state->lane->busy);
	expect_visits(test, "120");
}

static void line_room(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct netbk_turn *turn;

	line_up(state, 3);
	turn = netbk_turn_of(visit_first(state, NETBK_STOP_ROOM),
			     state->lane->dir);
	KUNIT_EXPECT_TRUE(test, state->lane->busy);
	KUNIT_EXPECT_EQ(test, turn->share.credit, NETBK_QUANTUM);
	expect_visits(test, "012");
	KUNIT_EXPECT_EQ(test, turn->share.credit, NETBK_QUANTUM);
}

static void line_empty(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct netbk_turn *turn;

	line_up(state, 3);
	turn = netbk_turn_of(visit_first(state, NETBK_STOP_EMPTY),
			     state->lane->dir);
	KUNIT_EXPECT_EQ(test, turn->share.credit, 0);
	expect_visits(test, "12");
}

/* Delivery took longer than the rest of its credit: its visit is over. */
static void line_overrun(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 3);
	visit_first(state, NETBK_STOP_ROOM);
	charge(state, 0, NETBK_QUANTUM);
	expect_visits(test, "120");
}

static void line_served(struct kunit *test)
{
	struct line_state *state = test->priv;
	bool in_line;

	line_up(state, 2);
	visit_first(state, NETBK_STOP_CREDIT);
	visit_first(state, NETBK_STOP_EMPTY);
	visit_first(state, NETBK_STOP_CREDIT);
	KUNIT_EXPECT_PTR_EQ(test, netbk_next_served(state->lane, &in_line),
			    &state->queue[0]);
	KUNIT_EXPECT_TRUE(test, in_line);
	KUNIT_EXPECT_PTR_EQ(test, netbk_next_served(state->lane, &in_line),
			    &state->queue[1]);
	KUNIT_EXPECT_FALSE(test, in_line);
	KUNIT_EXPECT_NULL(test, netbk_next_served(state->lane, &in_line));
}

/* Broken between two visits of a round: the turn goes when it is settled. */
static void line_broken_served(struct kunit *test)
{
	struct line_state *state = test->priv;
	bool in_line;

	line_up(state, 1);
	visit_first(state, NETBK_STOP_CREDIT);
	set_bit(XENVIF_BROKEN, &state->netif[0].state);
	expect_visits(test, "");
	KUNIT_EXPECT_TRUE(test, is_taken(state, 0));
	KUNIT_EXPECT_PTR_EQ(test, netbk_next_served(state->lane, &in_line),
			    &state->queue[0]);
	KUNIT_EXPECT_FALSE(test, in_line);
	netbk_requeue(state->lane, &state->queue[0]);
	expect_visits(test, "");
	KUNIT_EXPECT_FALSE(test, is_taken(state, 0));
}

static void set_lead(struct line_state *state, unsigned int from,
		     unsigned int to)
{
	unsigned int nr;

	for (nr = from; nr <= to; nr++)
		state->queue[nr].lead = &state->queue[from];
}

/* Visits that each use up the credit; returns the part of it that guest 0 got,
 * in per cent.
 */
static unsigned int part_of_guest(struct line_state *state, unsigned int visits)
{
	unsigned int got[LINE_GUESTS] = {};

	while (visits--) {
		struct xenvif_queue *queue = netbk_next_queue(state->lane);
		struct netbk_turn *turn = netbk_turn_of(queue,
							state->lane->dir);

		got[queue->netif - state->netif] += turn->share.credit;
		netbk_share_charge(&turn->share, turn->share.credit);
		netbk_visited(state->lane, queue, NETBK_STOP_CREDIT);
	}
	return 100 * got[0] / (got[0] + got[1]);
}

/* Eight queues and one. */
static void party_shares(struct kunit *test)
{
	struct line_state *state = test->priv;

	set_guest(state, 8, 1);
	set_lead(state, 0, 7);
	line_up(state, 9);
	part_of_guest(state, 2 * 9);
	KUNIT_EXPECT_EQ(test, part_of_guest(state, 20 * 9), 50);
	state->netif[0].weight = 200;
	KUNIT_EXPECT_EQ(test, part_of_guest(state, 20 * 9), 66);
}

/* The new lead last kept accounts in another lane. */
static void party_lead_moves(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct netbk_party *party;

	set_guest(state, 8, 1);
	set_lead(state, 0, 7);
	line_up(state, 9);
	part_of_guest(state, 20 * 9);
	party = &netbk_turn_of(&state->queue[1], state->lane->dir)->party;
	*party = (struct netbk_party){
		.lap = state->lane->lap + 7, .given = 1, .expected = 64,
	};
	set_lead(state, 1, 7);
	RCU_INIT_POINTER(state->queue[0].netbk, NULL);
	/* It learns in the lap in which the old one leaves. */
	part_of_guest(state, 2 * 8);
	KUNIT_EXPECT_EQ(test, part_of_guest(state, 20 * 8), 50);
	KUNIT_EXPECT_EQ(test, party->expected, 7);
}

/* ------------------------------ the turn ----------------------------- */

static void turn_taken(struct kunit *test)
{
	struct line_state *state = test->priv;
	enum netbk_dir dir = state->lane->dir;

	KUNIT_EXPECT_TRUE(test, netbk_schedule(&state->queue[0], dir));
	KUNIT_EXPECT_TRUE(test, netbk_schedule(&state->queue[0], dir));
	lane_empty_inbox(state->lane);
	KUNIT_EXPECT_TRUE(test, netbk_schedule(&state->queue[0], dir));
	KUNIT_EXPECT_TRUE(test, llist_empty(&state->lane->inbox));
	expect_visits(test, "0");
	/* Being served, it is not to be had either. */
	KUNIT_EXPECT_TRUE(test, netbk_schedule(&state->queue[0], dir));
	KUNIT_EXPECT_TRUE(test, llist_empty(&state->lane->inbox));
}

static void turn_other_way(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 1);
	KUNIT_EXPECT_EQ(test, state->queue[0].tx_turn.state +
			state->queue[0].rx_turn.state, BIT(NETBK_TURN_TAKEN));
}

static void turn_no_group(struct kunit *test)
{
	struct line_state *state = test->priv;

	RCU_INIT_POINTER(state->queue[0].netbk, NULL);
	KUNIT_EXPECT_FALSE(test, netbk_schedule(&state->queue[0],
						state->lane->dir));
	KUNIT_EXPECT_TRUE(test, llist_empty(&state->lane->inbox));
	KUNIT_EXPECT_FALSE(test, is_taken(state, 0));
}

static void turn_retaken(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];

	line_up(state, 1);
	expect_visits(test, "0");
	netbk_release_turn(queue, state->lane->dir);
	KUNIT_EXPECT_FALSE(test, is_taken(state, 0));
	netbk_retake_turn(state->lane, queue);
	KUNIT_EXPECT_TRUE(test, is_taken(state, 0));
	expect_visits(test, "0");
}

static void turn_lost(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];

	line_up(state, 1);
	expect_visits(test, "0");
	netbk_release_turn(queue, state->lane->dir);
	netbk_schedule(queue, state->lane->dir);
	netbk_retake_turn(state->lane, queue);
	expect_visits(test, "");
	lane_empty_inbox(state->lane);
	expect_visits(test, "0");
}

static void turn_flushed(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct netbk_flush flush = {};

	line_up(state, 3);
	RCU_INIT_POINTER(state->queue[1].netbk, NULL);
	init_completion(&flush.done);
	lane_answer_flushes(state->lane, &flush.node);
	KUNIT_EXPECT_TRUE(test, completion_done(&flush.done));
	KUNIT_EXPECT_FALSE(test, is_taken(state, 1));
	expect_visits(test, "02");
}

static void come(struct line_state *state, unsigned int nr)
{
	netbk_schedule(&state->queue[nr], state->lane->dir);
	lane_empty_inbox(state->lane);
}

static void lap_fresh(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 3);
	visit_first(state, NETBK_STOP_CREDIT);
	visit_first(state, NETBK_STOP_CREDIT);
	come(state, 5);
	come(state, 4);
	expect_visits(test, "25401");
}

/* Queue 4 passes three that have had their share, and has no more to do. */
static void come_to_busy_line(struct line_state *state)
{
	unsigned int i;

	line_up(state, 3);
	for (i = 0; i < 3; i++)
		visit_first(state, NETBK_STOP_CREDIT);
	come(state, 4);
	visit_first(state, NETBK_STOP_EMPTY);
}

/* It gets more once the round is over. */
static void come_again(struct line_state *state)
{
	bool in_line;

	while (netbk_next_served(state->lane, &in_line))
		;
	netbk_release_turn(&state->queue[4], state->lane->dir);
	come(state, 4);
}

/* Queue 4 is served at once, and then again as if it had waited. */
static void lap_once(struct kunit *test)
{
	struct line_state *state = test->priv;

	come_to_busy_line(state);
	come_again(state);
	expect_visits(test, "0124");
}

/* The next lap has begun with queue 0: queue 4 has not had its share of it. */
static void lap_again(struct kunit *test)
{
	struct line_state *state = test->priv;

	come_to_busy_line(state);
	visit_first(state, NETBK_STOP_CREDIT);
	come_again(state);
	expect_visits(test, "4120");
}

static void lap_room(struct kunit *test)
{
	struct line_state *state = test->priv;

	line_up(state, 3);
	visit_first(state, NETBK_STOP_CREDIT);
	visit_first(state, NETBK_STOP_ROOM);
	come(state, 4);
	expect_visits(test, "1240");
}

/* What a case does as the mover: the flush is answered at once, or never. */
static bool take(struct line_state *state, unsigned int nr)
{
	struct netbk_flush flush = { .take = &state->queue[nr] };

	init_completion(&flush.done);
	lane_answer_flushes(state->lane, &flush.node);
	llist_del_all(&state->lane->flushes);
	return completion_done(&flush.done);
}

static void turn_handed_over(struct kunit *test)
{
	struct line_state *state = test->priv;
	enum netbk_dir dir = state->lane->dir;

	line_up(state, 3);
	KUNIT_EXPECT_TRUE(test, take(state, 1));
	expect_visits(test, "02");
	/* A producer leaves it at that. */
	KUNIT_EXPECT_TRUE(test, is_taken(state, 1));
	KUNIT_EXPECT_TRUE(test, netbk_schedule(&state->queue[1], dir));
	KUNIT_EXPECT_TRUE(test, llist_empty(&state->lane->inbox));
	netbk_lane_give(state->lane, &state->queue[1]);
	lane_empty_inbox(state->lane);
	expect_visits(test, "1");
}

static void turn_handed_over_idle(struct kunit *test)
{
	struct line_state *state = test->priv;

	KUNIT_EXPECT_TRUE(test, take(state, 1));
	KUNIT_EXPECT_TRUE(test, is_taken(state, 1));
	expect_visits(test, "");
}

static void turn_handed_over_inbox(struct kunit *test)
{
	struct line_state *state = test->priv;

	netbk_schedule(&state->queue[0], state->lane->dir);
	netbk_schedule(&state->queue[1], state->lane->dir);
	KUNIT_EXPECT_TRUE(test, take(state, 1));
	expect_visits(test, "0");
}

/* The bit is set, but the turn has not got to the inbox yet. */
static void turn_under_way(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct netbk_turn *turn = netbk_turn_of(&state->queue[0],
						state->lane->dir);

	set_bit(NETBK_TURN_TAKEN, &turn->state);
	KUNIT_EXPECT_FALSE(test, take(state, 0));
	llist_add(&turn->inbox, &state->lane->inbox);
	KUNIT_EXPECT_TRUE(test, take(state, 0));
	expect_visits(test, "");
}

/* Left on the inbox of a group that the queue has been moved from. */
static void turn_passed_on(struct kunit *test)
{
	struct line_state *state = test->priv;
	enum netbk_dir dir = state->lane->dir;
	struct xenvif_queue *queue = &state->queue[0];
	struct xen_netbk *other;

	other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	other->cpu = -1;
	netbk_lane_init(&other->lane[dir], other, dir, NULL, NULL);
	tasklet_setup(&other->lane[dir].tasklet, do_nothing);

	netbk_schedule(queue, dir);
	rcu_assign_pointer(queue->netbk, other);
	lane_empty_inbox(state->lane);
	expect_visits(test, "");
	KUNIT_EXPECT_TRUE(test, is_taken(state, 0));
	lane_empty_inbox(&other->lane[dir]);
	KUNIT_EXPECT_PTR_EQ(test, netbk_next_queue(&other->lane[dir]), queue);
	tasklet_kill(&other->lane[dir].tasklet);
}

/* Left on the inbox of a group, and then its netif went down. */
static void turn_of_nobody(struct kunit *test)
{
	struct line_state *state = test->priv;

	netbk_schedule(&state->queue[0], state->lane->dir);
	RCU_INIT_POINTER(state->queue[0].netbk, NULL);
	lane_empty_inbox(state->lane);
	KUNIT_EXPECT_FALSE(test, is_taken(state, 0));
	expect_visits(test, "");
}

static struct kunit_case line_cases[] = {
	LANE_CASE(line_order,
		  "queues are served in the order in which they got work"),
	LANE_CASE(line_debt, "a queue in debt lets others pass"),
	LANE_CASE(line_debt_bounded,
		  "a round ends where queues in debt only pass"),
	LANE_CASE(line_left, "a queue that has left its group loses its turn"),
	LANE_CASE(line_broken, "a queue of a broken guest loses its turn"),
	LANE_CASE(line_credit,
		  "a queue without credit goes to the end of the line"),
	LANE_CASE(line_room,
		  "a queue that met a full batch stays first, with credit"),
	LANE_CASE(line_overrun,
		  "a queue whose delivery overran its credit goes last"),
	LANE_CASE(line_empty,
		  "an empty queue leaves the line and loses its credit"),
	LANE_CASE(line_served,
		  "a queue visited twice in a round is settled once"),
	LANE_CASE(line_broken_served,
		  "a queue that breaks keeps its turn until its round ends"),
	LANE_CASE(party_shares,
		  "a guest's share does not grow with its queues"),
	LANE_CASE(party_lead_moves,
		  "a guest's share stays the same when its lead queue moves"),
	LANE_CASE(turn_taken, "a queue is in line at most once"),
	LANE_CASE(turn_other_way, "each direction has its own turn"),
	LANE_CASE(turn_no_group, "a queue without a group gets no turn"),
	LANE_CASE(turn_retaken, "a released turn can be taken back"),
	LANE_CASE(turn_lost, "a turn that a producer took is not taken back"),
	LANE_CASE(turn_flushed,
		  "a flush drops queues that have left, and completes"),
	LANE_CASE(lap_fresh,
		  "a queue that gets work passes those served in this lap"),
	LANE_CASE(lap_once, "a queue passes others once a lap only"),
	LANE_CASE(lap_again, "a queue passes others again in the next lap"),
	LANE_CASE(lap_room, "a queue in the middle of its share is not passed"),
	LANE_CASE(turn_handed_over, "a move takes over a turn that is in line"),
	LANE_CASE(turn_handed_over_idle,
		  "a move takes over a turn that is free"),
	LANE_CASE(turn_handed_over_inbox,
		  "a move takes over a turn that is in the inbox"),
	LANE_CASE(turn_under_way,
		  "a move retries while a turn is on its way to the inbox"),
	LANE_CASE(turn_passed_on,
		  "the old group passes on the turn of a moved queue"),
	LANE_CASE(turn_of_nobody,
		  "the turn of a queue without a group is released"),
	{}
};

static struct kunit_suite line_suite = {
	.name = "xen-netback-lane",
	.init = line_init,
	.exit = line_exit,
	.test_cases = line_cases,
};

kunit_test_suites(&line_suite);
