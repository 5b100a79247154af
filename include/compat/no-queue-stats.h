/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linux 6.10 asks a net device for all counters of its queues that this driver
 * has. Where the kernel does not ask, vif_qstats.c is not built.
 */
#ifndef _XEN_NETBACK_NO_QUEUE_STATS_H
#define _XEN_NETBACK_NO_QUEUE_STATS_H

struct net_device;

static inline void xenvif_qstats_init(struct net_device *dev)
{
}

#endif /* _XEN_NETBACK_NO_QUEUE_STATS_H */
