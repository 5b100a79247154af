// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of service gaps, which lane.c begins and ends: on the lane of
 * lane_kunit.c, behind which lane_run.c includes this file.
 */

#include <kunit/test.h>

/* Cases in which nobody measures can't be had if somebody does. */
static void need_no_users(struct kunit *test)
{
	if (netbk_gaps_wanted())
		kunit_skip(test, "gaps are measured");
}

static unsigned long gaps_of(struct kunit *test)
{
	const struct line_state *state = test->priv;
	unsigned long gaps = 0;
	unsigned int i;

	for (i = 0; i < NETBK_HISTOGRAM_BUCKETS; i++)
		gaps += state->lane->gaps.count[i];
	return gaps;
}

static void gap_each(struct kunit *test)
{
	struct line_state *state = test->priv;

	static_branch_inc(&netbk_param_gaps);
	line_up(state, 3);
	expect_visits(test, "012");
	static_branch_dec(&netbk_param_gaps);
	KUNIT_EXPECT_EQ(test, gaps_of(test), 3UL);
}

static void gap_goes_on(struct kunit *test)
{
	struct line_state *state = test->priv;

	static_branch_inc(&netbk_param_gaps);
	line_up(state, 1);
	visit_first(state, NETBK_STOP_CREDIT);
	visit_first(state, NETBK_STOP_ROOM);
	visit_first(state, NETBK_STOP_EMPTY);
	static_branch_dec(&netbk_param_gaps);
	KUNIT_EXPECT_EQ(test, gaps_of(test), 3UL);
}

static void gap_requeued(struct kunit *test)
{
	struct line_state *state = test->priv;

	static_branch_inc(&netbk_param_gaps);
	line_up(state, 1);
	visit_first(state, NETBK_STOP_EMPTY);
	netbk_requeue(state->lane, &state->queue[0]);
	expect_visits(test, "0");
	static_branch_dec(&netbk_param_gaps);
	KUNIT_EXPECT_EQ(test, gaps_of(test), 2UL);
}

static void gap_unasked(struct kunit *test)
{
	struct line_state *state = test->priv;

	static_branch_inc(&netbk_param_gaps);
	line_up(state, 1);
	visit_first(state, NETBK_STOP_EMPTY);
	state->lane->pace.dense = true;
	KUNIT_EXPECT_TRUE(test, netbk_keep(state->lane, &state->queue[0]));
	expect_visits(test, "0");
	static_branch_dec(&netbk_param_gaps);
	KUNIT_EXPECT_EQ(test, gaps_of(test), 1UL);
}

/* Nobody wants to know when it comes back. */
static void gap_forgotten(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];

	need_no_users(test);
	static_branch_inc(&netbk_param_gaps);
	line_up(state, 1);
	static_branch_dec(&netbk_param_gaps);
	RCU_INIT_POINTER(queue->netbk, NULL);
	expect_visits(test, "");
	RCU_INIT_POINTER(queue->netbk, &state->netbk);
	line_up(state, 1);
	expect_visits(test, "0");
	KUNIT_EXPECT_EQ(test, gaps_of(test), 0UL);
}

static void gap_forgotten_inbox(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct xenvif_queue *queue = &state->queue[0];

	need_no_users(test);
	static_branch_inc(&netbk_param_gaps);
	netbk_schedule(queue, state->lane->dir);
	static_branch_dec(&netbk_param_gaps);
	RCU_INIT_POINTER(queue->netbk, NULL);
	lane_empty_inbox(state->lane);
	RCU_INIT_POINTER(queue->netbk, &state->netbk);
	line_up(state, 1);
	expect_visits(test, "0");
	KUNIT_EXPECT_EQ(test, gaps_of(test), 0UL);
}

static struct kunit_case gap_cases[] = {
	LANE_CASE(gap_each, "a gap is counted for each visit"),
	LANE_CASE(gap_goes_on, "a gap begins when a visit leaves work"),
	LANE_CASE(gap_requeued,
		  "a gap begins when a visited queue is requeued"),
	LANE_CASE(gap_unasked, "a visit to a kept queue counts no gap"),
	LANE_CASE(gap_forgotten,
		  "a queue that leaves its group from the line has no gap"),
	LANE_CASE(gap_forgotten_inbox,
		  "a queue that leaves its group from the inbox has no gap"),
	{}
};

static struct kunit_suite gap_suite = {
	.name = "xen-netback-gap",
	.init = line_init,
	.exit = line_exit,
	.test_cases = gap_cases,
};

kunit_test_suites(&gap_suite);
