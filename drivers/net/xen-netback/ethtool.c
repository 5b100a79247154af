// SPDX-License-Identifier: GPL-2.0

#include "ethtool.h"

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/string.h>

#include "netif.h"
#include "queue.h"

/* The names are an interface: monitors read them. rx_gso_checksum_fixup is the
 * one counter of the former driver that a copying backend has a use for.
 */
static const char stat_names[][ETH_GSTRING_LEN] = {
	"rx_gso_checksum_fixup",
};

static int get_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? ARRAY_SIZE(stat_names) : -EOPNOTSUPP;
}

static void get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	if (sset == ETH_SS_STATS)
		memcpy(data, stat_names, sizeof(stat_names));
}

static u64 read_gso_csum_fixups(struct xenvif_tx_stats *stats)
{
	unsigned int start;
	u64 value;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		value = u64_stats_read(&stats->gso_csum_fixups);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
	return value;
}

static void get_stats(struct net_device *dev, struct ethtool_stats *stats,
		      u64 *data)
{
	struct xen_netif *netif = netdev_priv(dev);
	unsigned int id;

	data[0] = 0;
	for (id = 0; id < netif->max_queues; id++)
		data[0] += read_gso_csum_fixups(&netif->queues[id].tx_stats);
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
