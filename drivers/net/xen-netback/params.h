/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters, behind accessors: a value is range-checked when it is set,
 * so that readers need no check of their own.
 */
#ifndef _XEN_NETBACK_PARAMS_H
#define _XEN_NETBACK_PARAMS_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct cpumask;

/* Upper bounds, documented in xen-netback.rst. */
#define NETBK_GROUPS_MAX 256
#define XENVIF_QUEUES_MAX 64
#define XENVIF_FATAL_SLOTS_MAX 64
#define NETBK_POLL_US_MAX 1000
#define XENVIF_INFLIGHT_KIB_MAX 16384

/* Service gaps are measured (lane_gap.h), which the data path asks often. */
DECLARE_STATIC_KEY_FALSE(netbk_param_gaps);

int netbk_params_init(void);

unsigned int netbk_param_groups(void);
bool netbk_param_kthread(void);
bool netbk_param_bind(void);
unsigned int netbk_param_cpu_lists(void);
void netbk_param_cpus(unsigned int index, struct cpumask *mask);
bool netbk_param_balance(void);
unsigned int netbk_param_poll_us(void);
unsigned int xenvif_param_max_queues(void);
bool xenvif_param_split_events(void);
unsigned int xenvif_param_fatal_slots(void);
unsigned int xenvif_param_tx_inflight(void);
unsigned int xenvif_param_rx_drain_msecs(void);
unsigned int xenvif_param_rx_stall_msecs(void);
bool xenvif_param_xdp_headroom(void);

#endif /* _XEN_NETBACK_PARAMS_H */
