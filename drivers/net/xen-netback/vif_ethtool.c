// SPDX-License-Identifier: GPL-2.0

#include "vif_ethtool.h"

#include <linux/ethtool.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include <xen/interface/io/netif.h>
#include <xen/interface/io/ring.h>
#include <xen/page.h>

#include "queue.h"
#include "vif.h"
#include "vif_stats.h"

/* The names are an interface that monitors read. The former driver's come
 * first; their rx and tx are the host's. No guest page is mapped, so counters
 * of zero copies stay 0, and packets of any number of slots fit the fragments.
 */
static const char * const former_names[] = {
	"rx_gso_checksum_fixup",
	"tx_zerocopy_sent",
	"tx_zerocopy_success",
	"tx_zerocopy_fail",
	"tx_frag_overflow",
};

#define COUNT(dir, what) \
	(offsetof(struct xenvif_counts, dir[XENVIF_##what]) / sizeof(u64))

/* Of the vif, and behind a prefix that says which, of each queue. */
static const struct {
	const char *name;
	size_t count;
} queue_stats[] = {
	{ "guest_tx_packets", COUNT(tx, PACKETS) },
	{ "guest_tx_bytes", COUNT(tx, BYTES) },
	{ "guest_tx_errors", COUNT(tx, ERRORS) },
	{ "guest_tx_dropped", COUNT(tx, DROPPED) },
	{ "guest_rx_packets", COUNT(rx, PACKETS) },
	{ "guest_rx_bytes", COUNT(rx, BYTES) },
	{ "guest_rx_errors", COUNT(rx, ERRORS) },
	{ "guest_rx_dropped", COUNT(rx, DROPPED) },
};

static int vif_get_sset_count(struct net_device *dev, int sset)
{
	const struct xen_netif *netif = netdev_priv(dev);

	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(former_names) +
	       (1 + netif->max_queues) * ARRAY_SIZE(queue_stats);
}

static void vif_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	const struct xen_netif *netif = netdev_priv(dev);
	unsigned int id, i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(former_names); i++)
		ethtool_puts(&data, former_names[i]);
	for (i = 0; i < ARRAY_SIZE(queue_stats); i++)
		ethtool_puts(&data, queue_stats[i].name);
	for (id = 0; id < netif->max_queues; id++) {
		for (i = 0; i < ARRAY_SIZE(queue_stats); i++)
			ethtool_sprintf(&data, "queue_%u_%s", id,
					queue_stats[i].name);
	}
}

static void vif_get_stats(struct net_device *dev, struct ethtool_stats *stats,
			  u64 *data)
{
	struct xen_netif *netif = netdev_priv(dev);
	u64 *of_vif = data + ARRAY_SIZE(former_names);
	u64 *of_queue = of_vif + ARRAY_SIZE(queue_stats);
	unsigned int id, i;

	memset(data, 0, (void *)of_queue - (void *)data);
	for (id = 0; id < netif->max_queues; id++) {
		struct xenvif_counts counts;

		xenvif_read_counts(&netif->queues[id], &counts);
		data[0] += counts.tx[XENVIF_GSO_CSUM_FIXUPS];
		for (i = 0; i < ARRAY_SIZE(queue_stats); i++) {
			*of_queue = ((u64 *)&counts)[queue_stats[i].count];
			of_vif[i] += *of_queue++;
		}
	}
}

/* The name is the xenbus driver's, by which udev rules recognise vifs. */
static void vif_get_drvinfo(struct net_device *dev,
			    struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vif", sizeof(info->driver));
#ifdef XEN_NETBACK_VERSION
	strscpy(info->version, XEN_NETBACK_VERSION, sizeof(info->version));
#endif
	strscpy(info->bus_info, dev_name(dev->dev.parent),
		sizeof(info->bus_info));
}

/* A ring is one page, always used in full. */
static void vif_get_ringparam(struct net_device *dev,
			      struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	ring->rx_max_pending = __CONST_RING_SIZE(xen_netif_tx, XEN_PAGE_SIZE);
	ring->tx_max_pending = __CONST_RING_SIZE(xen_netif_rx, XEN_PAGE_SIZE);
	ring->rx_pending = ring->rx_max_pending;
	ring->tx_pending = ring->tx_max_pending;
}

/* One channel serves both directions of a queue. */
static void vif_get_channels(struct net_device *dev,
			     struct ethtool_channels *ch)
{
	struct xen_netif *netif = netdev_priv(dev);

	ch->max_combined = netif->max_queues;
	ch->combined_count = READ_ONCE(netif->num_queues);
}

const struct ethtool_ops xenvif_ethtool_ops = {
	.get_drvinfo = vif_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ringparam = vif_get_ringparam,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = vif_get_sset_count,
	.get_strings = vif_get_strings,
	.get_ethtool_stats = vif_get_stats,
	.get_channels = vif_get_channels,
};
