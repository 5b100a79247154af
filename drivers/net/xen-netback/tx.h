/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest Tx: packets from a guest's ring to the host's stack.
 */
#ifndef _XEN_NETBACK_TX_H
#define _XEN_NETBACK_TX_H

#include <linux/types.h>

#include "copy.h"
#include "tx_parse.h"

struct sk_buff;
struct xen_netbk;
struct xenvif_queue;

#define NETBK_TX_PACKETS 128
#define NETBK_TX_SLOTS 512

/**
 * struct netbk_tx_packet - a packet of the current batch
 * @queue: the queue that it comes from
 * @skb: destination of its copies; NULL if it is only answered
 * @desc: the guest's description of it
 * @first_slot: index of its first slot in the batch
 * @first_op: index of its first copy in the batch
 * @nr_ops: number of its copies
 * @cost: in instructions, from netbk_cost()
 * @status: XEN_NETIF_RSP_*, the answer unless a copy fails
 */
struct netbk_tx_packet {
	struct xenvif_queue *queue;
	struct sk_buff *skb;
	struct xenvif_tx_desc desc;
	unsigned int cost;
	u16 first_slot;
	u16 first_op;
	u16 nr_ops;
	s16 status;
};

/**
 * struct netbk_tx_batch - the batch of a group's Tx lane
 * @nr_packets: packets in @packet
 * @nr_slots: slots in @slot
 * @cost: of the packets, in instructions
 * @packet: the packets, in the order in which they were taken
 * @slot: their slots
 * @copy: their copies
 */
struct netbk_tx_batch {
	unsigned int nr_packets;
	unsigned int nr_slots;
	unsigned int cost;
	struct netbk_tx_packet packet[NETBK_TX_PACKETS];
	struct xenvif_tx_slot slot[NETBK_TX_SLOTS];
	struct netbk_copy_batch copy;
};

unsigned int netbk_tx_round(struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_TX_H */
