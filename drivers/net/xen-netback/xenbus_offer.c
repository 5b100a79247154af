// SPDX-License-Identifier: GPL-2.0

#include "xenbus_offer.h"

#include <linux/kernel.h>
#include <linux/netdevice.h>

#include <xen/xenbus.h>

#include "params.h"
#include "vif.h"
#include "xenbus_transact.h"

/* Features that the frontend can choose from (netif.h), with their values. */
static const struct {
	const char *key;
	unsigned int value;
} features[] = {
	{ "feature-sg", 1 },
	{ "feature-gso-tcpv4", 1 },
	{ "feature-gso-tcpv6", 1 },
	{ "feature-ipv6-csum-offload", 1 },
	{ "feature-rx-copy", 1 },
	{ "feature-rx-flip", 0 },
	{ "feature-multicast-control", 1 },
	{ "feature-dynamic-multicast-control", 1 },
};

static int offer_write(void *data, struct xenbus_transaction xbt)
{
	const struct xen_netif *netif = data;
	const char *node = netif->xdev->nodename;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		err = xenbus_printf(xbt, node, features[i].key, "%u",
				    features[i].value);
		if (err) {
			xenbus_dev_fatal(netif->xdev, err, "writing %s",
					 features[i].key);
			return err;
		}
	}
	return xenbus_printf(xbt, node, "feature-xdp-headroom", "%u",
			     netif->gives_headroom);
}

/**
 * xenvif_offer_features - write the features that a frontend can choose from
 * @netif: a new netif
 *
 * In one transaction: a frontend sees all features or none. Errors are reported
 * to the toolstack.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int xenvif_offer_features(struct xen_netif *netif)
{
	int err;

	err = xenvif_transact(offer_write, netif);
	if (err)
		xenbus_dev_fatal(netif->xdev, err, "writing features");
	return err;
}

/**
 * xenvif_offer_options - write what frontends work without
 * @netif: a new netif
 *
 * An error is not fatal.
 *
 * Context: process, may sleep.
 */
void xenvif_offer_options(const struct xen_netif *netif)
{
	struct xenbus_device *xdev = netif->xdev;

	if (xenbus_printf(XBT_NIL, xdev->nodename,
			  "feature-split-event-channels", "%u",
			  netbk_param(separate_tx_rx_irq)) ||
	    xenbus_printf(XBT_NIL, xdev->nodename, "multi-queue-max-queues",
			  "%u", netif->max_queues) ||
	    xenbus_printf(XBT_NIL, xdev->nodename, "feature-ctrl-ring", "1"))
		dev_dbg(&xdev->dev, "cannot write optional features\n");
}
