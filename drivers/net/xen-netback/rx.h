/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest Rx: packets from the host's stack into the pages a guest has posted. Rx
 * is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_RX_H
#define _XEN_NETBACK_RX_H

#include <linux/types.h>

#include "copy.h"

struct sk_buff;
struct xen_netbk;
struct xenvif_queue;

#define NETBK_RX_PACKETS 128
#define NETBK_RX_SLOTS 512

/**
 * struct netbk_rx_slot - a response to be
 * @id: of the request, echoed
 * @flags: XEN_NETRXF_*
 * @len: bytes copied into the guest's page
 * @gso_size: bytes of payload in a segment
 * @gso_type: XEN_NETIF_GSO_TYPE_*; if set this is not a response but the extra
 *	info that follows the packet's first one
 * @nr_ops: copies into the page
 */
struct netbk_rx_slot {
	u16 id;
	u16 flags;
	u16 len;
	u16 gso_size;
	u8 gso_type;
	u8 nr_ops;
};

/**
 * struct netbk_rx_packet - a packet of the running batch
 * @queue: whose guest it goes to
 * @skb: the packet
 * @first_slot: index of its first slot in the batch
 * @nr_slots: its slots
 * @first_op: index of its first copy in the batch
 */
struct netbk_rx_packet {
	struct xenvif_queue *queue;
	struct sk_buff *skb;
	u16 first_slot;
	u16 nr_slots;
	u16 first_op;
};

/**
 * struct netbk_rx_batch - what a round of a group's Rx lane works on
 * @nr_packets: packets in @packet
 * @nr_slots: slots in @slot
 * @cost: of the packets, and of those that were dropped
 * @packet: the packets, in the order they were taken
 * @slot: their slots, in the order of the requests
 * @copy: their copies
 */
struct netbk_rx_batch {
	unsigned int nr_packets;
	unsigned int nr_slots;
	unsigned int cost;
	struct netbk_rx_packet packet[NETBK_RX_PACKETS];
	struct netbk_rx_slot slot[NETBK_RX_SLOTS];
	struct netbk_copy_batch copy;
};

bool xenvif_rx_enqueue(struct xenvif_queue *queue, struct sk_buff *skb);
void xenvif_rx_purge(struct xenvif_queue *queue);
unsigned int netbk_rx_round(struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_RX_H */
