/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads that send and receive as fast as the backend lets them.
 */
#ifndef _XEN_NETBACK_FRONT_FLOOD_H
#define _XEN_NETBACK_FRONT_FLOOD_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "front_tx.h"

struct front_queue;
struct task_struct;

/**
 * struct front_flood - a thread that sends the same slots repeatedly
 * @task: L: the thread, NULL if there is none
 * @slot: I: the slots it sends
 * @nr_slots: I: number of @slot
 * @count: I: how often to send them, 0 for no limit
 * @sent: F: how often they were sent
 * @ok: F: responses with XEN_NETIF_RSP_OKAY
 * @error: F: responses with XEN_NETIF_RSP_ERROR or an undefined status
 * @dropped: F: responses with XEN_NETIF_RSP_DROPPED
 * @null: F: responses with XEN_NETIF_RSP_NULL
 *
 * The letters name what guards a field:
 *
 * L: front->lock
 * I: constant while the thread runs
 * F: used by the thread, and by the command that has stopped it
 */
struct front_flood {
	struct task_struct *task;
	struct front_tx_slot slot[FRONT_SLOTS];
	unsigned int nr_slots;
	u32 count;
	u64 sent;
	u64 ok;
	u64 error;
	u64 dropped;
	u64 null;
};

/**
 * struct front_take - a thread that receives packets
 * @task: L: the thread, NULL if there is none
 * @packets: F: packets without an error
 * @bytes: F: bytes of all packets
 * @errors: F: packets with an error
 * @failed: F: the packet received in part has an error
 * @extras: F: extra infos by type, unknown types as 0
 *
 * The letters mean the same as in struct front_flood.
 */
struct front_take {
	struct task_struct *task;
	u64 packets;
	u64 bytes;
	u64 errors;
	bool failed;
	u64 extras[XEN_NETIF_EXTRA_TYPE_MAX];
};

int front_flood_start(struct front_queue *queue, u32 count);
void front_flood_stop(struct front_queue *queue);
int front_take_start(struct front_queue *queue);
void front_take_stop(struct front_queue *queue);

#endif /* _XEN_NETBACK_FRONT_FLOOD_H */
