// SPDX-License-Identifier: GPL-2.0

#include "vif_stats.h"

#include <linux/u64_stats_sync.h>

#include "queue.h"
#include "vif.h"

static void stats_read(const struct xenvif_stats *stats, u64 *count)
{
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		for (i = 0; i < XENVIF_COUNTS; i++)
			count[i] = u64_stats_read(&stats->count[i]);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}

/* ndo_start_xmit counts these, not the worker: packets that found no room. */
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
 * @counts: filled in; all counters of a direction belong to one moment, also on
 *	32-bit machines
 *
 * Context: any that cannot interrupt a writer of the counters.
 */
void xenvif_read_counts(const struct xenvif_queue *queue,
			struct xenvif_counts *counts)
{
	stats_read(&queue->tx_stats, counts->tx);
	stats_read(&queue->rx_stats, counts->rx);
	counts->rx[XENVIF_DROPPED] += stats_read_refused(queue);
}

/**
 * xenvif_sum_counts - add up the counters of a vif's queues
 * @netif: the vif
 * @first: number of the first queue that counts, with all behind it
 * @sum: filled in
 *
 * Context: any but those that write counters.
 */
void xenvif_sum_counts(const struct xen_netif *netif, unsigned int first,
		       struct xenvif_counts *sum)
{
	unsigned int id, i;

	*sum = (struct xenvif_counts){};
	for (id = first; id < netif->max_queues; id++) {
		struct xenvif_counts counts;

		xenvif_read_counts(&netif->queues[id], &counts);
		for (i = 0; i < XENVIF_COUNTS; i++) {
			sum->tx[i] += counts.tx[i];
			sum->rx[i] += counts.rx[i];
		}
	}
}
