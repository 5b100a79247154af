/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of queues for the kernel's netdev family of generic netlink, on
 * kernels that have it (6.10): qstats-get of Documentation/netlink/specs/
 * netdev.yaml.
 */
#ifndef _XEN_NETBACK_QSTATS_H
#define _XEN_NETBACK_QSTATS_H

#include <net/netdev_queues.h>

extern const struct netdev_stat_ops xenvif_stat_ops;

#endif /* _XEN_NETBACK_QSTATS_H */
