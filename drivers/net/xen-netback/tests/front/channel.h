/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An event channel of the test frontend.
 */
#ifndef _XEN_NETBACK_FRONT_CHANNEL_H
#define _XEN_NETBACK_FRONT_CHANNEL_H

#include <linux/types.h>
#include <linux/wait.h>

#include <xen/interface/event_channel.h>

struct xenbus_device;

/**
 * struct front_channel - an event channel
 * @port: I: its number, for the backend
 * @irq: I: 0 while it is closed
 * @events: A: number of events received
 * @waiters: I: woken by each event
 * @name: I: shown in /proc/interrupts
 *
 * The letters name what guards a field:
 *
 * I: constant while open
 * A: atomic
 */
struct front_channel {
	evtchn_port_t port;
	unsigned int irq;
	atomic_t events;
	wait_queue_head_t *waiters;
	char name[40];
};

int front_channel_open(struct front_channel *channel,
		       struct xenbus_device *xdev, wait_queue_head_t *waiters);
void front_channel_close(struct front_channel *channel);

#endif /* _XEN_NETBACK_FRONT_CHANNEL_H */
