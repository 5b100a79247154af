// SPDX-License-Identifier: GPL-2.0
/*
 *   backend/vif/D/H/mtu			read once, by probe
 *   backend/vif/D/H/rate			watched: bytes,usec of guest Tx
 *		     rate/packets		the same in packets
 *		     rate/rx, rate/rx-packets	both for guest Rx
 *   device/vif/H/request-multicast-control	set by the guest; watched,
 *						with effect while connected
 *
 *   backend/vif/D/H/carrier		written: 0 if packets cannot go beyond
 *					the backend, 1 if they can again
 *
 * Watches are registered when a frontend first connects.
 *
 * One watch serves all rates, since it also fires for nodes below its own, and
 * xenstored grants a driver domain few watches. At most one event is queued for
 * a node that the guest can write (XSA-349).
 */

#include "xenbus_watch.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "dir.h"
#include "vif.h"
#include "vif_limit.h"
#include "xenbus_node.h"
#include "xenbus_transact.h"

/* -------------------------------- rates ------------------------------ */

static const struct {
	const char *key;
	enum netbk_dir dir;
	enum xenvif_limit_kind kind;
} rates[] = {
	{ "rate", NETBK_TX, XENVIF_LIMIT_BYTES },
	{ "rate/packets", NETBK_TX, XENVIF_LIMIT_PACKETS },
	{ "rate/rx", NETBK_RX, XENVIF_LIMIT_BYTES },
	{ "rate/rx-packets", NETBK_RX, XENVIF_LIMIT_PACKETS },
};

/* A malformed rate, or one that cannot be read, changes nothing. */
static void settings_read_rate(struct xen_netif *netif, unsigned int i,
			       bool tells)
{
	struct netbk_rate rate = {};
	bool good = true;
	char *text;

	text = xenbus_read(XBT_NIL, netif->xdev->nodename, rates[i].key, NULL);
	if (IS_ERR(text)) {
		good = PTR_ERR(text) == -ENOENT;
		text = NULL;
	} else if (*text) {	/* a node with only children is empty */
		good = netbk_rate_parse(text, &rate);
	}
	if (good)
		xenvif_limit_set(&netif->limit[rates[i].dir], rates[i].kind,
				 &rate);
	else if (tells)
		netdev_err(netif->dev,
			   "%s: invalid value \"%s\", expected \"<amount>,<usec>\"\n",
			   rates[i].key, text ?: "");
	kfree(text);
}

static void settings_read_rates(struct xen_netif *netif, bool tells)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		settings_read_rate(netif, i, tells);
}

static void settings_rate_changed(struct xenbus_watch *watch, const char *path,
				  const char *token)
{
	settings_read_rates(container_of(watch, struct xen_netif,
					 settings.rate_watch), true);
}

/* --------------------------------- mtu ------------------------------- */

/* The toolstack sets the MTU for the network behind the vif; a hotplug script
 * may change it later.
 */
static void settings_read_mtu(struct xen_netif *netif)
{
	struct net_device *dev = netif->dev;
	unsigned int mtu;
	int err;

	if (xenbus_scanf(XBT_NIL, netif->xdev->nodename, "mtu", "%u",
			 &mtu) != 1)
		return;
	rtnl_lock();
	err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	if (err)
		netdev_err(dev, "mtu: %u out of range (%u-%u)\n", mtu,
			   dev->min_mtu, dev->max_mtu);
}

/* ------------------------- multicast control ------------------------- */

static bool settings_none_queued(struct xenbus_watch *watch, const char *path,
				 const char *token)
{
	return !watch->nr_pending;
}

static void settings_read_mcast(struct xen_netif *netif)
{
	unsigned int request = 0;
	int ret;

	lockdep_assert_held(&netif->settings.mcast_lock);
	ret = xenbus_scanf(XBT_NIL, netif->xdev->otherend,
			   "request-multicast-control", "%u", &request);
	if (ret != 1 && ret != -ENOENT)
		return;
	WRITE_ONCE(netif->mcast.on,
		   request && !netif->settings.mcast_unknown);
}

static void settings_mcast_changed(struct xenbus_watch *watch, const char *path,
				   const char *token)
{
	struct xen_netif *netif = container_of(watch, struct xen_netif,
					       settings.mcast_watch);

	mutex_lock(&netif->settings.mcast_lock);
	settings_read_mcast(netif);
	mutex_unlock(&netif->settings.mcast_lock);
}

/* ------------------------------ settings ----------------------------- */

/* Xenbus registers the watch that a vif cannot do without, on the frontend's
 * state, after probe. So these come later, when a frontend first connects: in a
 * driver domain they may be the last that xenstored grants. A refusal is final.
 * Otherwise a guest that connects again and again would get what is freed for
 * other vifs, and fill the log.
 *
 * The rates are read before packets pass, because the watch's first event may
 * come later, and before the watch is registered, because its callback could
 * set a rate that is newer.
 */
static void settings_watch(struct xen_netif *netif)
{
	struct xenvif_settings *settings = &netif->settings;
	const struct xenbus_device *xdev = netif->xdev;

	if (!settings->rate_watch.node)
		settings_read_rates(netif, !settings->asked);
	if (settings->asked)
		return;
	settings->asked = true;
	xenvif_node_watch(netif, &settings->rate_watch, xdev->nodename, "rate",
			  false);
	xenvif_node_watch(netif, &settings->mcast_watch, xdev->otherend,
			  "request-multicast-control", false);
}

/**
 * xenvif_settings_init - prepare to read settings, and read the MTU
 * @netif: with its net device
 *
 * Context: process, may sleep; takes rtnl.
 */
void xenvif_settings_init(struct xen_netif *netif)
{
	struct xenvif_settings *settings = &netif->settings;

	mutex_init(&settings->mcast_lock);
	settings->rate_watch.callback = settings_rate_changed;
	settings->mcast_watch.will_handle = settings_none_queued;
	settings->mcast_watch.callback = settings_mcast_changed;

	settings_read_mtu(netif);
}

/**
 * xenvif_settings_unwatch - unregister the watches
 * @netif: with its net device, connected or not
 *
 * Context: process, may sleep, without rtnl, since it may wait for the xenwatch
 * thread.
 */
void xenvif_settings_unwatch(struct xen_netif *netif)
{
	xenvif_node_unwatch(&netif->settings.rate_watch);
	xenvif_node_unwatch(&netif->settings.mcast_watch);
}

/**
 * xenvif_settings_connect - read the settings, and watch them
 * @netif: in the course of connecting
 * @taken_over: the rings come from a former backend, to which the guest has
 *	named its multicast addresses; it does not name them again, so nothing
 *	is filtered
 *
 * Without a watch, a setting stays what it is when a frontend connects.
 *
 * Context: process, may sleep, under the backend's lock (xenbus_state.c), so
 * that no watch may be unregistered.
 */
void xenvif_settings_connect(struct xen_netif *netif, bool taken_over)
{
	settings_watch(netif);
	mutex_lock(&netif->settings.mcast_lock);
	netif->settings.mcast_unknown = taken_over;
	WRITE_ONCE(netif->mcast.on, false);
	settings_read_mcast(netif);
	mutex_unlock(&netif->settings.mcast_lock);
}

/* ------------------------------ carrier ------------------------------ */

/* Xen's netif.h has the key carrier since 2019. A frontend that finds no such
 * key assumes that the link is up. The frontend's half of the link is the net
 * device's carrier, which the host sees; the host's half is whether the net
 * device is up. The backend does not judge what is beyond it, a bridge or a
 * route. The key is made when the net device goes down for the first time:
 * xenstored grants a driver domain few nodes.
 *
 * A work writes the key: net devices go up and down under rtnl, which must not
 * wait for xenstored. The work reads the state as it runs, so the last value
 * written is right, whatever happened in between. If it cannot write, for want
 * of a transaction for example, it tries again after LINK_RETRY, then after
 * twice the time, up to LINK_RETRY_MAX.
 */
#define LINK_RETRY HZ
#define LINK_RETRY_MAX (64 * HZ)

/* Nothing is written if the toolstack has removed the device. A write would
 * create its folder again, and xenbus a device for that. If another device has
 * taken its place, the key would stay, since that backend may never write it.
 */
static int link_write(void *data, struct xenbus_transaction xbt)
{
	const struct xen_netif *netif = data;
	const struct xenbus_device *xdev = netif->xdev;
	bool up = netif_running(netif->dev);
	int shown;

	if (!xenvif_node_is_ours(xdev, xbt))
		return -ENOENT;
	if (up && xenbus_scanf(xbt, xdev->nodename, "carrier", "%d",
			       &shown) == -ENOENT)
		return 0;
	return xenbus_printf(xbt, xdev->nodename, "carrier", "%d", up);
}

static void link_tell(struct work_struct *work)
{
	struct xenvif_link *link = container_of(to_delayed_work(work),
						struct xenvif_link, work);
	int err;

	err = xenvif_transact(link_write, link->netif);
	if (!err || err == -ENOENT) {
		link->retry = 0;
		return;
	}
	if (!link->retry)
		netdev_warn(link->netif->dev,
			    "cannot write carrier to xenstore: error %d, trying again\n",
			    err);
	link->retry = clamp(2 * link->retry, LINK_RETRY, LINK_RETRY_MAX);
	xenvif_node_queue(&link->work, link->retry);
}

/**
 * xenvif_link_init - initialise the link state of a netif
 * @link: of @netif, zeroed memory
 * @netif: its netif
 *
 * Context: any.
 */
void xenvif_link_init(struct xenvif_link *link, struct xen_netif *netif)
{
	link->netif = netif;
	INIT_DELAYED_WORK(&link->work, link_tell);
}

/**
 * xenvif_link_changed - have the link state written to xenstore
 * @link: of a netif whose net device went up or down
 *
 * Context: any; a work writes it.
 */
void xenvif_link_changed(struct xenvif_link *link)
{
	if (!READ_ONCE(link->leaves))
		xenvif_node_queue(&link->work, 0);
}

/**
 * xenvif_link_leave - ignore further changes of the link state
 * @link: of a netif whose net device is about to be unregistered
 *
 * The net device goes down as it is unregistered, which would make the key.
 *
 * Context: any.
 */
void xenvif_link_leave(struct xenvif_link *link)
{
	WRITE_ONCE(link->leaves, true);
}

/**
 * xenvif_link_end - stop writing the link state, and remove the key
 * @link: of a netif whose net device is unregistered
 *
 * The next backend may not support the key, so it must not stay.
 *
 * Context: process, may sleep.
 */
void xenvif_link_end(struct xenvif_link *link)
{
	const struct xenbus_device *xdev = link->netif->xdev;

	cancel_delayed_work_sync(&link->work);
	if (xenvif_node_is_ours(xdev, XBT_NIL))
		xenbus_rm(XBT_NIL, xdev->nodename, "carrier");
}
