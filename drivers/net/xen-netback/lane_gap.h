/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Service gaps: how long a queue with work waits until its group comes to it.
 */
#ifndef _XEN_NETBACK_LANE_GAP_H
#define _XEN_NETBACK_LANE_GAP_H

#include <linux/compiler.h>
#include <linux/ktime.h>

#include "queue.h"

struct netbk_lane;

extern unsigned int netbk_gap_users;

/**
 * netbk_gap_begin - a queue has work from now on
 * @turn: its turn, which the caller has
 *
 * Context: any.
 */
static inline void netbk_gap_begin(struct netbk_turn *turn)
{
	if (unlikely(READ_ONCE(netbk_gap_users)))
		turn->ready = ktime_get_ns();
}

void netbk_gap_end(struct netbk_lane *lane, struct xenvif_queue *queue,
		   struct netbk_turn *turn);

int netbk_gap_use(void);
void netbk_gap_unuse(void);

#endif /* _XEN_NETBACK_LANE_GAP_H */
