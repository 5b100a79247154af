/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Groups: the workers of the backend. A group holds everything that many guests
 * share; queues are placed on groups when their netif comes up.
 */
#ifndef _XEN_NETBACK_GROUP_H
#define _XEN_NETBACK_GROUP_H

#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/u64_stats_sync.h>

#include "rx.h"
#include "tx.h"

struct xen_netif;
struct xenvif_queue;

/**
 * enum netbk_dir - the direction a lane works in, the guest's
 * @NETBK_TX: from the guest
 * @NETBK_RX: to the guest
 * @NETBK_DIRS: how many there are
 */
enum netbk_dir {
	NETBK_TX,
	NETBK_RX,
	NETBK_DIRS,
};

/**
 * struct netbk_lane_stats - what a lane has done
 * @syncp: for readers on 32-bit machines
 * @packets: packets moved
 * @bytes: their bytes
 * @batches: rounds that moved something
 * @copies: grant copy operations
 * @hypercalls: grant copy hypercalls
 * @notifies: events sent to guests
 *
 * Written by the lane's worker alone.
 */
struct netbk_lane_stats {
	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t batches;
	u64_stats_t copies;
	u64_stats_t hypercalls;
	u64_stats_t notifies;
};

/**
 * struct netbk_lane - one direction of a group
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the group is reachable, constant afterwards
 * M: lock-free list: any context adds, the lane's worker takes all
 * W: the lane's worker alone
 * S: written by the lane's worker, read with @stats.syncp
 */
struct netbk_lane {
	struct xen_netbk *netbk;	/* I */
	enum netbk_dir dir;		/* I */
	struct llist_head inbox;	/* M: turns of queues with work */
	struct llist_head flushes;	/* M: who waits for netbk_flush() */
	struct list_head line;		/* W: turns, the next one first */
	int cpu;			/* W: where it ran last; read racily */
	union {
		struct tasklet_struct tasklet;	/* I: in tasklet mode */
		struct kthread_work work;	/* I: in thread mode */
	};
	struct netbk_lane_stats stats;	/* S */
};

/**
 * struct xen_netbk - a group
 *
 * Allocated on its node and initialised whole before anything can reach it,
 * freed when no netif exists any more. Small fields first, arrays last.
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the group is reachable, constant afterwards
 * P: the placement mutex; read racily for display
 * T: the Tx lane's worker alone
 * R: the Rx lane's worker alone
 */
struct xen_netbk {
	unsigned int index;		/* I: N of netback/N */
	int node;			/* I: NUMA node of its memory */
	unsigned int nr_queues;		/* P: queues placed here */
	struct kthread_worker *worker;	/* I: NULL in tasklet mode */
	struct netbk_tx_buffers buffers;/* T */
	struct netbk_lane lane[NETBK_DIRS];

	struct netbk_tx_batch tx;	/* T */
	struct netbk_rx_batch rx;	/* R */
};

int netbk_groups_init(void);
void netbk_groups_deinit(void);
unsigned int netbk_groups_count(void);
struct xen_netbk *netbk_group(unsigned int index);

void netbk_add_netif(struct xen_netif *netif);
void netbk_remove_netif(struct xen_netif *netif);

/* The way to a worker, from any context. */
bool netbk_schedule(struct xenvif_queue *queue, enum netbk_dir dir);

/* For the lanes' rounds, in the lane's worker. */
struct xenvif_queue *netbk_next_queue(struct netbk_lane *lane,
				      const struct xenvif_queue *last);
void netbk_requeue(struct netbk_lane *lane, struct xenvif_queue *queue);
void netbk_release_turn(struct xenvif_queue *queue, enum netbk_dir dir);
void netbk_retake_turn(struct netbk_lane *lane, struct xenvif_queue *queue);

#endif /* _XEN_NETBACK_GROUP_H */
