// SPDX-License-Identifier: GPL-2.0

#include "ethtool.h"

#include <linux/ethtool.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/stddef.h>

#include "netif.h"
#include "queue.h"
#include "stats.h"

/* The names are an interface: monitors read them. rx_gso_checksum_fixup is the
 * one counter of the former driver that a copying backend has a use for; in its
 * name Rx is the host's. Those of the queues say whose it is.
 */
static const char gso_csum_name[] = "rx_gso_checksum_fixup";

static const struct {
	const char *name;
	size_t offset;
} queue_stats[] = {
	{ "guest_tx_packets", offsetof(struct xenvif_counts, tx_packets) },
	{ "guest_tx_bytes", offsetof(struct xenvif_counts, tx_bytes) },
	{ "guest_tx_errors", offsetof(struct xenvif_counts, tx_errors) },
	{ "guest_tx_dropped", offsetof(struct xenvif_counts, tx_dropped) },
	{ "guest_rx_packets", offsetof(struct xenvif_counts, rx_packets) },
	{ "guest_rx_bytes", offsetof(struct xenvif_counts, rx_bytes) },
	{ "guest_rx_errors", offsetof(struct xenvif_counts, rx_errors) },
	{ "guest_rx_dropped", offsetof(struct xenvif_counts, rx_dropped) },
};

static int get_sset_count(struct net_device *dev, int sset)
{
	const struct xen_netif *netif = netdev_priv(dev);

	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return 1 + netif->max_queues * ARRAY_SIZE(queue_stats);
}

static void get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	const struct xen_netif *netif = netdev_priv(dev);
	unsigned int id, i;

	if (sset != ETH_SS_STATS)
		return;
	ethtool_sprintf(&data, gso_csum_name);
	for (id = 0; id < netif->max_queues; id++) {
		for (i = 0; i < ARRAY_SIZE(queue_stats); i++)
			ethtool_sprintf(&data, "queue_%u_%s", id,
					queue_stats[i].name);
	}
}

static void get_stats(struct net_device *dev, struct ethtool_stats *stats,
		      u64 *data)
{
	struct xen_netif *netif = netdev_priv(dev);
	u64 *gso_csum_fixups = data++;
	unsigned int id, i;

	*gso_csum_fixups = 0;
	for (id = 0; id < netif->max_queues; id++) {
		struct xenvif_counts counts;

		xenvif_read_counts(&netif->queues[id], &counts);
		*gso_csum_fixups += counts.tx_gso_csum_fixups;
		for (i = 0; i < ARRAY_SIZE(queue_stats); i++)
			*data++ = *(u64 *)((void *)&counts +
					   queue_stats[i].offset);
	}
}

/* One channel serves both directions of a queue. */
static void get_channels(struct net_device *dev, struct ethtool_channels *ch)
{
	struct xen_netif *netif = netdev_priv(dev);

	ch->max_combined = netif->max_queues;
	ch->combined_count = READ_ONCE(netif->num_queues);
}

const struct ethtool_ops xenvif_ethtool_ops = {
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_stats,
	.get_channels = get_channels,
};
