/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The toolstack's hotplug script of a vif, which writes "connected" to
 * hotplug-status when the vif is on its bridge and guarded by its rules.
 */
#ifndef _XEN_NETBACK_XENBUS_HOTPLUG_H
#define _XEN_NETBACK_XENBUS_HOTPLUG_H

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <xen/xenbus.h>

struct xen_netif;

/**
 * struct xenvif_hotplug - wait for the hotplug script of a vif
 * @netif: I: the vif
 * @changed: I: called, without a lock, when hotplug-status may have changed;
 *	returns true if the script is not awaited any longer
 * @lock: serialises the registration of @watch, and the begin of a wait
 * @watched: L: @watch is registered
 * @refused: L: xenstored has granted no watch, as the log says, and is asked
 *	again when the next wait begins
 * @unwatched: not completed while the watch's callback, which has ended @watch,
 *	still uses this struct
 * @watch: on hotplug-status, while the script is awaited
 * @work: says what the vif waits for, and looks by itself without @watch
 * @since: L: when the wait began, in jiffies
 * @told: L: the log says what the vif waits for in this wait
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set by xenvif_hotplug_init(), constant afterwards
 * L: @lock
 */
struct xenvif_hotplug {
	struct xen_netif *netif;
	bool (*changed)(struct xenvif_hotplug *hotplug);
	struct mutex lock;	/* see above */
	bool watched;
	bool refused;
	struct completion unwatched;
	struct xenbus_watch watch;
	struct delayed_work work;
	unsigned long since;
	bool told;
};

void xenvif_hotplug_init(struct xenvif_hotplug *hotplug,
			 struct xen_netif *netif,
			 bool (*changed)(struct xenvif_hotplug *hotplug));
bool xenvif_hotplug_done(const struct xenvif_hotplug *hotplug);
bool xenvif_hotplug_await(struct xenvif_hotplug *hotplug);
void xenvif_hotplug_end(struct xenvif_hotplug *hotplug);

#endif /* _XEN_NETBACK_XENBUS_HOTPLUG_H */
