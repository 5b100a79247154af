// SPDX-License-Identifier: GPL-2.0
/*
 * A queue's gap in a direction begins when a producer takes its turn, or when a
 * visit ends with more to do. It ends with the next visit. Work that comes to a
 * queue kept in line by netbk_keep() begins no gap, since its time is unknown;
 * it waits for a pause at most (lane_pace.c).
 *
 * A gap takes two readings of the clock, which is much for a queue that has one
 * packet at a time. So gaps are measured only while the parameter gaps or the
 * tracepoint netbk_serve asks for them.
 */

#include "lane_gap.h"

#include <linux/ktime.h>
#include <linux/minmax.h>

#include "histogram.h"
#include "lane.h"
#include "trace.h"

/**
 * netbk_gap_end - count the gap that a visit ends
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
	gap = max_t(s64, gap, 0);	/* clocks of two CPUs may differ */
	netbk_histogram_add(&lane->gaps, gap);
	trace_netbk_serve(lane, queue, gap);
}
