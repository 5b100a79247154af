// SPDX-License-Identifier: GPL-2.0
/*
 * How a guest is held to its rates.
 *
 * Each direction of a netif can have a limit of bytes, of packets, or both:
 * buckets (bucket.c) from which all its queues take, on whatever groups they
 * are. So a guest does not get more by having more queues. A lock protects the
 * buckets. A worker takes it twice per packet, to ask and to charge, and
 * workers on other CPUs may contend for it. Only netifs with a limit pay for
 * that, and these pass few packets. A netif without one costs its workers the
 * test of a flag that hardly ever changes.
 *
 *               a bucket is empty, and a worker asks for more
 *	  open  ------------------------------------------------->  shut
 *	        <-------------------------------------------------
 *	          the timer fires, or an administrator sets a limit
 *
 * While the limit is shut no queue takes anything, even if the buckets have
 * filled meanwhile. So queues that wait do not lose against a queue that is
 * being served. The limit is shut for NETBK_SHUT_NS at least, a tenth of what a
 * bucket can hold back, so each opening is good for several packets: a run of a
 * lane for each packet would cost more than the packet does.
 *
 * When the limit opens, all queues that wait are woken in the order of their
 * numbers, starting after the queue that was woken first the last time. The
 * first queues may use up everything. Since the start moves on each time, each
 * waiting queue comes first within as many openings as there are queues.
 *
 * No wakeup is lost
 *
 * A worker that finds the limit shut releases the queue's turn, sets the
 * queue's bit in @events, and then calls xenvif_limit_wait(), which decides
 * under the lock. Wakers take the lock, too:
 *   a) The result is open: the worker clears the bit and retakes the turn.
 *   b) The result is shut: this queue or an earlier one has set the timer under
 *      the lock, and the context that opens the limit takes the lock later. It
 *      sees the bit, which was set before this lock was taken, and schedules
 *      the queue, whose turn was released even before.
 *   c) A waker came between the bit and the lock: it has cleared the bit and
 *      scheduled the queue. If a) follows, netbk_retake_turn() finds the turn
 *      taken. If b) follows, the queue is visited once and asks again.
 * While the bit is set, either a wakeup is pending or the worker is about to
 * recheck, so producers need not schedule the queue. An event may cause a visit
 * meanwhile; the queue finds the limit shut and asks again.
 *
 * The timer is a soft one: it fires where tasklets run, so the lock need not
 * disable interrupts, and the loop over the queues delays none. On a busy CPU
 * it fires as late as tasklets run; the depth of a bucket makes up for that.
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

/* Minimum time that a limit is shut. */
#define NETBK_SHUT_NS NSEC_PER_MSEC

/* Largest amount that one packet takes from a bucket: bytes, or packets. */
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

/* Returns the time at which no bucket is empty, in ns of the monotonic clock:
 * @now if none is empty now.
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

/* Before this takes the lock, xenvif_limit_set() may open the limit, and a
 * queue may shut it again.
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
 * xenvif_limit_init - initialise a direction without limits
 * @limit: of the direction, zeroed memory
 * @netif: its netif
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
 * xenvif_limit_set - set or remove a limit
 * @limit: of the direction
 * @kind: bytes or packets
 * @rate: amount and period; an amount of 0 is no limit
 *
 * Takes effect at once. Queues that wait are woken and ask again.
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
	/* A timer that is about to take the lock finds nothing to do. */
	hrtimer_try_to_cancel(&limit->timer);
	limit_wake_waiting(limit);
	spin_unlock_bh(&limit->lock);
}

/**
 * xenvif_limit_stop - cancel the timer and clear the bits of waiting queues
 * @limit: of a direction of a netif whose queues are on no group, so no worker
 *	can set the timer again
 *
 * The buckets stay as they are: a guest gains nothing by reconnecting.
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
 * __xenvif_limit_open - check whether a limit is open, see xenvif_limit_open()
 * @limit: of the direction
 *
 * Context: a lane's worker, BH disabled.
 * Return: true if a packet of any size may be taken.
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

/* Small segments count as many bytes as in a share of a lane (lane_share.h). */
static unsigned int limit_gso_bytes(unsigned int bytes, unsigned int gso_size)
{
	if (!gso_size)
		return bytes;
	return max(bytes,
		   DIV_ROUND_UP(bytes, gso_size) * NETBK_COST_SEGMENT_LEN);
}

/**
 * __xenvif_limit_charge - charge a packet, see xenvif_limit_charge()
 * @limit: of the direction
 * @bytes: bytes of the packet
 * @gso_size: payload bytes of each segment, 0 if it is one packet
 *
 * Segments that are smaller than their headers put more bytes on a wire than
 * the guest sent, so each segment counts NETBK_COST_SEGMENT_LEN bytes at least.
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
 * xenvif_limit_wait - wait for the limit to open
 * @limit: of the direction
 * @queue: a queue whose turn has been released, and whose bit in @events,
 *	%XENVIF_TX_LIMITED or %XENVIF_RX_LIMITED, has been set after that
 *
 * Context: a lane's worker, BH disabled.
 * Return: true if the limit is open now, and the queue does not wait; false if
 * the queue will be scheduled when it opens.
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
