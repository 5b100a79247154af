/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Groups: the workers of the backend. A group holds everything that many guests
 * share; queues are placed on groups when their netif comes up.
 */
#ifndef _XEN_NETBACK_GROUP_H
#define _XEN_NETBACK_GROUP_H

#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "lane.h"
#include "rx_plan.h"
#include "tx.h"
#include "tx_buffer.h"
#include "tx_gro.h"

/**
 * struct netbk_sample - what a group did between two looks
 * @cpu: where it worked at the end of that, as in struct xen_netbk
 * @ran: how long, in ns
 * @behind: how long it had to wait although work was left, in ns
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
 * @cpu: H: where it works, -1 if that is left to the scheduler
 * @cpus: I: those that it may use
 * @nr_queues: P: queues placed here
 * @queues: P: these, by their @placed
 * @moves: P: queues that came from another group
 * @sample: P: of the last look at the loads
 * @load: P: average of the CPU time that it takes or wants, in thousandths
 * @worker: I: NULL in tasklet mode
 * @buffers: T: where guest-Tx packets are copied to
 * @gro: T: what joins segments
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
 * H: written with CPU hotplug off, read by READ_ONCE(); group_affinity.c says
 *    why that is enough
 * P: the placement mutex; read racily for display
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
	unsigned int load;
	struct kthread_worker *worker;
	struct netbk_buffers buffers;
	struct netbk_gro gro;
	struct netbk_lane lane[NETBK_DIRS];

	struct netbk_tx_batch tx;
	struct netbk_rx_batch rx;
};

/* Guards who is where, and all loads (group_load.c). */
extern struct mutex netbk_placement;

int netbk_groups_init(void (*ran)(void));
void netbk_groups_deinit(void);
unsigned int netbk_groups_count(void);
struct xen_netbk *netbk_group(unsigned int index);

bool netbk_groups_have_one_cpu(void);
bool netbk_groups_have_cpus(void);
const struct cpumask *netbk_group_cpus(const struct xen_netbk *netbk, int gone);

void netbk_flush(struct xen_netbk *netbk, struct xenvif_queue *take);

#endif /* _XEN_NETBACK_GROUP_H */
