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

#include "buffers.h"
#include "pace.h"
#include "queue.h"
#include "rx.h"
#include "tx.h"

struct xen_netif;

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
 * @netbk: I
 * @dir: I
 * @inbox: M: turns of queues with work
 * @flushes: M: who waits for the worker to pass between two rounds
 * @line: W: turns, the next one first
 * @served: W: turns that the running round has visited
 * @busy: W: the last round had more to do than its batch holds
 * @cpu: W: where it ran last; read racily
 * @pace: P: when it runs next
 * @tasklet: I: in tasklet mode
 * @work: I: in thread mode
 * @stats: S
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the group is reachable, constant afterwards
 * M: lock-free list: any context adds, the lane's worker takes all
 * P: by the rules of struct netbk_pace
 * W: the lane's worker alone
 * S: written by the lane's worker, read with @stats.syncp
 */
struct netbk_lane {
	struct xen_netbk *netbk;
	enum netbk_dir dir;
	struct llist_head inbox;
	struct llist_head flushes;
	struct list_head line;
	struct list_head served;
	bool busy;
	int cpu;
	struct netbk_pace pace;
	union {
		struct tasklet_struct tasklet;
		struct kthread_work work;
	};
	struct netbk_lane_stats stats;
};

/**
 * struct xen_netbk - a group
 * @index: I: N of netback/N
 * @node: I: NUMA node of its memory
 * @nr_queues: P: queues placed here
 * @worker: I: NULL in tasklet mode
 * @buffers: T: where guest-Tx packets are copied to
 * @lane: one for each direction
 * @tx: T: what a round of the Tx lane works on
 * @rx: R: what a round of the Rx lane works on
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
	unsigned int index;
	int node;
	unsigned int nr_queues;
	struct kthread_worker *worker;
	struct netbk_buffers buffers;
	struct netbk_lane lane[NETBK_DIRS];

	struct netbk_tx_batch tx;
	struct netbk_rx_batch rx;
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
struct xenvif_queue *netbk_next_queue(struct netbk_lane *lane);
bool netbk_visited(struct netbk_lane *lane, struct xenvif_queue *queue,
		   enum netbk_stop stop);
struct xenvif_queue *netbk_next_served(struct netbk_lane *lane, bool *in_line);
void netbk_requeue(struct netbk_lane *lane, struct xenvif_queue *queue);
bool netbk_keep(struct netbk_lane *lane, struct xenvif_queue *queue);
void netbk_release_turn(struct xenvif_queue *queue, enum netbk_dir dir);
void netbk_retake_turn(struct netbk_lane *lane, struct xenvif_queue *queue);

#endif /* _XEN_NETBACK_GROUP_H */
