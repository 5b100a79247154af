// SPDX-License-Identifier: GPL-2.0
/*
 * Devices of the type vif in xenstore: probe offers what the driver can do and
 * starts the toolstack's hotplug script by its uevent, remove undoes it. How a
 * backend follows its frontend between them is told in xenbus_state.c.
 *
 * Probe and remove have the device to themselves: xenbus registers the
 * frontend's watch after probe and unregisters it before remove.
 */

#include "xenbus.h"

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include <xen/xenbus.h>

#include "vif.h"
#include "xenbus_node.h"
#include "xenbus_offer.h"
#include "xenbus_state.h"
#include "xenbus_watch.h"

/**
 * struct netback_device - a device of the backend
 * @xdev: the device
 * @netif: its interface, from probe to remove
 * @script: path of the hotplug script, for the uevent; NULL or empty if there
 *	is none
 * @gone: the toolstack has removed the device while it was probed; there may be
 *	no @netif, and the frontend is ignored until xenbus removes it, too
 * @ends: the backend has removed the device, since its frontend is closed
 * @backend: follows the frontend; valid if there is a @netif
 *
 * Probe, remove and the xenwatch thread have it in turn, but for @backend,
 * which has rules of its own. The uevent reads @script and @netif.
 */
struct netback_device {
	struct xenbus_device *xdev;
	struct xen_netif *netif;
	const char *script;
	bool gone;
	bool ends;
	struct xenvif_backend backend;
};

static void netback_frontend_changed(struct xenbus_device *xdev,
				     enum xenbus_state frontend_state)
{
	struct netback_device *nb = dev_get_drvdata(&xdev->dev);

	if (nb->gone)
		return;
	nb->ends = xenvif_backend_follow(&nb->backend, frontend_state);
	/* Without a lock: remove waits for work that takes it. */
	if (nb->ends)
		device_unregister(&xdev->dev);
}

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

static bool netback_has_script(const struct netback_device *nb)
{
	return nb->script && *nb->script;
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
	xenvif_backend_init(&nb->backend, netif, netback_has_script(nb));
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

	if (nb->netif) {
		xenvif_backend_end(&nb->backend);
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

	xenvif_backend_begin(&nb->backend);
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
