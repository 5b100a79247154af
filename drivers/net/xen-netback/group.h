/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Groups: the workers of the backend. A group holds everything that many guests
 * share. Queues are placed on groups when their vif comes up.
 */
#ifndef _XEN_NETBACK_GROUP_H
#define _XEN_NETBACK_GROUP_H

#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "lane.h"
#include "lane_run.h"
#include "queue.h"
#include "rx_plan.h"
#include "tx_buffer.h"
#include "tx_gro.h"
#include "tx_plan.h"

/**
 * struct netbk_sample - record what a group did between two looks
 * @cpu: the group's CPU at the second look, as in struct xen_netbk
 * @ran: ns that its lanes ran
 * @behind: ns that it was behind
 */
struct netbk_sample {
	int cpu;
	u64 ran;
	u64 behind;
};

/**
 * struct xen_netbk - a group
 * @index: I: N of netback/N
 * @node: I: NUMA node of its memory
 * @cpu: H: its CPU, -1 if that is left to the scheduler
 * @cpus: I: CPUs that it may use
 * @nr_queues: P: number of @queues
 * @queues: P: queues placed here, by their @placed
 * @moves: P: number of queues that came from another group
 * @sample: P: of the last look
 * @charged: P: cost charged to @queues that looks have read and not yet
 *	averaged, in instructions
 * @spent: P: sum of the averages of @queues, in instructions
 * @load: P: average CPU time that it takes or wants, in thousandths of a CPU
 * @worker: I: NULL in tasklet mode
 * @buffers: T: pages that guest-Tx packets are copied to
 * @gro: T: joins TCP segments
 * @lane: one for each direction
 * @flush: F: of netbk_flush_groups(), one for each lane
 * @tx: T: the batch of the Tx lane
 * @rx: R: the batch of the Rx lane
 *
 * Allocated on its node and wholly initialised before anything can reach it,
 * freed when no vif exists. Small fields first, arrays last.
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the group is reachable, constant afterwards
 * H: written with CPU hotplug off, read by READ_ONCE(); group_affinity.c says
 *    why that is enough
 * P: the placement mutex; read racily for display
 * F: the mutex of flushes (group.c)
 * T: the Tx lane's worker alone
 * R: the Rx lane's worker alone
 */
struct xen_netbk {
	unsigned int index;
	int node;
	int cpu;
	cpumask_var_t cpus;
	unsigned int nr_queues;
	struct list_head queues;
	unsigned long moves;
	struct netbk_sample sample;
	u64 charged;
	u64 spent;
	unsigned int load;
	struct kthread_worker *worker;
	struct netbk_buffers buffers;
	struct netbk_gro gro;
	struct netbk_lane lane[NETBK_DIRS];
	struct netbk_flush flush[NETBK_DIRS];

	struct netbk_tx_batch tx;
	struct netbk_rx_batch rx;
};

/* Guards the placement of queues, and all loads (group_load.c). */
extern struct mutex netbk_placement;

/* Returns a queue's group, NULL if it is on none. Under the placement mutex. */
static inline struct xen_netbk *
netbk_placed_on(const struct xenvif_queue *queue)
{
	return rcu_dereference_protected(queue->netbk,
					 lockdep_is_held(&netbk_placement));
}

int netbk_groups_init(void (*ran)(void));
void netbk_groups_deinit(void);
unsigned int netbk_groups_count(void);
struct xen_netbk *netbk_group(unsigned int index);

bool netbk_groups_have_one_cpu(void);
bool netbk_groups_have_cpus(void);
const struct cpumask *netbk_group_cpus(const struct xen_netbk *netbk, int gone);

void netbk_flush(struct xen_netbk *netbk, struct xenvif_queue *take);
void netbk_flush_groups(const unsigned long *groups);

#endif /* _XEN_NETBACK_GROUP_H */
