// SPDX-License-Identifier: GPL-2.0
/*
 * Target tx_parse: an input is a ring of requests, as a guest may write them.
 *
 * 1 byte: more slots than 18 before a packet is fatal, of at most 46;
 * 4 bytes: index of the first request; then the requests, 12 bytes each.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <xen/interface/io/netif.h>
#include <xen/interface/io/ring.h>

/* The guest overwrites a request as soon as it has been read, so that what is
 * read again is not what was checked (XSA-155).
 */
#undef RING_COPY_REQUEST
#define RING_COPY_REQUEST(ring, idx, req)				\
	do {								\
		struct xen_netif_tx_request *at =			\
			RING_GET_REQUEST(ring, idx);			\
									\
		*(req) = *at;						\
		memset(at, 0xa5, sizeof(*at));				\
	} while (0)

#include "../../tx_parse.c"

#define RING_SLOTS 256
#define GSO_SEGS_BOUND 2048

/**
 * struct parse_state - a ring and what is read off it
 * @sring: the shared page
 * @was: its requests before anything was read
 * @ring: the backend's end
 * @prod: index after the last request
 * @fatal_slots: slots after the first, of which more are fatal
 * @desc: the packet parsed last
 * @slot: its slots, and no room for more
 */
struct parse_state {
	struct xen_netif_tx_sring *sring;
	struct xen_netif_tx_request was[RING_SLOTS];
	struct xen_netif_tx_back_ring ring;
	RING_IDX prod;
	unsigned int fatal_slots;
	struct xenvif_tx_desc desc;
	struct xenvif_tx_slot *slot;
};

/* The @nr th request of the packet that begins at @begin. */
static const struct xen_netif_tx_request *
request_of(const struct parse_state *state, RING_IDX begin, unsigned int nr)
{
	return &state->was[(begin + nr) % RING_SLOTS];
}

/* Slots are requests of the packet, in their order and as the guest wrote them,
 * but for the size of the first.
 */
static void check_slots(const struct parse_state *state, RING_IDX begin)
{
	const struct xenvif_tx_desc *desc = &state->desc;
	unsigned int i;

	for (i = 0; i < desc->nr_slots; i++) {
		const struct xen_netif_tx_request *req =
			request_of(state, begin, i ? desc->nr_extras + i : 0);
		const struct xenvif_tx_slot *slot = &state->slot[i];

		fuzz_expect(slot->gref == req->gref && slot->id == req->id &&
			    slot->offset == req->offset,
			    "a slot is what the guest wrote, read once");
		fuzz_expect(!i || slot->size == req->size,
			    "a later slot has the size that the guest wrote");
	}
}

static void check_packet(const struct parse_state *state)
{
	const struct xenvif_tx_desc *desc = &state->desc;
	unsigned int i, sum = 0;

	fuzz_expect(!desc->reason, "a packet has no reason to be refused");
	fuzz_expect(desc->nr_slots >= 1 &&
		    desc->nr_slots <= XEN_NETIF_NR_SLOTS_MIN + 1,
		    "a packet has 1 to 19 slots");
	for (i = 0; i < desc->nr_slots; i++) {
		fuzz_expect(state->slot[i].offset + state->slot[i].size <=
			    XEN_PAGE_SIZE, "a slot lies within its page");
		sum += state->slot[i].size;
	}
	fuzz_expect(sum == desc->len, "slots sum up to the packet's length");
	fuzz_expect(desc->len >= ETH_HLEN, "a packet has an Ethernet header");
	fuzz_expect(!desc->mcasts, "a packet is no pseudo request");
	fuzz_expect(!desc->gso_size || desc->gso_type ==
		    XEN_NETIF_GSO_TYPE_TCPV4 || desc->gso_type ==
		    XEN_NETIF_GSO_TYPE_TCPV6, "GSO is of a known type");
	fuzz_expect(!desc->gso_size ||
		    (desc->gso_size >= 8 &&
		     desc->len <= GSO_SEGS_BOUND * desc->gso_size),
		    "a packet makes at most 2048 segments of 8 bytes or more");
	fuzz_expect(!(desc->hash_types & (desc->hash_types - 1)) &&
		    desc->hash_types < 16, "a hash has one known type or none");
}

static void check_parsed(const struct parse_state *state, RING_IDX begin,
			 enum xenvif_tx_verdict verdict)
{
	const struct xenvif_tx_desc *desc = &state->desc;
	RING_IDX read = state->ring.req_cons - begin;

	fuzz_expect(read >= 1 && read <= state->prod - begin,
		    "requests are read only where the guest has put some");
	fuzz_expect(desc->nr_slots <= state->fatal_slots + 1,
		    "no more slots are written than there is room for");
	if (verdict == XENVIF_TX_FATAL) {
		fuzz_expect(desc->reason, "what is fatal has a reason");
		return;
	}
	fuzz_expect(read == desc->nr_slots + desc->nr_extras,
		    "each request that was read gets an answer");
	fuzz_expect(desc->len == request_of(state, begin, 0)->size &&
		    desc->flags == request_of(state, begin, 0)->flags,
		    "length and flags are those of the first request");
	check_slots(state, begin);

	switch (verdict) {
	case XENVIF_TX_PACKET:
		check_packet(state);
		break;
	case XENVIF_TX_PSEUDO:
		fuzz_expect(desc->mcasts && desc->mcasts < 4 &&
			    desc->nr_slots == 1,
			    "a pseudo request has an action and one slot");
		break;
	case XENVIF_TX_BAD:
		fuzz_expect(desc->reason, "what is bad has a reason");
		break;
	default:
		fuzz_expect(false, "a verdict is one of four");
	}
}

static void parse_all(struct parse_state *state)
{
	enum xenvif_tx_verdict verdict = XENVIF_TX_PACKET;

	while (verdict != XENVIF_TX_FATAL &&
	       state->ring.req_cons != state->prod) {
		RING_IDX begin = state->ring.req_cons;

		verdict = xenvif_tx_parse(&state->ring, state->prod - begin,
					  state->fatal_slots, &state->desc,
					  state->slot);
		check_parsed(state, begin, verdict);
	}
}

void fuzz_one(struct fuzz_input *in)
{
	struct parse_state state = {};
	struct xen_netif_tx_request req;
	RING_IDX start;

	state.fatal_slots = XEN_NETIF_NR_SLOTS_MIN + fuzz_u8(in) % 47;
	start = fuzz_u32(in);
	state.sring = calloc(1, XEN_PAGE_SIZE);
	state.slot = calloc(state.fatal_slots + 1, sizeof(*state.slot));
	if (!state.sring || !state.slot)
		abort();
	BACK_RING_ATTACH(&state.ring, state.sring, start, XEN_PAGE_SIZE);
	state.prod = start;
	while (state.prod - start < RING_SLOTS &&
	       fuzz_take(in, &req, sizeof(req)) == sizeof(req)) {
		*RING_GET_REQUEST(&state.ring, state.prod) = req;
		state.was[state.prod % RING_SLOTS] = req;
		state.prod++;
	}
	parse_all(&state);
	free(state.slot);
	free(state.sring);
}
