// SPDX-License-Identifier: GPL-2.0
/*
 * How busy groups and their queues are.
 *
 * A group's load is the part of the time since the last look that its workers
 * ran or were behind, because other tasks or interrupts had the CPU: a group
 * that always has work left has full load, however little time it gets. A lane
 * on another CPU than its group's, such as an Rx tasklet where packets come
 * from, is behind because of that CPU, so only its run time counts. The last
 * look counts as much as all before it, so a change shows after three.
 *
 * Groups bound to one CPU, because there are more groups than CPUs, wait for
 * each other, which makes the CPU no busier. The sum of their loads is capped
 * at the larger of their total run time and the largest single demand.
 *
 * A queue's load is its part of its group's, by the cost charged to it
 * (lane_share.c), averaged in the same way. Cost is charged during a run, the
 * run's time is added at its end, so a look may see one without the other.
 */

#include "group_load.h"

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include "group.h"
#include "queue.h"

static unsigned int load_average(unsigned int before, unsigned int sample)
{
	return ((u64)before + sample) / 2;
}

static unsigned int load_charged_ever(const struct xenvif_queue *queue)
{
	return READ_ONCE(queue->tx_turn.share.spent) +
	       READ_ONCE(queue->rx_turn.share.spent);
}

/* Returns the cost charged to a queue since the last look, in instructions. A
 * refund of what that look saw is deducted from later charges.
 */
static unsigned int load_charged(struct xenvif_queue *queue)
{
	unsigned int ever = load_charged_ever(queue);
	int since = ever - queue->spent_seen;

	if (since <= 0)
		return 0;
	queue->spent_seen = ever;
	return since;
}

static void load_skip_charged(struct xenvif_queue *queue)
{
	queue->spent_seen = load_charged_ever(queue);
}

/**
 * netbk_load_begin - reset the load of a queue that comes up
 * @queue: the queue
 *
 * Context: under the placement mutex.
 */
void netbk_load_begin(struct xenvif_queue *queue)
{
	lockdep_assert_held(&netbk_placement);
	queue->load = 0;
	queue->spent = 0;
	load_skip_charged(queue);
}

/**
 * netbk_load_shift - move a queue's load from one group to another
 * @queue: the queue
 * @from: the group it leaves
 * @to: the group it comes to, or NULL
 *
 * Context: under the placement mutex.
 */
void netbk_load_shift(const struct xenvif_queue *queue, struct xen_netbk *from,
		      struct xen_netbk *to)
{
	lockdep_assert_held(&netbk_placement);
	WRITE_ONCE(from->load, from->load - min(queue->load, from->load));
	if (to)
		WRITE_ONCE(to->load, to->load + queue->load);
}

/* Returns how much of the last @ns is in @count, a counter of ns, and notes in
 * @seen what looks have counted. Time is added to counters when it is over, so
 * what exceeds @ns is left for the next look, but at most @ns of it.
 */
static u64 load_time_since(u64 count, u64 *seen, u64 ns)
{
	u64 part = count > *seen ? min(count - *seen, ns) : 0;

	*seen = max(*seen + part, count - min(count, ns));
	return part;
}

/* Returns the ns that a lane ran, was behind and, by @now, is behind. The
 * counters get the last part when its next run is over.
 */
static u64 load_wanted_until(const struct netbk_lane_counts *counts, u64 now)
{
	u64 since = counts->behind_since;
	u64 told = counts->count[NETBK_BUSY_NS] +
		   counts->count[NETBK_BEHIND_NS];

	return since && now > since ? told + now - since : told;
}

/* Returns the ns that a lane ran in the @ns before @now, and sets @wanted to
 * those that it ran or was behind, because others had the CPU. A part of a run
 * may have been counted as wanted by the last look.
 */
static u64 load_lane_since(struct netbk_lane *lane, u64 now, u64 ns,
			   u64 *wanted)
{
	struct netbk_lane_counts counts;
	u64 ran;

	netbk_read_lane(lane, &counts);
	*wanted = load_time_since(load_wanted_until(&counts, now),
				  &lane->wanted_seen, ns);
	ran = load_time_since(counts.count[NETBK_BUSY_NS], &lane->busy_seen,
			      ns);
	return min(ran, *wanted);
}

/* The lanes of a group may be behind because of each other, which must not
 * count twice. With tasklets on two CPUs the busier one's time counts.
 */
static void load_take_sample(struct xen_netbk *netbk, u64 now, u64 ns)
{
	struct netbk_lane *tx = &netbk->lane[NETBK_TX];
	struct netbk_lane *rx = &netbk->lane[NETBK_RX];
	u64 tx_wanted, rx_wanted;
	u64 tx_ran = load_lane_since(tx, now, ns, &tx_wanted);
	u64 rx_ran = load_lane_since(rx, now, ns, &rx_wanted);
	u64 ran = min(tx_ran + rx_ran, ns);

	if (!netbk->worker && READ_ONCE(tx->cpu) != READ_ONCE(rx->cpu))
		ran = max(tx_ran, rx_ran);
	netbk->sample.cpu = READ_ONCE(netbk->cpu);
	netbk->sample.ran = ran;
	netbk->sample.behind = max3(ran, tx_wanted, rx_wanted) - ran;
}

/* What all groups bound to a CPU did between two looks: ns that they ran, ns
 * that they were behind, the largest single demand in ns, and the sum of their
 * loads, in thousandths of a CPU. Under the placement mutex.
 */
struct cpu_sample {
	u64 ran;
	u64 behind;
	u64 most;
	unsigned int load;
};

static DEFINE_PER_CPU(struct cpu_sample, bound_sample);

static void load_begin_cpu(const struct xen_netbk *netbk)
{
	if (netbk->sample.cpu >= 0)
		per_cpu(bound_sample, netbk->sample.cpu) =
			(struct cpu_sample){};
}

static void load_add_to_cpu(const struct xen_netbk *netbk)
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

static void load_take_samples(u64 now, u64 ns)
{
	unsigned int i;

	for (i = 0; i < netbk_groups_count(); i++) {
		load_take_sample(netbk_group(i), now, ns);
		load_begin_cpu(netbk_group(i));
	}
	for (i = 0; i < netbk_groups_count(); i++)
		load_add_to_cpu(netbk_group(i));
}

static unsigned int load_thousandths(u64 part, u64 ns)
{
	return min_t(u64, div64_u64(part * NETBK_LOAD_FULL, ns),
		     NETBK_LOAD_FULL);
}

/* Returns a group's load in the last @ns: run time and time behind. What is
 * missing to the largest demand of groups on one CPU is divided among them by
 * the time that each was behind.
 */
static unsigned int load_sample_of(const struct xen_netbk *netbk, u64 ns)
{
	const struct netbk_sample *own = &netbk->sample;
	const struct cpu_sample *all;
	u64 load = load_thousandths(own->ran, ns);

	if (own->cpu < 0)
		return load_thousandths(own->ran + own->behind, ns);
	all = &per_cpu(bound_sample, own->cpu);
	if (all->most > all->ran)	/* so a group was behind */
		load += div64_u64(own->behind *
				  load_thousandths(all->most - all->ran, ns),
				  all->behind);
	return min_t(u64, load, NETBK_LOAD_FULL);
}

static void load_measure_queues(struct xen_netbk *netbk)
{
	struct xenvif_queue *queue;
	u64 all = 0;

	list_for_each_entry(queue, &netbk->queues, placed) {
		queue->spent = load_average(queue->spent, load_charged(queue));
		all += queue->spent;
	}
	list_for_each_entry(queue, &netbk->queues, placed) {
		u64 part = (u64)queue->spent * netbk->load;

		queue->load = all ? div64_u64(part, all) : 0;
	}
}

/* Returns true if there is reason to look again. */
static bool load_measure(struct xen_netbk *netbk, u64 ns)
{
	bool active = netbk->sample.ran || netbk->sample.behind;

	if (!active && !netbk->load)
		return false;	/* and no queue has any */
	WRITE_ONCE(netbk->load,
		   load_average(netbk->load, load_sample_of(netbk, ns)));
	load_measure_queues(netbk);
	return active || netbk->load;
}

static void load_book(const struct xen_netbk *netbk)
{
	if (netbk->sample.cpu >= 0)
		per_cpu(bound_sample, netbk->sample.cpu).load += netbk->load;
}

/**
 * netbk_load_look - update all loads by what has happened since the last look
 * @now: in ns of the monotonic clock
 * @ns: ns since then
 *
 * Context: process, under the placement mutex.
 * Return: true if there is reason to look again; if false, all loads are 0.
 */
bool netbk_load_look(u64 now, u64 ns)
{
	bool active = false;
	unsigned int i;

	lockdep_assert_held(&netbk_placement);
	load_take_samples(now, ns);
	for (i = 0; i < netbk_groups_count(); i++) {
		active |= load_measure(netbk_group(i), ns);
		load_book(netbk_group(i));
	}
	return active;
}

static void load_forget_lane(struct netbk_lane *lane, u64 now)
{
	struct netbk_lane_counts counts;

	netbk_read_lane(lane, &counts);
	lane->busy_seen = counts.count[NETBK_BUSY_NS];
	lane->wanted_seen = load_wanted_until(&counts, now);
}

static void load_forget_group(struct xen_netbk *netbk, u64 now)
{
	struct xenvif_queue *queue;

	load_forget_lane(&netbk->lane[NETBK_TX], now);
	load_forget_lane(&netbk->lane[NETBK_RX], now);
	WRITE_ONCE(netbk->load, 0);
	list_for_each_entry(queue, &netbk->queues, placed) {
		load_skip_charged(queue);
		queue->spent = 0;
		queue->load = 0;
	}
}

/**
 * netbk_load_forget - reset all loads and take readings, after a long time
 * @now: in ns of the monotonic clock
 *
 * Context: process, under the placement mutex.
 */
void netbk_load_forget(u64 now)
{
	unsigned int i;

	lockdep_assert_held(&netbk_placement);
	for (i = 0; i < netbk_groups_count(); i++)
		load_forget_group(netbk_group(i), now);
}

/**
 * netbk_load_around - get the load of a group, or of the CPU that it shares
 * @netbk: the group
 *
 * Context: under the placement mutex, after a look.
 * Return: the load in thousandths of a CPU, which may exceed %NETBK_LOAD_FULL
 * for some looks after a group has come from another CPU.
 */
unsigned int netbk_load_around(const struct xen_netbk *netbk)
{
	int cpu = netbk->sample.cpu;

	lockdep_assert_held(&netbk_placement);
	return cpu < 0 ? netbk->load : per_cpu(bound_sample, cpu).load;
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/group_load_kunit.c"
#endif
