// SPDX-License-Identifier: GPL-2.0

#include "drain.h"

#include <linux/jiffies.h>
#include <linux/timer.h>

#include "group.h"
#include "params.h"
#include "queue.h"
#include "vif.h"

/* A frontend without feature-rx-notify need not send an event when it posts
 * (netif.h), so that its ring has to be looked at now and then.
 */
#define POLL_MSECS 30

/* The timer is set when a queue starves and left alone until it fires: queues
 * starve often and shortly. It finds out then whether this is still the same
 * wait.
 */
static void timer_fired(struct timer_list *timer)
{
	struct xenvif_queue *queue = timer_container_of(queue, timer,
							drain_timer);
	unsigned long end;

	smp_mb();	/* not pending, then the bit; pairs with arming */
	end = READ_ONCE(queue->rx_waiting_since) +
	      queue->netif->drain_timeout;
	if (!test_bit(XENVIF_RX_STARVED, &queue->events))
		return;
	if (time_before(jiffies, end)) {
		mod_timer(timer, end);
		return;
	}
	set_bit(XENVIF_RX_DRAIN, &queue->events);
	netbk_schedule_at_home(queue, NETBK_RX);
}

/**
 * xenvif_drain_timeout - how long packets may wait for a guest
 * @rx_notify: whether the guest sends an event when it has posted requests
 *
 * Return: jiffies.
 */
unsigned long xenvif_drain_timeout(bool rx_notify)
{
	return msecs_to_jiffies(rx_notify ? xenvif_param_rx_drain_msecs() :
					    POLL_MSECS);
}

/**
 * xenvif_drain_init - initialise the timer of a queue
 * @queue: the queue
 *
 * Context: any; before the net device is registered.
 */
void xenvif_drain_init(struct xenvif_queue *queue)
{
	timer_setup(&queue->drain_timer, timer_fired, 0);
}

/**
 * xenvif_drain_later - have a starved queue looked at when its time is over
 * @queue: the queue, with rx_waiting_since set
 *
 * The worker looks at the ring once more then, and drops what waits if nothing
 * was posted.
 *
 * Context: the Rx lane's worker.
 */
void xenvif_drain_later(struct xenvif_queue *queue)
{
	if (!timer_pending(&queue->drain_timer))
		mod_timer(&queue->drain_timer,
			  queue->rx_waiting_since +
			  queue->netif->drain_timeout);
}

/**
 * xenvif_drain_stop - end the timer of a queue
 * @queue: a queue that no worker knows any more, so that nobody sets the timer
 *	again
 *
 * Context: process, may sleep.
 */
void xenvif_drain_stop(struct xenvif_queue *queue)
{
	timer_delete_sync(&queue->drain_timer);
	clear_bit(XENVIF_RX_DRAIN, &queue->events);
}
