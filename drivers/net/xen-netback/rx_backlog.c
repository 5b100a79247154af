// SPDX-License-Identifier: GPL-2.0
/*
 * The packets that wait for a guest: how many may wait, and for how long.
 *
 * Each packet has a time limit of its own, rx_drain_timeout_msecs from when it
 * was queued. A guest that takes one packet now and then does not prolong the
 * wait of those behind it.
 *
 * A packet is dropped for its age when the guest has no room for it, never
 * while it waits for a worker or for the vif's rate: the administrator has
 * chosen the rate, and the queue's bound divided by the rate bounds that wait.
 * The time spent so counts once the guest lacks room. If it did not, a guest
 * with two queues could use up the rate with one and keep packets on the other
 * for ever. A frontend without rx-notify is given 30 ms, in which many rates do
 * not let a full queue pass. There, and below, only the wait for the guest
 * counts, as described at xenvif_backlog_count_lack().
 *
 * Senders
 *
 * A packet belongs to a socket, whose bound is all that its sender may have on
 * the way: to anybody. Most senders here serve many guests, such as a name
 * server, the socket from which the kernel answers pings, or another guest
 * (tx_inflight.c). So a guest that takes nothing could silence them for all.
 *
 * Hence a packet loses its owner as soon as it is queued, as it does in tun and
 * veth, unless it belongs to one of two kinds of senders:
 *
 *   - TCP, whose sockets serve one peer each, and keep their queues small by
 *     what they have on the way;
 *   - guests and taps, which send more for every packet that is freed.
 *
 * The sockets of the others often serve everybody: a guest that took their
 * answers every 95 ms would never be late, and still block them nearly all the
 * time. They notice a full queue by the stop of the net device.
 *
 * For these two a queue is late when its head has lacked room for LATE_MSECS.
 * Its packets are orphaned, those to come as well, and the stack is no longer
 * stopped, for what waits in front of the net device has owners, too. What does
 * not fit the queue is dropped. It is no longer late when the guest has taken
 * what was old. Until then it holds no more than its bounds, from all senders
 * together. A pair of guests can therefore have in the host what is in flight
 * of the sender, and these bounds for each queue of the receiver, for the time
 * limit.
 *
 * A wait for the vif's rate alone does not make a queue late: to hold senders
 * back is what a rate is for.
 */

#include "rx_backlog.h"

#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

#include <net/sock.h>

#include "lane_run.h"
#include "params.h"
#include "queue.h"
#include "rx_plan.h"
#include "vif.h"

/* Three time slices of Xen's credit scheduler, so that a guest that only waits
 * for its CPU is not late, and a TCP that sends to it keeps its small queues.
 * Half the time after which a TCP sends again, and so gains nothing by waiting.
 */
#define LATE_MSECS 100

/* ------------------------------ bounds ------------------------------- */

static struct netdev_queue *backlog_dev_queue(const struct xenvif_queue *queue)
{
	return netdev_get_tx_queue(queue->netif->dev, queue->id);
}

/* Returns whether any bound is reached, divided by @by. */
static bool backlog_reaches(const struct xenvif_queue *queue, unsigned int by)
{
	const struct xenvif_queued *queued = &queue->rx_queued;

	return queued->bytes >= XENVIF_RX_QUEUE_BYTES / by ||
	       queued->memory >= XENVIF_RX_QUEUE_MEMORY / by ||
	       queued->packets >= XENVIF_RX_QUEUE_PACKETS / by;
}

/* The sockets of guests and taps have no type. The one from which the kernel
 * resets TCP connections is a raw socket, not TCP's. A packet socket may have
 * its own memory in the packet, and writes to it again once the packet is
 * orphaned.
 */
static bool backlog_keeps_owner(const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;

	return !sk || !sk_fullsock(sk) || sk_is_tcp(sk) || !sk->sk_type ||
	       sk->sk_family == PF_PACKET;
}

/**
 * xenvif_backlog_add - add a packet, unless the queue is full
 * @queue: the queue
 * @skb: the packet, whose ownership passes on success
 *
 * The stack is stopped when the queue is full and woken when it is half empty,
 * both under the queue's lock, so that stop and wake cannot be reordered.
 * Packets sent despite the stop are refused. irqsave, because netconsole may
 * transmit from hard-interrupt context.
 *
 * If the queue becomes late meanwhile, the packet keeps its owner.
 *
 * Context: ndo_start_xmit; in an RCU read-side section that has found the queue
 * on a group.
 * Return: true if the packet was added.
 */
bool xenvif_backlog_add(struct xenvif_queue *queue, struct sk_buff *skb)
{
	unsigned long flags;
	bool taken;

	/* A connection tracking entry pins its network namespace. */
	nf_reset_ct(skb);
	if (!backlog_keeps_owner(skb) ||
	    unlikely(test_bit(XENVIF_RX_LATE, &queue->events)))
		skb_orphan(skb);

	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	taken = !backlog_reaches(queue, 1);
	if (likely(taken)) {
		netbk_rx_info(skb)->queued_at = jiffies;
		__skb_queue_tail(&queue->rx_queue, skb);
		xenvif_queued_add(&queue->rx_queued, skb);
	}
	if (backlog_reaches(queue, 1) &&
	    likely(!test_bit(XENVIF_RX_LATE, &queue->events)))
		netif_tx_stop_queue(backlog_dev_queue(queue));
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
	return taken;
}

/**
 * xenvif_backlog_uncharge - note that packets no longer wait
 * @queue: the queue
 * @gone: what they amounted to
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_backlog_uncharge(struct xenvif_queue *queue,
			     const struct xenvif_queued *gone)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	queue->rx_queued.packets -= gone->packets;
	queue->rx_queued.bytes -= gone->bytes;
	queue->rx_queued.memory -= gone->memory;
	if (netif_tx_queue_stopped(backlog_dev_queue(queue)) &&
	    !backlog_reaches(queue, 2))
		netif_tx_wake_queue(backlog_dev_queue(queue));
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
}

/**
 * xenvif_backlog_recharge - note that a packet takes more memory than before
 * @queue: the queue
 * @more: bytes of memory
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_backlog_recharge(struct xenvif_queue *queue, unsigned int more)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	queue->rx_queued.memory += more;
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
}

/**
 * xenvif_backlog_refill - take what was added, if the backlog is empty
 * @queue: the queue
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_backlog_refill(struct xenvif_queue *queue)
{
	unsigned long flags;

	if (!skb_queue_empty(&queue->rx_backlog) ||
	    skb_queue_empty_lockless(&queue->rx_queue))
		return;
	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	skb_queue_splice_tail_init(&queue->rx_queue, &queue->rx_backlog);
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);
}

/**
 * xenvif_backlog_count_dropped - count packets that were dropped
 * @queue: the queue
 * @packets: number of packets
 *
 * Context: the worker of the Rx lane, or process if no worker serves the queue;
 * BH disabled.
 */
void xenvif_backlog_count_dropped(struct xenvif_queue *queue,
				  unsigned int packets)
{
	struct xenvif_stats *stats = &queue->rx_stats;

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->count[XENVIF_DROPPED], packets);
	u64_stats_update_end(&stats->syncp);
}

/* Counts as well: the worker that usually counts no longer serves the queue. */
static void backlog_drop_all(struct xenvif_queue *queue,
			     struct sk_buff_head *list)
{
	unsigned int packets = skb_queue_len(list);
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)))
		xenvif_drop(queue, NETBK_RX, NETBK_DROP_DOWN, skb);
	local_bh_disable();
	xenvif_backlog_count_dropped(queue, packets);
	local_bh_enable();
}

/**
 * xenvif_backlog_purge - drop the packets that wait for the guest
 * @queue: a queue that is on no group; nothing adds or copies packets any more
 *
 * Context: process, rtnl held.
 */
void xenvif_backlog_purge(struct xenvif_queue *queue)
{
	ASSERT_RTNL();
	backlog_drop_all(queue, &queue->rx_backlog);
	backlog_drop_all(queue, &queue->rx_queue);
	queue->rx_queued = (struct xenvif_queued){};
	queue->rx_stuck = false;
	queue->rx_lacks_since = 0;
	queue->rx_limited_at = 0;
}

/* ------------------------------- time -------------------------------- */

/* A frontend without feature-rx-notify need not send an event when it posts
 * requests (netif.h), so its ring is polled.
 */
#define POLL_MSECS 30

/* The timer is set when a queue starves and left alone until it fires, as
 * queues starve often and briefly. It then checks whether the head is due.
 */
static void drain_timer_fired(struct timer_list *timer)
{
	struct xenvif_queue *queue = timer_container_of(queue, timer,
							drain_timer);
	unsigned long due;

	smp_mb();	/* not pending, then the bit; pairs with arming */
	if (!test_bit(XENVIF_RX_STARVED, &queue->events))
		return;
	due = READ_ONCE(queue->rx_due);
	if (time_before(jiffies, due))
		timer_reduce(timer, due);
	else
		netbk_schedule_at_home(queue, NETBK_RX);
}

/**
 * xenvif_drain_timeout - get the time that packets may wait for a guest
 * @rx_notify: whether the guest sends an event when it has posted requests
 *
 * Context: any.
 * Return: jiffies.
 */
unsigned long xenvif_drain_timeout(bool rx_notify)
{
	if (!rx_notify)
		return msecs_to_jiffies(POLL_MSECS);
	return msecs_to_jiffies(netbk_param(rx_drain_timeout_msecs));
}

/**
 * xenvif_drain_init - initialise the timer of a queue
 * @queue: the queue
 *
 * Context: any; before the net device is registered.
 */
void xenvif_drain_init(struct xenvif_queue *queue)
{
	timer_setup(&queue->drain_timer, drain_timer_fired, 0);
}

/**
 * xenvif_drain_later - have a starved queue visited when its head is due
 * @queue: the queue, with rx_due set before %XENVIF_RX_STARVED
 *
 * The worker then checks the ring once more, and drops what is too old if too
 * little was posted.
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_drain_later(struct xenvif_queue *queue)
{
	timer_reduce(&queue->drain_timer, queue->rx_due);
}

/**
 * xenvif_drain_stop - stop the timer of a queue
 * @queue: a queue that no worker knows, so that the timer is not set again
 *
 * Context: process, may sleep.
 */
void xenvif_drain_stop(struct xenvif_queue *queue)
{
	timer_delete_sync(&queue->drain_timer);
}

static bool backlog_head_is_older(const struct xenvif_queue *queue,
				  unsigned long age)
{
	const struct sk_buff *head = skb_peek(&queue->rx_backlog);

	return head && time_after_eq(jiffies,
				     netbk_rx_info(head)->queued_at + age);
}

/**
 * xenvif_backlog_count_lack - count how long the guest has lacked room
 * @queue: the queue, which has been visited
 * @stop: why the visit took no more packets
 *
 * The count is of the head: one that was queued after the count began has a new
 * one, from when it was queued. What is in the queue at a wait for the rate may
 * have waited for that all the time, so then its count begins now.
 *
 * A wait for the rate is subtracted from the count and does not end it: a guest
 * could use up the rate with another queue, again and again.
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_backlog_count_lack(struct xenvif_queue *queue,
			       enum netbk_stop stop)
{
	const struct sk_buff *head = skb_peek(&queue->rx_backlog);
	unsigned long now = jiffies ?: 1;

	if (queue->rx_limited_at && queue->rx_lacks_since)
		queue->rx_lacks_since += now - queue->rx_limited_at;
	queue->rx_limited_at = stop == NETBK_STOP_LIMIT ? now : 0;

	if (stop == NETBK_STOP_EMPTY || !head) {
		queue->rx_lacks_since = 0;
	} else if (stop == NETBK_STOP_NEED) {
		unsigned long queued_at = netbk_rx_info(head)->queued_at ?: 1;

		if (!queue->rx_lacks_since)
			queue->rx_lacks_from = now;
		else if (!time_after(queued_at, queue->rx_lacks_from))
			return;
		else if (queue->rx_lacks_since == queue->rx_lacks_from)
			queue->rx_lacks_from = queued_at;
		else
			queue->rx_lacks_from = now;
		queue->rx_lacks_since = queue->rx_lacks_from;
	}
}

static bool backlog_lacks_for(const struct xenvif_queue *queue,
			      unsigned long age)
{
	return queue->rx_lacks_since &&
	       time_after_eq(jiffies, queue->rx_lacks_since + age);
}

/* The bit is set before the lock is taken, so a packet that is added later
 * finds it, and the stack is not stopped again.
 */
static void backlog_release_senders(struct netbk_rx_batch *batch,
				    struct xenvif_queue *queue)
{
	unsigned int orphans = 0;
	unsigned long flags;
	struct sk_buff *skb;

	set_bit(XENVIF_RX_LATE, &queue->events);
	spin_lock_irqsave(&queue->rx_queue.lock, flags);
	skb_queue_splice_tail_init(&queue->rx_queue, &queue->rx_backlog);
	if (netif_tx_queue_stopped(backlog_dev_queue(queue)))
		netif_tx_wake_queue(backlog_dev_queue(queue));
	spin_unlock_irqrestore(&queue->rx_queue.lock, flags);

	skb_queue_walk(&queue->rx_backlog, skb) {
		orphans += !!skb->destructor;
		skb_orphan(skb);
	}
	netbk_rx_spend(batch, &queue->rx_turn.share,
		       NETBK_COST_DROP * orphans);
}

/**
 * xenvif_backlog_set_late - release the senders, or hold them back again
 * @batch: of the current round
 * @queue: the queue
 * @starved: the guest has too little room for the head
 *
 * Context: the worker of the Rx lane.
 */
void xenvif_backlog_set_late(struct netbk_rx_batch *batch,
			     struct xenvif_queue *queue, bool starved)
{
	bool late = starved &&
		    backlog_lacks_for(queue, msecs_to_jiffies(LATE_MSECS));

	if (late == test_bit(XENVIF_RX_LATE, &queue->events))
		return;
	if (late)
		backlog_release_senders(batch, queue);
	else
		clear_bit(XENVIF_RX_LATE, &queue->events);
}

/**
 * xenvif_backlog_due - get the time at which a starved queue is looked at again
 * @queue: the queue
 * @head: the packet that waits
 *
 * Context: the worker of the Rx lane.
 * Return: in jiffies, when the queue is late or, if it is, when @head expires.
 */
unsigned long xenvif_backlog_due(const struct xenvif_queue *queue,
				 const struct sk_buff *head)
{
	unsigned long timeout = queue->netif->drain_timeout;
	unsigned long due = netbk_rx_info(head)->queued_at + timeout;
	unsigned long since = queue->rx_lacks_since;
	unsigned long late = since + msecs_to_jiffies(LATE_MSECS);

	if (!since)
		return due;
	if (!queue->netif->rx_notify && time_before(due, since + timeout))
		due = since + timeout;
	if (!test_bit(XENVIF_RX_LATE, &queue->events) && time_before(late, due))
		due = late;
	return due;
}

/**
 * xenvif_backlog_is_expired - check whether the head has waited too long
 * @queue: the queue
 *
 * Context: the worker of the Rx lane.
 * Return: true if so.
 */
bool xenvif_backlog_is_expired(const struct xenvif_queue *queue)
{
	unsigned long timeout = queue->netif->drain_timeout;

	return backlog_head_is_older(queue, timeout) &&
	       (queue->netif->rx_notify || backlog_lacks_for(queue, timeout));
}

/**
 * xenvif_backlog_drain - drop packets that wait, a share at a time
 * @batch: of the current round
 * @queue: the queue
 * @why: %NETBK_DROP_TIMEOUT for those that have waited too long, or
 *	%NETBK_DROP_STALLED for all
 *
 * Other queues are served in between.
 *
 * Context: the worker of the Rx lane.
 * Return: why it stopped; %NETBK_STOP_EMPTY if none is left to be dropped.
 */
enum netbk_stop xenvif_backlog_drain(struct netbk_rx_batch *batch,
				     struct xenvif_queue *queue,
				     enum netbk_drop why)
{
	enum netbk_stop stop = NETBK_STOP_EMPTY;
	struct xenvif_queued gone = {};
	struct sk_buff *skb;

	while (!skb_queue_empty(&queue->rx_backlog) &&
	       (why == NETBK_DROP_STALLED ||
		xenvif_backlog_is_expired(queue))) {
		if (!netbk_share_left(&queue->rx_turn.share))
			stop = NETBK_STOP_CREDIT;
		else if (batch->cost >= NETBK_ROUND_COST)
			stop = NETBK_STOP_ROOM;
		if (stop != NETBK_STOP_EMPTY)
			break;
		skb = __skb_dequeue(&queue->rx_backlog);
		xenvif_queued_add(&gone, skb);
		xenvif_drop(queue, NETBK_RX, why, skb);
		netbk_rx_spend(batch, &queue->rx_turn.share, NETBK_COST_DROP);
		xenvif_backlog_refill(queue);
	}
	xenvif_backlog_count_dropped(queue, gone.packets);
	xenvif_backlog_uncharge(queue, &gone);
	return stop;
}
