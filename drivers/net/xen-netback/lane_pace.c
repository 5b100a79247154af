// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that comes alone is best served at once. One of a flood is best
 * served with its neighbours: a run of a lane costs a hypercall for the copies,
 * an event to the guest, an event from the guest that was told to send one, and
 * the way into the worker, some 4,000 instructions in all, whether it moves one
 * packet or fifty. A sender whose CPU the worker shares, or who is as fast as
 * the worker, has each packet served alone.
 *
 * So a lane whose runs have come within poll_us of each other for a while tries
 * a pause: after a run it is not started by work but by a timer, poll_us later.
 * Meanwhile guests need send no events, for their queues are looked at anyway.
 *
 *	               streak of @needed runs
 *	  at once  --------------------------->  dense
 *	           <---------------------------
 *	             no gain: @needed x 2
 *
 * It goes on as long as
 *   - pauses gather NETBK_DENSE_PACKETS or more, which is what one costs. What
 *     one gathers beyond makes up for those in which the sender did not get to
 *     the CPU. A single sender that waits for an answer before it sends more is
 *     found out by its first pause.
 *   - packets move slower by less than a quarter than they did in the streak:
 *     who waits for answers is slowed down by pauses, however many they are,
 *     and a flood is not. That is reviewed every NETBK_REVIEW_PAUSES.
 * Otherwise work starts the lane again, and the next try needs twice as long a
 * streak.
 *
 * Who brings work while the lane runs or pauses does not start it, for it looks
 * once more before it stops. A tasklet that is started on another CPU than the
 * one it runs on would have that CPU try again and again, in ksoftirqd before
 * long; and a run that was asked for would cut short a pause. But a lane that
 * always finds work would stay for ever on the CPU where it was started, be it
 * that of a sender, or one to which the guests' events come no more. So after
 * NETBK_STAY_NS without a moment of rest pauses are left off, and the lane
 * goes on, if it has to, on its group's CPU (if it was asked to flush
 * meanwhile, after as long again). They are left off as well when it runs on
 * another CPU.
 *
 * What this costs in latency: a packet of a flood, and one of a neighbour in
 * the same group, waits for up to poll_us (and up to the 50 us that Xen may
 * be late with a timer). Those who send request and answer in turn pay for
 * NETBK_REVIEW_PAUSES in NETBK_STREAK_MAX runs. Pauses follow runs that moved
 * something, or kept a queue to look at: a silent lane has no timer.
 */

#include "lane_pace.h"

#include <linux/bitops.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "params.h"

/* Packets that make a pause worth its timer, which costs 5,000 instructions
 * where each run that is saved costs 4,000.
 */
#define NETBK_DENSE_PACKETS 3

/* What may be saved up for pauses that gather nothing: 16 of them. */
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
 */
void netbk_pace_init(struct netbk_pace *pace,
		     enum hrtimer_restart (*resume)(struct hrtimer *timer))
{
	hrtimer_setup(&pace->timer, resume, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED);
	pace->needed = NETBK_STREAK_MIN;
}

/**
 * netbk_pace_stop - let no pause begin any more
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
 * @pace: of a lane that has been stopped and then flushed, so that no run is
 *	left that could start the timer again
 *
 * Context: process, may wait; the lane may be started by it once more.
 */
void netbk_pace_deinit(struct netbk_pace *pace)
{
	hrtimer_cancel(&pace->timer);
}

/**
 * netbk_pace_looks - whether the lane is going to look for work by itself
 * @pace: of the lane
 *
 * The caller has left work for the lane and need not start it if this is true:
 * a run is coming, or one that has begun looks again after it has cleared the
 * bit.
 *
 * Context: any; the caller orders its work before this (llist_add() does).
 * Return: true if so.
 */
bool netbk_pace_looks(const struct netbk_pace *pace)
{
	return test_bit(NETBK_PACE_LOOKS, &pace->flags);
}

/**
 * netbk_pace_look - have work not start the lane, which is to look by itself
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
 * netbk_pace_begin - a run begins
 * @pace: of the lane, before it looks for work
 * @now: in ns of the monotonic clock
 * @moved: on another CPU than the last one
 *
 * From now on the lane looks for work by itself, until netbk_pace_resume(),
 * which may be some runs and pauses later.
 *
 * Context: the lane's worker. It may be earlier than the timer: who flushes a
 * lane does not wait.
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

/* Packets for each ns, a quarter less taken for the same. */
static bool pace_is_slower(const struct netbk_pace *pace, u64 now)
{
	return 4 * pace->window.packets * pace->before_ns <
	       3 * pace->before_packets * (now - pace->window.start);
}

/* Time in which there was nothing to do does not count, and neither does what
 * is long ago.
 */
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
 * netbk_pace_judge - learn from a run, and decide whether to pause after it
 * @pace: of the lane; @pace->dense says it
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
 * Return: false if there is to be no pause.
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
 * @pace: of the lane, which looks for work once more after this
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
