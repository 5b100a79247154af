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
 * As long as pauses gather NETBK_DENSE_PACKETS or more they are worth what they
 * cost, and one is followed by another; what one gathers beyond makes up for
 * those in which the sender did not get to the CPU. If they do not, the traffic
 * is of those who wait for an answer before they send more. Then work starts
 * the lane again, and the next try needs twice as long a streak:
 *
 *	               streak of @needed runs
 *	  at once  --------------------------->  dense
 *	           <---------------------------
 *	                no gain: @needed x 2
 *
 * What this costs in latency: a packet of a flood, and one of a neighbour in
 * the same group, waits for up to poll_us (and up to the 50 us that Xen may
 * be late with a timer). Who sends request and answer in turn faster than
 * poll_us pays for a try in NETBK_STREAK_MAX runs: with poll_us of 50 less than
 * a thousandth of the time. A lane that has fallen silent has no timer after
 * NETBK_GAIN_MAX / NETBK_DENSE_PACKETS pauses.
 */

#include "pace.h"

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

#define NETBK_STREAK_MIN 8
#define NETBK_STREAK_MAX 4096

/**
 * netbk_pace_init - prepare a lane that runs whenever there is work
 * @pace: of the lane
 * @resume: called in hard interrupt context at the end of a pause; calls
 *	netbk_pace_resume() and starts the lane
 */
void netbk_pace_init(struct netbk_pace *pace,
		     enum hrtimer_restart (*resume)(struct hrtimer *timer))
{
	hrtimer_init(&pace->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	pace->timer.function = resume;
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
 * netbk_pace_paused - whether the timer is going to start the lane
 * @pace: of the lane
 *
 * The caller has left work for the lane and need not start it if this is true:
 * the lane looks for work after the bit is cleared.
 *
 * Context: any; the caller orders its work before this (llist_add() does).
 * Return: true if so.
 */
bool netbk_pace_paused(const struct netbk_pace *pace)
{
	return test_bit(NETBK_PACE_PAUSED, &pace->flags);
}

/**
 * netbk_pace_resume - have work start the lane again
 * @pace: of the lane, which the caller starts after this, or which looks for
 *	work after this
 *
 * Context: any.
 */
void netbk_pace_resume(struct netbk_pace *pace)
{
	clear_bit(NETBK_PACE_PAUSED, &pace->flags);
	smp_mb__after_atomic();	/* pairs with llist_add() in netbk_schedule() */
}

/**
 * netbk_pace_begin - a run begins
 * @pace: of the lane, before it looks for work
 *
 * Context: the lane's worker. It may be earlier than the timer, for who flushes
 * a lane does not wait.
 */
void netbk_pace_begin(struct netbk_pace *pace)
{
	if (likely(!netbk_pace_paused(pace)))
		return;
	hrtimer_try_to_cancel(&pace->timer);
	netbk_pace_resume(pace);
}

static void leave_dense(struct netbk_pace *pace)
{
	pace->dense = false;
	pace->streak = 0;
	pace->needed = min(2 * pace->needed, NETBK_STREAK_MAX);
}

/**
 * netbk_pace_judge - learn from a run, and decide whether to pause after it
 * @pace: of the lane; @pace->dense says it
 * @now: when the run began, in ns of the monotonic clock
 * @packets: packets it took
 *
 * Context: the lane's worker.
 */
void netbk_pace_judge(struct netbk_pace *pace, u64 now, unsigned int packets)
{
	u64 poll_ns = netbk_param_poll_us() * (u64)NSEC_PER_USEC;
	bool soon = now - pace->last < poll_ns;

	pace->last = now;
	if (!pace->dense) {
		pace->streak = soon ? pace->streak + 1 : 0;
		pace->dense = pace->streak >= pace->needed;
		pace->gain = 0;
		return;
	}
	pace->gain += min_t(unsigned int, packets, NETBK_GAIN_MAX);
	pace->gain -= NETBK_DENSE_PACKETS;
	pace->gain = min(pace->gain, NETBK_GAIN_MAX);
	if (pace->gain < 0 || !poll_ns)
		leave_dense(pace);
	else if (packets >= NETBK_DENSE_PACKETS)
		pace->needed = NETBK_STREAK_MIN;
}

/**
 * netbk_pace_pause - have the timer start the lane, instead of work
 * @pace: of the lane, which has nothing left to do
 *
 * Context: the lane's worker.
 */
void netbk_pace_pause(struct netbk_pace *pace)
{
	u64 poll_ns = netbk_param_poll_us() * (u64)NSEC_PER_USEC;

	if (unlikely(test_bit(NETBK_PACE_STOPPED, &pace->flags)))
		return;
	set_bit(NETBK_PACE_PAUSED, &pace->flags);
	hrtimer_start(&pace->timer, ns_to_ktime(poll_ns),
		      HRTIMER_MODE_REL_PINNED);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "test/pace_test.c"
#endif
