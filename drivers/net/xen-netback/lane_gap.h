/* SPDX-License-Identifier: GPL-2.0 */
/* Service gaps: how long a queue with work waits for its next visit. */
#ifndef _XEN_NETBACK_LANE_GAP_H
#define _XEN_NETBACK_LANE_GAP_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/tracepoint-defs.h>

#include "params.h"
#include "queue.h"

struct netbk_lane;

DECLARE_TRACEPOINT(netbk_serve);

static inline bool netbk_gaps_wanted(void)
{
	return static_branch_unlikely(&netbk_param_gaps) ||
	       tracepoint_enabled(netbk_serve);
}

/**
 * netbk_gap_begin - note the time since when a queue has work
 * @turn: its turn, which the caller has
 *
 * Context: any.
 */
static inline void netbk_gap_begin(struct netbk_turn *turn)
{
	if (netbk_gaps_wanted())
		turn->ready = ktime_get_ns();
}

void netbk_gap_end(struct netbk_lane *lane, struct xenvif_queue *queue,
		   struct netbk_turn *turn);

#endif /* _XEN_NETBACK_LANE_GAP_H */
