/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings of a vif that the toolstack and the guest may change in xenstore
 * while it is in use. Tx and Rx are the guest's directions, as in netif.h.
 */
#ifndef _XEN_NETBACK_XENBUS_WATCH_H
#define _XEN_NETBACK_XENBUS_WATCH_H

#include <linux/mutex.h>

#include <xen/xenbus.h>

struct xen_netif;

/**
 * struct xenvif_settings - watches on the nodes of settings
 * @rate_watch: P: on the backend's rate, and what is below it
 * @mcast_watch: P: on the frontend's request-multicast-control
 * @mcast_lock: held from when that is read until it has taken effect
 * @mcast_unknown: M: what multicast packets the guest wants it has told a
 *	former backend, and need not tell again: it gets all
 *
 * A watch that is not registered has no node.
 *
 * Every field carries the rule it is guarded by:
 *
 * P: by probe and remove
 * M: @mcast_lock
 */
struct xenvif_settings {
	struct xenbus_watch rate_watch;
	struct xenbus_watch mcast_watch;
	struct mutex mcast_lock;	/* see above */
	bool mcast_unknown;
};

int xenvif_settings_init(struct xen_netif *netif);
void xenvif_settings_unwatch(struct xen_netif *netif);
void xenvif_settings_connect(struct xen_netif *netif, bool taken_over);

#endif /* _XEN_NETBACK_XENBUS_WATCH_H */
