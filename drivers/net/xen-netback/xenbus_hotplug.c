// SPDX-License-Identifier: GPL-2.0
/*
 * The watch exists only while the script is awaited, since xenstored grants a
 * driver domain few watches. It is registered before hotplug-status is read, so
 * nothing is missed, and it goes when "connected" is there. Its callback
 * unregisters it: the xenwatch thread need not wait for itself.
 */

#include "xenbus_hotplug.h"

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vif.h"
#include "xenbus_node.h"

/* The log says after that time what the vif waits for. */
#define HOTPLUG_PATIENCE (10 * HZ)

/* Without a watch, looks are that far apart. */
#define HOTPLUG_LOOK HZ

static char *hotplug_read(const struct xenvif_hotplug *hotplug)
{
	char *status = xenbus_read(XBT_NIL, hotplug->netif->xdev->nodename,
				   "hotplug-status", NULL);

	return IS_ERR(status) ? NULL : status;
}

/**
 * xenvif_hotplug_done - check whether the script has reported success
 * @hotplug: the script
 *
 * Context: process, may sleep.
 * Return: true if so.
 */
bool xenvif_hotplug_done(const struct xenvif_hotplug *hotplug)
{
	char *status = hotplug_read(hotplug);
	bool done = status && !strcmp(status, "connected");

	kfree(status);
	return done;
}

static void hotplug_watch(struct xenvif_hotplug *hotplug)
{
	mutex_lock(&hotplug->lock);
	hotplug->since = jiffies;
	hotplug->told = false;
	if (!hotplug->watched)
		hotplug->watched =
			xenvif_node_watch(hotplug->netif, &hotplug->watch,
					  hotplug->netif->xdev->nodename,
					  "hotplug-status", hotplug->refused);
	hotplug->refused = !hotplug->watched;
	mutex_unlock(&hotplug->lock);
}

/* Once the watch is unregistered, xenvif_hotplug_end() waits for the completion
 * alone.
 */
static void hotplug_fired(struct xenbus_watch *watch, const char *path,
			  const char *token)
{
	struct xenvif_hotplug *hotplug = container_of(watch,
						      struct xenvif_hotplug,
						      watch);
	bool ends;

	hotplug->changed(hotplug);
	mutex_lock(&hotplug->lock);
	ends = hotplug->watched && xenvif_hotplug_done(hotplug);
	if (ends) {
		xenvif_node_unwatch(&hotplug->watch);
		reinit_completion(&hotplug->unwatched);
		hotplug->watched = false;
	}
	mutex_unlock(&hotplug->lock);
	if (!ends)
		return;
	/* An event since the first call was cancelled with the watch. */
	hotplug->changed(hotplug);
	complete_all(&hotplug->unwatched);
}

static void hotplug_tell(const struct xenvif_hotplug *hotplug)
{
	char *status = hotplug_read(hotplug);

	netdev_warn(hotplug->netif->dev,
		    "waiting for the hotplug script: hotplug-status is \"%s\", expected \"connected\"; if no script reports it: xenstore-write %s/hotplug-status connected\n",
		    status ?: "", hotplug->netif->xdev->nodename);
	kfree(status);
}

static void hotplug_look(struct work_struct *work)
{
	struct xenvif_hotplug *hotplug = container_of(to_delayed_work(work),
						      struct xenvif_hotplug,
						      work);
	bool tells, looks;

	if (hotplug->changed(hotplug))
		return;
	mutex_lock(&hotplug->lock);
	tells = !hotplug->told &&
		time_after_eq(jiffies, hotplug->since + HOTPLUG_PATIENCE);
	hotplug->told |= tells;
	looks = hotplug->refused;
	mutex_unlock(&hotplug->lock);
	if (tells)
		hotplug_tell(hotplug);
	if (looks)
		xenvif_node_queue(&hotplug->work, HOTPLUG_LOOK);
}

/**
 * xenvif_hotplug_init - prepare to wait for a hotplug script
 * @hotplug: zeroed memory
 * @netif: the vif
 * @changed: see struct xenvif_hotplug
 *
 * Context: any.
 */
void xenvif_hotplug_init(struct xenvif_hotplug *hotplug,
			 struct xen_netif *netif,
			 bool (*changed)(struct xenvif_hotplug *hotplug))
{
	hotplug->netif = netif;
	hotplug->changed = changed;
	mutex_init(&hotplug->lock);
	init_completion(&hotplug->unwatched);
	complete_all(&hotplug->unwatched);
	hotplug->watch.callback = hotplug_fired;
	INIT_DELAYED_WORK(&hotplug->work, hotplug_look);
}

/**
 * xenvif_hotplug_await - begin to wait for the script, unless it is done
 * @hotplug: the script
 *
 * Context: process, may sleep, under the lock that @changed takes.
 * Return: true if the script is done; if false, @changed will be called.
 */
bool xenvif_hotplug_await(struct xenvif_hotplug *hotplug)
{
	if (xenvif_hotplug_done(hotplug))
		return true;
	hotplug_watch(hotplug);
	if (xenvif_hotplug_done(hotplug))
		return true;
	xenvif_node_queue(&hotplug->work, READ_ONCE(hotplug->refused) ?
			  HOTPLUG_LOOK : HOTPLUG_PATIENCE);
	return false;
}

/**
 * xenvif_hotplug_end - wait no longer
 * @hotplug: the script; xenvif_hotplug_await() is not called any longer
 *
 * Context: process, may sleep, without the lock that @changed takes. Afterwards
 * @changed does not run.
 */
void xenvif_hotplug_end(struct xenvif_hotplug *hotplug)
{
	bool watched;

	mutex_lock(&hotplug->lock);
	watched = hotplug->watched;
	hotplug->watched = false;	/* the callback leaves it to us */
	mutex_unlock(&hotplug->lock);
	if (watched)
		xenvif_node_unwatch(&hotplug->watch);
	else
		wait_for_completion(&hotplug->unwatched);
	cancel_delayed_work_sync(&hotplug->work);
}
