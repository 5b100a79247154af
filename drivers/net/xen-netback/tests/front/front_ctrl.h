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

/* Data pages that messages may refer to. */
#define FRONT_CTRL_PAGES 32

/**
 * struct front_ctrl - a control ring
 * @front: I: its frontend
 * @shared: I: the ring's page
 * @channel: I: its event channel
 * @wait: woken by each event
 * @ring: L: the ring's frontend view
 * @shown: L: the producer index that the backend was shown last
 * @page: L: data pages, created when first named
 * @asked: L: for each id, the type of the message that waits for a response, or
 *	0; see ctrl.c for the flag in it
 * @overrun: L: the backend claims more responses than there are requests
 *
 * The letters name what guards a field:
 *
 * I: set at creation, constant afterwards
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
