// SPDX-License-Identifier: GPL-2.0
/*
 *   backend/vif/D/H/carrier	1 if packets can go beyond the backend, else 0
 *
 * Xen's netif.h has it since 2019: a backend may tell a frontend so, and a
 * frontend that finds no such key takes the link to be there. The frontend's
 * own half of the link is the net device's carrier, which the host sees; this
 * is the host's half, which is whether the net device is up. What is beyond it,
 * a bridge or a route, is not the backend's to judge.
 *
 * The key is written by a work: net devices go up and down under rtnl, which
 * shall not wait for xenstored. The work writes what is true as it runs, so
 * that the last word is right, whatever came in between.
 */

#include "link.h"

#include <linux/netdevice.h>

#include <xen/xenbus.h>

#include "vif.h"
#include "xenbus_node.h"

/* Nothing is written if the toolstack has removed the device. To write a key
 * would make its folder again, and the folder a device; and the backend of a
 * device that has taken its place may never write the key itself.
 */
static int write_carrier(const struct xen_netif *netif,
			 struct xenbus_transaction xbt)
{
	const struct xenbus_device *xdev = netif->xdev;

	if (!xenvif_node_is_ours(xdev, xbt))
		return -ENOENT;
	return xenbus_printf(xbt, xdev->nodename, "carrier", "%d",
			     netif_running(netif->dev));
}

static void tell_link(struct work_struct *work)
{
	const struct xen_netif *netif =
		container_of(work, struct xenvif_link, work)->netif;
	struct xenbus_transaction xbt;
	int err;

	do {
		err = xenbus_transaction_start(&xbt);
		if (err)
			break;
		err = write_carrier(netif, xbt);
		if (err) {
			xenbus_transaction_end(xbt, 1);
			break;
		}
		err = xenbus_transaction_end(xbt, 0);
	} while (err == -EAGAIN);

	if (err && err != -ENOENT)
		netdev_warn(netif->dev, "carrier not written: %d\n", err);
}

/**
 * xenvif_link_init - prepare for telling a guest its link state
 * @link: zeroed memory, of @netif
 * @netif: its netif
 *
 * Context: any.
 */
void xenvif_link_init(struct xenvif_link *link, struct xen_netif *netif)
{
	link->netif = netif;
	INIT_WORK(&link->work, tell_link);
}

/**
 * xenvif_link_changed - the net device is there, or went up or down
 * @link: of its netif
 *
 * Context: any; a work does the rest.
 */
void xenvif_link_changed(struct xenvif_link *link)
{
	schedule_work(&link->work);
}

/**
 * xenvif_link_end - tell nothing any more
 * @link: of a netif whose net device is not registered any more
 *
 * The key goes: the backend that comes next may know nothing of it.
 *
 * Context: process, may sleep.
 */
void xenvif_link_end(struct xenvif_link *link)
{
	const struct xenbus_device *xdev = link->netif->xdev;

	cancel_work_sync(&link->work);
	if (xenvif_node_is_ours(xdev, XBT_NIL))
		xenbus_rm(XBT_NIL, xdev->nodename, "carrier");
}
