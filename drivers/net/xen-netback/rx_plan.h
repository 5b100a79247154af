/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which bytes of a packet go into which of the pages that a guest has posted.
 * Rx is the guest's direction, as in netif.h.
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

struct xenvif_queue;

/* Extra infos that a packet may have: GSO, XDP, hash. */
#define NETBK_RX_EXTRAS_MAX 3

/* What is left free at the start of a packet's first page, at most: frontends
 * expect an Ethernet header in that page.
 */
#define NETBK_RX_HEADROOM_MAX (XEN_PAGE_SIZE - ETH_HLEN)

/* Slots of the data of the longest packet, 64 KiB and link header. */
#define NETBK_RX_DATA_SLOTS DIV_ROUND_UP(65536 + 64, XEN_PAGE_SIZE)

/* And of such a packet with headroom, a slot more, and with all extra infos. */
#define NETBK_RX_PACKET_SLOTS (NETBK_RX_DATA_SLOTS + 1 + NETBK_RX_EXTRAS_MAX)

/* A packet of so many slots may take a spare one, to have fewer copies cut in
 * two: the slot costs the guest 2,200 instructions, and each cut Xen 500.
 * Frontends take 18 slots with data.
 */
#define NETBK_RX_MANY_SLOTS 8
#define NETBK_RX_SPARE_SLOTS 1

#define NETBK_RX_PACKETS 128
#define NETBK_RX_SLOTS 512

/**
 * struct netbk_rx_slot - a response to be
 * @id: of the request, echoed
 * @flags: XEN_NETRXF_*
 * @offset: bytes in front of the data, in the guest's page
 * @len: bytes copied into the guest's page
 * @extra: instead of these: extra info that follows the packet's first response
 * @nr_ops: copies into the page
 * @is_extra: @extra is what counts
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
 * struct netbk_rx_info - what goes along with a packet on its way to the guest
 * @hash: by the guest's own algorithm
 * @hash_type: _XEN_NETIF_CTRL_HASH_TYPE_*
 * @has_hash: the guest has asked for a hash, and the packet has one
 *
 * In the control buffer of the skb, from ndo_start_xmit on.
 */
struct netbk_rx_info {
	u32 hash;
	u8 hash_type;
	bool has_hash;
};

static inline struct netbk_rx_info *netbk_rx_info(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct netbk_rx_info) > sizeof(skb->cb));
	return (struct netbk_rx_info *)skb->cb;
}

/**
 * struct netbk_rx_packet - a packet of the running batch
 * @queue: whose guest it goes to
 * @skb: the packet
 * @first_slot: index of its first slot in the batch
 * @nr_slots: its slots
 * @first_op: index of its first copy in the batch
 * @copied: all of it has got there
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

unsigned int netbk_rx_slots(const struct sk_buff *skb, unsigned int headroom);
unsigned int netbk_rx_copies(const struct sk_buff *skb, unsigned int headroom);
void netbk_rx_plan(struct netbk_rx_batch *batch, struct xenvif_queue *queue,
		   struct sk_buff *skb, unsigned int posted);

#endif /* _XEN_NETBACK_RX_PLAN_H */
