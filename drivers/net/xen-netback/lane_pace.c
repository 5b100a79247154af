// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that arrives alone is best served at once. A packet of a flood is
 * best served with its neighbours: a run costs a hypercall for the copies, an
 * event each way, and the way into the worker, some 4,000 instructions, whether
 * it moves one packet or fifty. Without pauses, packets of a sender that shares
 * the worker's CPU, or is as fast as the worker, are served one at a time.
 *
 * So after a streak of runs that each began within poll_us of the one before,
 * the lane tries pauses: a timer starts it poll_us after a run, and work does
 * not. Guests need send no events then, since their queues are visited anyway.
 *
 *	               streak of @needed runs
 *	  at once  --------------------------->  dense
 *	           <---------------------------
 *	             no gain: @needed x 2
 *
 * Pauses go on as long as
 *   - they gather NETBK_DENSE_PACKETS or more, which pays for one. A surplus
 *     makes up for pauses in which the sender did not get the CPU. The first
 *     pause reveals a single sender that waits for an answer before it goes on;
 *   - packets move at least three quarters as fast as in the streak, which is
 *     reviewed every NETBK_REVIEW_PAUSES. Pauses slow down traffic that waits
 *     for answers, however many senders there are, but not a flood.
 * Otherwise work starts the lane again, and the next try needs a streak twice
 * as long.
 *
 * While the lane is running or paused, queueing work does not schedule it
 * again: the worker rechecks the inbox before it goes idle. Scheduling a
 * tasklet from another CPU than it runs on would make that CPU retry, soon in
 * ksoftirqd, and would cut short a pause. But a lane that always finds work
 * would stay for ever on the CPU where it was started, which may be a sender's,
 * or one that no event of the group comes to any longer. So after NETBK_STAY_NS
 * without going idle, pauses are left off, and a tasklet with work left moves
 * to its group's CPU (NETBK_STAY_NS later if a flush started it meanwhile).
 * Pauses are also left off when a tasklet has changed CPUs. Where a lane starts
 * or goes on, lane_run.c decides.
 *
 * Latency: a packet of a flood, and one of a neighbour in the same group, waits
 * for up to poll_us, plus up to 50 us that Xen may be late with a timer.
 * Traffic that waits for answers pays for NETBK_REVIEW_PAUSES pauses in
 * NETBK_STREAK_MAX runs. Pauses only follow runs that moved something or kept a
 * queue in line, so a silent lane has no timer.
 */

#include "lane_pace.h"

#include <linux/bitops.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "params.h"

/* Packets that make a pause worth its timer: the timer costs 5,000
 * instructions, each run that it saves 4,000.
 */
#define NETBK_DENSE_PACKETS 3

/* Most surplus packets, enough for 16 pauses that gather nothing. */
#define NETBK_GAIN_MAX 48

#define NETBK_STREAK_MIN 8U
#define NETBK_STREAK_MAX 4096U
#define NETBK_REVIEW_PAUSES 8
#define NETBK_STAY_NS NSEC_PER_SEC

/**
 * netbk_pace_init - prepare a lane that runs whenever there is work
 * @pace: of the lane
 * @resume: starts the lane; called in hard interrupt context at the end of a
 *	pause
 *
 * Context: any.
 */
void netbk_pace_init(struct netbk_pace *pace,
		     enum hrtimer_restart (*resume)(struct hrtimer *timer))
{
	hrtimer_setup(&pace->timer, resume, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED);
	pace->needed = NETBK_STREAK_MIN;
}

/**
 * netbk_pace_stop - let no pause begin
 * @pace: of a lane; a run that has begun may still pause
 *
 * Context: any.
 */
void netbk_pace_stop(struct netbk_pace *pace)
{
	set_bit(NETBK_PACE_STOPPED, &pace->flags);
}

/**
 * netbk_pace_deinit - end the last pause
 * @pace: of a lane that was stopped and then flushed, so that no run is left
 *	that could start the timer again
 *
 * Context: process, may wait; the timer may start the lane once more.
 */
void netbk_pace_deinit(struct netbk_pace *pace)
{
	hrtimer_cancel(&pace->timer);
}

/**
 * netbk_pace_looks - check whether the lane will look for work by itself
 * @pace: of the lane
 *
 * If so, a producer need not start the lane: a run is coming, or the current
 * one rechecks the inbox after it has cleared the bit.
 *
 * Context: any; the caller orders its work before this (llist_add() does).
 * Return: true if so.
 */
bool netbk_pace_looks(const struct netbk_pace *pace)
{
	return test_bit(NETBK_PACE_LOOKS, &pace->flags);
}

/**
 * netbk_pace_look - note that the lane will look for work by itself
 * @pace: of the lane, which runs, or is about to be started
 *
 * Context: the lane's worker.
 */
void netbk_pace_look(struct netbk_pace *pace)
{
	if (!netbk_pace_looks(pace))
		set_bit(NETBK_PACE_LOOKS, &pace->flags);
}

static u64 pace_poll_ns(void)
{
	return netbk_param(poll_us) * (u64)NSEC_PER_USEC;
}

static void pace_restart_window(struct netbk_pace *pace, u64 now)
{
	pace->window.start = now;
	pace->window.packets = 0;
}

static void pace_leave_dense(struct netbk_pace *pace)
{
	pace->dense = false;
	pace->streak = 0;
}

static void pace_enter_dense(struct netbk_pace *pace, u64 now)
{
	pace->dense = true;
	pace->gain = 0;
	pace->pauses = 0;
	pace->before_packets = pace->window.packets;
	pace->before_ns = now - pace->window.start;
	pace_restart_window(pace, now);
}

/**
 * netbk_pace_begin - begin a run
 * @pace: of the lane, before it looks for work
 * @now: in ns of the monotonic clock
 * @moved: a tasklet runs on another CPU than the last time
 *
 * From now on the lane looks for work by itself, until netbk_pace_resume(),
 * which may be some runs and pauses later. A flush starts the run before the
 * timer does.
 *
 * Context: the lane's worker.
 */
void netbk_pace_begin(struct netbk_pace *pace, u64 now, bool moved)
{
	pace->waited = pace->pausing &&
		       hrtimer_try_to_cancel(&pace->timer) != 1;
	pace->pausing = false;
	pace->idle = !netbk_pace_looks(pace);
	if (unlikely(moved && pace->dense))
		pace_leave_dense(pace);
	if (pace->idle || moved)
		pace->since = now;
	netbk_pace_look(pace);
}

/* Compares packets per ns; a quarter less counts as the same. */
static bool pace_is_slower(const struct netbk_pace *pace, u64 now)
{
	return 4 * pace->window.packets * pace->before_ns <
	       3 * pace->before_packets * (now - pace->window.start);
}

/* Idle time does not count. A window of more than a second starts over. */
static void pace_move_window(struct netbk_pace *pace, u64 last, u64 now,
			     unsigned int packets)
{
	if (pace->idle)
		pace->window.start += now - last;
	pace->window.packets += packets;
	if (now - pace->window.start > NSEC_PER_SEC) {
		pace_restart_window(pace, now);
		pace->pauses = 0;
	}
}

static bool pace_pays(struct netbk_pace *pace, u64 now,
		      unsigned int packets)
{
	pace->gain += min_t(unsigned int, packets, NETBK_GAIN_MAX);
	pace->gain -= NETBK_DENSE_PACKETS;
	pace->gain = min(pace->gain, NETBK_GAIN_MAX);
	if (pace->gain < 0)
		return false;

	if (++pace->pauses < NETBK_REVIEW_PAUSES)
		return true;
	if (pace_is_slower(pace, now))
		return false;
	pace->needed = NETBK_STREAK_MIN;
	pace->pauses = 0;
	pace_restart_window(pace, now);
	return true;
}

/**
 * netbk_pace_judge - learn from a run, and set @dense if a pause pays
 * @pace: of the lane
 * @now: when the run began, in ns of the monotonic clock
 * @packets: packets it moved
 *
 * Context: the lane's worker.
 */
void netbk_pace_judge(struct netbk_pace *pace, u64 now, unsigned int packets)
{
	u64 last = pace->last;

	pace->last = now;
	pace->stayed = now > pace->since + NETBK_STAY_NS;
	if (unlikely(pace->stayed))
		pace->since = now;
	if (pace->dense) {
		if (!pace_poll_ns() || pace->stayed) {
			pace_leave_dense(pace);
			return;
		}
		pace_move_window(pace, last, now, packets);
		if (pace->waited && !pace_pays(pace, now, packets)) {
			pace_leave_dense(pace);
			pace->needed = min(2 * pace->needed, NETBK_STREAK_MAX);
		}
		return;
	}
	if (now - last >= pace_poll_ns()) {
		pace->streak = 0;
		return;
	}
	if (!pace->streak)
		pace_restart_window(pace, last);
	pace->window.packets += packets;
	if (++pace->streak >= pace->needed)
		pace_enter_dense(pace, now);
}

/**
 * netbk_pace_pause - have the timer start the lane, instead of work
 * @pace: of the lane
 *
 * Context: the lane's worker, at the end of a run.
 * Return: false if no pause begins.
 */
bool netbk_pace_pause(struct netbk_pace *pace)
{
	u64 ns = pace_poll_ns();

	if (unlikely(!ns || test_bit(NETBK_PACE_STOPPED, &pace->flags)))
		return false;
	pace->pausing = true;
	hrtimer_start(&pace->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_PINNED);
	return true;
}

/**
 * netbk_pace_resume - have work start the lane again
 * @pace: of the lane, which rechecks the inbox afterwards
 *
 * Context: the lane's worker, at the end of a run.
 */
void netbk_pace_resume(struct netbk_pace *pace)
{
	clear_bit(NETBK_PACE_LOOKS, &pace->flags);
	smp_mb__after_atomic();	/* pairs with lane_add_to_inbox() */
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/lane_pace_kunit.c"
#endif
