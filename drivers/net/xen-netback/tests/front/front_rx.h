/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Rx ring of a queue: packets to the frontend.
 */
#ifndef _XEN_NETBACK_FRONT_RX_H
#define _XEN_NETBACK_FRONT_RX_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "front_tx.h"
#include "grant.h"

/**
 * struct front_rx - an Rx ring
 * @front: I: its frontend
 * @id: I: number of the queue
 * @channel: I: its event channel
 * @shared: I: the ring's page
 * @ring: R: the ring's frontend view
 * @page: R: data pages, one for each slot, created when first posted
 * @shown: R: the producer index that the backend was shown last
 * @in_packet: R: the next slot continues a packet
 * @in_extras: R: the next slot is an extra info
 * @more_data: R: data follow after the extra infos
 * @overrun: R: the backend claims more responses than there are requests
 *
 * Slot, page and id of a request are the same number.
 *
 * The letters name what guards a field:
 *
 * I: set when the queue is created, constant afterwards
 * R: front->lock; while "take" or "echo" has a thread, only the thread uses
 *    it
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
 * struct front_rx_piece - the response in one slot
 * @extra: it is an extra info
 * @last: it ends a packet
 * @rsp: the response, unless @extra
 * @info: the extra info, if @extra
 * @data: its bytes; NULL if there are none or their range is invalid
 * @len: number of bytes
 *
 * Belongs to the caller of front_rx_receive().
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
