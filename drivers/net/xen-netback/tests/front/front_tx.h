/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Tx ring of a queue: packets from the frontend.
 */
#ifndef _XEN_NETBACK_FRONT_TX_H
#define _XEN_NETBACK_FRONT_TX_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "grant.h"

struct front;
struct front_channel;
struct front_ended;

/* Slots of a one-page ring, and data pages of each direction. */
#define FRONT_SLOTS 256

/**
 * enum front_tx_kind - contents of a slot
 * @FRONT_TX_NONE: nothing
 * @FRONT_TX_REQUEST: a request, whose response has its id
 * @FRONT_TX_EXTRA: an extra info, whose response is XEN_NETIF_RSP_NULL
 * @FRONT_TX_RAW: arbitrary bytes, for which any response is right
 */
enum front_tx_kind {
	FRONT_TX_NONE,
	FRONT_TX_REQUEST,
	FRONT_TX_EXTRA,
	FRONT_TX_RAW,
};

/**
 * struct front_tx_slot - a slot of the ring as it was filled
 * @kind: what the bytes are
 * @request: the bytes
 *
 * Guarded like the structure it is a part of.
 */
struct front_tx_slot {
	enum front_tx_kind kind;
	struct xen_netif_tx_request request;
};

/**
 * struct front_tx - a Tx ring
 * @front: I: its frontend
 * @id: I: number of the queue
 * @channel: I: its event channel
 * @shared: I: the ring's page
 * @ring: T: the ring's frontend view; @ring.req_prod_pvt counts all slots put
 * @page: T: data pages, created when first named
 * @shown: T: the producer index that the backend was shown last
 * @fresh: T: slots put since then
 * @nr_fresh: T: number of @fresh
 * @asked: T: slots that were shown and have no response yet, in any order
 * @overrun: T: the backend claims more responses than there are requests
 *
 * The letters name what guards a field:
 *
 * I: set when the queue is created, constant afterwards
 * T: front->lock; while "flood" or "echo" has a thread, only the thread uses
 *    it
 */
struct front_tx {
	struct front *front;
	unsigned int id;
	struct front_channel *channel;
	struct front_grant shared;
	struct xen_netif_tx_front_ring ring;
	struct front_grant page[FRONT_SLOTS];
	RING_IDX shown;
	struct front_tx_slot fresh[FRONT_SLOTS];
	unsigned int nr_fresh;
	struct front_tx_slot asked[FRONT_SLOTS];
	bool overrun;
};

int front_tx_init(struct front_tx *tx, struct front *front, unsigned int id);
void front_tx_deinit(struct front_tx *tx, struct front_ended *ended);

int front_tx_page(struct front_tx *tx, unsigned int page);
int front_tx_put(struct front_tx *tx, const struct front_tx_slot *slot);
unsigned int front_tx_room(const struct front_tx *tx);
void front_tx_push(struct front_tx *tx);
void front_tx_push_silently(struct front_tx *tx);
void front_tx_claim(struct front_tx *tx, RING_IDX prod);

bool front_tx_answered(const struct front_tx *tx);
bool front_tx_answer(struct front_tx *tx, struct xen_netif_tx_response *rsp);
bool front_tx_arm(struct front_tx *tx);

#endif /* _XEN_NETBACK_FRONT_TX_H */
