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

#include <linux/cache.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>

#include "group.h"
#include "histogram.h"
#include "lane.h"
#include "trace.h"

unsigned int netbk_gap_users __read_mostly;	/* written under the lock */
static DEFINE_SPINLOCK(users_lock);

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

/**
 * netbk_gap_use - measure gaps from now on
 *
 * Context: process.
 * Return: 0, as a tracepoint that is switched on expects.
 */
int netbk_gap_use(void)
{
	spin_lock(&users_lock);
	WRITE_ONCE(netbk_gap_users, netbk_gap_users + 1);
	spin_unlock(&users_lock);
	return 0;
}

/**
 * netbk_gap_unuse - one less wants to know
 *
 * Context: process.
 */
void netbk_gap_unuse(void)
{
	spin_lock(&users_lock);
	WRITE_ONCE(netbk_gap_users, netbk_gap_users - 1);
	spin_unlock(&users_lock);
}
