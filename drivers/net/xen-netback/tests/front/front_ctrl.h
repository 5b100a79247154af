/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control ring.
 */
#ifndef _XEN_NETBACK_FRONT_CTRL_H
#define _XEN_NETBACK_FRONT_CTRL_H

#include <linux/types.h>
#include <linux/wait.h>

#include <xen/interface/io/netif.h>

#include "channel.h"
#include "grant.h"

struct front;
struct front_ended;

/* Slots of a ring of one page. */
#define FRONT_CTRL_SLOTS 128

/* Data pages, for messages that name one. */
#define FRONT_CTRL_PAGES 32

/**
 * struct front_ctrl - a control ring
 * @front: I: whose it is
 * @shared: I: the ring's page
 * @channel: I: for its events
 * @wait: woken by those
 * @ring: L: the ring
 * @shown: L: what the other end was last told of @ring.req_prod_pvt
 * @page: L: data pages, made when first named
 * @asked: L: types of the messages without an answer, by id; 0 if there is
 *	none of that id
 * @overrun: L: the other end claims more answers than it was asked for
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set when it is created, constant afterwards
 * L: @front->lock
 */
struct front_ctrl {
	struct front *front;
	struct front_grant shared;
	struct front_channel channel;
	wait_queue_head_t wait;
	struct xen_netif_ctrl_front_ring ring;
	RING_IDX shown;
	struct front_grant page[FRONT_CTRL_PAGES];
	u32 asked[FRONT_CTRL_SLOTS];
	bool overrun;
};

struct front_ctrl *front_ctrl_create(struct front *front);
void front_ctrl_free(struct front_ctrl *ctrl, struct front_ended *ended);

int front_ctrl_page(struct front_ctrl *ctrl, unsigned int page);
int front_ctrl_put(struct front_ctrl *ctrl, u16 type, const u32 *data);
void front_ctrl_claim(struct front_ctrl *ctrl, RING_IDX prod);
bool front_ctrl_answer(struct front_ctrl *ctrl);
int front_ctrl_await(struct front_ctrl *ctrl);

#endif /* _XEN_NETBACK_FRONT_CTRL_H */
