/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration that a frontend asks for in xenstore. Each key is read once
 * and checked before it is used.
 */
#ifndef _XEN_NETBACK_XENBUS_CONFIG_H
#define _XEN_NETBACK_XENBUS_CONFIG_H

#include <linux/netdev_features.h>
#include "queue.h"

struct xenbus_device;

/**
 * struct xenvif_config - configuration of a frontend
 * @offloads: NETIF_F_SG, NETIF_F_TSO, ... that it supports
 * @rx_notify: it sends an event when it has posted Rx requests
 * @rx_headroom: bytes to leave free in the first page of each Rx packet
 * @has_ctrl: it has a control ring
 * @ctrl_ref: grant of the control ring's page
 * @ctrl_evtchn: event channel of the control ring
 * @num_queues: number of queues, 1 to the maximum offered to it
 * @refs: grants and event channels of each queue
 */
struct xenvif_config {
	netdev_features_t offloads;
	bool rx_notify;
	unsigned int rx_headroom;
	bool has_ctrl;
	grant_ref_t ctrl_ref;
	evtchn_port_t ctrl_evtchn;
	unsigned int num_queues;
	struct xenvif_ring_refs refs[];
};

struct xenvif_config *xenvif_config_read(struct xenbus_device *xdev,
					 unsigned int max_queues);
unsigned int xenvif_config_read_headroom(struct xenbus_device *xdev);

#endif /* _XEN_NETBACK_XENBUS_CONFIG_H */
