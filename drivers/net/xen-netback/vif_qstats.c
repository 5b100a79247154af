// SPDX-License-Identifier: GPL-2.0
/*
 * What netdev.yaml calls receive is what comes from the guest, its Tx. "HW" is
 * whatever a driver does by itself: packets that it dropped are hw-drops. Of
 * those to the guest none is malformed, which is what hw-drop-errors are.
 *
 * A queue that is not in use keeps its counters as long as the net device is
 * there; they are the part of the device's that no queue shows.
 */

#include "vif_qstats.h"

#include <linux/netdevice.h>

#include <net/netdev_queues.h>

#include "queue.h"
#include "vif.h"
#include "vif_stats.h"

static void qstats_set_receive(struct netdev_queue_stats_rx *stats,
			       const struct xenvif_counts *counts)
{
	stats->packets = counts->tx_packets;
	stats->bytes = counts->tx_bytes;
	stats->alloc_fail = counts->tx_dropped;
	stats->hw_drops = counts->tx_dropped + counts->tx_errors;
}

static void qstats_set_transmit(struct netdev_queue_stats_tx *stats,
				const struct xenvif_counts *counts)
{
	stats->packets = counts->rx_packets;
	stats->bytes = counts->rx_bytes;
	stats->hw_drops = counts->rx_dropped + counts->rx_errors;
}

static void qstats_get_receive(struct net_device *dev, int id,
			       struct netdev_queue_stats_rx *stats)
{
	const struct xen_netif *netif = netdev_priv(dev);
	struct xenvif_counts counts;

	xenvif_read_counts(&netif->queues[id], &counts);
	qstats_set_receive(stats, &counts);
}

static void qstats_get_transmit(struct net_device *dev, int id,
				struct netdev_queue_stats_tx *stats)
{
	const struct xen_netif *netif = netdev_priv(dev);
	struct xenvif_counts counts;

	xenvif_read_counts(&netif->queues[id], &counts);
	qstats_set_transmit(stats, &counts);
}

/* As many queues of both directions are in use. */
static void qstats_get_base(struct net_device *dev,
			    struct netdev_queue_stats_rx *rx,
			    struct netdev_queue_stats_tx *tx)
{
	const struct xen_netif *netif = netdev_priv(dev);
	struct xenvif_counts counts, sum = {};
	unsigned int id;

	for (id = dev->real_num_rx_queues; id < netif->max_queues; id++) {
		xenvif_read_counts(&netif->queues[id], &counts);
		sum.tx_packets += counts.tx_packets;
		sum.tx_bytes += counts.tx_bytes;
		sum.tx_errors += counts.tx_errors;
		sum.tx_dropped += counts.tx_dropped;
		sum.rx_packets += counts.rx_packets;
		sum.rx_bytes += counts.rx_bytes;
		sum.rx_errors += counts.rx_errors;
		sum.rx_dropped += counts.rx_dropped;
	}
	qstats_set_receive(rx, &sum);
	qstats_set_transmit(tx, &sum);
}

static const struct netdev_stat_ops stat_ops = {
	.get_queue_stats_rx = qstats_get_receive,
	.get_queue_stats_tx = qstats_get_transmit,
	.get_base_stats = qstats_get_base,
};

/**
 * xenvif_qstats_init - let the kernel ask for the counters of queues
 * @dev: a net device that is not registered yet
 */
void xenvif_qstats_init(struct net_device *dev)
{
	dev->stat_ops = &stat_ops;
}
