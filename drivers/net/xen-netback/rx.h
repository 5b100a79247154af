/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest Rx: packets from the host's stack into the pages a guest has posted. Rx
 * is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_RX_H
#define _XEN_NETBACK_RX_H

#include <linux/build_bug.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "copy.h"
#include "fault.h"

struct xen_netbk;
struct xenvif_queue;

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

enum netbk_drop xenvif_rx_enqueue(struct xenvif_queue *queue,
				  struct sk_buff *skb);
void xenvif_rx_purge(struct xenvif_queue *queue);
unsigned int netbk_rx_round(struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_RX_H */
