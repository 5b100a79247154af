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
 * nb->lock serialises the xenwatch thread and late_work. xenwatch takes it,
 * so never wait for xenwatch (for example in unregister_xenbus_watch()) while
 * holding it. vif.c shows a state, too, when a guest breaks the protocol.
 *
 * Probe and remove have the device to themselves: xenbus registers the
 * frontend's watch after probe and unregisters it before remove. Remove waits
 * for late_work, which may still connect, then ends the wait for the script.
 */

#include "xenbus.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/workqueue.h>

#include <xen/xenbus.h>

#include "bucket.h"
#include "trace.h"
#include "vif.h"
#include "vif_up.h"
#include "xenbus_allowance.h"
#include "xenbus_config.h"
#include "xenbus_hotplug.h"
#include "xenbus_node.h"
#include "xenbus_offer.h"
#include "xenbus_watch.h"

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

/**
 * struct netback_device - a backend in xenstore
 * @xdev: the device
 * @netif: its interface, from probe to remove
 * @script: path of the hotplug script, for the uevent; NULL or empty if there
 *	is none
 * @gone: the toolstack has removed the device while it was probed; there may be
 *	no @netif, and the frontend is ignored until xenbus removes it, too
 * @ends: the backend has removed the device, since its frontend is closed
 * @lock: protects all fields below except @late_work and @hotplug, which are
 *	ended without it; those above belong to probe, remove and the xenwatch
 *	thread
 * @state: the backend's state, shown in xenstore unless @awaits_hotplug
 * @awaits_hotplug: Connected is not shown yet
 * @owes_reconfigured: Reconfigured has to be shown after Connected
 * @refused: the last connection failed, or the frontend's state was invalid;
 *	the frontend is ignored until it starts over, so that it cannot fill the
 *	log
 * @connects: attempts to connect, and messages about an invalid state
 * @answers: other answers to the frontend's state
 * @late_work: answers when @connects and @answers allow it
 * @hotplug: awaits the hotplug script
 */
struct netback_device {
	struct xenbus_device *xdev;
	struct xen_netif *netif;
	const char *script;
	bool gone;
	bool ends;
	struct mutex lock;		/* see above */
	enum xenbus_state state;
	bool awaits_hotplug;
	bool owes_reconfigured;
	bool refused;
	struct xenvif_allowance connects;
	struct xenvif_allowance answers;
	struct delayed_work late_work;
	struct xenvif_hotplug hotplug;
};

/* ------------------------------- states ------------------------------ */

/* A broken netif shows Closing already (vif.c); Connected must not follow. If
 * another device has taken this one's place its state must not be overwritten,
 * else xenbus does not probe it. Linux 7.0 prevents that, older kernels do not.
 */
static void netback_tell_state(struct netback_device *nb,
			       enum xenbus_state state)
{
	struct xen_netif *netif = nb->netif;
	bool serves = state == XenbusStateConnected ||
		      state == XenbusStateReconfigured;

	mutex_lock(&netif->state_lock);
	if (nb->xdev->state != state &&
	    (!serves || !test_bit(XENVIF_BROKEN, &netif->state)) &&
	    xenvif_node_is_ours(nb->xdev, XBT_NIL)) {
		trace_netbk_state(netif, NETBK_BACKEND, state);
		xenbus_switch_state(nb->xdev, state);
	}
	mutex_unlock(&netif->state_lock);
}

static void netback_show_state(struct netback_device *nb,
			       enum xenbus_state state)
{
	nb->state = state;
	if (!nb->awaits_hotplug)
		netback_tell_state(nb, state);
}

/* Returns true if the script is not awaited any longer. */
static bool netback_hotplug_changed(struct xenvif_hotplug *hotplug)
{
	struct netback_device *nb = container_of(hotplug, struct netback_device,
						 hotplug);
	bool awaits;

	mutex_lock(&nb->lock);
	if (nb->awaits_hotplug && xenvif_hotplug_done(hotplug)) {
		nb->awaits_hotplug = false;
		xenvif_admit(nb->netif);
		netback_show_state(nb, nb->state);
		if (nb->owes_reconfigured)
			netback_tell_state(nb, XenbusStateReconfigured);
		nb->owes_reconfigured = false;
	}
	awaits = nb->awaits_hotplug;
	mutex_unlock(&nb->lock);
	return !awaits;
}

/* Returns true if the log should say that the frontend is limited. */
static bool netback_answer_late(struct netback_device *nb,
				struct xenvif_allowance *allowance)
{
	lockdep_assert_held(&nb->lock);
	xenvif_node_queue_connect(&nb->late_work,
				  xenvif_allowance_wait(allowance));
	return xenvif_allowance_tell(allowance);
}

/* Returns false if late_work will connect. */
static bool netback_may_connect(struct netback_device *nb)
{
	if (xenvif_allow(&nb->connects))
		return true;
	if (netback_answer_late(nb, &nb->connects))
		netdev_warn(nb->netif->dev,
			    "frontend reconnects too often, limiting to one connection per %lu s\n",
			    connect_rate.period_us / USEC_PER_SEC);
	return false;
}

/* Whether the answer to a state is free, see above. A connection from InitWait
 * has a price of its own.
 */
static bool netback_is_free(const struct netback_device *nb,
			    enum xenbus_state frontend_state)
{
	switch (frontend_state) {
	case XenbusStateUnknown:
	case XenbusStateInitialised:	/* has no answer */
	case XenbusStateClosed:
		return true;
	case XenbusStateInitialising:
	case XenbusStateClosing:
		return nb->state == XenbusStateConnected;
	case XenbusStateConnected:
		return nb->state == XenbusStateInitWait;
	default:
		return false;
	}
}

/* Returns false if late_work will answer. */
static bool netback_may_answer(struct netback_device *nb,
			       enum xenbus_state frontend_state)
{
	if (netback_is_free(nb, frontend_state) || xenvif_allow(&nb->answers))
		return true;
	if (netback_answer_late(nb, &nb->answers))
		netdev_warn(nb->netif->dev,
			    "frontend changes its state too often, limiting to %u answers per second\n",
			    answer_rate.amount);
	return false;
}

static int netback_connect(struct netback_device *nb)
{
	struct xenvif_config *config;
	int err;

	config = xenvif_config_read(nb->xdev, nb->netif->max_queues);
	if (IS_ERR(config))
		return PTR_ERR(config);
	err = xenvif_connect(nb->netif, config);
	kfree(config);
	return err;
}

static bool netback_has_script(const struct netback_device *nb)
{
	return nb->script && *nb->script;
}

/* After a failure the state is Closing: xenbus_dev_fatal() has shown it. */
static void netback_enter_connected(struct netback_device *nb)
{
	if (netback_connect(nb)) {
		nb->state = XenbusStateClosing;
		trace_netbk_state(nb->netif, NETBK_BACKEND, nb->state);
		nb->refused = true;
		return;
	}
	nb->awaits_hotplug = !xenvif_hotplug_await(&nb->hotplug);
	if (!nb->awaits_hotplug || !netback_has_script(nb))
		xenvif_admit(nb->netif);
	netback_show_state(nb, XenbusStateConnected);
}

/* Headroom is the only setting that may change while connected. A frontend
 * shows Reconfiguring, in some cases before it has written the new value, waits
 * for Reconfigured and shows Connected. So the value is read both times, and
 * the backend's state goes back to Connected for the next time.
 */
static void netback_reconfigure(struct netback_device *nb,
				enum xenbus_state answer)
{
	if (nb->state != XenbusStateConnected)
		return;
	xenvif_set_headroom(nb->netif, xenvif_config_read_headroom(nb->xdev));
	if (nb->awaits_hotplug)
		nb->owes_reconfigured = answer == XenbusStateReconfigured;
	else
		netback_tell_state(nb, answer);
}

/* A frontend that is not closing may use its pages for other things by now. */
static void netback_leave_connected(struct netback_device *nb,
				    enum xenbus_state goal)
{
	xenvif_disconnect(nb->netif,
			  goal == XenbusStateClosing && !nb->refused);
	nb->awaits_hotplug = false;
	nb->owes_reconfigured = false;
	netback_show_state(nb, XenbusStateClosing);
}

/* Returns the next state on the way from @from to @to, which differ. */
static enum xenbus_state netback_step_to(enum xenbus_state from,
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

static void netback_go_to(struct netback_device *nb, enum xenbus_state goal)
{
	while (nb->state != goal) {
		enum xenbus_state from = nb->state;
		enum xenbus_state next = netback_step_to(from, goal);

		if (next == XenbusStateConnected) {
			if (!netback_may_connect(nb))
				return;
			netback_enter_connected(nb);
			if (nb->state != XenbusStateConnected)
				return;
		} else if (from == XenbusStateConnected) {
			netback_leave_connected(nb, goal);
		} else {
			netback_show_state(nb, next);
		}
	}
}

/* A frontend whose connection was deferred may have gone on to Reconfiguring,
 * and waits for Reconfigured.
 */
static void netback_serve(struct netback_device *nb,
			  enum xenbus_state frontend_state)
{
	netback_go_to(nb, XenbusStateConnected);
	if (frontend_state == XenbusStateReconfiguring)
		netback_reconfigure(nb, XenbusStateReconfigured);
}

/* In these states a frontend starts over, whatever was wrong before. */
static bool netback_starts_over(enum xenbus_state state)
{
	return state == XenbusStateInitialising ||
	       state == XenbusStateClosing || state == XenbusStateClosed;
}

/* Logs once until the frontend starts over, at most as often as it may connect.
 */
static void netback_refuse_state(struct netback_device *nb,
				 enum xenbus_state state)
{
	if (nb->refused)
		return;
	nb->refused = true;
	if (xenvif_allow(&nb->connects))
		xenbus_dev_fatal(nb->xdev, -EINVAL, "saw state %d at frontend",
				 state);
	netback_go_to(nb, XenbusStateClosing);
}

/* Returns true if the device has to be unregistered. */
static bool netback_follow(struct netback_device *nb,
			   enum xenbus_state frontend_state)
{
	lockdep_assert_held(&nb->lock);
	if (!netback_may_answer(nb, frontend_state))
		return false;
	if (netback_starts_over(frontend_state))
		nb->refused = false;

	switch (frontend_state) {
	case XenbusStateInitialising:
		netback_go_to(nb, XenbusStateInitWait);
		break;
	case XenbusStateInitialised:
		break;
	case XenbusStateConnected:
		netback_reconfigure(nb, XenbusStateConnected);
		if (!nb->refused)
			netback_go_to(nb, XenbusStateConnected);
		break;
	case XenbusStateReconfiguring:
		if (!nb->refused && nb->state == XenbusStateInitWait)
			netback_serve(nb, frontend_state);
		else
			netback_reconfigure(nb, XenbusStateReconfigured);
		break;
	case XenbusStateClosing:
		netback_go_to(nb, XenbusStateClosing);
		break;
	case XenbusStateClosed:
		netback_go_to(nb, XenbusStateClosed);
		return !xenbus_dev_is_online(nb->xdev);
	case XenbusStateUnknown:
		netback_go_to(nb, XenbusStateClosed);
		return true;
	default:
		netback_refuse_state(nb, frontend_state);
		break;
	}
	return false;
}

/* Closed is left to the xenwatch thread, which is to see it as well. */
static void netback_follow_late(struct work_struct *work)
{
	struct netback_device *nb = container_of(to_delayed_work(work),
						 struct netback_device,
						 late_work);
	enum xenbus_state state;

	mutex_lock(&nb->lock);
	state = xenbus_read_driver_state(nb->xdev, nb->xdev->otherend);
	if (state != XenbusStateUnknown && state != XenbusStateClosed &&
	    xenvif_node_is_ours(nb->xdev, XBT_NIL))
		netback_follow(nb, state);
	mutex_unlock(&nb->lock);
}

static void netback_frontend_changed(struct xenbus_device *xdev,
				     enum xenbus_state frontend_state)
{
	struct netback_device *nb = dev_get_drvdata(&xdev->dev);

	if (nb->gone)
		return;
	mutex_lock(&nb->lock);
	trace_netbk_state(nb->netif, NETBK_FRONTEND, frontend_state);
	nb->ends = netback_follow(nb, frontend_state);
	mutex_unlock(&nb->lock);
	/* Without the lock: remove waits for late_work, which takes it. */
	if (nb->ends)
		device_unregister(&xdev->dev);
}

/* --------------------------- probe, remove --------------------------- */

static int netback_uevent(const struct xenbus_device *xdev,
			  struct kobj_uevent_env *env)
{
	const struct netback_device *nb = dev_get_drvdata(&xdev->dev);

	if (!nb)
		return 0;
	if (add_uevent_var(env, "script=%s", nb->script ?: ""))
		return -ENOMEM;
	if (!nb->netif)
		return 0;
	return add_uevent_var(env, "vif=%s", nb->netif->dev->name);
}

static int netback_read_script(struct netback_device *nb)
{
	const char *script;

	script = xenbus_read(XBT_NIL, nb->xdev->nodename, "script", NULL);
	if (PTR_ERR(script) == -ENOENT)
		return 0;
	if (IS_ERR(script)) {
		xenbus_dev_fatal(nb->xdev, PTR_ERR(script), "reading script");
		return PTR_ERR(script);
	}
	nb->script = script;
	return 0;
}

static int netback_create_netif(struct netback_device *nb)
{
	struct xenbus_device *xdev = nb->xdev;
	struct xen_netif *netif;
	unsigned int handle;
	int ret;

	ret = xenbus_scanf(XBT_NIL, xdev->nodename, "handle", "%u", &handle);
	if (ret != 1) {
		ret = ret < 0 ? ret : -EINVAL;
		xenbus_dev_fatal(xdev, ret, "reading handle");
		return ret;
	}

	netif = xenvif_alloc(xdev, xdev->otherend_id, handle);
	if (IS_ERR(netif)) {
		xenbus_dev_fatal(xdev, PTR_ERR(netif), "creating interface");
		return PTR_ERR(netif);
	}
	nb->netif = netif;
	xenvif_hotplug_init(&nb->hotplug, netif, netback_hotplug_changed);
	xenvif_settings_init(netif);
	return 0;
}

/* Also undoes a failed probe. The state in xenstore stays as it is, since a
 * connected frontend waits for the next backend. So does the report of an
 * error, unless the vif is removed and not only unbound.
 */
static void netback_remove(struct xenbus_device *xdev)
{
	struct netback_device *nb = dev_get_drvdata(&xdev->dev);
	bool removed = nb->gone || nb->ends;

	/* It may await the hotplug script. */
	cancel_delayed_work_sync(&nb->late_work);
	if (nb->netif) {
		xenvif_hotplug_end(&nb->hotplug);
		xenvif_settings_unwatch(nb->netif);
	}
	if (xenvif_node_is_ours(xdev, XBT_NIL))
		xenbus_rm(XBT_NIL, xdev->nodename, "hotplug-status");
	else
		removed = true;
	if (nb->netif) {
		if (!nb->gone)
			kobject_uevent(&xdev->dev.kobj, KOBJ_OFFLINE);
		dev_set_drvdata(&xdev->dev, NULL);
		xenvif_disconnect(nb->netif, false);
		xenvif_free(nb->netif);
	}
	/* Nobody else reports an error any more. */
	if (removed)
		xenvif_node_forget_error(xdev);
	dev_set_drvdata(&xdev->dev, NULL);
	kfree(nb->script);
	kfree(nb);
}

static int netback_probe(struct xenbus_device *xdev,
			 const struct xenbus_device_id *id)
{
	struct netback_device *nb;
	int err;

	nb = kzalloc_obj(*nb);
	if (!nb) {
		xenbus_dev_fatal(xdev, -ENOMEM, "allocating backend structure");
		return -ENOMEM;
	}
	nb->xdev = xdev;
	mutex_init(&nb->lock);
	nb->state = XenbusStateInitialising;
	xenvif_allowance_init(&nb->connects, &connect_rate, CONNECTS_AT_ONCE);
	xenvif_allowance_init(&nb->answers, &answer_rate, ANSWERS_AT_ONCE);
	INIT_DELAYED_WORK(&nb->late_work, netback_follow_late);
	dev_set_drvdata(&xdev->dev, nb);

	err = netback_read_script(nb);
	if (!err)
		err = netback_create_netif(nb);
	if (!err)
		err = xenvif_offer(nb->netif);
	/* For an error xenbus would leave a report behind. */
	if (err && xenvif_node_is_gone(xdev, XBT_NIL)) {
		nb->gone = true;
		return 0;
	}
	if (err) {
		netback_remove(xdev);
		return err;
	}

	netback_show_state(nb, XenbusStateInitWait);
	/* The uevent starts the hotplug script. */
	kobject_uevent(&xdev->dev.kobj, KOBJ_ONLINE);
	return 0;
}

static const struct xenbus_device_id netback_ids[] = {
	{ "vif" },
	{ "" }
};

static struct xenbus_driver netback_driver = {
	.ids = netback_ids,
	.probe = netback_probe,
	.remove = netback_remove,
	.uevent = netback_uevent,
	.otherend_changed = netback_frontend_changed,
	.allow_rebind = true,
};

/**
 * xenvif_xenbus_init - register the xenbus driver
 *
 * Vifs may connect before this returns.
 *
 * Context: module init, may sleep.
 * Return: 0 or a negative error.
 */
int xenvif_xenbus_init(void)
{
	int err;

	err = xenvif_node_init();
	if (err)
		return err;
	err = xenbus_register_backend(&netback_driver);
	if (err)
		xenvif_node_deinit();
	return err;
}

/**
 * xenvif_xenbus_deinit - unregister the xenbus driver
 *
 * A bound vif holds a reference to the module, so none is left.
 *
 * Context: module exit, may sleep.
 */
void xenvif_xenbus_deinit(void)
{
	xenbus_unregister_driver(&netback_driver);
	xenvif_node_deinit();
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/xenbus_kunit.c"
#endif
