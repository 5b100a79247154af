// SPDX-License-Identifier: GPL-2.0
/*
 * The backend's state in xenstore goes
 *
 *   Initialising --> InitWait --> Connected
 *          |          ^    |          |
 *          v          |    v          v
 *        Closed ------+  Closing <----+
 *          ^  +------------>|
 *          +----------------+
 *
 * and follows the frontend's. It shows each state on the way and skips none:
 * Windows frontends close before they connect, and spin until they have seen
 * Closing and then Closed.
 *
 * Connected is shown, and packets pass, once the toolstack's hotplug script has
 * reported that the interface is on its bridge. If the toolstack names no
 * script, packets pass at once: nothing is there to guard the interface.
 *
 * The xenwatch thread follows the states of all frontends, and a connection
 * takes it milliseconds: it maps pages, binds events and waits for grace
 * periods. So a frontend may connect CONNECTS_AT_ONCE times back to back, then
 * as often as connect_rate says. Any other answer to a frontend's state costs
 * some writes to xenstore, and is limited in the same way by ANSWERS_AT_ONCE
 * and answer_rate. What comes earlier is left to late_work, which follows the
 * state that it finds.
 *
 * Free are the ways down that the frontend has paid for: out of Connected, and
 * into Closed, which it cannot leave for free. Both have to be followed at
 * once: rings that the guest has given up must not be served, and only the
 * xenwatch thread may unregister a device.
 *
 * The backend's lock serialises the xenwatch thread, late_work and the work
 * that awaits the script. xenwatch takes it, so never wait for xenwatch (for
 * example in unregister_xenbus_watch()) while holding it. vif.c shows a state,
 * too, when a guest breaks the protocol.
 */

#include "xenbus_state.h"

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/time64.h>

#include "bucket.h"
#include "trace.h"
#include "vif.h"
#include "vif_up.h"
#include "xenbus_config.h"
#include "xenbus_node.h"

/* One boot may connect three times: its firmware, boot loader and kernel. */
#define CONNECTS_AT_ONCE 20

static const struct netbk_rate connect_rate = {
	.amount = 1,
	.period_us = 2 * USEC_PER_SEC,
};

/* A connection is followed by four answers at most, until the next one. */
#define ANSWERS_AT_ONCE (5 * CONNECTS_AT_ONCE)

static const struct netbk_rate answer_rate = {
	.amount = 4,
	.period_us = USEC_PER_SEC,
};

/* A broken netif shows Closing already (vif.c); Connected must not follow. If
 * another device has taken this one's place its state must not be overwritten,
 * else xenbus does not probe it. Linux 7.0 prevents that, older kernels do not.
 */
static void state_tell(struct xenvif_backend *backend, enum xenbus_state state)
{
	struct xen_netif *netif = backend->netif;
	bool serves = state == XenbusStateConnected ||
		      state == XenbusStateReconfigured;

	mutex_lock(&netif->state_lock);
	if (backend->xdev->state != state &&
	    (!serves || !test_bit(XENVIF_BROKEN, &netif->state)) &&
	    xenvif_node_is_ours(backend->xdev, XBT_NIL)) {
		trace_netbk_state(netif, NETBK_BACKEND, state);
		xenbus_switch_state(backend->xdev, state);
	}
	mutex_unlock(&netif->state_lock);
}

static void state_show(struct xenvif_backend *backend, enum xenbus_state state)
{
	backend->state = state;
	if (!backend->awaits_hotplug)
		state_tell(backend, state);
}

/* Returns true if the script is not awaited any longer. */
static bool state_hotplug_changed(struct xenvif_hotplug *hotplug)
{
	struct xenvif_backend *backend =
		container_of(hotplug, struct xenvif_backend, hotplug);
	bool awaits;

	mutex_lock(&backend->lock);
	if (backend->awaits_hotplug && xenvif_hotplug_done(hotplug)) {
		backend->awaits_hotplug = false;
		xenvif_admit(backend->netif);
		state_show(backend, backend->state);
		if (backend->owes_reconfigured)
			state_tell(backend, XenbusStateReconfigured);
		backend->owes_reconfigured = false;
	}
	awaits = backend->awaits_hotplug;
	mutex_unlock(&backend->lock);
	return !awaits;
}

/* Returns true if the log should say that the frontend is limited. */
static bool state_answer_late(struct xenvif_backend *backend,
			      struct xenvif_allowance *allowance)
{
	lockdep_assert_held(&backend->lock);
	xenvif_node_queue_connect(&backend->late_work,
				  xenvif_allowance_wait(allowance));
	return xenvif_allowance_tell(allowance);
}

/* Returns false if late_work will connect. */
static bool state_may_connect(struct xenvif_backend *backend)
{
	if (xenvif_allow(&backend->connects))
		return true;
	if (state_answer_late(backend, &backend->connects))
		netdev_warn(backend->netif->dev,
			    "frontend reconnects too often, limiting to one connection per %lu s\n",
			    connect_rate.period_us / USEC_PER_SEC);
	return false;
}

/* Whether the answer to a state is free, see above. A connection from InitWait
 * has a price of its own.
 */
static bool state_is_free(const struct xenvif_backend *backend,
			  enum xenbus_state frontend_state)
{
	switch (frontend_state) {
	case XenbusStateUnknown:
	case XenbusStateInitialised:	/* has no answer */
	case XenbusStateClosed:
		return true;
	case XenbusStateInitialising:
	case XenbusStateClosing:
		return backend->state == XenbusStateConnected;
	case XenbusStateConnected:
		return backend->state == XenbusStateInitWait;
	default:
		return false;
	}
}

/* Returns false if late_work will answer. */
static bool state_may_answer(struct xenvif_backend *backend,
			     enum xenbus_state frontend_state)
{
	if (state_is_free(backend, frontend_state) ||
	    xenvif_allow(&backend->answers))
		return true;
	if (state_answer_late(backend, &backend->answers))
		netdev_warn(backend->netif->dev,
			    "frontend changes its state too often, limiting to %u answers per second\n",
			    answer_rate.amount);
	return false;
}

static int state_connect(struct xenvif_backend *backend)
{
	struct xenvif_config *config;
	int err;

	config = xenvif_config_read(backend->xdev, backend->netif->max_queues);
	if (IS_ERR(config))
		return PTR_ERR(config);
	err = xenvif_connect(backend->netif, config);
	kfree(config);
	return err;
}

/* After a failure the state is Closing: xenbus_dev_fatal() has shown it. */
static void state_enter_connected(struct xenvif_backend *backend)
{
	if (state_connect(backend)) {
		backend->state = XenbusStateClosing;
		trace_netbk_state(backend->netif, NETBK_BACKEND,
				  backend->state);
		backend->refused = true;
		return;
	}
	backend->awaits_hotplug = !xenvif_hotplug_await(&backend->hotplug);
	if (!backend->awaits_hotplug || !backend->guarded)
		xenvif_admit(backend->netif);
	state_show(backend, XenbusStateConnected);
}

/* Headroom is the only setting that may change while connected. A frontend
 * shows Reconfiguring, in some cases before it has written the new value, waits
 * for Reconfigured and shows Connected. So the value is read both times, and
 * the backend's state goes back to Connected for the next time.
 */
static void state_reconfigure(struct xenvif_backend *backend,
			      enum xenbus_state answer)
{
	if (backend->state != XenbusStateConnected)
		return;
	xenvif_set_headroom(backend->netif,
			    xenvif_config_read_headroom(backend->xdev));
	if (backend->awaits_hotplug)
		backend->owes_reconfigured = answer == XenbusStateReconfigured;
	else
		state_tell(backend, answer);
}

/* A frontend that is not closing may use its pages for other things by now. */
static void state_leave_connected(struct xenvif_backend *backend,
				  enum xenbus_state goal)
{
	xenvif_disconnect(backend->netif,
			  goal == XenbusStateClosing && !backend->refused);
	backend->awaits_hotplug = false;
	backend->owes_reconfigured = false;
	state_show(backend, XenbusStateClosing);
}

/* Returns the next state on the way from @from to @to, which differ. */
static enum xenbus_state state_next(enum xenbus_state from,
				    enum xenbus_state to)
{
	switch (from) {
	case XenbusStateInitialising:
		return to == XenbusStateClosed ? XenbusStateClosed :
						 XenbusStateInitWait;
	case XenbusStateInitWait:
		return to == XenbusStateConnected ? XenbusStateConnected :
						    XenbusStateClosing;
	case XenbusStateConnected:
		return XenbusStateClosing;
	case XenbusStateClosing:
		return XenbusStateClosed;
	default:	/* Closed */
		return to == XenbusStateClosing ? XenbusStateClosing :
						  XenbusStateInitWait;
	}
}

static void state_go_to(struct xenvif_backend *backend, enum xenbus_state goal)
{
	while (backend->state != goal) {
		enum xenbus_state from = backend->state;
		enum xenbus_state next = state_next(from, goal);

		if (next == XenbusStateConnected) {
			if (!state_may_connect(backend))
				return;
			state_enter_connected(backend);
			if (backend->state != XenbusStateConnected)
				return;
		} else if (from == XenbusStateConnected) {
			state_leave_connected(backend, goal);
		} else {
			state_show(backend, next);
		}
	}
}

/* A frontend whose connection was deferred may have gone on to Reconfiguring,
 * and waits for Reconfigured.
 */
static void state_serve(struct xenvif_backend *backend,
			enum xenbus_state frontend_state)
{
	state_go_to(backend, XenbusStateConnected);
	if (frontend_state == XenbusStateReconfiguring)
		state_reconfigure(backend, XenbusStateReconfigured);
}

/* In these states a frontend starts over, whatever was wrong before. */
static bool state_starts_over(enum xenbus_state state)
{
	return state == XenbusStateInitialising ||
	       state == XenbusStateClosing || state == XenbusStateClosed;
}

/* Logs once until the frontend starts over, at most as often as it may connect.
 */
static void state_refuse(struct xenvif_backend *backend,
			 enum xenbus_state state)
{
	if (backend->refused)
		return;
	backend->refused = true;
	if (xenvif_allow(&backend->connects))
		xenbus_dev_fatal(backend->xdev, -EINVAL,
				 "saw state %d at frontend", state);
	state_go_to(backend, XenbusStateClosing);
}

/* Returns true if the device has to be unregistered. */
static bool state_follow(struct xenvif_backend *backend,
			 enum xenbus_state frontend_state)
{
	lockdep_assert_held(&backend->lock);
	if (!state_may_answer(backend, frontend_state))
		return false;
	if (state_starts_over(frontend_state))
		backend->refused = false;

	switch (frontend_state) {
	case XenbusStateInitialising:
		state_go_to(backend, XenbusStateInitWait);
		break;
	case XenbusStateInitialised:
		break;
	case XenbusStateConnected:
		state_reconfigure(backend, XenbusStateConnected);
		if (!backend->refused)
			state_go_to(backend, XenbusStateConnected);
		break;
	case XenbusStateReconfiguring:
		if (!backend->refused && backend->state == XenbusStateInitWait)
			state_serve(backend, frontend_state);
		else
			state_reconfigure(backend, XenbusStateReconfigured);
		break;
	case XenbusStateClosing:
		state_go_to(backend, XenbusStateClosing);
		break;
	case XenbusStateClosed:
		state_go_to(backend, XenbusStateClosed);
		return !xenbus_dev_is_online(backend->xdev);
	case XenbusStateUnknown:
		state_go_to(backend, XenbusStateClosed);
		return true;
	default:
		state_refuse(backend, frontend_state);
		break;
	}
	return false;
}

/* Closed is left to the xenwatch thread, which has to see it as well. */
static void state_follow_late(struct work_struct *work)
{
	struct xenvif_backend *backend =
		container_of(to_delayed_work(work), struct xenvif_backend,
			     late_work);
	enum xenbus_state state;

	mutex_lock(&backend->lock);
	state = xenbus_read_driver_state(backend->xdev,
					 backend->xdev->otherend);
	if (state != XenbusStateUnknown && state != XenbusStateClosed &&
	    xenvif_node_is_ours(backend->xdev, XBT_NIL))
		state_follow(backend, state);
	mutex_unlock(&backend->lock);
}

/**
 * xenvif_backend_init - prepare to follow a frontend
 * @backend: of a device that is probed; zeroed
 * @netif: its vif
 * @guarded: the toolstack names a hotplug script
 *
 * Context: process.
 */
void xenvif_backend_init(struct xenvif_backend *backend,
			 struct xen_netif *netif, bool guarded)
{
	backend->xdev = netif->xdev;
	backend->netif = netif;
	backend->guarded = guarded;
	mutex_init(&backend->lock);
	backend->state = XenbusStateInitialising;
	xenvif_allowance_init(&backend->connects, &connect_rate,
			      CONNECTS_AT_ONCE);
	xenvif_allowance_init(&backend->answers, &answer_rate, ANSWERS_AT_ONCE);
	INIT_DELAYED_WORK(&backend->late_work, state_follow_late);
	xenvif_hotplug_init(&backend->hotplug, netif, state_hotplug_changed);
}

/**
 * xenvif_backend_begin - show that the backend awaits its frontend
 * @backend: of a device that offers all of its features
 *
 * Context: probe, may sleep; takes the lock of @backend, though xenbus does not
 * yet watch the frontend.
 */
void xenvif_backend_begin(struct xenvif_backend *backend)
{
	mutex_lock(&backend->lock);
	state_show(backend, XenbusStateInitWait);
	mutex_unlock(&backend->lock);
}

/**
 * xenvif_backend_follow - go where the frontend's state leads
 * @backend: of a device that is not removed
 * @frontend_state: as xenbus has read it, any value
 *
 * Context: the xenwatch thread, may sleep; takes the lock of @backend.
 * Return: true if the device has to be unregistered.
 */
bool xenvif_backend_follow(struct xenvif_backend *backend,
			   enum xenbus_state frontend_state)
{
	bool ends;

	mutex_lock(&backend->lock);
	trace_netbk_state(backend->netif, NETBK_FRONTEND, frontend_state);
	ends = state_follow(backend, frontend_state);
	mutex_unlock(&backend->lock);
	return ends;
}

/**
 * xenvif_backend_end - follow the frontend no longer
 * @backend: of a device that is removed; the vif may stay connected
 *
 * Waits for late work, which may still connect and await the hotplug script,
 * and then ends the wait for that.
 *
 * Context: remove, may sleep, without the lock of @backend.
 */
void xenvif_backend_end(struct xenvif_backend *backend)
{
	cancel_delayed_work_sync(&backend->late_work);
	xenvif_hotplug_end(&backend->hotplug);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/xenbus_state_kunit.c"
#endif
