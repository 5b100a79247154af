/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys in xenstore while a vif is in use: settings that the toolstack and the
 * guest may change, and the link state for the guest, which is down while the
 * host's net device is down.
 */
#ifndef _XEN_NETBACK_XENBUS_WATCH_H
#define _XEN_NETBACK_XENBUS_WATCH_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include <xen/xenbus.h>

struct xen_netif;

/**
 * struct xenvif_settings - watches on the nodes of settings
 * @rate_watch: C: on the backend's rate and the nodes below it
 * @mcast_watch: C: on the frontend's request-multicast-control
 * @asked: C: both were asked for
 * @mcast_lock: held from the reading of that key until it has taken effect
 * @mcast_unknown: M: the guest has named its multicast addresses to a former
 *	backend and does not name them again, so it gets all packets
 *
 * A watch that is not registered, because xenstored grants no more, has no
 * node.
 *
 * Every field carries the rule it is guarded by:
 *
 * C: by the context that connects, of which there is one at a time, and by
 *    remove, when none is left
 * M: @mcast_lock
 */
struct xenvif_settings {
	struct xenbus_watch rate_watch;
	struct xenbus_watch mcast_watch;
	bool asked;
	struct mutex mcast_lock;	/* see above */
	bool mcast_unknown;
};

/**
 * struct xenvif_link - link state of a vif in xenstore
 * @netif: I: its netif
 * @work: writes the link state
 * @retry: W: jiffies until @work tries again, 0 if its last try was good
 * @leaves: L: the net device is being unregistered
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * W: by @work alone
 * L: set once, before the net device is unregistered
 */
struct xenvif_link {
	struct xen_netif *netif;
	struct delayed_work work;	/* has its own rules */
	unsigned long retry;
	bool leaves;
};

void xenvif_settings_init(struct xen_netif *netif);
void xenvif_settings_unwatch(struct xen_netif *netif);
void xenvif_settings_connect(struct xen_netif *netif, bool taken_over);

void xenvif_link_init(struct xenvif_link *link, struct xen_netif *netif);
void xenvif_link_changed(struct xenvif_link *link);
void xenvif_link_leave(struct xenvif_link *link);
void xenvif_link_end(struct xenvif_link *link);

#endif /* _XEN_NETBACK_XENBUS_WATCH_H */
