// SPDX-License-Identifier: GPL-2.0

#include "channel.h"

#include <linux/interrupt.h>

#include <xen/events.h>
#include <xen/xenbus.h>

static irqreturn_t event(int irq, void *data)
{
	struct front_channel *channel = data;

	atomic_inc(&channel->events);
	wake_up(channel->waiters);
	return IRQ_HANDLED;
}

/**
 * front_channel_open - open a channel that the backend may bind
 * @channel: the channel, with its name
 * @xdev: the frontend's device
 * @waiters: woken by each event
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int front_channel_open(struct front_channel *channel,
		       struct xenbus_device *xdev, wait_queue_head_t *waiters)
{
	int err;

	atomic_set(&channel->events, 0);
	channel->waiters = waiters;
	err = xenbus_alloc_evtchn(xdev, &channel->port);
	if (err)
		return err;
	err = bind_evtchn_to_irqhandler(channel->port, event, 0, channel->name,
					channel);
	if (err < 0) {
		xenbus_free_evtchn(xdev, channel->port);
		return err;
	}
	channel->irq = err;
	return 0;
}

/**
 * front_channel_close - close a channel
 * @channel: the channel, open or not; no event comes afterwards
 *
 * Context: process, may sleep.
 */
void front_channel_close(struct front_channel *channel)
{
	if (!channel->irq)
		return;
	unbind_from_irqhandler(channel->irq, channel);
	channel->irq = 0;
}
