// SPDX-License-Identifier: GPL-2.0

#include "front_queue.h"

#include <linux/err.h>
#include <linux/slab.h>

#include <xen/xenbus.h>

#include "front.h"
#include "grant.h"

static int open_channel(struct front_queue *queue, unsigned int index,
			const char *direction)
{
	struct front_channel *channel = &queue->channel[index];
	struct xenbus_device *xdev = queue->front->xdev;

	snprintf(channel->name, sizeof(channel->name), "front-%s-q%u%s",
		 dev_name(&xdev->dev), queue->id, direction);
	return front_channel_open(channel, xdev, &queue->wait);
}

static int open_channels(struct front_queue *queue,
			 enum front_channels channels)
{
	int err;

	queue->tx.channel = &queue->channel[0];
	queue->rx.channel = &queue->channel[0];
	if (channels == FRONT_CHANNEL_BOTH)
		return open_channel(queue, 0, "");
	queue->rx.channel = &queue->channel[1];
	err = open_channel(queue, 0, "-tx");
	return err ?: open_channel(queue, 1, "-rx");
}

/**
 * front_queue_create - create a queue
 * @front: its frontend
 * @id: its number
 * @channels: how its directions share event channels
 *
 * Context: a command, may sleep.
 * Return: the queue or a negative error.
 */
struct front_queue *front_queue_create(struct front *front, unsigned int id,
				       enum front_channels channels)
{
	struct front_ended ended = {};
	struct front_queue *queue;
	int err;

	queue = kvzalloc_obj(*queue);
	if (!queue)
		return ERR_PTR(-ENOMEM);
	queue->front = front;
	queue->id = id;
	init_waitqueue_head(&queue->wait);
	err = front_tx_init(&queue->tx, front, id);
	if (!err)
		err = front_rx_init(&queue->rx, front, id);
	if (!err)
		err = open_channels(queue, channels);
	if (err) {
		front_queue_free(queue, &ended);
		return ERR_PTR(err);
	}
	return queue;
}

/**
 * front_queue_free - stop a queue's threads and free it with its pages
 * @queue: a queue that no command uses
 * @ended: counts the pages
 *
 * Context: a command, or remove; may sleep.
 */
void front_queue_free(struct front_queue *queue, struct front_ended *ended)
{
	front_flood_stop(queue);
	front_take_stop(queue);
	front_echo_stop(queue);
	front_channel_close(&queue->channel[0]);
	front_channel_close(&queue->channel[1]);
	front_tx_deinit(&queue->tx, ended);
	front_rx_deinit(&queue->rx, ended);
	kvfree(queue);
}
