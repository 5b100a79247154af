/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often a lane runs: at once when there is work, or after a pause when work
 * comes so densely that a pause gathers several packets.
 */
#ifndef _XEN_NETBACK_PACE_H
#define _XEN_NETBACK_PACE_H

#include <linux/hrtimer.h>
#include <linux/types.h>

/**
 * struct netbk_pace - when a lane runs next
 * @timer: ends a pause
 * @flags: A: bit %NETBK_PACE_PAUSED is set while the timer will run the lane,
 *	%NETBK_PACE_STOPPED when no pause is to begin any more
 * @dense: W: the lane pauses before its next run
 * @last: W: when the lane last ran, in ns of the monotonic clock
 * @streak: W: runs in a row that came within poll_us of the one before
 * @needed: W: the streak that makes traffic count as dense
 * @gain: W: packets that pauses have gathered beyond what they cost
 *
 * Every field carries the rule it is guarded by:
 *
 * A: atomic bit operations
 * W: the lane's worker alone
 */
struct netbk_pace {
	struct hrtimer timer;
	unsigned long flags;
#define NETBK_PACE_PAUSED 0
#define NETBK_PACE_STOPPED 1
	bool dense;
	u64 last;
	unsigned int streak;
	unsigned int needed;
	int gain;
};

void netbk_pace_init(struct netbk_pace *pace,
		     enum hrtimer_restart (*resume)(struct hrtimer *timer));
void netbk_pace_stop(struct netbk_pace *pace);
void netbk_pace_deinit(struct netbk_pace *pace);

/* From any context. */
bool netbk_pace_paused(const struct netbk_pace *pace);
void netbk_pace_resume(struct netbk_pace *pace);

/* In the lane's worker. */
void netbk_pace_begin(struct netbk_pace *pace);
void netbk_pace_judge(struct netbk_pace *pace, u64 now, unsigned int packets);
void netbk_pace_pause(struct netbk_pace *pace);

#endif /* _XEN_NETBACK_PACE_H */
