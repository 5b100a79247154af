/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue: a Tx ring and an Rx ring with their event channels and threads.
 */
#ifndef _XEN_NETBACK_FRONT_QUEUE_H
#define _XEN_NETBACK_FRONT_QUEUE_H

#include <linux/wait.h>

#include "channel.h"
#include "echo.h"
#include "flood.h"
#include "front_rx.h"
#include "front_tx.h"

struct front;
struct front_ended;

/* How the directions of a queue share event channels. */
enum front_channels {
	FRONT_CHANNEL_BOTH,	/* one for both directions */
	FRONT_CHANNEL_EACH,	/* one for each direction */
};

/**
 * struct front_queue - a pair of rings
 * @front: I: its frontend
 * @id: I: its number
 * @wait: woken by the events of both channels
 * @channel: the channel of Tx or of both directions, and the channel of Rx,
 *	which is closed if unused
 * @tx: T: the Tx ring
 * @rx: R: the Rx ring
 * @flood: the thread that sends, if there is one
 * @take: the thread that receives, if there is one
 * @echo: the thread that returns packets, if there is one
 *
 * The letters name what guards a field:
 *
 * I: set at creation, constant afterwards
 * T: @front->lock; while @flood or @echo has a thread, only the thread uses it
 * R: @front->lock; while @take or @echo has a thread, only the thread uses it
 */
struct front_queue {
	struct front *front;
	unsigned int id;
	wait_queue_head_t wait;
	struct front_channel channel[2];
	struct front_tx tx;
	struct front_rx rx;
	struct front_flood flood;
	struct front_take take;
	struct front_echo echo;
};

struct front_queue *front_queue_create(struct front *front, unsigned int id,
				       enum front_channels channels);
void front_queue_free(struct front_queue *queue, struct front_ended *ended);

#endif /* _XEN_NETBACK_FRONT_QUEUE_H */
