/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bound on how long a queue may go without room for its next packet.
 */
#ifndef _XEN_NETBACK_RX_STALL_H
#define _XEN_NETBACK_RX_STALL_H

#include <linux/bitmap.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "params.h"

struct xen_netif;
struct xenvif_queue;

/**
 * struct xenvif_stall - the stalled queues of a netif
 * @timeout: C: how long a queue may be stuck, in jiffies; 0 if for ever
 * @lock: guards the carrier while the netif is up; BH disabled
 * @queues: L: numbers of the stalled queues; single bits are read anywhere
 *
 * Every field carries the rule it is guarded by:
 *
 * C: set while connecting, constant until disconnected
 * L: written under @lock
 */
struct xenvif_stall {
	unsigned long timeout;
	spinlock_t lock;	/* see above */
	DECLARE_BITMAP(queues, XENVIF_QUEUES_MAX);
};

void xenvif_stall_init(struct xenvif_stall *stall);
void xenvif_stall_connect(struct xen_netif *netif, bool rx_notify);
bool xenvif_is_stalled(const struct xenvif_queue *queue);
bool xenvif_stall_judge(struct xenvif_queue *queue);
void xenvif_stall_end(struct xenvif_queue *queue);
unsigned int xenvif_stall_avoid(const struct xen_netif *netif, unsigned int id,
				unsigned int num_queues);

#endif /* _XEN_NETBACK_RX_STALL_H */
