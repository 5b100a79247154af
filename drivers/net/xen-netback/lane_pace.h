/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a lane runs: at once when there is work, or after a pause when work is
 * so dense that a pause gathers several packets.
 */
#ifndef _XEN_NETBACK_LANE_PACE_H
#define _XEN_NETBACK_LANE_PACE_H

#include <linux/hrtimer.h>
#include <linux/types.h>

/**
 * struct netbk_pace_window - measure the speed of a lane
 * @start: in ns of the monotonic clock
 * @packets: packets moved since
 */
struct netbk_pace_window {
	u64 start;
	u64 packets;
};

/**
 * struct netbk_pace - decide when a lane runs next
 * @timer: W: ends a pause
 * @flags: A: bit %NETBK_PACE_LOOKS is set from the beginning of a run, over
 *	pauses, until the lane rechecks the inbox and goes idle: work need not
 *	start it; %NETBK_PACE_STOPPED: no pause may begin
 * @dense: W: the lane pauses before its next run
 * @pausing: W: the timer was started after the last run
 * @waited: W: this run follows a whole pause
 * @idle: W: the lane was idle before this run
 * @stayed: W: the lane has run for a second on one CPU without going idle
 * @since: W: start of that second, in ns of the monotonic clock
 * @last: W: start of the last run, in ns of the monotonic clock
 * @streak: W: consecutive runs that began within poll_us of the one before
 * @needed: W: streak after which traffic counts as dense
 * @gain: W: packets that pauses have gathered beyond what they cost
 * @pauses: W: pauses since the last review
 * @window: W: of the streak, or since the last review
 * @before_packets: W: packets of the streak that led to the pauses
 * @before_ns: W: its duration in ns
 *
 * Every field carries the rule it is guarded by:
 *
 * A: atomic bit operations
 * W: the lane's worker alone
 */
struct netbk_pace {
	struct hrtimer timer;
	unsigned long flags;
#define NETBK_PACE_LOOKS 0
#define NETBK_PACE_STOPPED 1
	bool dense;
	bool pausing;
	bool waited;
	bool idle;
	bool stayed;
	u64 since;
	u64 last;
	unsigned int streak;
	unsigned int needed;
	int gain;
	unsigned int pauses;
	struct netbk_pace_window window;
	u64 before_packets;
	u64 before_ns;
};

void netbk_pace_init(struct netbk_pace *pace,
		     enum hrtimer_restart (*resume)(struct hrtimer *timer));
void netbk_pace_stop(struct netbk_pace *pace);
void netbk_pace_deinit(struct netbk_pace *pace);

/* From any context. */
bool netbk_pace_looks(const struct netbk_pace *pace);

/* In the lane's worker. */
void netbk_pace_begin(struct netbk_pace *pace, u64 now, bool moved);
void netbk_pace_look(struct netbk_pace *pace);
void netbk_pace_judge(struct netbk_pace *pace, u64 now, unsigned int packets);
bool netbk_pace_pause(struct netbk_pace *pace);
void netbk_pace_resume(struct netbk_pace *pace);

#endif /* _XEN_NETBACK_LANE_PACE_H */
