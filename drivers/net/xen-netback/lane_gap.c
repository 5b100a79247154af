// SPDX-License-Identifier: GPL-2.0
/*
 * A queue's gap in a direction begins when somebody leaves its turn to the
 * lane, or when a visit ends with more to do; it ends with the next visit. What
 * comes to a queue that is looked at without being asked (netbk_keep()) begins
 * none: nobody knows when that was. It waits for a pause at most (lane_pace.c).
 *
 * A gap takes two readings of the clock, which is much for a queue that has one
 * packet at a time. So gaps are measured only while somebody wants to know, by
 * the parameter gaps or by the tracepoint netbk_serve.
 */

#include "lane_gap.h"

#include <linux/ktime.h>
#include <linux/minmax.h>

#include "histogram.h"
#include "lane.h"
#include "trace.h"

/**
 * netbk_gap_end - a queue is visited
 * @lane: the lane
 * @queue: the queue
 * @turn: its turn
 *
 * Context: the lane's worker.
 */
void netbk_gap_end(struct netbk_lane *lane, struct xenvif_queue *queue,
		   struct netbk_turn *turn)
{
	s64 gap = ktime_get_ns() - turn->ready;

	turn->ready = 0;
	gap = max_t(s64, gap, 0);	/* clocks of two CPUs */
	netbk_histogram_add(&lane->gaps, gap);
	trace_netbk_serve(lane, queue, gap);
}
