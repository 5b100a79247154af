/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Rx ring of a queue. Rx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_FRONT_RX_H
#define _XEN_NETBACK_FRONT_RX_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "front_tx.h"
#include "grant.h"

/**
 * struct front_rx - an Rx ring
 * @front: I: whose it is
 * @id: I: number of the queue
 * @channel: I: for its events
 * @shared: I: the ring's page
 * @ring: R: the ring
 * @page: R: data pages, one for each slot, made when first posted
 * @shown: R: what the other end was last told of @ring.req_prod_pvt
 * @in_packet: R: more of a packet is to come
 * @in_extras: R: the next slot is an extra info
 * @more_data: R: and after those data are to come
 * @overrun: R: the other end claims to have used more than was posted
 *
 * Slot, page and id of a request are the same number.
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set when the queue is created, constant afterwards
 * R: front->lock, but while a thread takes packets that one alone
 */
struct front_rx {
	struct front *front;
	unsigned int id;
	struct front_channel *channel;
	struct front_grant shared;
	struct xen_netif_rx_front_ring ring;
	struct front_grant page[FRONT_SLOTS];
	RING_IDX shown;
	bool in_packet;
	bool in_extras;
	bool more_data;
	bool overrun;
};

/**
 * struct front_rx_piece - what has come in one slot
 * @extra: whether it is an extra info
 * @last: whether it ends a packet
 * @rsp: the response, unless @extra
 * @info: the extra info, if @extra
 * @data: its bytes; NULL if there are none or it says nonsense
 * @len: how many
 *
 * Belongs to who takes it.
 */
struct front_rx_piece {
	bool extra;
	bool last;
	union {
		struct xen_netif_rx_response rsp;
		struct xen_netif_extra_info info;
	};
	void *data;
	unsigned int len;
};

int front_rx_init(struct front_rx *rx, struct front *front, unsigned int id);
void front_rx_deinit(struct front_rx *rx, struct front_ended *ended);

int front_rx_page(struct front_rx *rx, unsigned int page);
int front_rx_post(struct front_rx *rx, unsigned int count);
unsigned int front_rx_room(const struct front_rx *rx);
void front_rx_claim(struct front_rx *rx, RING_IDX prod);

bool front_rx_received(const struct front_rx *rx);
bool front_rx_receive(struct front_rx *rx, struct front_rx_piece *piece);
bool front_rx_arm(struct front_rx *rx);

#endif /* _XEN_NETBACK_FRONT_RX_H */
