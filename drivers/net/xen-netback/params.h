/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters. A value is range-checked when it is set, so that readers
 * need no check of their own.
 */
#ifndef _XEN_NETBACK_PARAMS_H
#define _XEN_NETBACK_PARAMS_H

#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/types.h>

struct cpumask;

/* Upper bounds, documented in xen-netback-reference.rst. */
#define NETBK_GROUPS_MAX 256
#define XENVIF_QUEUES_MAX 64
#define XENVIF_FATAL_SLOTS_MAX 64
#define NETBK_POLL_US_MAX 1000
#define XENVIF_INFLIGHT_KIB_MAX 16384

/**
 * struct netbk_params - values of the module parameters with these names
 * @groups: groups asked for, 0 for one for each CPU: see netbk_param_groups()
 * @netback_kthread: workers are kernel threads, not tasklet pairs
 * @bind: a thread is bound to a CPU; tasklets have no use for it
 * @balance: queues are moved by their load
 * @poll_us: microseconds between a group's runs under dense traffic; 0 if it
 *	runs at once, always
 * @max_queues: most queues of a vif created now; 0 before netbk_params_init()
 * @separate_tx_rx_irq: a vif created now is offered an event channel for each
 *	direction
 * @fatal_skb_slots: slots after the first of a guest-Tx packet, of which more
 *	put its vif out of service
 * @tx_inflight_kib: KiB of memory that the host may hold of a queue's packets
 * @rx_drain_timeout_msecs: how long a packet may wait for a guest
 * @rx_stall_timeout_msecs: when a guest that takes no packet is stalled; 0 if
 *	never
 * @provides_xdp_headroom: headroom is offered to a vif created now, and given
 * @hash_cache_size: without effect; scripts that set it go on working
 *
 * Written by params.c alone. Others read a field by netbk_param(): some change
 * at run time.
 */
struct netbk_params {
	unsigned int groups;
	bool netback_kthread;
	bool bind;
	bool balance;
	unsigned int poll_us;
	unsigned int max_queues;
	bool separate_tx_rx_irq;
	unsigned int fatal_skb_slots;
	unsigned int tx_inflight_kib;
	unsigned int rx_drain_timeout_msecs;
	unsigned int rx_stall_timeout_msecs;
	bool provides_xdp_headroom;
	unsigned int hash_cache_size;
};

extern struct netbk_params netbk_params;

#define netbk_param(name) READ_ONCE(netbk_params.name)

/* Service gaps are measured (lane_gap.h), which the data path asks often. */
DECLARE_STATIC_KEY_FALSE(netbk_param_gaps);

int netbk_params_init(void);

unsigned int netbk_param_groups(void);
unsigned int netbk_param_cpu_lists(void);
void netbk_param_cpus(unsigned int index, struct cpumask *mask);

#endif /* _XEN_NETBACK_PARAMS_H */
