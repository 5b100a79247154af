/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Limits of what a guest may send or get, whatever the number of its queues. Tx
 * and Rx are the guest's directions, as in netif.h.
 */
#ifndef _XEN_NETBACK_VIF_LIMIT_H
#define _XEN_NETBACK_VIF_LIMIT_H

#include <linux/compiler.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "bucket.h"
#include "dir.h"

struct xen_netif;
struct xenvif_queue;

/**
 * enum xenvif_limit_kind - what is counted
 * @XENVIF_LIMIT_BYTES: bytes of packets
 * @XENVIF_LIMIT_PACKETS: packets, of whatever size
 * @XENVIF_LIMIT_KINDS: how many there are
 */
enum xenvif_limit_kind {
	XENVIF_LIMIT_BYTES,
	XENVIF_LIMIT_PACKETS,
	XENVIF_LIMIT_KINDS,
};

/**
 * struct xenvif_limit - the limits of one direction of a netif
 * @on: O: there is a limit
 * @dir: I: of the lanes that heed it
 * @netif: I: whose it is
 * @lock: taken by the workers of all groups that its queues are on, the timer,
 *	and who sets a limit; BH disabled
 * @bucket: L: one of each kind; one that does not limit means nothing
 * @shut: L: nothing passes until @timer, or who sets a limit, opens it
 * @first: L: index of the queue to be woken first
 * @timer: L: set while @shut, and at most once more after that
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * L: @lock
 * O: written under @lock, read anywhere with READ_ONCE()
 */
struct xenvif_limit {
	bool on;
	enum netbk_dir dir;
	struct xen_netif *netif;
	spinlock_t lock;	/* see above */
	struct netbk_bucket bucket[XENVIF_LIMIT_KINDS];
	bool shut;
	unsigned int first;
	struct hrtimer timer;
};

void xenvif_limit_init(struct xenvif_limit *limit, struct xen_netif *netif,
		       enum netbk_dir dir);
void xenvif_limit_set(struct xenvif_limit *limit, enum xenvif_limit_kind kind,
		      const struct netbk_rate *rate);
void xenvif_limit_stop(struct xenvif_limit *limit);

/* For the lanes' rounds, in the lane's worker. */
bool xenvif_limit_wait(struct xenvif_limit *limit, struct xenvif_queue *queue);

/* What the three below do if there is a limit. */
bool __xenvif_limit_open(struct xenvif_limit *limit);
void __xenvif_limit_charge(struct xenvif_limit *limit, unsigned int bytes,
			   unsigned int gso_size);
void __xenvif_limit_charge_segments(struct xenvif_limit *limit,
				    unsigned int bytes, unsigned int gso_size,
				    unsigned int wire, unsigned int segments);

/**
 * xenvif_limit_open - may a packet be taken now?
 * @limit: of the direction
 *
 * Context: a lane's worker, BH disabled.
 * Return: true if so, whatever its size; it is to be charged then.
 */
static inline bool xenvif_limit_open(struct xenvif_limit *limit)
{
	return likely(!READ_ONCE(limit->on)) || __xenvif_limit_open(limit);
}

/**
 * xenvif_limit_charge - a packet has been taken
 * @limit: of the direction
 * @bytes: of the packet; 0 if it is only answered
 * @gso_size: bytes of each packet that may be made of it, 0 if it is one
 *
 * Context: a lane's worker, BH disabled.
 */
static inline void xenvif_limit_charge(struct xenvif_limit *limit,
				       unsigned int bytes,
				       unsigned int gso_size)
{
	if (unlikely(READ_ONCE(limit->on)))
		__xenvif_limit_charge(limit, bytes, gso_size);
}

/**
 * xenvif_limit_charge_segments - charge what a packet's segments add to it
 * @limit: of the direction
 * @bytes: of the packet, as it was charged
 * @gso_size: bytes of each packet that it was going to be cut into
 * @wire: bytes of all segments with their headers
 * @segments: how many there are
 *
 * Context: a lane's worker, BH disabled.
 */
static inline void xenvif_limit_charge_segments(struct xenvif_limit *limit,
						unsigned int bytes,
						unsigned int gso_size,
						unsigned int wire,
						unsigned int segments)
{
	if (unlikely(READ_ONCE(limit->on)))
		__xenvif_limit_charge_segments(limit, bytes, gso_size, wire,
					       segments);
}

#endif /* _XEN_NETBACK_VIF_LIMIT_H */
