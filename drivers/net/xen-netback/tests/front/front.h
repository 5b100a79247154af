/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test frontend: one end of a vif that does what it is told, be it right or
 * wrong, and tells what the other end does with it.
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

/* More than any backend offers. */
#define FRONT_QUEUES_MAX 16

/* How long a command waits for the other end. */
#define FRONT_PATIENCE (5 * HZ)

/**
 * struct front - a frontend
 * @xdev: I: its device
 * @dir: I: its folder in debugfs
 * @log: what there is to read
 * @lock: serialises the commands
 * @queue: L: its queues, NULL from @nr_queues on
 * @nr_queues: L: how many there are, 0 before "rings" and after "free"
 * @ctrl: L: its control ring, NULL if there is none
 * @state: the one that the backend is being told; read without a lock
 * @flap_lock: taken by commands and by the xenwatch thread, which an answer may
 *	reach before the one that has asked for it knows its own state
 * @flaps: F: how often it is still to show @flap_state
 * @flap_state: F: what it shows by turns with Closed
 * @flap_until: F: the other end's answer to that
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set in probe, constant afterwards
 * L: @lock; remove needs none, as no command is left then
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
	struct mutex flap_lock;	/* states shown by turns */
	unsigned int flaps;
	enum xenbus_state flap_state;
	enum xenbus_state flap_until;
};

int front_write_keys(struct front *front,
		     int (*write)(struct front *front,
				  struct xenbus_transaction xbt));
int front_set_state(struct front *front, enum xenbus_state state);

#endif /* _XEN_NETBACK_FRONT_FRONT_H */
