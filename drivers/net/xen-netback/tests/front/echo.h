/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that returns each packet to its sender.
 */
#ifndef _XEN_NETBACK_FRONT_ECHO_H
#define _XEN_NETBACK_FRONT_ECHO_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "front_tx.h"

struct front_queue;
struct task_struct;

/**
 * struct front_echo - a thread that returns packets
 * @task: L: the thread, NULL if there is none
 * @used: E: Tx data pages that the backend may read
 * @packets: F: packets returned
 * @others: F: packets and errors that were not returned: anything but a UDP
 *	datagram over IPv4 in one slot
 * @refused: F: packets that the backend has answered with an error
 *
 * The letters name what guards a field:
 *
 * L: front->lock
 * E: used by the thread alone
 * F: used by the thread, and by the command that has stopped it
 */
struct front_echo {
	struct task_struct *task;
	DECLARE_BITMAP(used, FRONT_SLOTS);
	u64 packets;
	u64 others;
	u64 refused;
};

int front_echo_start(struct front_queue *queue);
void front_echo_stop(struct front_queue *queue);

#endif /* _XEN_NETBACK_FRONT_ECHO_H */
