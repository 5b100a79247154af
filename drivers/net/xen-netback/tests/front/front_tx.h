/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Tx ring of a queue. Tx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_FRONT_TX_H
#define _XEN_NETBACK_FRONT_TX_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "grant.h"

struct front;
struct front_channel;
struct front_ended;

/* Slots of a ring of one page, and data pages of each direction. */
#define FRONT_SLOTS 256

/**
 * enum front_tx_kind - what is in a slot
 * @FRONT_TX_NONE: nothing
 * @FRONT_TX_REQUEST: a request, to be answered with its id
 * @FRONT_TX_EXTRA: an extra info, to be answered with XEN_NETIF_RSP_NULL
 * @FRONT_TX_RAW: any bytes, to which any answer is right
 */
enum front_tx_kind {
	FRONT_TX_NONE,
	FRONT_TX_REQUEST,
	FRONT_TX_EXTRA,
	FRONT_TX_RAW,
};

/**
 * struct front_tx_slot - a slot of the ring as it was filled
 * @kind: what is in it
 * @request: its bytes, a request or not
 *
 * Guarded as what it is a part of.
 */
struct front_tx_slot {
	enum front_tx_kind kind;
	struct xen_netif_tx_request request;
};

/**
 * struct front_tx - a Tx ring
 * @front: I: whose it is
 * @id: I: number of the queue
 * @channel: I: for its events
 * @shared: I: the ring's page
 * @ring: T: the ring; @ring.req_prod_pvt counts what was put, shown or not
 * @page: T: data pages, made when first named
 * @shown: T: what the other end was last told of @ring.req_prod_pvt
 * @fresh: T: what was put since
 * @nr_fresh: T: how much of it
 * @asked: T: what was shown and has no answer yet, in no certain order
 * @overrun: T: the other end claims more answers than it was asked for
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set when the queue is created, constant afterwards
 * T: front->lock, but while a flood runs its thread alone
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
