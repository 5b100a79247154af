// SPDX-License-Identifier: GPL-2.0
/*
 * How a guest is kept to its rates.
 *
 * Each direction of a netif has a limit of bytes, of packets, or both: buckets
 * (bucket.c), from which all its queues take, on whatever groups they are. So
 * a guest does not get more by having more queues. The buckets are under a
 * lock, which a worker takes twice for each packet, to ask and to charge, and
 * which workers on other CPUs may want as well. Only netifs with a limit pay
 * for that, whose packets are few for this very reason. One without a limit
 * costs its workers a look at a flag that hardly ever changes.
 *
 *               a bucket is empty, and a worker asks for more
 *	  open  ------------------------------------------------->  shut
 *	        <-------------------------------------------------
 *	             the timer fires, or somebody sets a limit
 *
 * While it is shut no queue takes anything, though something may have come in
 * by now. So queues that wait do not lose against one that is just being
 * served, and each time it opens there is something for several packets: it is
 * shut for NETBK_SHUT_NS at least, a tenth of what a bucket can hold back. A
 * run of a lane for each packet would cost more than the packet does.
 *
 * When it opens all queues that wait are woken, in the order of their numbers,
 * beginning behind the one that was the first to be woken the last time. The
 * first ones may use up all there is. As that beginning moves on each time, a
 * queue that waits is the first within as many openings as there are queues.
 *
 * Nobody is forgotten
 *
 * A worker that finds the limit closed gives up the queue's turn, sets the
 * queue's bit in @events, and then asks xenvif_limit_wait(), which decides
 * under the lock. Wakers take the lock too:
 *   a) It says open: the worker clears the bit and takes the turn again.
 *   b) It says shut: the timer was set under the lock, by this queue or an
 *      earlier one, and who opens the limit takes the lock later. That one sees
 *      the bit, which was set before this lock was taken, and schedules the
 *      queue, whose turn was released even before.
 *   c) A waker came between the bit and the lock: it has cleared the bit and
 *      scheduled the queue. If a) follows, netbk_retake_turn() finds the turn
 *      taken. If b) follows, the queue is visited once and asks again.
 * So a bit that is set means that the queue is going to be woken, or that its
 * worker is about to ask and look for work itself: who brings work may leave it
 * alone. An event may have it visited meanwhile; it finds the limit shut and
 * asks again.
 *
 * The timer is a soft one: it fires where tasklets run, so that the lock needs
 * not keep out interrupts, and the loop over the queues delays none. It comes
 * as late as the tasklets themselves do on a busy CPU; the depth of a bucket
 * makes up for that.
 */

#include "vif_limit.h"

#include <linux/bitops.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/time64.h>

#include "lane_run.h"
#include "lane_share.h"
#include "queue.h"
#include "trace.h"
#include "vif.h"

/* How long it is shut at least. */
#define NETBK_SHUT_NS NSEC_PER_MSEC

/* What the largest packet takes of a bucket of each kind. */
static const u32 largest_packet[XENVIF_LIMIT_KINDS] = {
	[XENVIF_LIMIT_BYTES] = SZ_64K + VLAN_ETH_HLEN,
	[XENVIF_LIMIT_PACKETS] = 1,
};

static unsigned int limit_bit_of(const struct xenvif_limit *limit)
{
	return limit->dir == NETBK_TX ? XENVIF_TX_LIMITED : XENVIF_RX_LIMITED;
}

static bool limit_is_on(const struct xenvif_limit *limit)
{
	unsigned int i;

	for (i = 0; i < XENVIF_LIMIT_KINDS; i++) {
		if (netbk_bucket_limits(&limit->bucket[i]))
			return true;
	}
	return false;
}

/* Returns when all buckets have something, in ns of the monotonic clock: @now,
 * or earlier, if they have.
 */
static u64 limit_fill(struct xenvif_limit *limit, u64 now)
{
	u64 opens = now;
	unsigned int i;

	lockdep_assert_held(&limit->lock);
	for (i = 0; i < XENVIF_LIMIT_KINDS; i++) {
		struct netbk_bucket *bucket = &limit->bucket[i];

		if (!netbk_bucket_limits(bucket))
			continue;
		netbk_bucket_fill(bucket, now);
		if (!netbk_bucket_left(bucket))
			opens = max(opens, netbk_bucket_opens(bucket));
	}
	return opens;
}

static void limit_shut_until(struct xenvif_limit *limit, u64 now, u64 ns)
{
	lockdep_assert_held(&limit->lock);
	trace_netbk_limit(limit->netif, limit->dir, ns - now);
	limit->shut = true;
	hrtimer_start(&limit->timer, ns_to_ktime(ns), HRTIMER_MODE_ABS_SOFT);
}

static void limit_wake_waiting(struct xenvif_limit *limit)
{
	unsigned int queues = limit->netif->max_queues;
	unsigned int first = limit->first;
	bool woken = false;
	unsigned int i;

	lockdep_assert_held(&limit->lock);
	for (i = 0; i < queues; i++) {
		unsigned int id = (first + i) % queues;
		struct xenvif_queue *queue = &limit->netif->queues[id];

		if (!test_and_clear_bit(limit_bit_of(limit), &queue->events))
			continue;
		if (!woken)
			limit->first = id + 1;
		woken = true;
		netbk_schedule_at_home(queue, limit->dir);
	}
}

/* Somebody may have opened the limit before this took the lock, and a queue may
 * even have shut it again.
 */
static enum hrtimer_restart limit_timer_fired(struct hrtimer *timer)
{
	struct xenvif_limit *limit = container_of(timer, struct xenvif_limit,
						  timer);
	u64 opens, now;

	spin_lock(&limit->lock);
	if (limit->shut) {
		now = ktime_get_ns();
		opens = limit_fill(limit, now);
		if (opens > now) {
			limit_shut_until(limit, now, opens);
		} else {
			limit->shut = false;
			limit_wake_waiting(limit);
		}
	}
	spin_unlock(&limit->lock);
	return HRTIMER_NORESTART;
}

/**
 * xenvif_limit_init - prepare a direction without limits
 * @limit: of the direction, zeroed memory
 * @netif: whose it is
 * @dir: the direction
 *
 * Context: any; before the net device is registered.
 */
void xenvif_limit_init(struct xenvif_limit *limit, struct xen_netif *netif,
		       enum netbk_dir dir)
{
	limit->netif = netif;
	limit->dir = dir;
	spin_lock_init(&limit->lock);
	hrtimer_setup(&limit->timer, limit_timer_fired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

/**
 * xenvif_limit_set - limit a guest, differently or not at all
 * @limit: of the direction
 * @kind: what is counted
 * @rate: how much of it may pass
 *
 * Holds at once, also for queues that wait: they are woken and ask again.
 *
 * Context: process; the netif's queues exist, connected or not.
 */
void xenvif_limit_set(struct xenvif_limit *limit, enum xenvif_limit_kind kind,
		      const struct netbk_rate *rate)
{
	spin_lock_bh(&limit->lock);
	netbk_bucket_set(&limit->bucket[kind], rate, largest_packet[kind],
			 ktime_get_ns());
	WRITE_ONCE(limit->on, limit_is_on(limit));
	limit->shut = false;
	/* If it is about to take the lock it finds nothing to do. */
	hrtimer_try_to_cancel(&limit->timer);
	limit_wake_waiting(limit);
	spin_unlock_bh(&limit->lock);
}

/**
 * xenvif_limit_stop - nobody waits any more
 * @limit: of the direction of a netif whose queues no worker knows any more, so
 *	that nobody sets the timer again
 *
 * The buckets stay as they are: a guest that connects anew gains nothing.
 *
 * Context: process, may sleep.
 */
void xenvif_limit_stop(struct xenvif_limit *limit)
{
	unsigned int id;

	hrtimer_cancel(&limit->timer);
	spin_lock_bh(&limit->lock);
	limit->shut = false;
	spin_unlock_bh(&limit->lock);
	for (id = 0; id < limit->netif->max_queues; id++)
		clear_bit(limit_bit_of(limit),
			  &limit->netif->queues[id].events);
}

/**
 * __xenvif_limit_open - see xenvif_limit_open()
 * @limit: of the direction
 *
 * Context: a lane's worker, BH disabled.
 * Return: true if a packet may be taken.
 */
bool __xenvif_limit_open(struct xenvif_limit *limit)
{
	bool open;
	u64 now;

	spin_lock(&limit->lock);
	now = ktime_get_ns();
	open = !limit->shut && limit_fill(limit, now) <= now;
	spin_unlock(&limit->lock);
	return open;
}

/* Small segments are charged as in a group's share. */
static unsigned int limit_gso_bytes(unsigned int bytes, unsigned int gso_size)
{
	if (!gso_size)
		return bytes;
	return max(bytes,
		   DIV_ROUND_UP(bytes, gso_size) * NETBK_COST_SEGMENT_LEN);
}

/**
 * __xenvif_limit_charge - see xenvif_limit_charge()
 * @limit: of the direction
 * @bytes: of the packet
 * @gso_size: bytes of each packet that it is going to be cut into
 *
 * Of segments that are so small that their headers outweigh them more passes on
 * a wire than came in: they count as many bytes as they do in a group's share.
 *
 * Context: a lane's worker, BH disabled.
 */
void __xenvif_limit_charge(struct xenvif_limit *limit, unsigned int bytes,
			   unsigned int gso_size)
{
	unsigned int packets = gso_size ? DIV_ROUND_UP(bytes, gso_size) : 1;

	bytes = limit_gso_bytes(bytes, gso_size);
	spin_lock(&limit->lock);
	netbk_bucket_charge(&limit->bucket[XENVIF_LIMIT_PACKETS], packets);
	netbk_bucket_charge(&limit->bucket[XENVIF_LIMIT_BYTES], bytes);
	spin_unlock(&limit->lock);
}

/**
 * __xenvif_limit_charge_segments - see xenvif_limit_charge_segments()
 * @limit: of the direction
 * @bytes: of the packet, as it was charged
 * @gso_size: bytes of each packet that it was going to be cut into
 * @wire: bytes of all segments with their headers
 * @segments: how many there are
 *
 * Context: a lane's worker, BH disabled.
 */
void __xenvif_limit_charge_segments(struct xenvif_limit *limit,
				    unsigned int bytes, unsigned int gso_size,
				    unsigned int wire, unsigned int segments)
{
	unsigned int charged = limit_gso_bytes(bytes, gso_size);
	unsigned int packets = DIV_ROUND_UP(bytes, gso_size);

	spin_lock(&limit->lock);
	if (segments > packets)
		netbk_bucket_charge(&limit->bucket[XENVIF_LIMIT_PACKETS],
				    segments - packets);
	if (wire > charged)
		netbk_bucket_charge(&limit->bucket[XENVIF_LIMIT_BYTES],
				    wire - charged);
	spin_unlock(&limit->lock);
}

/**
 * xenvif_limit_wait - have a queue woken when its guest may have more
 * @limit: of the direction
 * @queue: a queue whose turn has been given up, and whose bit in @events,
 *	%XENVIF_TX_LIMITED or %XENVIF_RX_LIMITED, has been set after that
 *
 * Context: a lane's worker, BH disabled.
 * Return: true if the limit is open by now; the queue does not wait then. False
 * if it is going to be scheduled.
 */
bool xenvif_limit_wait(struct xenvif_limit *limit, struct xenvif_queue *queue)
{
	u64 opens, now;
	bool open;

	spin_lock(&limit->lock);
	if (!limit->shut) {
		now = ktime_get_ns();
		opens = limit_fill(limit, now);
		if (opens > now)
			limit_shut_until(limit, now,
					 max(opens, now + NETBK_SHUT_NS));
	}
	open = !limit->shut;
	spin_unlock(&limit->lock);

	if (open)
		clear_bit(limit_bit_of(limit), &queue->events);
	return open;
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/vif_limit_kunit.c"
#endif
