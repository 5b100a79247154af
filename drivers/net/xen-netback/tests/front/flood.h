/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads that send, and receive, as fast as the other end lets them. Tx and Rx
 * are the guest's directions, as in netif.h.
 */
#ifndef _XEN_NETBACK_FRONT_FLOOD_H
#define _XEN_NETBACK_FRONT_FLOOD_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "front_tx.h"

struct front_queue;
struct task_struct;

/**
 * struct front_flood - a thread that sends the same again and again
 * @task: L: NULL if there is none
 * @slot: I: what it sends
 * @nr_slots: I: how many slots that are
 * @count: I: how often, 0 for ever
 * @sent: F: how often it has been sent
 * @ok: F: answers with XEN_NETIF_RSP_OKAY
 * @error: F: with XEN_NETIF_RSP_ERROR, or any status there is not
 * @dropped: F: with XEN_NETIF_RSP_DROPPED
 * @null: F: with XEN_NETIF_RSP_NULL
 *
 * Every field carries the rule it is guarded by:
 *
 * L: front->lock
 * I: constant while the thread runs
 * F: the thread alone, and who has stopped it
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
 * struct front_take - a thread that takes what comes
 * @task: L: NULL if there is none
 * @packets: F: packets without an error
 * @bytes: F: bytes of all packets
 * @errors: F: packets with an error
 * @failed: F: the packet under way has one
 * @extras: F: extra infos by type, those of no known type in the first
 *
 * The rules are those of struct front_flood.
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
