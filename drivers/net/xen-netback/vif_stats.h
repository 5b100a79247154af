/* SPDX-License-Identifier: GPL-2.0 */
/* What queues have done, for those who ask. */
#ifndef _XEN_NETBACK_VIF_STATS_H
#define _XEN_NETBACK_VIF_STATS_H

#include <linux/types.h>

#include "queue.h"

struct xen_netif;

/**
 * struct xenvif_counts - a queue's counters, since its net device came
 * @tx: of the guest's Tx, by enum xenvif_count
 * @rx: of its Rx; dropped are also packets that found no room or a stalled
 *	queue, or that the guest filters out
 */
struct xenvif_counts {
	u64 tx[XENVIF_COUNTS];
	u64 rx[XENVIF_COUNTS];
};

void xenvif_read_counts(const struct xenvif_queue *queue,
			struct xenvif_counts *counts);
void xenvif_sum_counts(const struct xen_netif *netif, unsigned int first,
		       struct xenvif_counts *sum);

#endif /* _XEN_NETBACK_VIF_STATS_H */
