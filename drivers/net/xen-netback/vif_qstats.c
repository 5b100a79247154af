// SPDX-License-Identifier: GPL-2.0
/*
 * In netdev.yaml "receive" is the host's direction, so it counts guest Tx, and
 * "hw" stands for the driver: packets that it dropped are hw-drops. There are
 * no hw-drop-errors, since no packet to the guest is malformed.
 *
 * A queue that is not in use keeps its counters until the net device goes. The
 * base statistics are the sum of these queues.
 */

#include "vif_qstats.h"

#include <linux/netdevice.h>

#include <net/netdev_queues.h>

#include "queue.h"
#include "vif.h"
#include "vif_stats.h"

static void qstats_set_receive(struct netdev_queue_stats_rx *stats,
			       const u64 *tx)
{
	stats->packets = tx[XENVIF_PACKETS];
	stats->bytes = tx[XENVIF_BYTES];
	stats->alloc_fail = tx[XENVIF_DROPPED];
	stats->hw_drops = tx[XENVIF_DROPPED] + tx[XENVIF_ERRORS];
}

static void qstats_set_transmit(struct netdev_queue_stats_tx *stats,
				const u64 *rx)
{
	stats->packets = rx[XENVIF_PACKETS];
	stats->bytes = rx[XENVIF_BYTES];
	stats->hw_drops = rx[XENVIF_DROPPED] + rx[XENVIF_ERRORS];
}

static void qstats_get_receive(struct net_device *dev, int id,
			       struct netdev_queue_stats_rx *stats)
{
	const struct xen_netif *netif = netdev_priv(dev);
	struct xenvif_counts counts;

	xenvif_read_counts(&netif->queues[id], &counts);
	qstats_set_receive(stats, counts.tx);
}

static void qstats_get_transmit(struct net_device *dev, int id,
				struct netdev_queue_stats_tx *stats)
{
	const struct xen_netif *netif = netdev_priv(dev);
	struct xenvif_counts counts;

	xenvif_read_counts(&netif->queues[id], &counts);
	qstats_set_transmit(stats, counts.rx);
}

/* Both directions use the same number of queues. */
static void qstats_get_base(struct net_device *dev,
			    struct netdev_queue_stats_rx *rx,
			    struct netdev_queue_stats_tx *tx)
{
	struct xenvif_counts sum;

	xenvif_sum_counts(netdev_priv(dev), dev->real_num_rx_queues, &sum);
	qstats_set_receive(rx, sum.tx);
	qstats_set_transmit(tx, sum.rx);
}

static const struct netdev_stat_ops stat_ops = {
	.get_queue_stats_rx = qstats_get_receive,
	.get_queue_stats_tx = qstats_get_transmit,
	.get_base_stats = qstats_get_base,
};

/**
 * xenvif_qstats_init - set the operations that read counters of queues
 * @dev: a net device that is not registered yet
 *
 * Context: any.
 */
void xenvif_qstats_init(struct net_device *dev)
{
	dev->stat_ops = &stat_ops;
}
