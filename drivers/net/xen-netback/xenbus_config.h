/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frontend asks for in xenstore, read once and checked before anything
 * is built on it.
 */
#ifndef _XEN_NETBACK_XENBUS_CONFIG_H
#define _XEN_NETBACK_XENBUS_CONFIG_H

#include <linux/netdev_features.h>
#include "queue.h"

struct xenbus_device;

/**
 * struct xenvif_config - a frontend's wishes
 * @offloads: NETIF_F_SG, NETIF_F_TSO, ... that it can take
 * @rx_notify: it sends an event when it has posted Rx requests
 * @rx_headroom: bytes to leave free in the first page of each packet for it
 * @has_ctrl: it has a control ring
 * @ctrl_ref: grant of that ring's page
 * @ctrl_evtchn: its event channel
 * @num_queues: 1 to the maximum it was offered
 * @refs: where the rings of each queue are
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
