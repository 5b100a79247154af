/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue: a Tx and an Rx ring and what belongs to them. Tx and Rx are the
 * guest's directions, as in netif.h, and so ours: this is its end.
 */
#ifndef _XEN_NETBACK_FRONT_QUEUE_H
#define _XEN_NETBACK_FRONT_QUEUE_H

#include <linux/wait.h>

#include "channel.h"
#include "flood.h"
#include "front_rx.h"
#include "front_tx.h"

struct front;
struct front_ended;

/* How the directions of a queue share event channels. */
enum front_channels {
	FRONT_CHANNEL_BOTH,	/* one for both */
	FRONT_CHANNEL_EACH,
};

/**
 * struct front_queue - a pair of rings
 * @front: I: whose it is
 * @id: I: its number
 * @wait: woken by the events of both channels
 * @channel: the Tx one, or that of both; then the Rx one, closed if unused
 * @tx: T: the Tx ring
 * @rx: R: the Rx ring
 * @flood: the thread that sends, if there is one
 * @take: the thread that receives, if there is one
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set when it is created, constant afterwards
 * T: @front->lock, but while @flood runs its thread alone
 * R: @front->lock, but while @take runs its thread alone
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
};

struct front_queue *front_queue_create(struct front *front, unsigned int id,
				       enum front_channels channels);
void front_queue_free(struct front_queue *queue, struct front_ended *ended);

#endif /* _XEN_NETBACK_FRONT_QUEUE_H */
