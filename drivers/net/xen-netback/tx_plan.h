/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plans into which bytes of an skb the slots of a packet are copied.
 */
#ifndef _XEN_NETBACK_TX_PLAN_H
#define _XEN_NETBACK_TX_PLAN_H

#include <linux/skbuff.h>
#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "copy.h"
#include "tx_parse.h"

struct netbk_buffers;
struct xenvif_queue;

/* Bytes of a long packet's linear part. It holds the headers that the host
 * looks at (XSA-423): Ethernet, IPv6 and TCP with all options take 114.
 */
#define NETBK_TX_HEAD_LEN 128

/* Most copies of one packet: a slot is split where the linear part ends, and
 * where a page of ours ends whose data does not begin at the guest's offset.
 */
#define NETBK_TX_PACKET_OPS \
	(2 * (XEN_NETIF_NR_SLOTS_MIN + 1) + MAX_SKB_FRAGS + 1)

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
 * @why: enum netbk_drop of a packet with status %XEN_NETIF_RSP_DROPPED
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
	u8 why;
};

/**
 * struct netbk_tx_batch - the batch of a group's Tx lane
 * @nr_packets: packets in @packet
 * @nr_slots: slots in @slot
 * @cost: of the packets, in instructions, with the overrun that is expected
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

void netbk_tx_plan(struct netbk_tx_batch *batch, struct netbk_buffers *buffers,
		   struct netbk_tx_packet *packet);

#endif /* _XEN_NETBACK_TX_PLAN_H */
