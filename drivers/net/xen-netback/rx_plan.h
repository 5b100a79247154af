/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plans which bytes of a packet go into which of the guest's posted pages.
 */
#ifndef _XEN_NETBACK_RX_PLAN_H
#define _XEN_NETBACK_RX_PLAN_H

#include <linux/build_bug.h>
#include <linux/if_ether.h>
#include <linux/math.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include <xen/interface/io/netif.h>
#include <xen/page.h>

#include "copy.h"
#include "lane_share.h"

struct xenvif_queue;

/* Extra infos that a packet may have: GSO, XDP, hash. */
#define NETBK_RX_EXTRAS_MAX 3

/* Most bytes left free at the start of a packet's first page: frontends expect
 * an Ethernet header in that page.
 */
#define NETBK_RX_HEADROOM_MAX (XEN_PAGE_SIZE - ETH_HLEN)

/* Slots for the data of the longest packet, 64 KiB and link header. */
#define NETBK_RX_DATA_SLOTS DIV_ROUND_UP(65536 + 64, XEN_PAGE_SIZE)

/* The same with headroom, which takes one more slot, and all extra infos. */
#define NETBK_RX_PACKET_SLOTS (NETBK_RX_DATA_SLOTS + 1 + NETBK_RX_EXTRAS_MAX)

/* A packet of so many slots may take a spare one, to have fewer copies split:
 * the slot costs the guest 2,200 instructions, and each split costs Xen 500.
 * Frontends accept 18 slots with data.
 */
#define NETBK_RX_MANY_SLOTS 8
#define NETBK_RX_SPARE_SLOTS 1

#define NETBK_RX_PACKETS 128
#define NETBK_RX_SLOTS 512

/**
 * struct netbk_rx_slot - a planned response
 * @id: of the request, echoed
 * @flags: XEN_NETRXF_*
 * @offset: bytes in front of the data, in the guest's page
 * @len: bytes copied into the guest's page
 * @extra: extra info of the packet, instead of the fields above
 * @nr_ops: copies into the page
 * @is_extra: @extra is valid
 */
struct netbk_rx_slot {
	union {
		struct {
			u16 id;
			u16 flags;
			u16 offset;
			u16 len;
		};
		struct xen_netif_extra_info extra;
	};
	u8 nr_ops;
	bool is_extra;
};

/**
 * struct netbk_rx_info - properties of a packet on its way to the guest
 * @hash: computed with the guest's algorithm
 * @hash_type: _XEN_NETIF_CTRL_HASH_TYPE_*
 * @has_hash: the guest has asked for a hash, and the packet has one
 * @queued_at: time at which it was queued, in jiffies
 *
 * Kept in skb->cb from ndo_start_xmit on.
 */
struct netbk_rx_info {
	u32 hash;
	u8 hash_type;
	bool has_hash;
	unsigned long queued_at;
};

static inline struct netbk_rx_info *netbk_rx_info(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct netbk_rx_info) > sizeof(skb->cb));
	return (struct netbk_rx_info *)skb->cb;
}

/**
 * struct netbk_rx_packet - a packet of the current batch
 * @queue: the queue of its guest
 * @skb: the packet
 * @first_slot: index of its first slot in the batch
 * @nr_slots: number of its slots
 * @first_op: index of its first copy in the batch
 * @copied: all of its copies succeeded
 */
struct netbk_rx_packet {
	struct xenvif_queue *queue;
	struct sk_buff *skb;
	u16 first_slot;
	u16 nr_slots;
	u16 first_op;
	bool copied;
};

/**
 * struct netbk_rx_batch - the batch of a group's Rx lane
 * @nr_packets: packets in @packet
 * @nr_slots: slots in @slot
 * @cost: of the packets, and of those that were dropped, in instructions
 * @packet: the packets, in the order in which they were taken
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

/**
 * netbk_rx_spend - charge a queue for work of the current round
 * @batch: of the round
 * @share: of the queue
 * @cost: in instructions
 *
 * Context: the worker of the Rx lane.
 */
static inline void netbk_rx_spend(struct netbk_rx_batch *batch,
				  struct netbk_share *share, unsigned int cost)
{
	netbk_share_charge(share, cost);
	batch->cost += cost;
}

unsigned int netbk_rx_slots(const struct sk_buff *skb, unsigned int headroom);
unsigned int netbk_rx_copies(const struct sk_buff *skb, unsigned int headroom);
void netbk_rx_plan(struct netbk_rx_batch *batch, struct xenvif_queue *queue,
		   struct sk_buff *skb, unsigned int posted);

#endif /* _XEN_NETBACK_RX_PLAN_H */
