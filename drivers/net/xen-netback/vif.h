/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A netif: one guest's virtual interface, which the host sees as net device
 * vif<domain>.<handle>. In the whole driver Tx and Rx are the guest's
 * directions, as in netif.h of the Xen interface; only counters of the net
 * device are the host's.
 */
#ifndef _XEN_NETBACK_VIF_H
#define _XEN_NETBACK_VIF_H

#include <linux/mutex.h>
#include <linux/netdev_features.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <xen/interface/xen.h>

#include "ctrl.h"
#include "dir.h"
#include "params.h"
#include "rx_stall.h"
#include "vif_limit.h"
#include "vif_mcast.h"
#include "xenbus_watch.h"

struct dentry;
struct net_device;
struct xenbus_device;
struct xenvif_config;
struct xenvif_queue;

/* Bits of struct xen_netif.state. */
enum xenvif_state_bits {
	XENVIF_CONNECTED,	/* rings are mapped and events bound */
	XENVIF_ADMITTED,	/* no hotplug script has to finish first */
	XENVIF_CLOSED,		/* the net device is down in the host */
	XENVIF_BROKEN,		/* the guest broke the protocol */
};

/**
 * struct xen_netif - a guest's virtual interface
 * @dev: I
 * @xdev: I
 * @domid: I: the guest
 * @handle: I: the guest's number for it
 * @max_queues: I: number of elements of @queues
 * @queues: I: the array
 * @num_queues: R: number of connected queues, 0 if none; read anywhere
 * @up: R: queues are placed on groups
 * @told_ready: R: time in jiffies of the last message "Guest Rx ready", 0 if
 *	there was none
 * @state: A: enum xenvif_state_bits
 * @offloads: R: features that the frontend supports; read anywhere
 * @mtu_uncut: R: MTU in bytes before it was cut for a frontend without
 *	scatter-gather, 0 if it is not cut
 * @weight: W: weight of its queues together in each group, in per cent of the
 *	default; %NETBK_WEIGHT_MIN to %NETBK_WEIGHT_MAX
 * @gives_headroom: I: headroom was offered to the frontend
 * @rx_headroom: X: bytes to leave free in the first page of each Rx packet
 * @mcast: multicast addresses that the guest wants
 * @limit: rates of both directions
 * @stall: queues whose guest takes no packets
 * @ctrl: control ring and hash settings of the guest
 * @settings: watches in xenstore
 * @link: link state that the guest sees
 * @debugfs: C: folder of the vif
 * @groups_seen: P: groups that its queues have been on since it came up
 * @drain_timeout: C: jiffies that a packet may wait for the guest
 * @rx_notify: C: the guest sends an event when it has posted Rx requests
 * @state_lock: held while a state is written to xenstore that depends on
 *	%XENVIF_BROKEN or follows from it
 * @broken_reason: what the guest did; written before @broken_work is queued
 * @broken_work: ends the service of a guest that broke the protocol
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * C: set while connecting, constant until disconnected
 * P: the placement mutex (group.c)
 * A: atomic bit operations
 * R: written under rtnl; read there or, where noted, anywhere with READ_ONCE()
 * W: WRITE_ONCE() by sysfs, READ_ONCE() anywhere
 * X: WRITE_ONCE() under the backend's lock (xenbus_state.c), READ_ONCE()
 *    anywhere
 *
 * Structs without a letter have rules of their own.
 */
struct xen_netif {
	struct net_device *dev;
	struct xenbus_device *xdev;
	domid_t domid;
	unsigned int handle;
	unsigned int max_queues;
	struct xenvif_queue *queues;
	unsigned int num_queues;
	bool up;
	unsigned long told_ready;
	unsigned long state;
	netdev_features_t offloads;
	unsigned int mtu_uncut;
	unsigned int weight;
	bool gives_headroom;
	unsigned int rx_headroom;
	struct xenvif_mcast mcast;
	struct xenvif_limit limit[NETBK_DIRS];
	struct xenvif_stall stall;
	struct xenvif_ctrl ctrl;
	struct xenvif_settings settings;
	struct xenvif_link link;
	struct dentry *debugfs;
	DECLARE_BITMAP(groups_seen, NETBK_GROUPS_MAX);
	unsigned long drain_timeout;
	bool rx_notify;
	struct mutex state_lock;	/* see above */
	const char *broken_reason;
	struct work_struct broken_work;
};

struct xen_netif *xenvif_alloc(struct xenbus_device *xdev, domid_t domid,
			       unsigned int handle);
void xenvif_free(struct xen_netif *netif);
int xenvif_connect(struct xen_netif *netif, const struct xenvif_config *config);
void xenvif_disconnect(struct xen_netif *netif, bool closing);
void xenvif_set_headroom(struct xen_netif *netif, unsigned int bytes);

#endif /* _XEN_NETBACK_VIF_H */
