/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a backend in xenstore, which follows its frontend's. */
#ifndef _XEN_NETBACK_XENBUS_STATE_H
#define _XEN_NETBACK_XENBUS_STATE_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <xen/xenbus.h>

#include "xenbus_allowance.h"
#include "xenbus_hotplug.h"

struct xen_netif;

/**
 * struct xenvif_backend - how the backend of a vif follows its frontend
 * @xdev: I: the device in xenstore
 * @netif: I: the vif
 * @guarded: I: the toolstack names a hotplug script, which lets packets pass
 * @lock: serialises the xenwatch thread, @late_work and the work of @hotplug
 * @state: L: the backend's state, shown in xenstore unless @awaits_hotplug
 * @awaits_hotplug: L: Connected is not shown yet
 * @owes_reconfigured: L: Reconfigured has to be shown after Connected
 * @refused: L: the last connection failed, or the frontend's state was invalid;
 *	the frontend is ignored until it starts over, so that it cannot fill the
 *	log
 * @connects: L: attempts to connect, and messages about an invalid state
 * @answers: L: other answers to the frontend's state
 * @late_work: answers when @connects and @answers allow it
 * @hotplug: awaits the hotplug script
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set by xenvif_backend_init(), constant afterwards
 * L: @lock
 */
struct xenvif_backend {
	struct xenbus_device *xdev;
	struct xen_netif *netif;
	bool guarded;
	struct mutex lock;	/* see above */
	enum xenbus_state state;
	bool awaits_hotplug;
	bool owes_reconfigured;
	bool refused;
	struct xenvif_allowance connects;
	struct xenvif_allowance answers;
	struct delayed_work late_work;
	struct xenvif_hotplug hotplug;
};

void xenvif_backend_init(struct xenvif_backend *backend,
			 struct xen_netif *netif, bool guarded);
void xenvif_backend_begin(struct xenvif_backend *backend);
bool xenvif_backend_follow(struct xenvif_backend *backend,
			   enum xenbus_state frontend_state);
void xenvif_backend_end(struct xenvif_backend *backend);

#endif /* _XEN_NETBACK_XENBUS_STATE_H */
