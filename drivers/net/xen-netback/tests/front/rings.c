// SPDX-License-Identifier: GPL-2.0

#include "rings.h"

#include <linux/err.h>
#include <linux/slab.h>

#include <xen/xenbus.h>

#include "../../xenbus_transact.h"
#include "front.h"
#include "front_ctrl.h"
#include "front_queue.h"
#include "grant.h"

/* Keys in the folder of a queue; a single queue has the device's folder. */
static const char * const queue_keys[] = {
	"tx-ring-ref", "rx-ring-ref",
	"event-channel", "event-channel-tx", "event-channel-rx",
};

static const char * const device_keys[] = {
	"multi-queue-num-queues", "ctrl-ring-ref", "event-channel-ctrl",
};

static int write_queue(struct xenbus_transaction xbt, const char *path,
		       const struct front_queue *queue)
{
	bool split = queue->rx.channel != queue->tx.channel;
	int err;

	err = xenbus_printf(xbt, path, "tx-ring-ref", "%u",
			    queue->tx.shared.ref);
	if (!err)
		err = xenbus_printf(xbt, path, "rx-ring-ref", "%u",
				    queue->rx.shared.ref);
	if (!err)
		err = xenbus_printf(xbt, path, split ? "event-channel-tx" :
						       "event-channel",
				    "%u", queue->tx.channel->port);
	if (!err && split)
		err = xenbus_printf(xbt, path, "event-channel-rx", "%u",
				    queue->rx.channel->port);
	return err;
}

static int write_queues(struct front *front, struct xenbus_transaction xbt)
{
	const char *nodename = front->xdev->nodename;
	unsigned int i;
	int err;

	if (front->nr_queues == 1)
		return write_queue(xbt, nodename, front->queue[0]);

	err = xenbus_printf(xbt, nodename, "multi-queue-num-queues", "%u",
			    front->nr_queues);
	for (i = 0; !err && i < front->nr_queues; i++) {
		char *path = kasprintf(GFP_KERNEL, "%s/queue-%u", nodename, i);

		if (!path)
			return -ENOMEM;
		err = write_queue(xbt, path, front->queue[i]);
		kfree(path);
	}
	return err;
}

static int write_ctrl(struct front *front, struct xenbus_transaction xbt)
{
	const char *nodename = front->xdev->nodename;
	int err;

	if (!front->ctrl)
		return 0;
	err = xenbus_printf(xbt, nodename, "ctrl-ring-ref", "%u",
			    front->ctrl->shared.ref);
	if (!err)
		err = xenbus_printf(xbt, nodename, "event-channel-ctrl", "%u",
				    front->ctrl->channel.port);
	return err;
}

static int write_keys(void *data, struct xenbus_transaction xbt)
{
	struct front *front = data;
	int err = write_queues(front, xbt);

	return err ?: write_ctrl(front, xbt);
}

/* Removes all keys that the backend might take for keys of our rings, also
 * those of earlier rings and of another driver. Most do not exist, and none do
 * if the device is being removed, so errors are ignored.
 */
static void remove_keys(struct front *front)
{
	const char *nodename = front->xdev->nodename;
	char folder[sizeof("queue-") + 10];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queue_keys); i++)
		xenbus_rm(XBT_NIL, nodename, queue_keys[i]);
	for (i = 0; i < ARRAY_SIZE(device_keys); i++)
		xenbus_rm(XBT_NIL, nodename, device_keys[i]);
	for (i = 0; i < FRONT_QUEUES_MAX; i++) {
		snprintf(folder, sizeof(folder), "queue-%u", i);
		xenbus_rm(XBT_NIL, nodename, folder);
	}
}

static int create_queues(struct front *front, unsigned int queues,
			 unsigned int flags)
{
	enum front_channels channels = flags & FRONT_RINGS_SPLIT ?
				       FRONT_CHANNEL_EACH : FRONT_CHANNEL_BOTH;

	while (front->nr_queues < queues) {
		struct front_queue *queue;

		queue = front_queue_create(front, front->nr_queues, channels);
		if (IS_ERR(queue))
			return PTR_ERR(queue);
		front->queue[front->nr_queues++] = queue;
	}
	return 0;
}

static int create_ctrl(struct front *front)
{
	struct front_ctrl *ctrl = front_ctrl_create(front);

	if (IS_ERR(ctrl))
		return PTR_ERR(ctrl);
	front->ctrl = ctrl;
	return 0;
}

/**
 * front_rings_create - create rings and write their keys
 * @front: the frontend, without rings
 * @queues: number of queues, 1 to %FRONT_QUEUES_MAX
 * @flags: FRONT_RINGS_*
 *
 * Context: a command, may sleep.
 * Return: 0, or a negative error and no rings exist.
 */
int front_rings_create(struct front *front, unsigned int queues,
		       unsigned int flags)
{
	int err;

	lockdep_assert_held(&front->lock);
	if (front->nr_queues)
		return -EEXIST;
	remove_keys(front);
	err = create_queues(front, queues, flags);
	if (!err && flags & FRONT_RINGS_CTRL)
		err = create_ctrl(front);
	if (!err)
		err = xenvif_transact(write_keys, front);
	if (err)
		front_rings_free(front);
	return err;
}

/**
 * front_rings_free - free all rings and pages, even if the backend uses them
 * @front: the frontend, with or without rings
 *
 * Logs the number of pages, and how many the backend still used.
 *
 * Context: a command, or remove; may sleep.
 */
void front_rings_free(struct front *front)
{
	struct front_ended ended = {};
	unsigned int i;

	remove_keys(front);
	for (i = 0; i < front->nr_queues; i++) {
		front_queue_free(front->queue[i], &ended);
		front->queue[i] = NULL;
	}
	front->nr_queues = 0;
	if (front->ctrl)
		front_ctrl_free(front->ctrl, &ended);
	front->ctrl = NULL;
	front_log(&front->log, "free pages %u in-use %u", ended.pages,
		  ended.in_use);
}
