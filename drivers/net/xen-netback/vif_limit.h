/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rate limits of a guest, per direction, whatever the number of its queues.
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
 * enum xenvif_limit_kind - unit of a limit
 * @XENVIF_LIMIT_BYTES: bytes of packets
 * @XENVIF_LIMIT_PACKETS: packets, of whatever size
 * @XENVIF_LIMIT_KINDS: number of kinds
 */
enum xenvif_limit_kind {
	XENVIF_LIMIT_BYTES,
	XENVIF_LIMIT_PACKETS,
	XENVIF_LIMIT_KINDS,
};

/**
 * struct xenvif_limit - the limits of one direction of a netif
 * @on: O: there is a limit
 * @dir: I: direction of the lanes that check it
 * @netif: I: its netif
 * @lock: taken by @timer, xenvif_limit_set() and the workers of all groups that
 *	the queues are on; BH disabled
 * @bucket: L: one per kind; without meaning if netbk_bucket_limits() is false
 * @shut: L: nothing passes until @timer or xenvif_limit_set() opens it
 * @first: L: index of the queue to wake first
 * @timer: L: set while @shut, and fires at most once after that
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

/* Called by the rounds of lanes, in the lane's worker. */
bool xenvif_limit_wait(struct xenvif_limit *limit, struct xenvif_queue *queue);

/* The three functions below call these if there is a limit. */
bool __xenvif_limit_open(struct xenvif_limit *limit);
void __xenvif_limit_charge(struct xenvif_limit *limit, unsigned int bytes,
			   unsigned int gso_size);
void __xenvif_limit_charge_segments(struct xenvif_limit *limit,
				    unsigned int bytes, unsigned int gso_size,
				    unsigned int wire, unsigned int segments);

/**
 * xenvif_limit_open - check whether a packet may be taken now
 * @limit: of the direction
 *
 * Context: a lane's worker, BH disabled.
 * Return: true if a packet of any size may be taken; the caller charges it.
 */
static inline bool xenvif_limit_open(struct xenvif_limit *limit)
{
	return likely(!READ_ONCE(limit->on)) || __xenvif_limit_open(limit);
}

/**
 * xenvif_limit_charge - charge a packet that has been taken
 * @limit: of the direction
 * @bytes: bytes of the packet; 0 if it only gets a response
 * @gso_size: payload bytes of each segment, 0 if it is one packet
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
 * @bytes: bytes of the packet, as passed to xenvif_limit_charge()
 * @gso_size: payload bytes of each segment, as passed there
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
