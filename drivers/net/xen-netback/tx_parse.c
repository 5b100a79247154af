// SPDX-License-Identifier: GPL-2.0

#include "tx_parse.h"

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/string.h>

#include <xen/interface/io/ring.h>
#include <xen/page.h>

/* No TCP sends smaller segments (TCP_MIN_SND_MSS less options). A smaller size
 * would only let a guest use the host's CPU time for a segment per byte.
 */
#define GSO_SIZE_MIN 8

/* Segments are all made at once, in interrupt context and from memory reserves.
 * 64 KiB in the smallest segments of a TCP with options are 1,821.
 */
#define GSO_SEGS_MAX 2048

#define HASH_TYPES (XEN_NETIF_CTRL_HASH_TYPE_IPV4 |	\
		    XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP |	\
		    XEN_NETIF_CTRL_HASH_TYPE_IPV6 |	\
		    XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)

/**
 * struct reader - a walk along the requests of one packet
 * @ring: the ring; req_cons is moved past the requests that were read
 * @avail: requests that may still be read, fixed before the walk: the guest
 *	can't lengthen it by moving its producer index
 */
struct reader {
	struct xen_netif_tx_back_ring *ring;
	unsigned int avail;
};

static bool tx_read_request(struct reader *rd, struct xen_netif_tx_request *req)
{
	if (!rd->avail)
		return false;
	rd->avail--;
	RING_COPY_REQUEST(rd->ring, rd->ring->req_cons++, req);
	return true;
}

static bool tx_read_extra(struct reader *rd, struct xen_netif_extra_info *extra)
{
	struct xen_netif_tx_request req;

	BUILD_BUG_ON(sizeof(*extra) > sizeof(req));
	if (!tx_read_request(rd, &req))
		return false;
	memcpy(extra, &req, sizeof(*extra));
	return true;
}

static enum xenvif_tx_verdict tx_fail(struct xenvif_tx_desc *desc,
				      enum xenvif_tx_verdict verdict,
				      const char *reason)
{
	/* The first reason is the one to report. */
	if (!desc->reason)
		desc->reason = reason;
	return verdict;
}

static enum xenvif_tx_verdict
tx_take_gso(struct xenvif_tx_desc *desc,
	    const struct xen_netif_extra_info *extra)
{
	if (extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV4 &&
	    extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV6)
		return tx_fail(desc, XENVIF_TX_FATAL, "unknown GSO type");
	if (!extra->u.gso.size)
		return tx_fail(desc, XENVIF_TX_FATAL, "GSO size of 0");

	desc->gso_type = extra->u.gso.type;
	desc->gso_size = extra->u.gso.size;
	return XENVIF_TX_PACKET;
}

static enum xenvif_tx_verdict tx_take_mcast(struct xenvif_tx_desc *desc,
					    enum xenvif_tx_mcast what,
					    const u8 *addr)
{
	desc->mcasts |= BIT(what);
	memcpy(desc->mcast_addr[what], addr, ETH_ALEN);
	return XENVIF_TX_PSEUDO;
}

/* A hash only matters to the guest, so an invalid one counts as none. Its least
 * significant byte comes first.
 */
static void tx_take_hash(struct xenvif_tx_desc *desc,
			 const struct xen_netif_extra_info *extra)
{
	const u8 *value = extra->u.hash.value;

	desc->hash_types = 0;
	if (extra->u.hash.algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ ||
	    extra->u.hash.type >= BITS_PER_BYTE)
		return;
	desc->hash_types = BIT(extra->u.hash.type) & HASH_TYPES;
	desc->hash = value[0] | value[1] << 8 | value[2] << 16 |
		     (u32)value[3] << 24;
}

/* Extra info follows the first request. If a type comes twice, the last one
 * counts.
 */
static enum xenvif_tx_verdict tx_parse_extras(struct reader *rd,
					      struct xenvif_tx_desc *desc)
{
	enum xenvif_tx_verdict verdict = XENVIF_TX_PACKET;
	struct xen_netif_extra_info extra;

	do {
		if (!tx_read_extra(rd, &extra))
			return tx_fail(desc, XENVIF_TX_FATAL,
				       "extra info missing");
		desc->nr_extras++;

		switch (extra.type) {
		case XEN_NETIF_EXTRA_TYPE_GSO:
			if (tx_take_gso(desc, &extra) == XENVIF_TX_FATAL)
				return XENVIF_TX_FATAL;
			break;
		case XEN_NETIF_EXTRA_TYPE_MCAST_ADD:
			verdict = tx_take_mcast(desc, XENVIF_TX_MCAST_ADD,
						extra.u.mcast.addr);
			break;
		case XEN_NETIF_EXTRA_TYPE_MCAST_DEL:
			verdict = tx_take_mcast(desc, XENVIF_TX_MCAST_DEL,
						extra.u.mcast.addr);
			break;
		case XEN_NETIF_EXTRA_TYPE_HASH:
			tx_take_hash(desc, &extra);
			break;
		case XEN_NETIF_EXTRA_TYPE_XDP:	/* room is ours to choose */
			break;
		default:
			return tx_fail(desc, XENVIF_TX_FATAL,
				       "unknown extra info type");
		}
	} while (extra.flags & XEN_NETIF_EXTRA_FLAG_MORE);

	return verdict;
}

static void tx_take_slot(struct xenvif_tx_slot *slot,
			 const struct xen_netif_tx_request *req)
{
	slot->gref = req->gref;
	slot->offset = req->offset;
	slot->size = req->size;
	slot->id = req->id;
}

static bool tx_slot_in_page(const struct xenvif_tx_slot *slot)
{
	return slot->offset + slot->size <= XEN_PAGE_SIZE;
}

/* The first request has the size of the whole packet; its own slot holds what
 * the later slots do not.
 */
static enum xenvif_tx_verdict
tx_parse_slots(struct reader *rd, const struct xen_netif_tx_request *first,
	       unsigned int fatal_slots, struct xenvif_tx_desc *desc,
	       struct xenvif_tx_slot *slot)
{
	enum xenvif_tx_verdict verdict = XENVIF_TX_PACKET;
	struct xen_netif_tx_request req = *first;
	unsigned int remaining = first->size;

	tx_take_slot(&slot[0], first);
	desc->nr_slots = 1;

	while (req.flags & XEN_NETTXF_more_data) {
		struct xenvif_tx_slot *next = &slot[desc->nr_slots];

		if (desc->nr_slots > fatal_slots)
			return tx_fail(desc, XENVIF_TX_FATAL, "too many slots");
		if (!tx_read_request(rd, &req))
			return tx_fail(desc, XENVIF_TX_FATAL, "slots missing");

		tx_take_slot(next, &req);
		desc->nr_slots++;

		if (!tx_slot_in_page(next))
			return tx_fail(desc, XENVIF_TX_FATAL,
				       "slot crosses a page");
		if (next->size > remaining) {
			verdict = tx_fail(desc, XENVIF_TX_BAD,
					  "slots hold more than the packet");
			remaining = 0;
			continue;
		}
		remaining -= next->size;
	}

	if (desc->nr_slots - 1 > XEN_NETIF_NR_SLOTS_MIN)
		verdict = tx_fail(desc, XENVIF_TX_BAD, "more than 18 slots");
	if (verdict != XENVIF_TX_PACKET)
		return verdict;

	slot[0].size = remaining;
	if (!tx_slot_in_page(&slot[0]))
		return tx_fail(desc, XENVIF_TX_FATAL,
			       "first slot crosses a page");
	return XENVIF_TX_PACKET;
}

static enum xenvif_tx_verdict tx_check_packet(struct xenvif_tx_desc *desc)
{
	if (desc->len < ETH_HLEN)
		return tx_fail(desc, XENVIF_TX_BAD,
			       "shorter than an Ethernet header");
	if (desc->gso_size && desc->gso_size < GSO_SIZE_MIN)
		return tx_fail(desc, XENVIF_TX_BAD, "GSO size too small");
	if (desc->gso_size && desc->len > GSO_SEGS_MAX * desc->gso_size)
		return tx_fail(desc, XENVIF_TX_BAD, "too many GSO segments");
	return XENVIF_TX_PACKET;
}

/**
 * xenvif_tx_parse - read one packet off a guest-Tx ring
 * @ring: the ring; req_cons is moved past the packet
 * @avail: requests that may be read, 1 to the ring's size; from one read of the
 *	producer index, followed by a read barrier
 * @fatal_slots: slots after the first; more than these are fatal
 * @desc: filled in
 * @slot: filled in, has room for @fatal_slots + 1
 *
 * The rules are those of netif.h and, for slots beyond the first, what drivers
 * have agreed on after XSA-39. Each request is copied once, and only the copy
 * is used (XSA-155).
 *
 * Context: any; the caller owns the ring's private indices.
 * Return: the verdict. For all but %XENVIF_TX_FATAL, @desc->nr_slots requests
 * want a response and @desc->nr_extras a null response.
 */
enum xenvif_tx_verdict xenvif_tx_parse(struct xen_netif_tx_back_ring *ring,
				       unsigned int avail,
				       unsigned int fatal_slots,
				       struct xenvif_tx_desc *desc,
				       struct xenvif_tx_slot *slot)
{
	struct reader rd = { .ring = ring, .avail = avail };
	enum xenvif_tx_verdict verdict, extras = XENVIF_TX_PACKET;
	struct xen_netif_tx_request first;

	memset(desc, 0, sizeof(*desc));
	if (!tx_read_request(&rd, &first))
		return tx_fail(desc, XENVIF_TX_FATAL, "request missing");
	desc->len = first.size;
	desc->flags = first.flags;

	if (first.flags & XEN_NETTXF_extra_info) {
		extras = tx_parse_extras(&rd, desc);
		if (extras == XENVIF_TX_FATAL)
			return extras;
	}
	if (extras == XENVIF_TX_PSEUDO) {
		tx_take_slot(&slot[0], &first);
		desc->nr_slots = 1;
		return extras;
	}

	verdict = tx_parse_slots(&rd, &first, fatal_slots, desc, slot);
	if (verdict != XENVIF_TX_PACKET)
		return verdict;
	return tx_check_packet(desc);
}
