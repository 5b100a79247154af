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
 *
 * What a look costs
 *
 * A host may have thousands of queues, most of them idle, and looks hold the
 * placement mutex a hundred times a second. So a look visits the groups, and
 * only those queues that were charged since the last one:
 *   - a worker that charges a queue for the first time after a look puts it on
 *     a list of its lane (netbk_note_charge()). Any other charge costs a test
 *     of a flag beside the ring's indices. The look takes all and clears
 *     the flags, and then reads what was charged. A queue charged meanwhile is
 *     on the list again;
 *   - averages of other queues are not written. A queue has the number of the
 *     look that computed its average, and one that is N looks old is halved N
 *     times when it is read;
 *   - the sum of averages, which a queue's load is a part of, is kept for each
 *     group, and changes when queues come, go or are charged. Halving rounds
 *     each average down, so the sum exceeds them by at most an instruction a
 *     queue;
 *   - when looks resume, averages are forgotten by counting looks that did not
 *     take place.
 * Only a queue that was charged since the last look is worth a move, so the
 * balancer need not visit others either.
 *
 * A lock-free list cannot lose a single entry. A queue that moves may stay on
 * the list of its old lane: the look finds its group by its pointer. When a
 * queue has left, and no worker knows it any more, the lists of all groups that
 * it was on are emptied (netbk_load_end()). Other queues that were on them wait
 * for the next look in a list that the placement mutex guards. Where no look is
 * made, for there is one group or balancing is off, a queue stays on a list.
 *
 * Other ways: ten looks a second would cost as much with ten times the queues,
 * and take 400 ms to part two busy queues. If workers computed the averages of
 * their queues, the balancer would still have to find the largest.
 */

#include "group_load.h"

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include <asm/barrier.h>

#include "group.h"
#include "lane.h"
#include "queue.h"

/* Looks that make any average 0: one has 32 bits. */
#define LOAD_LOOKS_TO_0 32

/* Queues charged between the last two looks, by their @charged: those that the
 * last look visited. Under the placement mutex.
 */
LIST_HEAD(netbk_load_charged);

/* The same of queues charged since, as far as they were taken off the lists of
 * lanes.
 */
static LIST_HEAD(load_waiting);

/* Number of the last look, under the placement mutex. It does not wrap. */
static u64 load_looks;

static unsigned int load_average(unsigned int before, unsigned int sample)
{
	return ((u64)before + sample) / 2;
}

/* Returns the cost charged to a queue since the last call, in instructions. */
static unsigned int load_charged(struct xenvif_queue *queue)
{
	unsigned int spent = READ_ONCE(queue->tx_turn.share.spent) +
			     READ_ONCE(queue->rx_turn.share.spent);
	unsigned int since = spent - queue->spent_seen;

	queue->spent_seen = spent;
	return since;
}

/* Returns a queue's average cost as of look @look, which is the last one that
 * computed it or a later one.
 */
static unsigned int load_spent(const struct xenvif_queue *queue, u64 look)
{
	u64 ago = look - queue->looked;

	return ago < LOAD_LOOKS_TO_0 ? queue->spent >> ago : 0;
}

static unsigned int load_part_of(const struct xenvif_queue *queue,
				 const struct xen_netbk *netbk)
{
	u64 part = (u64)load_spent(queue, load_looks) * netbk->load;

	return netbk->spent ? div64_u64(part, netbk->spent) : 0;
}

/**
 * netbk_load_of - get the load of a queue
 * @queue: a queue on a group
 *
 * Context: under the placement mutex.
 * Return: its part of the group's load, in thousandths of a CPU.
 */
unsigned int netbk_load_of(const struct xenvif_queue *queue)
{
	lockdep_assert_held(&netbk_placement);
	return load_part_of(queue, netbk_placed_on(queue));
}

/* ----------------------- queues come, move, go ----------------------- */

/**
 * netbk_load_begin - reset the load of a queue that comes up
 * @queue: the queue
 *
 * Context: under the placement mutex.
 */
void netbk_load_begin(struct xenvif_queue *queue)
{
	lockdep_assert_held(&netbk_placement);
	queue->spent = 0;
	queue->looked = load_looks;
	load_charged(queue);
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
	unsigned int spent = load_spent(queue, load_looks);
	unsigned int load = load_part_of(queue, from);

	lockdep_assert_held(&netbk_placement);
	WRITE_ONCE(from->load, from->load - load);
	from->spent -= spent;
	if (!to)
		return;
	WRITE_ONCE(to->load, to->load + load);
	to->spent += spent;
}

/* Takes all that is on a lane's list. */
static void load_collect_lane(struct netbk_lane *lane)
{
	struct llist_node *first = llist_del_all(&lane->charged);
	struct netbk_turn *turn, *next;

	llist_for_each_entry_safe(turn, next, first, charged) {
		/* The worker may add it again as soon as it sees this. */
		smp_store_release(&turn->noted, false);
		list_move_tail(&netbk_queue_of(turn, lane->dir)->charged,
			       &load_waiting);
	}
}

static void load_collect(struct xen_netbk *netbk)
{
	load_collect_lane(&netbk->lane[NETBK_TX]);
	load_collect_lane(&netbk->lane[NETBK_RX]);
}

/**
 * netbk_load_end - take queues off all lists of charged ones
 * @queues: an array of queues that no worker knows any more
 * @nr: how many
 * @groups: bitmap of all groups that they were on
 *
 * Context: under the placement mutex.
 */
void netbk_load_end(struct xenvif_queue *queues, unsigned int nr,
		    const unsigned long *groups)
{
	unsigned int i;

	lockdep_assert_held(&netbk_placement);
	for_each_set_bit(i, groups, netbk_groups_count())
		load_collect(netbk_group(i));
	for (i = 0; i < nr; i++)
		list_del_init(&queues[i].charged);
}

/* -------------------------- loads of groups -------------------------- */

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

/* Returns true if there is reason to look again. */
static bool load_measure(struct xen_netbk *netbk, u64 ns)
{
	bool active = netbk->sample.ran || netbk->sample.behind;

	if (!active && !netbk->load)
		return false;
	WRITE_ONCE(netbk->load,
		   load_average(netbk->load, load_sample_of(netbk, ns)));
	return active || netbk->load;
}

static void load_book(const struct xen_netbk *netbk)
{
	if (netbk->sample.cpu >= 0)
		per_cpu(bound_sample, netbk->sample.cpu).load += netbk->load;
}

/* -------------------------- loads of queues -------------------------- */

static void load_forget_charged(struct list_head *queues)
{
	struct xenvif_queue *queue, *next;

	list_for_each_entry_safe(queue, next, queues, charged) {
		load_charged(queue);
		list_del_init(&queue->charged);
	}
}

static void load_measure_queue(struct xenvif_queue *queue,
			       struct xen_netbk *netbk)
{
	unsigned int charged = load_charged(queue);

	queue->spent = load_average(load_spent(queue, load_looks - 1),
				    charged);
	queue->looked = load_looks;
	netbk->charged += charged;
}

/* Visits the queues that wait. One without a group is going down. */
static void load_measure_queues(void)
{
	struct xenvif_queue *queue, *next;

	load_looks++;
	list_for_each_entry_safe(queue, next, &netbk_load_charged, charged)
		list_del_init(&queue->charged);
	list_for_each_entry_safe(queue, next, &load_waiting, charged) {
		struct xen_netbk *netbk = netbk_placed_on(queue);

		if (!netbk) {
			list_del_init(&queue->charged);
			continue;
		}
		load_measure_queue(queue, netbk);
		list_move_tail(&queue->charged, &netbk_load_charged);
	}
}

static void load_sum_up(struct xen_netbk *netbk)
{
	netbk->spent = (netbk->spent + netbk->charged) / 2;
	netbk->charged = 0;
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
	for (i = 0; i < netbk_groups_count(); i++)
		load_collect(netbk_group(i));
	load_measure_queues();
	for (i = 0; i < netbk_groups_count(); i++) {
		load_sum_up(netbk_group(i));
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
	load_forget_lane(&netbk->lane[NETBK_TX], now);
	load_forget_lane(&netbk->lane[NETBK_RX], now);
	WRITE_ONCE(netbk->load, 0);
	netbk->spent = 0;
	netbk->charged = 0;
	load_collect(netbk);
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
	load_looks += LOAD_LOOKS_TO_0;
	for (i = 0; i < netbk_groups_count(); i++)
		load_forget_group(netbk_group(i), now);
	load_forget_charged(&netbk_load_charged);
	load_forget_charged(&load_waiting);
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
