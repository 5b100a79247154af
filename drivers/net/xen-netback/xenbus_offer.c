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

/* @key is the one that is being written, NULL between transactions. */
struct offer {
	const struct xen_netif *netif;
	const char *key;
};

static int offer_write_key(struct offer *offer, struct xenbus_transaction xbt,
			   const char *key, unsigned int value)
{
	offer->key = key;
	return xenbus_printf(xbt, offer->netif->xdev->nodename, key, "%u",
			     value);
}

static int offer_write(void *data, struct xenbus_transaction xbt)
{
	struct offer *offer = data;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		err = offer_write_key(offer, xbt, features[i].key,
				      features[i].value);
		if (err)
			return err;
	}
	err = offer_write_key(offer, xbt, "feature-xdp-headroom",
			      offer->netif->gives_headroom);
	if (!err)
		offer->key = NULL;
	return err;
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
	struct offer offer = { .netif = netif };
	int err;

	/* A report writes to xenstore, so it comes after the transaction. */
	err = xenvif_transact(offer_write, &offer);
	if (err)
		xenbus_dev_fatal(netif->xdev, err, "writing %s",
				 offer.key ?: "features");
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
