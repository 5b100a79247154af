// SPDX-License-Identifier: GPL-2.0
/*
 * Which group serves which queue: chosen when a netif comes up, by hand
 * afterwards, or by the loads as they turn out (balance.c).
 */

#include "place.h"

#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>

#include "balance.h"
#include "group.h"
#include "netif.h"
#include "params.h"
#include "queue.h"
#include "stats.h"
#include "trace.h"

/* What a queue counts when it is placed, for what it may come to carry. */
#define LOAD_OF_QUEUE 100

/* Looks at the groups that go by after a move. */
#define BALANCE_REST 3

/* Serialises placement; see the letter P of groups and queues. */
static DEFINE_MUTEX(placement_mutex);

/* How long a queue stays where it was moved to by its load. */
#define BALANCE_STAY HZ

/* Of looks, under the mutex. */
static unsigned int resting;	/* how many are to come without a move */
static u64 last_look;	/* when it was, in ns of the monotonic clock */

/* What is known of a group, and what is to be feared of its queues. Loads that
 * nobody looks at are old.
 */
static unsigned int burden(const struct xen_netbk *netbk)
{
	unsigned int load = netbk_param_balance() ? netbk->load : 0;

	return netbk->nr_queues + load / LOAD_OF_QUEUE;
}

static struct xen_netbk *least_loaded(void)
{
	struct xen_netbk *best = netbk_group(0);
	unsigned int i;

	lockdep_assert_held(&placement_mutex);
	for (i = 1; i < netbk_groups_count(); i++) {
		if (burden(netbk_group(i)) < burden(best))
			best = netbk_group(i);
	}
	return best;
}

static struct xen_netbk *group_of(const struct xenvif_queue *queue)
{
	return rcu_dereference_protected(queue->netbk,
					 lockdep_is_held(&placement_mutex));
}

/**
 * netbk_bind_queue - have a queue's events come to its group's CPU
 * @queue: a queue whose events are bound
 * @netbk: its group
 * @unused: for netbk_visit_placed()
 *
 * Context: process, by who keeps the queue on the group.
 */
void netbk_bind_queue(struct xenvif_queue *queue,
		      const struct xen_netbk *netbk, void *unused)
{
	int cpu = READ_ONCE(netbk->cpu);

	if (cpu >= 0)
		xenvif_queue_set_cpu(queue, cpu);
}

static void enter(struct xenvif_queue *queue, struct xen_netbk *netbk)
{
	WRITE_ONCE(netbk->nr_queues, netbk->nr_queues + 1);
	list_add_tail(&queue->placed, &netbk->queues);
	__set_bit(netbk->index, queue->netif->groups_seen);
	rcu_assign_pointer(queue->netbk, netbk);
	netbk_bind_queue(queue, netbk, NULL);
}

static void leave(struct xenvif_queue *queue, struct xen_netbk *netbk)
{
	list_del(&queue->placed);
	WRITE_ONCE(netbk->nr_queues, netbk->nr_queues - 1);
}

/* A queue's load goes with it; @to may be NULL. */
static void shift_load(const struct xenvif_queue *queue, struct xen_netbk *from,
		       struct xen_netbk *to)
{
	WRITE_ONCE(from->load, from->load - min(queue->load, from->load));
	if (to)
		WRITE_ONCE(to->load, to->load + queue->load);
}

/* What a queue was charged for since the last look. */
static unsigned int charged(struct xenvif_queue *queue)
{
	unsigned int spent = READ_ONCE(queue->tx_turn.share.spent) +
			     READ_ONCE(queue->rx_turn.share.spent);
	unsigned int since = spent - queue->spent_seen;

	queue->spent_seen = spent;
	return since;
}

/**
 * netbk_add_netif - place each queue of a netif on the least loaded group
 * @netif: a netif that is coming up
 *
 * Those that are pinned go to their group, so that a guest does not get away
 * from there by connecting anew.
 *
 * Context: process, may sleep; called by __netif_up().
 */
void netbk_add_netif(struct xen_netif *netif)
{
	unsigned int id;

	mutex_lock(&placement_mutex);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];

		queue->load = 0;
		queue->spent = 0;
		queue->stays_until = jiffies;
		charged(queue);
		enter(queue, queue->pinned ? netbk_group(queue->pin) :
					     least_loaded());
	}
	mutex_unlock(&placement_mutex);
}

/* Takes the queues of a netif off their groups. In @left are those, and those
 * they were on before.
 */
static void unplace(struct xen_netif *netif, unsigned long *left)
{
	unsigned int id;

	mutex_lock(&placement_mutex);
	for (id = 0; id < netif->num_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];
		struct xen_netbk *netbk = group_of(queue);

		leave(queue, netbk);
		shift_load(queue, netbk, NULL);
		RCU_INIT_POINTER(queue->netbk, NULL);
	}
	bitmap_copy(left, netif->groups_seen, NETBK_GROUPS_MAX);
	bitmap_zero(netif->groups_seen, NETBK_GROUPS_MAX);
	mutex_unlock(&placement_mutex);
}

/**
 * netbk_remove_netif - take the queues of a netif off their groups
 * @netif: a netif that is going down
 *
 * When this returns no worker knows any of the queues and none will; the head
 * of lane.c says why.
 *
 * Context: process, may sleep; called by __netif_down().
 */
void netbk_remove_netif(struct xen_netif *netif)
{
	DECLARE_BITMAP(left, NETBK_GROUPS_MAX);
	unsigned int i;

	unplace(netif, left);
	synchronize_net();
	for_each_set_bit(i, left, NETBK_GROUPS_MAX)
		netbk_flush(netbk_group(i), NULL);
}

static void move(struct xenvif_queue *queue, struct xen_netbk *to)
{
	struct xen_netbk *from = group_of(queue);

	trace_netbk_move(queue, from, to);
	netbk_flush(from, queue);
	leave(queue, from);
	enter(queue, to);
	netbk_lane_give(&to->lane[NETBK_TX], queue);
	netbk_lane_give(&to->lane[NETBK_RX], queue);

	shift_load(queue, from, to);
	WRITE_ONCE(to->moves, to->moves + 1);
}

/**
 * netbk_pin_queue - have a group serve a queue, now and when it comes up again
 * @queue: the queue
 * @index: the group's number
 *
 * Packets that come meanwhile wait; the driver loses none and lets none
 * overtake another. The head of lane.c says why.
 *
 * Context: process, may sleep.
 * Return: 0, or -ERANGE if there is no such group.
 */
int netbk_pin_queue(struct xenvif_queue *queue, unsigned int index)
{
	struct xen_netbk *netbk;

	if (index >= netbk_groups_count())
		return -ERANGE;

	mutex_lock(&placement_mutex);
	queue->pinned = true;
	queue->pin = index;
	netbk = group_of(queue);
	if (netbk && netbk->index != index)
		move(queue, netbk_group(index));
	mutex_unlock(&placement_mutex);
	return 0;
}

/**
 * netbk_unpin_queue - let a queue be moved by its load again
 * @queue: the queue
 *
 * Context: process, may sleep.
 */
void netbk_unpin_queue(struct xenvif_queue *queue)
{
	mutex_lock(&placement_mutex);
	queue->pinned = false;
	mutex_unlock(&placement_mutex);
}

/**
 * netbk_group_of_queue - which group serves a queue
 * @queue: the queue
 *
 * Context: any.
 * Return: the group's number, or -1 if none does.
 */
int netbk_group_of_queue(const struct xenvif_queue *queue)
{
	const struct xen_netbk *netbk;
	int index;

	rcu_read_lock();
	netbk = rcu_dereference(queue->netbk);
	index = netbk ? netbk->index : -1;
	rcu_read_unlock();
	return index;
}

/**
 * netbk_visit_placed - visit all queues that a group serves
 * @visit: called for each, group by group
 * @data: passed on to it
 *
 * Context: process, may sleep. No queue comes, goes or moves meanwhile.
 */
void netbk_visit_placed(netbk_visit_fn visit, void *data)
{
	struct xenvif_queue *queue;
	unsigned int i;

	mutex_lock(&placement_mutex);
	for (i = 0; i < netbk_groups_count(); i++) {
		list_for_each_entry(queue, &netbk_group(i)->queues, placed)
			visit(queue, netbk_group(i), data);
	}
	mutex_unlock(&placement_mutex);
}

/* ----------------------------- balancing ----------------------------- */

/* By what they were charged for lately, so that their loads are that of the
 * group in all. Charges come during a run, the run's time when it is over.
 */
static void measure_queues(struct xen_netbk *netbk)
{
	struct xenvif_queue *queue;
	u64 all = 0;

	list_for_each_entry(queue, &netbk->queues, placed) {
		queue->spent = ((u64)queue->spent + charged(queue)) / 2;
		all += queue->spent;
	}
	list_for_each_entry(queue, &netbk->queues, placed) {
		u64 part = (u64)queue->spent * netbk->load;

		queue->load = all ? div64_u64(part, all) : 0;
	}
}

/* How much of the last @ns is in a count of time. Time counts when it is over,
 * so what goes beyond @ns is left for the next look, but not more than can be
 * of this run.
 */
static u64 time_since(u64 count, u64 *seen, u64 ns)
{
	u64 part = count > *seen ? min(count - *seen, ns) : 0;

	*seen = max(*seen + part, count - min(count, ns));
	return part;
}

/* Time that a lane ran, was behind with its work and, by now, is. The last one
 * is told when its next run is over.
 */
static u64 wanted_until(const struct netbk_lane_counts *counts, u64 now)
{
	u64 since = counts->behind_since;
	u64 told = counts->busy_ns + counts->behind_ns;

	return since && now > since ? told + now - since : told;
}

/* Returns how long a lane ran in the @ns before @now, and sets @wanted to how
 * long it ran or was behind with its work, which others kept it from. Of a run
 * that is told now, a part may have been wanted by the last look.
 */
static u64 lane_since(struct netbk_lane *lane, u64 now, u64 ns, u64 *wanted)
{
	struct netbk_lane_counts counts;

	netbk_read_lane(lane, &counts);
	*wanted = time_since(wanted_until(&counts, now), &lane->wanted_seen,
			     ns);
	return min(time_since(counts.busy_ns, &lane->busy_seen, ns), *wanted);
}

/* The lanes of a group may be behind because of each other, which is not to
 * count twice. Of tasklets on two CPUs it is the busier one's time.
 */
static void take_sample(struct xen_netbk *netbk, u64 now, u64 ns)
{
	struct netbk_lane *tx = &netbk->lane[NETBK_TX];
	struct netbk_lane *rx = &netbk->lane[NETBK_RX];
	u64 tx_wanted, rx_wanted;
	u64 tx_ran = lane_since(tx, now, ns, &tx_wanted);
	u64 rx_ran = lane_since(rx, now, ns, &rx_wanted);
	u64 ran = min(tx_ran + rx_ran, ns);

	if (!netbk->worker && READ_ONCE(tx->cpu) != READ_ONCE(rx->cpu))
		ran = max(tx_ran, rx_ran);
	netbk->sample.cpu = READ_ONCE(netbk->cpu);
	netbk->sample.ran = ran;
	netbk->sample.behind = max3(ran, tx_wanted, rx_wanted) - ran;
}

/* What the groups that are bound to a CPU did between two looks, in ns, and
 * what the one that wanted most did want; under the mutex.
 */
struct cpu_sample {
	u64 ran;
	u64 behind;
	u64 most;
};

static DEFINE_PER_CPU(struct cpu_sample, bound_sample);

static void begin_cpu(const struct xen_netbk *netbk)
{
	if (netbk->sample.cpu >= 0)
		per_cpu(bound_sample, netbk->sample.cpu) =
			(struct cpu_sample){};
}

static void add_to_cpu(const struct xen_netbk *netbk)
{
	const struct netbk_sample *own = &netbk->sample;
	struct cpu_sample *all;

	if (own->cpu < 0)
		return;
	all = &per_cpu(bound_sample, own->cpu);
	all->ran += own->ran;
	all->behind += own->behind;
	all->most = max(all->most, own->ran + own->behind);
}

static void take_samples(u64 now, u64 ns)
{
	unsigned int i;

	for (i = 0; i < netbk_groups_count(); i++) {
		take_sample(netbk_group(i), now, ns);
		begin_cpu(netbk_group(i));
	}
	for (i = 0; i < netbk_groups_count(); i++)
		add_to_cpu(netbk_group(i));
}

static unsigned int thousandths(u64 part, u64 ns)
{
	return min_t(u64, div64_u64(part * NETBK_LOAD_FULL, ns),
		     NETBK_LOAD_FULL);
}

/* Of the last @ns: what a group ran and what it was behind. Groups on one CPU
 * are behind because of each other, too, which does not make the CPU busier:
 * they share, by what each was behind, what is missing to the one that wanted
 * most.
 */
static unsigned int sample_of(const struct xen_netbk *netbk, u64 ns)
{
	const struct netbk_sample *own = &netbk->sample;
	const struct cpu_sample *all;
	u64 load = thousandths(own->ran, ns);

	if (own->cpu < 0)
		return thousandths(own->ran + own->behind, ns);
	all = &per_cpu(bound_sample, own->cpu);
	if (all->most > all->ran)	/* so somebody was behind */
		load += div64_u64(own->behind *
				  thousandths(all->most - all->ran, ns),
				  all->behind);
	return min_t(u64, load, NETBK_LOAD_FULL);
}

/* Returns whether there is reason to look again. */
static bool measure(struct xen_netbk *netbk, u64 ns)
{
	bool active = netbk->sample.ran || netbk->sample.behind;

	if (!active && !netbk->load)
		return false;	/* so its queues have none either */
	WRITE_ONCE(netbk->load, netbk_load_average(netbk->load,
						   sample_of(netbk, ns)));
	measure_queues(netbk);
	return active || netbk->load;
}

/* Load of all groups that are bound to a CPU; under the mutex. */
static DEFINE_PER_CPU(unsigned int, bound_load);

static void sum_loads(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu)
		per_cpu(bound_load, cpu) = 0;
	for (i = 0; i < netbk_groups_count(); i++) {
		int bound_to = netbk_group(i)->sample.cpu;

		if (bound_to >= 0)
			per_cpu(bound_load, bound_to) += netbk_group(i)->load;
	}
}

/* Of the group, or of the CPU that it shares with others. */
static unsigned int load_around(const struct xen_netbk *netbk)
{
	int cpu = netbk->sample.cpu;

	return cpu < 0 ? netbk->load : per_cpu(bound_load, cpu);
}

static void forget_lane(struct netbk_lane *lane, u64 now)
{
	struct netbk_lane_counts counts;

	netbk_read_lane(lane, &counts);
	lane->busy_seen = counts.busy_ns;
	lane->wanted_seen = wanted_until(&counts, now);
}

/* Takes readings only: the last ones are from before nobody looked. */
static void forget(struct xen_netbk *netbk, u64 now)
{
	struct xenvif_queue *queue;

	forget_lane(&netbk->lane[NETBK_TX], now);
	forget_lane(&netbk->lane[NETBK_RX], now);
	WRITE_ONCE(netbk->load, 0);
	list_for_each_entry(queue, &netbk->queues, placed) {
		charged(queue);
		queue->spent = 0;
		queue->load = 0;
	}
}

static struct xen_netbk *idlest(void)
{
	struct xen_netbk *best = netbk_group(0);
	unsigned int i;

	for (i = 1; i < netbk_groups_count(); i++) {
		if (load_around(netbk_group(i)) < load_around(best))
			best = netbk_group(i);
	}
	return best;
}

static unsigned int gain_of(const struct xenvif_queue *queue,
			    const struct xen_netbk *from,
			    const struct xen_netbk *to)
{
	if (queue->pinned || time_before(jiffies, queue->stays_until))
		return 0;
	return netbk_balance_gain(load_around(from), load_around(to),
				  queue->load);
}

/* The queue whose move to @to would bring most, from whatever group. Nothing is
 * gained by one from a group on the same CPU, whose load is the same.
 */
static struct xenvif_queue *best_to_move(const struct xen_netbk *to)
{
	struct xenvif_queue *queue, *best = NULL;
	unsigned int gain, most = 0, i;

	for (i = 0; i < netbk_groups_count(); i++) {
		struct xen_netbk *from = netbk_group(i);

		if (load_around(from) <= load_around(to))
			continue;
		list_for_each_entry(queue, &from->queues, placed) {
			gain = gain_of(queue, from, to);
			if (gain > most) {
				best = queue;
				most = gain;
			}
		}
	}
	return best;
}

static bool move_one(void)
{
	struct xenvif_queue *queue;
	struct xen_netbk *to;

	sum_loads();
	to = idlest();
	queue = best_to_move(to);
	if (!queue)
		return false;
	move(queue, to);
	queue->stays_until = jiffies + BALANCE_STAY;
	return true;
}

/**
 * netbk_rebalance - look at the groups, and move a queue if that pays
 * @since: time of the last look, in ns of the monotonic clock; set to that of
 *	this one
 *
 * Context: process, may sleep.
 * Return: false if nothing goes on, and nothing has lately, or if nothing is to
 * be moved.
 */
bool netbk_rebalance(u64 *since)
{
	bool woken, active = false;
	unsigned int i;
	u64 now, ns;

	if (!netbk_param_balance())
		return false;

	mutex_lock(&placement_mutex);
	now = ktime_get_ns();
	ns = max_t(u64, now - *since, NSEC_PER_USEC);
	woken = *since != last_look;
	if (!woken)
		take_samples(now, ns);
	for (i = 0; i < netbk_groups_count(); i++) {
		netbk_lane_go_home(&netbk_group(i)->lane[NETBK_TX]);
		if (woken)
			forget(netbk_group(i), now);
		else
			active |= measure(netbk_group(i), ns);
	}
	*since = now;
	last_look = now;
	if (resting)
		resting--;
	else if (!woken && move_one())
		resting = BALANCE_REST;
	mutex_unlock(&placement_mutex);
	return active || woken;
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "test/place_test.c"
#endif
