// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how lane_run.c starts a lane, where, and what it counts; included by
 * it after lane_kunit.c, whose lane they use.
 */

#include <linux/cpumask.h>
#include <linux/iopoll.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/time64.h>

static bool starts(struct line_state *state, unsigned int nr)
{
	bool started;

	local_bh_disable();
	netbk_schedule(&state->queue[nr], state->lane->dir);
	started = test_bit(TASKLET_STATE_SCHED, &state->lane->tasklet.state);
	local_bh_enable();
	return started;
}

/* The worker may run on another CPU, and is not to be started here. */
static void run_looks(struct kunit *test)
{
	struct line_state *state = test->priv;

	netbk_pace_begin(&state->lane->pace, ktime_get_ns(), false);
	KUNIT_EXPECT_FALSE(test, starts(state, 0));
	KUNIT_EXPECT_TRUE(test, lane_end_run(state->lane, ktime_get_ns(), 0));
	lane_empty_inbox(state->lane);
	KUNIT_EXPECT_TRUE(test, lane_end_run(state->lane, ktime_get_ns(), 0));
	KUNIT_EXPECT_FALSE(test, starts(state, 1));
	lane_empty_inbox(state->lane);
	expect_visits(test, "01");
	KUNIT_EXPECT_FALSE(test, lane_end_run(state->lane, ktime_get_ns(), 0));
	KUNIT_EXPECT_TRUE(test, starts(state, 2));
}

static u64 behind_ns(struct line_state *state)
{
	struct netbk_lane_counts counts;

	netbk_read_lane(state->lane, &counts);
	return counts.count[NETBK_BEHIND_NS];
}

/* Two runs, 1000 ns apart, of which the first leaves work. */
static void run_twice(struct line_state *state)
{
	u64 began = ktime_get_ns();
	u64 since;

	local_bh_disable();
	lane_count_run(state->lane, 1, began, true);
	since = u64_stats_read(&state->lane->stats.behind_since);
	if (since)
		began = since + 1000;
	lane_count_run(state->lane, 1, began, false);
	lane_count_run(state->lane, 1, began + 1000, false);
	local_bh_enable();
}

static void run_behind(struct kunit *test)
{
	struct line_state *state = test->priv;

	run_twice(state);
	KUNIT_EXPECT_EQ(test, behind_ns(state), 1000ULL);
	state->netbk.cpu = 1;
	state->lane->cpu = 1;
	run_twice(state);
	KUNIT_EXPECT_EQ(test, behind_ns(state), 2000ULL);
}

static void run_behind_away(struct kunit *test)
{
	struct line_state *state = test->priv;

	state->netbk.cpu = 1;
	state->lane->cpu = 0;
	run_twice(state);
	KUNIT_EXPECT_EQ(test, behind_ns(state), 0ULL);
}

static void crowd_counted(struct kunit *test)
{
	unsigned int period = LANE_CROWD_NS, i;
	struct lane_crowd crowd = {};
	u64 now = 1000ULL * period;

	/* A fifth of the time. */
	for (i = 0; i < 100; i++, now += period / 10)
		lane_crowd_add(&crowd, now, now + period / 50);
	KUNIT_EXPECT_EQ(test, crowd.until, 0ULL);
	/* Half of it, with rests. */
	for (i = 0; i < 100; i++, now += period / 10)
		lane_crowd_add(&crowd, now, now + period / 20);
	KUNIT_EXPECT_GT(test, crowd.until, now);
	/* Nothing is left of that later. */
	now += 10 * period;
	lane_crowd_add(&crowd, now, now + period / 50);
	KUNIT_EXPECT_EQ(test, crowd.until, 0ULL);
	/* A single run. */
	now += 10 * period;
	lane_crowd_add(&crowd, now, now + period / 2);
	KUNIT_EXPECT_GT(test, crowd.until, now + period);
}

/**
 * struct crowd_times - until when two CPUs are crowded, or were before
 * @here: this CPU
 * @there: another one
 */
struct crowd_times {
	u64 here;
	u64 there;
};

/* Also swaps what was so before with @times. Softirqs are off. */
static int crowd_set(struct crowd_times *times)
{
	int here = smp_processor_id();
	int there = cpumask_any_but(cpu_online_mask, here);

	swap(times->here, per_cpu(lane_crowd.until, here));
	swap(times->there, per_cpu(lane_crowd.until, there));
	return there;
}

static bool crowded_out(struct line_state *state, bool at_home, u64 here,
			u64 there)
{
	struct crowd_times times = { .here = here, .there = there };
	int home;
	bool out;

	local_bh_disable();
	home = crowd_set(&times);
	state->netbk.cpu = at_home ? smp_processor_id() : home;
	out = lane_is_crowded_out(state->lane);
	crowd_set(&times);
	local_bh_enable();
	return out;
}

static void crowd_shunned(struct kunit *test)
{
	struct line_state *state = test->priv;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	KUNIT_EXPECT_FALSE(test, crowded_out(state, false, 0, 0));
	KUNIT_EXPECT_FALSE(test, crowded_out(state, true, U64_MAX, 0));
	KUNIT_EXPECT_FALSE(test, crowded_out(state, false, U64_MAX, U64_MAX));
	KUNIT_EXPECT_EQ(test, crowded_out(state, false, U64_MAX, 0),
			state->lane->dir == NETBK_RX);
}

static void note_cpu(struct tasklet_struct *tasklet)
{
	struct netbk_lane *lane = from_tasklet((struct netbk_lane *)NULL,
					       tasklet, tasklet);

	WRITE_ONCE(lane->cpu, smp_processor_id());
}

/* Only guest Rx goes home, and only from a crowded CPU. */
static void crowd_starts_at_home(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct crowd_times times = { .here = U64_MAX };
	int here, there, cpu;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	tasklet_setup(&state->lane->tasklet, note_cpu);
	local_bh_disable();
	here = smp_processor_id();
	there = crowd_set(&times);
	state->netbk.cpu = there;
	netbk_schedule(&state->queue[0], state->lane->dir);
	crowd_set(&times);
	local_bh_enable();
	read_poll_timeout(READ_ONCE, cpu, cpu >= 0, USEC_PER_MSEC,
			  USEC_PER_SEC, false, state->lane->cpu);
	KUNIT_EXPECT_EQ(test, cpu,
			state->lane->dir == NETBK_RX ? there : here);
}

static void crowd_of_runs(struct kunit *test)
{
	struct line_state *state = test->priv;
	struct lane_crowd kept;
	u64 now, at_home, away;

	local_bh_disable();
	kept = *this_cpu_ptr(&lane_crowd);
	now = ktime_get_ns();
	this_cpu_write(lane_crowd.since, now);
	this_cpu_write(lane_crowd.ran, 0);
	state->lane->cpu = smp_processor_id();
	state->netbk.cpu = smp_processor_id() + 1;
	lane_count_run(state->lane, 1, now - 1000, false);
	away = this_cpu_read(lane_crowd.ran);
	state->netbk.cpu = smp_processor_id();
	lane_count_run(state->lane, 1, now - 1000, false);
	at_home = this_cpu_read(lane_crowd.ran);
	*this_cpu_ptr(&lane_crowd) = kept;
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, away, 0ULL);
	KUNIT_EXPECT_GE(test, at_home, 1000ULL);
}

static struct kunit_case run_cases[] = {
	LANE_CASE(run_looks,
		  "a run finds new work without being started again"),
	LANE_CASE(run_behind, "time that passes with work left is counted"),
	LANE_CASE(run_behind_away,
		  "time with work left on another CPU is not counted"),
	LANE_CASE(crowd_counted,
		  "a CPU is crowded if its own lanes take a quarter of it"),
	LANE_CASE(crowd_shunned,
		  "guest Rx whose home has time is kept off a crowded CPU"),
	LANE_CASE(crowd_starts_at_home,
		  "a packet sent from a crowded CPU starts guest Rx at home"),
	LANE_CASE(crowd_of_runs, "only runs at home crowd a CPU"),
	{}
};

static struct kunit_suite run_suite = {
	.name = "xen-netback-run",
	.init = line_init,
	.exit = line_exit,
	.test_cases = run_cases,
};

kunit_test_suites(&run_suite);
