/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What queues have done, for those who ask.
 */
#ifndef _XEN_NETBACK_VIF_STATS_H
#define _XEN_NETBACK_VIF_STATS_H

#include <linux/types.h>

struct xenvif_queue;

/**
 * struct xenvif_counts - a queue's counters, since its net device came
 * @tx_packets: handed to the stack
 * @tx_bytes: their bytes
 * @tx_errors: packets the guest got wrong
 * @tx_dropped: packets lost for want of memory
 * @tx_gso_csum_fixups: GSO packets that came without a blank checksum
 * @rx_packets: copied into the guest's pages
 * @rx_bytes: their bytes
 * @rx_errors: packets of which a copy failed
 * @rx_dropped: packets that found no room or a stalled queue, that the guest
 *	left waiting too long or filters out, or lost for want of memory
 */
struct xenvif_counts {
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_errors;
	u64 tx_dropped;
	u64 tx_gso_csum_fixups;
	u64 rx_packets;
	u64 rx_bytes;
	u64 rx_errors;
	u64 rx_dropped;
};

void xenvif_read_counts(const struct xenvif_queue *queue,
			struct xenvif_counts *counts);

#endif /* _XEN_NETBACK_VIF_STATS_H */
