/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads packets off a guest-Tx ring. Nothing here depends on hypercalls,
 * devices or skbs: the input is a ring, the output a description that has
 * passed every check of the protocol.
 */
#ifndef _XEN_NETBACK_TX_PARSE_H
#define _XEN_NETBACK_TX_PARSE_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <xen/interface/io/netif.h>

/**
 * struct xenvif_tx_slot - one data request, as read
 * @gref: the guest's grant
 * @offset: bytes into the granted page
 * @size: bytes; @offset + @size stays within the page. 0 is legal and carries
 *	nothing
 * @id: echoed in the response
 */
struct xenvif_tx_slot {
	grant_ref_t gref;
	u16 offset;
	u16 size;
	u16 id;
};

/**
 * enum xenvif_tx_verdict - the result of a parse
 * @XENVIF_TX_PACKET: a packet to copy and deliver
 * @XENVIF_TX_PSEUDO: a request about the interface, without data
 * @XENVIF_TX_BAD: a packet to answer with an error; the ring goes on
 * @XENVIF_TX_FATAL: the guest broke the protocol, its ring can't be read on
 */
enum xenvif_tx_verdict {
	XENVIF_TX_PACKET,
	XENVIF_TX_PSEUDO,
	XENVIF_TX_BAD,
	XENVIF_TX_FATAL,
};

/* The actions of a pseudo request, one or both; each has an address. */
enum xenvif_tx_mcast {
	XENVIF_TX_MCAST_ADD,
	XENVIF_TX_MCAST_DEL,
	XENVIF_TX_MCASTS,
};

/**
 * struct xenvif_tx_desc - a packet, as the guest described it
 * @reason: why it is bad or fatal, for the log
 * @len: bytes of the whole packet
 * @hash: its hash, according to the guest
 * @flags: XEN_NETTXF_* of the first request
 * @gso_size: bytes of payload in a segment, 0 for a packet that is not GSO
 * @gso_type: XEN_NETIF_GSO_TYPE_*
 * @nr_slots: data requests consumed, each to be answered
 * @nr_extras: extra-info requests consumed; they follow the first data request
 *	in the ring
 * @hash_types: bit %XEN_NETIF_CTRL_HASH_TYPE_* of what @hash covers, 0 if there
 *	is none
 * @mcasts: bits of enum xenvif_tx_mcast
 * @mcast_addr: an address for each of @mcasts
 */
struct xenvif_tx_desc {
	const char *reason;
	u32 len;
	u32 hash;
	u16 flags;
	u16 gso_size;
	u8 gso_type;
	u8 nr_slots;
	u16 nr_extras;
	u8 hash_types;
	u8 mcasts;
	u8 mcast_addr[XENVIF_TX_MCASTS][ETH_ALEN];
};

enum xenvif_tx_verdict xenvif_tx_parse(struct xen_netif_tx_back_ring *ring,
				       unsigned int avail,
				       unsigned int fatal_slots,
				       struct xenvif_tx_desc *desc,
				       struct xenvif_tx_slot *slot);

#endif /* _XEN_NETBACK_TX_PARSE_H */
