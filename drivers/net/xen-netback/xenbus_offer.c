// SPDX-License-Identifier: GPL-2.0

#include "xenbus_offer.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>

#include <xen/xenbus.h>

#include "params.h"
#include "vif.h"
#include "xenbus_node.h"
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

/* @key is the one that is being written, NULL between transactions. @options
 * says whether keys are written that frontends work without, and @began whether
 * xenstored has granted a transaction.
 */
struct offer {
	const struct xen_netif *netif;
	const char *key;
	bool options;
	bool began;
};

static int offer_write_key(struct offer *offer, struct xenbus_transaction xbt,
			   const char *key, unsigned int value)
{
	offer->key = key;
	return xenbus_printf(xbt, offer->netif->xdev->nodename, key, "%u",
			     value);
}

static int offer_write_features(struct offer *offer,
				struct xenbus_transaction xbt)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		err = offer_write_key(offer, xbt, features[i].key,
				      features[i].value);
		if (err)
			return err;
	}
	return offer_write_key(offer, xbt, "feature-xdp-headroom",
			       offer->netif->gives_headroom);
}

static int offer_write_options(struct offer *offer,
			       struct xenbus_transaction xbt)
{
	int err;

	err = offer_write_key(offer, xbt, "feature-split-event-channels",
			      netbk_param(separate_tx_rx_irq));
	if (!err)
		err = offer_write_key(offer, xbt, "multi-queue-max-queues",
				      offer->netif->max_queues);
	if (!err)
		err = offer_write_key(offer, xbt, "feature-ctrl-ring", 1);
	return err;
}

/* The toolstack may remove a device while it is probed. A write would create
 * its folder again.
 */
static int offer_write(void *data, struct xenbus_transaction xbt)
{
	struct offer *offer = data;
	int err;

	offer->key = NULL;
	offer->began = true;
	if (xenvif_node_is_gone(offer->netif->xdev, xbt))
		return -ENODEV;
	err = offer_write_features(offer, xbt);
	if (!err && offer->options)
		err = offer_write_options(offer, xbt);
	if (!err)
		offer->key = NULL;
	return err;
}

/**
 * xenvif_offer - write what a frontend can choose from
 * @netif: a new netif
 *
 * In one transaction: a frontend sees all keys or none. If xenstored grants no
 * nodes for keys that frontends work without, they are left out. Errors are
 * reported to the toolstack, unless it has removed the device.
 *
 * Context: process, may sleep.
 * Return: 0, %-ENODEV if the device is gone, or another negative error.
 */
int xenvif_offer(struct xen_netif *netif)
{
	struct offer offer = { .netif = netif, .options = true };
	int err;

	err = xenvif_transact(offer_write, &offer);
	if (err && err != -ENODEV && offer.began) {
		netdev_warn(netif->dev,
			    "cannot write %s to xenstore: error %d, trying without options such as multi-queue-max-queues\n",
			    offer.key ?: "features", err);
		offer.options = false;
		err = xenvif_transact(offer_write, &offer);
	}
	/* A report writes to xenstore, so it comes after the transaction. */
	if (err && err != -ENODEV)
		xenbus_dev_fatal(netif->xdev, err, "writing %s",
				 offer.key ?: "features");
	return err;
}
