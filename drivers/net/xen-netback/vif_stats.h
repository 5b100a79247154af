/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What queues and lanes have done, for those who ask. Tx and Rx are the guest's
 * directions, as in netif.h.
 */
#ifndef _XEN_NETBACK_VIF_STATS_H
#define _XEN_NETBACK_VIF_STATS_H

#include <linux/types.h>

struct netbk_lane;
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

/**
 * struct netbk_lane_counts - a lane's counters; see struct netbk_lane_stats
 * @packets: same
 * @bytes: same
 * @batches: same
 * @copies: same
 * @hypercalls: same
 * @notifies: same
 * @busy_ns: same
 * @behind_ns: same
 * @behind_since: same
 */
struct netbk_lane_counts {
	u64 packets;
	u64 bytes;
	u64 batches;
	u64 copies;
	u64 hypercalls;
	u64 notifies;
	u64 busy_ns;
	u64 behind_ns;
	u64 behind_since;
};

void xenvif_read_counts(const struct xenvif_queue *queue,
			struct xenvif_counts *counts);
void netbk_read_lane(const struct netbk_lane *lane,
		     struct netbk_lane_counts *counts);

#endif /* _XEN_NETBACK_VIF_STATS_H */
