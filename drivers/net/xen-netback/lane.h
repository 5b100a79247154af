/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lanes: a group has one for each direction, in which its worker, a tasklet or
 * the group's thread, serves queues. What the driver's words mean:
 *
 * producer: any context that gives a queue work: interrupt, sender or timer.
 * turn: the right to put a queue on a lane's lists; one context has it.
 * inbox: the lock-free list on which producers leave turns.
 * line: the list of queues to be served next; only the worker touches it.
 * run: one execution of a lane by its worker.
 * round: the batch of one run: gather, copy, respond, settle, deliver or free.
 * visit: what a round does with one queue until its credit is used up, it has
 *	no more work, or the batch is full.
 * settle: decide after the visits which queues remain in line.
 * quantum: the credit, in cost, that a guest's queues get in a lap; also the
 *	part of it that a queue gets at the head of the line.
 * lap: the time in which every queue in line gets a quantum.
 * party: a guest's queues on a group, which share a quantum.
 * lead: the queue whose turns keep the accounts of its party.
 * dense: the state of a lane that pauses after runs (lane_pace.c).
 * gap: the time from a queue getting work to its next visit.
 * behind: not running although work is left.
 * look: one measurement of the loads of groups and queues.
 * home: the CPU of a group, to which its events go.
 * crowded: of a CPU: kept busy by lanes whose home it is.
 */
#ifndef _XEN_NETBACK_LANE_H
#define _XEN_NETBACK_LANE_H

#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/u64_stats_sync.h>

#include "dir.h"
#include "histogram.h"
#include "lane_pace.h"
#include "queue.h"

struct xen_netbk;

/* Times that queues in debt let others pass before a round ends: some 100,000
 * instructions.
 */
#define NETBK_PASSES_MAX 1024

/**
 * enum netbk_lane_count - what is counted of a lane
 * @NETBK_PACKETS: packets moved
 * @NETBK_BYTES: their bytes
 * @NETBK_BATCHES: rounds that moved something
 * @NETBK_COPIES: grant copy operations
 * @NETBK_NOTIFIES: events sent to guests
 * @NETBK_HYPERCALLS: grant copy hypercalls
 * @NETBK_BUSY_NS: time spent in runs
 * @NETBK_BEHIND_NS: time between runs of which the former left work and was on
 *	the group's CPU, if it has one; set rather than added to, for a wait may
 *	be more than the long that u64_stats_add() takes
 * @NETBK_LANE_COUNTS: how many there are
 */
enum netbk_lane_count {
	NETBK_PACKETS,
	NETBK_BYTES,
	NETBK_BATCHES,
	NETBK_COPIES,
	NETBK_NOTIFIES,
	NETBK_HYPERCALLS,
	NETBK_BUSY_NS,
	NETBK_BEHIND_NS,
	NETBK_LANE_COUNTS,
};

/**
 * struct netbk_lane_stats - what a lane has done
 * @syncp: for readers on 32-bit machines
 * @count: the counters, by enum netbk_lane_count
 * @behind_since: when the last run ended, in ns of the monotonic clock, if time
 *	counts as %NETBK_BEHIND_NS from there on; else 0
 *
 * Written by the lane's worker alone.
 */
struct netbk_lane_stats {
	struct u64_stats_sync syncp;
	u64_stats_t count[NETBK_LANE_COUNTS];
	u64_stats_t behind_since;
};

/**
 * struct netbk_lane - one direction of a group
 * @netbk: I: the group
 * @dir: I: the direction
 * @inbox: M: turns of queues with work
 * @flushes: M: requests to answer between two rounds (struct netbk_flush)
 * @fresh: W: first part of the line: turns without a quantum in this lap, and
 *	the one with credit left for which the last batch had no room
 * @line: W: second part of the line
 * @lap: W: number of the current lap, modulo 2^32
 * @served: W: turns that the running round has visited
 * @busy: W: the last batch could not hold all work, or only debtors were left
 * @passes: W: times that queues in debt let others pass in this round
 * @cpu: W: CPU of the last run, -1 if there was none; read racily
 * @pace: P: decides when the lane runs next
 * @round: I: serves the queues in line, as many as a batch holds; returns the
 *	number of packets moved
 * @ran: I: called after each run
 * @tasklet: I: in tasklet mode
 * @work: I: in thread mode
 * @call: starts the tasklet on another CPU; used by the context that has set
 *	the bit below
 * @calls: A: bit %NETBK_LANE_CALLED is set while @call is under way
 * @charged: C: turns charged since the last look at the loads
 * @stats: S
 * @packets_in_runs: H: packets per run, of runs that moved something
 * @gaps: H: service gaps in ns, while they are measured (lane_gap.c)
 * @busy_seen: Y: of its %NETBK_BUSY_NS at the last look at the loads
 * @wanted_seen: Y: and of that, its %NETBK_BEHIND_NS and what will be of that
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the group is reachable, constant afterwards
 * M: lock-free list: any context adds, the lane's worker takes all
 * C: lock-free list: the lane's worker adds, a look takes all
 * A: atomic bit operations
 * P: by the rules of struct netbk_pace
 * W: the lane's worker alone
 * S: written by the lane's worker, read with @stats.syncp
 * H: written by the lane's worker, read racily
 * Y: the placement mutex (group.c)
 */
struct netbk_lane {
	struct xen_netbk *netbk;
	enum netbk_dir dir;
	struct llist_head inbox;
	struct llist_head flushes;
	struct list_head fresh;
	struct list_head line;
	struct list_head served;
	unsigned int lap;
	bool busy;
	unsigned int passes;
	int cpu;
	struct netbk_pace pace;
	unsigned int (*round)(struct xen_netbk *netbk);
	void (*ran)(void);
	union {
		struct tasklet_struct tasklet;
		struct kthread_work work;
	};
	call_single_data_t call;
	unsigned long calls;
#define NETBK_LANE_CALLED 0
	struct llist_head charged;
	struct netbk_lane_stats stats;
	u64 busy_seen;
	u64 wanted_seen;
	struct netbk_histogram packets_in_runs;
	struct netbk_histogram gaps;
};

/**
 * struct netbk_lane_counts - a lane's counters, as read
 * @count: by enum netbk_lane_count
 * @behind_since: as in struct netbk_lane_stats
 */
struct netbk_lane_counts {
	u64 count[NETBK_LANE_COUNTS];
	u64 behind_since;
};

static inline struct netbk_turn *netbk_turn_of(struct xenvif_queue *queue,
					       enum netbk_dir dir)
{
	return dir == NETBK_TX ? &queue->tx_turn : &queue->rx_turn;
}

static inline struct xenvif_queue *netbk_queue_of(struct netbk_turn *turn,
						  enum netbk_dir dir)
{
	return dir == NETBK_TX ?
	       container_of(turn, struct xenvif_queue, tx_turn) :
	       container_of(turn, struct xenvif_queue, rx_turn);
}

static inline bool netbk_has_left(const struct xenvif_queue *queue,
				  const struct xen_netbk *netbk)
{
	return rcu_access_pointer(queue->netbk) != netbk;
}

static inline void netbk_join_line(struct netbk_lane *lane,
				   struct netbk_turn *turn)
{
	list_add_tail(&turn->line,
		      turn->lap == lane->lap ? &lane->line : &lane->fresh);
}

static inline bool netbk_somebody_waits(const struct netbk_lane *lane)
{
	return !list_empty(&lane->fresh) || !list_empty(&lane->line);
}

/* For rounds, in the lane's worker. */
struct xenvif_queue *netbk_next_queue(struct netbk_lane *lane);
bool netbk_visited(struct netbk_lane *lane, struct xenvif_queue *queue,
		   enum netbk_stop stop);
struct xenvif_queue *netbk_next_served(struct netbk_lane *lane, bool *in_line);
void netbk_requeue(struct netbk_lane *lane, struct xenvif_queue *queue);
void netbk_drop_turn(struct xenvif_queue *queue, enum netbk_dir dir);
bool netbk_keep(struct netbk_lane *lane, struct xenvif_queue *queue);
void netbk_note_charge(struct netbk_lane *lane, struct xenvif_queue *queue);
void netbk_release_turn(struct xenvif_queue *queue, enum netbk_dir dir);
void netbk_retake_turn(struct netbk_lane *lane, struct xenvif_queue *queue);

u64 netbk_lane_clock(void);
void netbk_read_lane(const struct netbk_lane *lane,
		     struct netbk_lane_counts *counts);

#endif /* _XEN_NETBACK_LANE_H */
