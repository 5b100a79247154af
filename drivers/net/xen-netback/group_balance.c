// SPDX-License-Identifier: GPL-2.0
/*
 * Queues are placed when they come up, before their traffic is known. So while
 * there is traffic, the loads of groups and queues (group_load.c) are looked at
 * every NETBK_BALANCE_MS, rounded to jiffies.
 *
 * When a group has less than a seventh of its time left, and another one
 * NETBK_BALANCE_GAP more, a queue moves to the idlest group: the queue whose
 * move takes most load off the busier of the two. So
 *   - a queue that alone is busy stays: it would be as busy there, as far as is
 *     known. Other users of a CPU are unknown where no group waits for it;
 *   - small queues leave one after the other, until the gap is closed;
 *   - two groups do not hand a queue back and forth while loads are the same. A
 *     queue that would make the idlest group the busier of the two moves only
 *     if that one is then less busy by NETBK_BALANCE_GAIN_MIN;
 *   - no queue moves in the next three looks, in which averages adapt;
 *   - a queue that has had nothing to do since the last look stays. So looks
 *     need not visit idle queues;
 *   - a queue that has moved stays for a second. Guests whose queues keep
 *     moving do not keep others from being moved.
 *
 * A look also has tasklets that came to run on another CPU than their group's
 * come back (lane_run.c).
 *
 * For groups bound to one CPU, because there are more groups than CPUs, the sum
 * of their loads counts, and no queue moves between them.
 *
 * Example: two queues of 500 each on group 0, none on group 1. The load of
 * group 0 grows to 500, 750, 875. At the third look, each queue has a load of
 * 437. Group 1 gets one, and the busier group has 438 to do instead of 875.
 *
 * Looks end when no worker has run since the last one and all loads have
 * decayed to 0, until a worker runs: idle groups have no timer. The next look
 * then comes after a jiffy and only takes readings, since nothing is known of
 * the time before. The queues of the example are apart at the fourth look, some
 * 40 ms after the traffic came, 80 ms at 100 Hz.
 */

#include "group_balance.h"

#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/time64.h>
#include <linux/workqueue.h>

#include "group.h"
#include "group_load.h"
#include "group_place.h"
#include "lane_run.h"
#include "params.h"
#include "queue.h"

#define NETBK_BALANCE_MS 10
/* A timer takes up to a jiffy more. */
#define NETBK_BALANCE_JIFFIES \
	max_t(unsigned long, NETBK_BALANCE_MS * HZ / MSEC_PER_SEC, 1)
#define NETBK_BALANCE_FULL 860
#define NETBK_BALANCE_GAP 300
#define NETBK_BALANCE_GAIN_MIN 20

/* Looks without a move, after a move. */
#define BALANCE_REST 3

/* How long a queue stays after a move by load, in jiffies. */
#define BALANCE_STAY HZ

static void balance_look(struct work_struct *work);

static DECLARE_DELAYED_WORK(look_work, balance_look);
static bool running;	/* there are several groups */
static unsigned long awake;	/* bit 0: a look is pending */
/* Time of the last look, or of a later wake, in ns of the monotonic clock. */
static u64 since;

/* State of looks, under the placement mutex. */
static unsigned int resting;	/* looks left without a move */
static u64 last_look;	/* in ns of the monotonic clock */

/* Returns by how much the busier of two groups would be less busy if a queue
 * moved, or 0 if that is not worth a move. All loads are in thousandths of a
 * CPU: @from of the queue's group, which contains @queue, and @to of the other.
 */
static unsigned int balance_gain(unsigned int from, unsigned int to,
				 unsigned int queue)
{
	unsigned int after = max(from - min(queue, from), to + queue);
	unsigned int gain = from - min(after, from);

	if (from < NETBK_BALANCE_FULL || from < to + NETBK_BALANCE_GAP ||
	    (gain < queue && gain < NETBK_BALANCE_GAIN_MIN))
		return 0;
	return gain;
}

static struct xen_netbk *balance_idlest(void)
{
	struct xen_netbk *best = netbk_group(0);
	unsigned int i;

	lockdep_assert_held(&netbk_placement);
	for (i = 1; i < netbk_groups_count(); i++) {
		if (netbk_load_around(netbk_group(i)) < netbk_load_around(best))
			best = netbk_group(i);
	}
	return best;
}

/* On 32-bit machines a time long ago seems to be in the future again. */
static bool balance_stays(const struct xenvif_queue *queue)
{
	return time_in_range_open(jiffies, queue->stays_until - BALANCE_STAY,
				  queue->stays_until);
}

static unsigned int balance_gain_of(const struct xenvif_queue *queue,
				    const struct xen_netbk *from,
				    const struct xen_netbk *to)
{
	if (queue->pinned || balance_stays(queue))
		return 0;
	return balance_gain(netbk_load_around(from), netbk_load_around(to),
			    netbk_load_of(queue));
}

/* Finds the queue whose move to @to gains most, among those that were charged
 * since the last look. A move from a group on the same CPU gains nothing: its
 * load is the same.
 */
static struct xenvif_queue *balance_best_to_move(const struct xen_netbk *to)
{
	struct xenvif_queue *queue, *best = NULL;
	unsigned int gain, most = 0;

	lockdep_assert_held(&netbk_placement);
	list_for_each_entry(queue, &netbk_load_charged, charged) {
		const struct xen_netbk *from = netbk_placed_on(queue);

		if (netbk_load_around(from) <= netbk_load_around(to))
			continue;
		gain = balance_gain_of(queue, from, to);
		if (gain > most) {
			best = queue;
			most = gain;
		}
	}
	return best;
}

static bool balance_move_one(void)
{
	struct xenvif_queue *queue;
	struct xen_netbk *to;

	to = balance_idlest();
	queue = balance_best_to_move(to);
	if (!queue)
		return false;
	netbk_move_queue(queue, to);
	queue->stays_until = jiffies + BALANCE_STAY;
	return true;
}

/* Looks at the groups, and moves a queue if that pays. Returns false if another
 * look is not needed: no load is left, or balancing is off.
 */
static bool balance_groups(void)
{
	bool woken, active = false;
	unsigned int i;
	u64 now, ns;

	if (!netbk_param(balance))
		return false;

	mutex_lock(&netbk_placement);
	now = ktime_get_ns();
	ns = max_t(u64, now - since, NSEC_PER_USEC);
	woken = since != last_look;
	for (i = 0; i < netbk_groups_count(); i++)
		netbk_lane_go_home(&netbk_group(i)->lane[NETBK_TX]);
	if (woken)
		netbk_load_forget(now);
	else
		active = netbk_load_look(now, ns);
	since = now;
	last_look = now;
	if (resting)
		resting--;
	else if (!woken && balance_move_one())
		resting = BALANCE_REST;
	mutex_unlock(&netbk_placement);
	return active || woken;
}

static void balance_look(struct work_struct *work)
{
	if (balance_groups())
		queue_delayed_work(system_dfl_wq, &look_work,
				   NETBK_BALANCE_JIFFIES);
	else
		clear_bit_unlock(0, &awake);	/* the next wake sets @since */
}

/**
 * netbk_balance_wake - resume looks, since a worker has run
 *
 * Context: softirqs off, which netbk_balance_stop() relies on.
 */
void netbk_balance_wake(void)
{
	if (likely(test_bit(0, &awake)) || !READ_ONCE(running) ||
	    !netbk_param(balance) || test_and_set_bit(0, &awake))
		return;
	since = ktime_get_ns();
	queue_delayed_work(system_dfl_wq, &look_work, 1);
}

/**
 * netbk_balance_start - let workers start looks
 *
 * Context: module init, with all groups made.
 */
void netbk_balance_start(void)
{
	WRITE_ONCE(running, netbk_groups_count() > 1);
}

/**
 * netbk_balance_stop - end looks
 *
 * Context: module exit or failed init, when no vif exists; may sleep. Workers
 * may still run, but start no look.
 */
void netbk_balance_stop(void)
{
	WRITE_ONCE(running, false);
	/* Workers that have read it before have softirqs off. */
	synchronize_rcu();
	cancel_delayed_work_sync(&look_work);
	clear_bit(0, &awake);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/group_balance_kunit.c"
#endif
