/* SPDX-License-Identifier: GPL-2.0 */
/* The worker of a lane: how it is started, and asked to let go of queues. */
#ifndef _XEN_NETBACK_LANE_RUN_H
#define _XEN_NETBACK_LANE_RUN_H

#include <linux/completion.h>
#include <linux/llist.h>
#include <linux/types.h>

#include "lane.h"

struct xen_netbk;
struct xenvif_queue;

/**
 * struct netbk_flush - wait for a lane's worker to pass between two rounds
 * @node: on the lane's list of flushes
 * @done: completed by the worker
 * @take: the queue whose turn the waiter asks for, or NULL
 */
struct netbk_flush {
	struct llist_node node;
	struct completion done;
	struct xenvif_queue *take;
};

void netbk_lane_init(struct netbk_lane *lane, struct xen_netbk *netbk,
		     enum netbk_dir dir,
		     unsigned int (*round)(struct xen_netbk *netbk),
		     void (*ran)(void));
void netbk_lane_flush(struct netbk_lane *lane, struct netbk_flush *flush,
		      struct xenvif_queue *take);
void netbk_lane_give(struct netbk_lane *lane, struct xenvif_queue *queue);

void netbk_lane_go_home(struct netbk_lane *lane);
void netbk_start_queue(struct xenvif_queue *queue);

/* Start a worker, from any context. */
bool netbk_schedule(struct xenvif_queue *queue, enum netbk_dir dir);
void netbk_schedule_at_home(struct xenvif_queue *queue, enum netbk_dir dir);

#endif /* _XEN_NETBACK_LANE_RUN_H */
