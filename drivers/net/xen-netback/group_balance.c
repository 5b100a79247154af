// SPDX-License-Identifier: GPL-2.0
/*
 * Queues are placed when they come up and nobody knows yet what they will
 * carry. So while there is traffic, the loads of groups and queues
 * (group_load.c) are looked at every NETBK_BALANCE_MS, or what a timer makes of
 * it.
 *
 * When a group has less than a seventh of its time left, and another one
 * NETBK_BALANCE_GAP more, a queue is moved to the idlest one: that whose move
 * takes most off the busier of the two. So
 *   - a queue that is alone busy stays where it is: it would be as busy there,
 *     as far as is known. Who else has a CPU is not, where no group waits;
 *   - small queues leave one after the other, until the gap is closed;
 *   - two groups do not hand a queue to each other, as long as loads are what
 *     they were. One that would make the idlest group the busier of the two is
 *     moved only if that is less by NETBK_BALANCE_GAIN_MIN;
 *   - after a move nothing else moves for three looks, in which the averages
 *     come to show what it did;
 *   - a queue that has moved stays for a second. Guests that have their queues
 *     moved again and again do not keep others from being moved.
 *
 * A look also has tasklets that came to run on another CPU than their group's
 * come back (lane_run.c).
 *
 * Of groups that are bound to one CPU, because there are more groups than CPUs,
 * what counts is the load of all of them, and no queue moves between them.
 *
 * An example: two queues of 500 each on group 0, none on group 1. The load of
 * group 0 grows to 500, 750, 875. At the third look, each queue has a load of
 * 437: group 1 gets one, and the busier group has 438 to do instead of 875.
 *
 * When no worker has run since the last look and all loads are forgotten there
 * is no further look, until a worker runs: idle groups have no timer. The first
 * look after that only takes readings, for nobody knows what happened before,
 * so it comes after a jiffy. The queues of the example are apart at the fourth
 * look, which is some 40 ms after the traffic came, 80 at 100 Hz.
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

/* Looks at the groups that go by after a move. */
#define BALANCE_REST 3

/* How long a queue stays where it was moved to by its load. */
#define BALANCE_STAY HZ

static void balance_look(struct work_struct *work);

static DECLARE_DELAYED_WORK(look_work, balance_look);
static bool running;	/* there are groups to choose from */
static unsigned long awake;	/* bit 0: a look is to come */
/* Time of the last look; of the wake, if there was none since. */
static u64 since;

/* Of looks, under the placement mutex. */
static unsigned int resting;	/* how many are to come without a move */
static u64 last_look;	/* when it was, in ns of the monotonic clock */

/* What it would bring to move a queue with the load @queue, which is contained
 * in @from, the load of its group, to a group with the load @to: by how much
 * the busier of the two would be less busy, 0 if that is not worth a move.
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

/* On 32-bit what is long ago comes to look like the future again. */
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
			    queue->load);
}

/* The queue whose move to @to would bring most, from whatever group. Nothing is
 * gained by one from a group on the same CPU, whose load is the same.
 */
static struct xenvif_queue *balance_best_to_move(const struct xen_netbk *to)
{
	struct xenvif_queue *queue, *best = NULL;
	unsigned int gain, most = 0, i;

	lockdep_assert_held(&netbk_placement);
	for (i = 0; i < netbk_groups_count(); i++) {
		struct xen_netbk *from = netbk_group(i);

		if (netbk_load_around(from) <= netbk_load_around(to))
			continue;
		list_for_each_entry(queue, &from->queues, placed) {
			gain = balance_gain_of(queue, from, to);
			if (gain > most) {
				best = queue;
				most = gain;
			}
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

/* Looks at the groups, and moves a queue if that pays. Returns false if nothing
 * goes on, and nothing has lately, or if nothing is to be moved.
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
		clear_bit_unlock(0, &awake);	/* who wakes us writes @since */
}

/**
 * netbk_balance_wake - a worker has run
 *
 * Context: any.
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
 * netbk_balance_start - look at groups from now on
 *
 * Context: module init, with all groups made.
 */
void netbk_balance_start(void)
{
	WRITE_ONCE(running, netbk_groups_count() > 1);
}

/**
 * netbk_balance_stop - look at groups no more
 *
 * Context: module exit or failed init, when no netif exists; may sleep. Workers
 * may still run, but wake nobody.
 */
void netbk_balance_stop(void)
{
	WRITE_ONCE(running, false);
	/* Who has read it before has softirqs off. */
	synchronize_rcu();
	cancel_delayed_work_sync(&look_work);
	clear_bit(0, &awake);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/group_balance_kunit.c"
#endif
