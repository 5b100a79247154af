// SPDX-License-Identifier: GPL-2.0

#include "vif_stats.h"

#include <linux/u64_stats_sync.h>

#include "queue.h"

static void stats_read_tx(const struct xenvif_tx_stats *stats,
			  struct xenvif_counts *counts)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		counts->tx_packets = u64_stats_read(&stats->packets);
		counts->tx_bytes = u64_stats_read(&stats->bytes);
		counts->tx_errors = u64_stats_read(&stats->errors);
		counts->tx_dropped = u64_stats_read(&stats->dropped);
		counts->tx_gso_csum_fixups =
			u64_stats_read(&stats->gso_csum_fixups);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}

static void stats_read_rx(const struct xenvif_rx_stats *stats,
			  struct xenvif_counts *counts)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		counts->rx_packets = u64_stats_read(&stats->packets);
		counts->rx_bytes = u64_stats_read(&stats->bytes);
		counts->rx_errors = u64_stats_read(&stats->errors);
		counts->rx_dropped = u64_stats_read(&stats->dropped);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}

/* Packets that found no room are counted by those who brought them. */
static u64 stats_read_refused(const struct xenvif_queue *queue)
{
	unsigned int start;
	u64 refused;

	do {
		start = u64_stats_fetch_begin(&queue->rx_dropped_syncp);
		refused = u64_stats_read(&queue->rx_dropped);
	} while (u64_stats_fetch_retry(&queue->rx_dropped_syncp, start));
	return refused;
}

/**
 * xenvif_read_counts - read a queue's counters
 * @queue: the queue, connected or not
 * @counts: filled in; those of a direction are of one moment, on 32 bits too
 *
 * Context: any but those that write counters.
 */
void xenvif_read_counts(const struct xenvif_queue *queue,
			struct xenvif_counts *counts)
{
	stats_read_tx(&queue->tx_stats, counts);
	stats_read_rx(&queue->rx_stats, counts);
	counts->rx_dropped += stats_read_refused(queue);
}
