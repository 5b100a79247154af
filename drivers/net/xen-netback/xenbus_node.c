// SPDX-License-Identifier: GPL-2.0

#include "xenbus_node.h"

#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <xen/xenbus.h>

#include "vif.h"

/* One work at a time of each kind, of all devices and in order: xenstored
 * grants a driver domain few transactions at once. Works that connect have a
 * queue of their own, since they map rings and take rtnl.
 */
static struct workqueue_struct *node_works, *connect_works;

/**
 * xenvif_node_init - prepare for works that use xenstore
 *
 * Context: module init, may sleep.
 * Return: 0 or a negative error.
 */
int xenvif_node_init(void)
{
	node_works = alloc_ordered_workqueue("netback_xenstore", 0);
	if (!node_works)
		return -ENOMEM;
	connect_works = alloc_ordered_workqueue("netback_connect", 0);
	if (connect_works)
		return 0;
	destroy_workqueue(node_works);
	return -ENOMEM;
}

/**
 * xenvif_node_deinit - undo xenvif_node_init()
 *
 * Context: module exit or failed init, when no vif exists; may sleep.
 */
void xenvif_node_deinit(void)
{
	destroy_workqueue(connect_works);
	destroy_workqueue(node_works);
}

/**
 * xenvif_node_queue - queue a work that uses xenstore
 * @work: the work; if it is pending, @delay replaces its former delay
 * @delay: in jiffies
 *
 * Context: any.
 */
void xenvif_node_queue(struct delayed_work *work, unsigned long delay)
{
	mod_delayed_work(node_works, work, delay);
}

/**
 * xenvif_node_queue_connect - queue a work that connects to a frontend
 * @work: the work; if it is pending, @delay replaces its former delay
 * @delay: in jiffies
 *
 * Context: any.
 */
void xenvif_node_queue_connect(struct delayed_work *work, unsigned long delay)
{
	mod_delayed_work(connect_works, work, delay);
}

/**
 * xenvif_node_watch - watch a node, if xenstored grants one more watch
 * @netif: whose log gets the error
 * @watch: with its callbacks, not registered
 * @folder: folder of the node
 * @key: the node's name
 * @told: the log has an error already; a guest can have this called again
 *
 * A vif works without the watch, unlike by xenbus_watch_pathfmt(), which ends
 * it. So callers must not depend on it.
 *
 * Context: process, may sleep.
 * Return: true if the watch is registered; else it has no node.
 */
bool xenvif_node_watch(const struct xen_netif *netif,
		       struct xenbus_watch *watch, const char *folder,
		       const char *key, bool told)
{
	int err = -ENOMEM;

	watch->node = kasprintf(GFP_KERNEL, "%s/%s", folder, key);
	if (watch->node)
		err = register_xenbus_watch(watch);
	if (!err)
		return true;
	if (!told)
		netdev_warn(netif->dev,
			    "cannot watch %s/%s in xenstore: error %d, working without\n",
			    folder, key, err);
	kfree(watch->node);
	watch->node = NULL;
	return false;
}

/**
 * xenvif_node_unwatch - undo xenvif_node_watch()
 * @watch: the watch, registered or not
 *
 * Context: process, may sleep; waits for the xenwatch thread, unless it is
 * called there.
 */
void xenvif_node_unwatch(struct xenbus_watch *watch)
{
	if (!watch->node)
		return;
	unregister_xenbus_watch(watch);
	kfree(watch->node);
	watch->node = NULL;
}

/**
 * xenvif_node_is_ours - check whether a backend still owns its folder
 * @xdev: the backend's device
 * @xbt: a transaction, or %XBT_NIL
 *
 * The toolstack may have removed the folder in xenstore, and may even have
 * written one of the same name for another device, which starts with state
 * Initialising. Xenbus may know this before the state shows it.
 *
 * Context: process, may sleep.
 * Return: false if the folder is gone or belongs to another device.
 */
bool xenvif_node_is_ours(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt)
{
	/* First, since xenbus sets it after it has written to xenstore. */
	enum xenbus_state own = READ_ONCE(xdev->state);
	int state;

	if (xenbus_scanf(xbt, xdev->nodename, "state", "%d", &state) != 1)
		return false;
	if (state == XenbusStateInitialising && own != XenbusStateInitialising)
		return false;
	return xenbus_read_driver_state(xdev, xdev->nodename) !=
	       XenbusStateUnknown;
}

/**
 * xenvif_node_is_gone - check whether a backend's folder has been removed
 * @xdev: the backend's device
 * @xbt: a transaction, or %XBT_NIL
 *
 * Context: process, may sleep.
 * Return: true if so; false also if xenstored gives no answer.
 */
bool xenvif_node_is_gone(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt)
{
	int state;

	return xenbus_scanf(xbt, xdev->nodename, "state", "%d", &state) ==
	       -ENOENT;
}

static bool node_is_empty(const char *path)
{
	unsigned int count;
	char **names;

	names = xenbus_directory(XBT_NIL, path, "", &count);
	if (IS_ERR(names))
		return false;
	kfree(names);
	return !count;
}

/**
 * xenvif_node_forget_error - remove the report of an error of a removed vif
 * @xdev: the device
 *
 * xenbus_dev_fatal() leaves a report at error/backend/vif/D/H, which toolstacks
 * do not remove. Domains have ever new numbers, so these nodes would use up
 * what xenstored grants a driver domain. The folder of the frontend's domain
 * goes with its last report. A report that another vif of that domain makes at
 * the same moment may be lost; the log has it.
 *
 * Context: process, may sleep.
 */
void xenvif_node_forget_error(const struct xenbus_device *xdev)
{
	char *path = kasprintf(GFP_KERNEL, "error/%s", xdev->nodename);

	if (!path)
		return;
	if (xenbus_exists(XBT_NIL, path, "")) {
		xenbus_rm(XBT_NIL, path, "");
		*strrchr(path, '/') = '\0';
		if (node_is_empty(path))
			xenbus_rm(XBT_NIL, path, "");
	}
	kfree(path);
}
