/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of queues for the kernel's netdev family of generic netlink:
 * qstats-get of Documentation/netlink/specs/netdev.yaml.
 */
#ifndef _XEN_NETBACK_VIF_QSTATS_H
#define _XEN_NETBACK_VIF_QSTATS_H

struct net_device;

void xenvif_qstats_init(struct net_device *dev);

#endif /* _XEN_NETBACK_VIF_QSTATS_H */
