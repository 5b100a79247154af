// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of lane_pace.c, which includes this file: when a lane pauses.
 */

#include <kunit/test.h>

#define PACE_CASE(fn, says) { .run_case = fn, .name = says }

/**
 * struct pace_state - what a case works on
 * @pace: a lane's
 * @now: ns of the case's own clock
 * @step: poll_us in ns
 */
struct pace_state {
	struct netbk_pace pace;
	u64 now;
	unsigned int step;
};

static enum hrtimer_restart do_not_resume(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

static int pace_test_init(struct kunit *test)
{
	struct pace_state *state = kunit_kzalloc(test, sizeof(*state),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, state);
	netbk_pace_init(&state->pace, do_not_resume);
	state->now = NSEC_PER_SEC;
	state->pace.since = state->now;
	state->step = netbk_param(poll_us) * NSEC_PER_USEC;
	KUNIT_ASSERT_GT(test, state->step, 1U);
	test->priv = state;
	return 0;
}

/* Runs with so many packets each, so many ns from run to run; pauses are not
 * cut short.
 */
static void run_for(struct pace_state *state, unsigned int runs,
		    unsigned int packets, u64 apart)
{
	state->pace.waited = true;
	while (runs--) {
		state->now += apart;
		netbk_pace_judge(&state->pace, state->now, packets);
	}
}

/* Runs until traffic counts as dense. */
static unsigned int runs_until_dense(struct kunit *test, u64 apart)
{
	struct pace_state *state = test->priv;
	unsigned int runs = 0;

	while (!state->pace.dense && runs <= 2 * NETBK_STREAK_MAX) {
		run_for(state, 1, 1, apart);
		runs++;
	}
	KUNIT_EXPECT_TRUE(test, state->pace.dense);
	return runs;
}

static void pace_test_sparse(struct kunit *test)
{
	struct pace_state *state = test->priv;

	run_for(state, 10000, 50, state->step);
	KUNIT_EXPECT_FALSE(test, state->pace.dense);
}

static void pace_test_burst(struct kunit *test)
{
	struct pace_state *state = test->priv;
	unsigned int i;

	run_for(state, 1, 1, state->step);
	for (i = 0; i < 100; i++) {
		run_for(state, NETBK_STREAK_MIN - 1, 1, 1);
		KUNIT_EXPECT_FALSE(test, state->pace.dense);
		run_for(state, 1, 1, state->step);
	}
}

static void pace_test_flood(struct kunit *test)
{
	struct pace_state *state = test->priv;

	KUNIT_EXPECT_LE(test, runs_until_dense(test, state->step - 1),
			NETBK_STREAK_MIN + 1);
	run_for(state, 1000, NETBK_DENSE_PACKETS, 2 * state->step);
	KUNIT_EXPECT_TRUE(test, state->pace.dense);
	run_for(state, 1, NETBK_DENSE_PACKETS - 1, 2 * state->step);
	KUNIT_EXPECT_FALSE(test, state->pace.dense);
}

/* The lane is to go on where it belongs. */
static void pace_test_left_off(struct kunit *test)
{
	struct pace_state *state = test->priv;
	unsigned int seconds;
	u64 until;

	for (seconds = 0; seconds < 5; seconds++) {
		until = state->pace.since + NETBK_STAY_NS;
		KUNIT_EXPECT_LE(test, runs_until_dense(test, state->step - 1),
				NETBK_STREAK_MIN + 1);
		while (state->now + 2 * state->step <= until)
			run_for(state, 1, 50, 2 * state->step);
		KUNIT_EXPECT_TRUE(test, state->pace.dense);
		KUNIT_EXPECT_FALSE(test, state->pace.stayed);
		run_for(state, 1, 50, 2 * state->step);
		KUNIT_EXPECT_FALSE(test, state->pace.dense);
		KUNIT_EXPECT_TRUE(test, state->pace.stayed);
	}
}

/* A moment of rest, or another CPU, and the lane has not stayed. */
static void pace_test_rest(struct kunit *test)
{
	struct pace_state *state = test->priv;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		state->now += NETBK_STAY_NS + 1;
		netbk_pace_begin(&state->pace, state->now, i == 1);
		netbk_pace_judge(&state->pace, state->now, 1);
		KUNIT_EXPECT_EQ(test, state->pace.stayed, i == 2);
	}
}

/* Who shares the sender's CPU keeps it from sending every other pause. */
static void pace_test_uneven(struct kunit *test)
{
	struct pace_state *state = test->priv;
	unsigned int i;

	runs_until_dense(test, state->step - 1);
	for (i = 0; i < 1000; i++) {
		run_for(state, 1, 50, 2 * state->step);
		run_for(state, 1, 0, 2 * state->step);
		KUNIT_EXPECT_TRUE(test, state->pace.dense);
	}
	run_for(state, NETBK_GAIN_MAX / NETBK_DENSE_PACKETS + 1, 0,
		2 * state->step);
	KUNIT_EXPECT_FALSE(test, state->pace.dense);
}

/* What a pause that was cut short has gathered says nothing. */
static void pace_test_cut_short(struct kunit *test)
{
	struct pace_state *state = test->priv;
	unsigned int i;

	runs_until_dense(test, state->step - 1);
	for (i = 0; i < 100; i++) {
		netbk_pace_begin(&state->pace, state->now, false);
		state->now += state->step;
		netbk_pace_judge(&state->pace, state->now, 0);
		KUNIT_EXPECT_TRUE(test, state->pace.dense);
	}
}

/* Bursts with as long a silence between them, in which there is no pause. */
static void pace_test_bursts(struct kunit *test)
{
	struct pace_state *state = test->priv;
	unsigned int i;

	runs_until_dense(test, state->step / 10);
	for (i = 0; i < 1000; i++) {
		state->pace.idle = true;
		state->pace.waited = false;
		state->now += 8 * state->step;
		netbk_pace_judge(&state->pace, state->now, 1);
		state->pace.idle = false;
		run_for(state, 4, 20, 2 * state->step);
		KUNIT_EXPECT_TRUE(test, state->pace.dense);
	}
}

static void pace_test_moved(struct kunit *test)
{
	struct pace_state *state = test->priv;

	runs_until_dense(test, state->step - 1);
	netbk_pace_begin(&state->pace, state->now, true);
	KUNIT_EXPECT_FALSE(test, state->pace.dense);
	KUNIT_EXPECT_EQ(test, state->pace.needed, NETBK_STREAK_MIN);
}

/* Those who wait for answers, so many at once. Returns how many runs of 100
 * NETBK_STREAK_MAX are followed by a pause.
 */
static unsigned int paused_runs(struct kunit *test, unsigned int senders)
{
	struct pace_state *state = test->priv;
	unsigned int runs = 0, pauses = 0;

	while (runs < 100 * NETBK_STREAK_MAX) {
		/* Each has its answer after half of a pause. */
		runs += runs_until_dense(test, state->step / 2 / senders);
		while (state->pace.dense && pauses < 100 * NETBK_STREAK_MAX) {
			run_for(state, 1, senders, 3 * state->step / 2);
			pauses++;
		}
	}
	return pauses;
}

static void pace_test_ping_pong(struct kunit *test)
{
	KUNIT_EXPECT_LE(test, paused_runs(test, 1), 110);
}

static void pace_test_closed_loop(struct kunit *test)
{
	KUNIT_EXPECT_LE(test, paused_runs(test, 3), 110 * NETBK_REVIEW_PAUSES);
}

static void pace_test_closed_loop_many(struct kunit *test)
{
	KUNIT_EXPECT_LE(test, paused_runs(test, 32), 110 * NETBK_REVIEW_PAUSES);
}

static void pace_test_forgives(struct kunit *test)
{
	struct pace_state *state = test->priv;
	u64 apart = state->step - 1;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		runs_until_dense(test, apart);
		run_for(state, 1, 1, state->step);
	}
	KUNIT_EXPECT_GE(test, runs_until_dense(test, apart),
			16 * NETBK_STREAK_MIN);
	run_for(state, NETBK_REVIEW_PAUSES, NETBK_DENSE_PACKETS, state->step);
	run_for(state, 1, 0, state->step);
	KUNIT_EXPECT_FALSE(test, state->pace.dense);
	KUNIT_EXPECT_LE(test, runs_until_dense(test, apart),
			2 * NETBK_STREAK_MIN + 1);
}

static struct kunit_case pace_cases[] = {
	PACE_CASE(pace_test_sparse, "runs far apart cause no pause"),
	PACE_CASE(pace_test_burst, "a short burst causes no pause"),
	PACE_CASE(pace_test_flood,
		  "a flood causes pauses for as long as it lasts"),
	PACE_CASE(pace_test_left_off, "pauses are interrupted once a second"),
	PACE_CASE(pace_test_rest,
		  "a lane that rests or moves does not count as staying"),
	PACE_CASE(pace_test_uneven,
		  "pauses go on if every other one gathers nothing"),
	PACE_CASE(pace_test_cut_short,
		  "a pause that is cut short is not judged"),
	PACE_CASE(pace_test_bursts, "pauses go on if a flood comes in bursts"),
	PACE_CASE(pace_test_moved, "a run on another CPU ends the pauses"),
	PACE_CASE(pace_test_ping_pong,
		  "one sender that waits for answers is hardly paused"),
	PACE_CASE(pace_test_closed_loop,
		  "three senders that wait for answers are hardly paused"),
	PACE_CASE(pace_test_closed_loop_many,
		  "32 senders that wait for answers are hardly paused"),
	PACE_CASE(pace_test_forgives,
		  "useful pauses make up for earlier useless ones"),
	{}
};

static struct kunit_suite pace_suite = {
	.name = "xen-netback-pace",
	.init = pace_test_init,
	.test_cases = pace_cases,
};

kunit_test_suites(&pace_suite);
