/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Since Linux 6.10 the kernel can ask a net device for all counters that this
 * driver has of its queues. vif_qstats.c is not built for older kernels.
 */
#ifndef _XEN_NETBACK_NO_QUEUE_STATS_H
#define _XEN_NETBACK_NO_QUEUE_STATS_H

struct net_device;

static inline void xenvif_qstats_init(struct net_device *dev)
{
}

#endif /* _XEN_NETBACK_NO_QUEUE_STATS_H */
