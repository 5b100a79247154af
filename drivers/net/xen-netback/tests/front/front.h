/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test frontend: the guest's end of a vif. It executes commands, which may
 * violate the interface, and logs how the backend responds. Tx and Rx are the
 * guest's directions.
 */
#ifndef _XEN_NETBACK_FRONT_FRONT_H
#define _XEN_NETBACK_FRONT_FRONT_H

#include <linux/atomic.h>
#include <linux/mutex.h>

#include <xen/interface/io/xenbus.h>

#include "log.h"

struct dentry;
struct front_ctrl;
struct front_queue;
struct xenbus_device;
struct xenbus_transaction;

/* More queues than any backend offers. */
#define FRONT_QUEUES_MAX 16

/* How long a command waits for the backend, in jiffies. */
#define FRONT_PATIENCE (5 * HZ)

/**
 * struct front - a frontend
 * @xdev: I: its device
 * @dir: I: its folder in debugfs
 * @log: lines to be read from the file log
 * @lock: serialises the commands
 * @queue: L: its queues, NULL from @nr_queues on
 * @nr_queues: L: number of queues, 0 before "rings" and after "free"
 * @ctrl: L: its control ring, NULL if there is none
 * @state: the state that is in xenstore or being written; read without a lock
 * @flap_lock: serialises a "flap" command with the xenwatch thread: a new state
 *	of the backend may arrive before the command has returned
 * @flaps: F: how often @flap_state remains to be written, 0 without a "flap"
 * @flap_state: F: the state written by turns with Closed
 * @flap_until: F: the backend's state that ends @flap_state
 *
 * The letters name what guards a field:
 *
 * I: set in probe, constant afterwards
 * L: @lock; remove needs none, since no command can run then
 * F: @flap_lock
 */
struct front {
	struct xenbus_device *xdev;
	struct dentry *dir;
	struct front_log log;
	struct mutex lock;	/* one command at a time */
	struct front_queue *queue[FRONT_QUEUES_MAX];
	unsigned int nr_queues;
	struct front_ctrl *ctrl;
	enum xenbus_state state;
	struct mutex flap_lock;	/* flaps and their states */
	unsigned int flaps;
	enum xenbus_state flap_state;
	enum xenbus_state flap_until;
};

int front_set_state(struct front *front, enum xenbus_state state);

#endif /* _XEN_NETBACK_FRONT_FRONT_H */
