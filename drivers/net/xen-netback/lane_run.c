// SPDX-License-Identifier: GPL-2.0
/*
 * How a lane's worker is started, and what it does in a run: empty the inbox,
 * answer flushes, serve a round, and decide when to run again. The head of
 * lane.c says how queues come to a worker and leave it.
 */

#include "lane_run.h"

#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/netdevice.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

#include "group.h"
#include "lane.h"
#include "lane_gap.h"
#include "queue.h"
#include "trace.h"
#include "vif.h"

static void lane_kick(struct netbk_lane *lane)
{
	if (lane->netbk->worker)
		kthread_queue_work(lane->netbk->worker, &lane->work);
	else
		tasklet_schedule(&lane->tasklet);
}

static void lane_kick_here(void *lane)
{
	lane_kick(lane);
}

/* A tasklet runs on the CPU that starts it, and stays there while it finds
 * work. So it is started on its group's CPU, not on that of a context that
 * moves or sets up queues. Without such a CPU, @func is called here.
 */
static void lane_call_on(int cpu, smp_call_func_t func, void *info)
{
	if (cpu < 0 || smp_call_function_single(cpu, func, info, true))
		func(info);
}

static void lane_kick_on(struct netbk_lane *lane, int cpu)
{
	lane_call_on(lane->netbk->worker ? -1 : cpu, lane_kick_here, lane);
}

static void lane_kick_called(void *data)
{
	struct netbk_lane *lane = data;

	clear_bit(NETBK_LANE_CALLED, &lane->calls);
	smp_mb__after_atomic();	/* work that found the bit set is seen */
	lane_kick(lane);
}

/* For contexts that cannot wait. A CPU that has gone offline is not called. The
 * bit admits one call at a time; a call under way serves later callers, too.
 */
static void lane_kick_at_home(struct netbk_lane *lane)
{
	int cpu = READ_ONCE(lane->netbk->cpu);

	if (lane->netbk->worker || cpu < 0 || cpu == smp_processor_id() ||
	    !cpu_online(cpu)) {
		lane_kick(lane);
		return;
	}
	if (test_and_set_bit(NETBK_LANE_CALLED, &lane->calls))
		return;
	if (smp_call_function_single_async(cpu, &lane->call)) {
		clear_bit(NETBK_LANE_CALLED, &lane->calls);
		lane_kick(lane);
	}
}

#define LANE_CROWD_NS (8 * NSEC_PER_MSEC)

/**
 * struct lane_crowd - tell whether a CPU's own lanes keep it busy
 * @since: start of the current period, in ns of the monotonic clock
 * @ran: ns since then that lanes ran whose home the CPU is
 * @until: time up to which it counts as crowded, or 0
 *
 * Written with softirqs off by lanes on the CPU. @until is read racily, there
 * by interrupts and elsewhere by lanes at home here. A 32-bit machine may read
 * half of it, by which a lane starts on the other CPU once.
 */
struct lane_crowd {
	u64 since;
	u64 ran;
	u64 until;
};

static DEFINE_PER_CPU(struct lane_crowd, lane_crowd);

static void lane_crowd_add(struct lane_crowd *crowd, u64 began, u64 now)
{
	if (now - crowd->since > LANE_CROWD_NS) {
		crowd->since = began;
		crowd->ran = 0;
	}
	crowd->ran += now - began;
	if (crowd->ran > LANE_CROWD_NS / 4)
		WRITE_ONCE(crowd->until, now + LANE_CROWD_NS);
	else if (crowd->until && now >= crowd->until)
		WRITE_ONCE(crowd->until, 0);
}

/* Guest Rx is best done where the packets come from: they are in that CPU's
 * cache, and starting a lane elsewhere costs an interrupt. But if its own lanes
 * keep that CPU busy, say with a guest that floods another, all guests of the
 * lane's group would wait for their rounds. Then home is better, if its lanes
 * leave it time. The clock is only read where a CPU was crowded, and no lane
 * has run at home since.
 */
static bool lane_is_crowded_out(const struct netbk_lane *lane)
{
	u64 until = this_cpu_read(lane_crowd.until);
	int home = READ_ONCE(lane->netbk->cpu);
	u64 now;

	if (likely(!until) || lane->dir != NETBK_RX || lane->netbk->worker ||
	    home < 0 || home == smp_processor_id())
		return false;
	now = ktime_get_ns();
	return now < until &&
	       now >= READ_ONCE(per_cpu(lane_crowd.until, home));
}

static void lane_kick_near(struct netbk_lane *lane)
{
	if (unlikely(lane_is_crowded_out(lane)))
		lane_kick_at_home(lane);
	else
		lane_kick(lane);
}

/* Returns true if the caller has to start the lane. Until it does nobody else
 * will, so it must not lose its CPU in between: all queues of the lane wait.
 */
static bool lane_add_to_inbox(struct netbk_lane *lane, struct netbk_turn *turn)
{
	lockdep_assert_preemption_disabled();
	return llist_add(&turn->inbox, &lane->inbox) &&
	       !netbk_pace_looks(&lane->pace);
}

static bool lane_schedule_queue(struct xenvif_queue *queue, enum netbk_dir dir,
				void (*start)(struct netbk_lane *lane))
{
	struct netbk_turn *turn = netbk_turn_of(queue, dir);
	struct xen_netbk *netbk;

	rcu_read_lock_sched();
	netbk = rcu_dereference_sched(queue->netbk);
	if (likely(netbk) &&
	    !test_and_set_bit(NETBK_TURN_TAKEN, &turn->state)) {
		netbk_gap_begin(turn);
		if (lane_add_to_inbox(&netbk->lane[dir], turn))
			start(&netbk->lane[dir]);
	}
	rcu_read_unlock_sched();
	return netbk;
}

/**
 * netbk_schedule - have a queue served by its group
 * @queue: the queue
 * @dir: direction of the work, which other CPUs can already see
 *
 * A tasklet is started here, or at home if it is for guest Rx and this CPU is
 * crowded.
 *
 * Context: any, hard interrupts included.
 * Return: true if a worker will look at the queue after this call, false if the
 * queue is on no group.
 */
bool netbk_schedule(struct xenvif_queue *queue, enum netbk_dir dir)
{
	return lane_schedule_queue(queue, dir, lane_kick_near);
}

/**
 * netbk_schedule_at_home - have a queue served on its group's CPU
 * @queue: the queue
 * @dir: direction of the work, which other CPUs can already see
 *
 * For timers, which expire on any CPU, but serve queues of many groups.
 *
 * Context: softirq, interrupts on.
 */
void netbk_schedule_at_home(struct xenvif_queue *queue, enum netbk_dir dir)
{
	lane_schedule_queue(queue, dir, lane_kick_at_home);
}

static void lane_schedule_both(void *queue)
{
	netbk_schedule(queue, NETBK_TX);
	netbk_schedule(queue, NETBK_RX);
}

/**
 * netbk_start_queue - serve what came for a queue before it was placed
 * @queue: a queue on a group
 *
 * Context: process.
 */
void netbk_start_queue(struct xenvif_queue *queue)
{
	const struct xen_netbk *netbk;
	int cpu = -1;

	rcu_read_lock();
	netbk = rcu_dereference(queue->netbk);
	if (netbk)
		cpu = READ_ONCE(netbk->cpu);
	rcu_read_unlock();
	lane_call_on(cpu, lane_schedule_both, queue);
}

/* Gives the turn of a queue that has left to the queue's present group; without
 * one, releases it.
 */
static void lane_pass_on(struct xenvif_queue *queue, enum netbk_dir dir)
{
	struct netbk_turn *turn = netbk_turn_of(queue, dir);
	struct xen_netbk *netbk;

	rcu_read_lock_sched();
	netbk = rcu_dereference_sched(queue->netbk);
	if (!netbk) {
		turn->ready = 0;
		netbk_release_turn(queue, dir);
	} else if (lane_add_to_inbox(&netbk->lane[dir], turn)) {
		lane_kick_at_home(&netbk->lane[dir]);
	}
	rcu_read_unlock_sched();
}

static void lane_empty_inbox(struct netbk_lane *lane)
{
	struct llist_node *first = llist_del_all(&lane->inbox);
	struct netbk_turn *turn, *next;

	first = llist_reverse_order(first);
	llist_for_each_entry_safe(turn, next, first, inbox) {
		struct xenvif_queue *queue = netbk_queue_of(turn, lane->dir);

		if (unlikely(netbk_has_left(queue, lane->netbk)))
			lane_pass_on(queue, lane->dir);
		else
			netbk_join_line(lane, turn);
	}
}

/* Returns true if the mover has the turn now. A turn that is taken, but neither
 * in line nor on the inbox, is on its way there, perhaps through the inbox of a
 * group that the queue has left. The worker runs again when it arrives: one
 * mover asks at a time (group_place.c), so nothing else empties the inbox in
 * this run.
 */
static bool lane_hand_over(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = netbk_turn_of(queue, lane->dir);

	if (list_empty(&turn->line) &&
	    test_and_set_bit(NETBK_TURN_TAKEN, &turn->state)) {
		lane_empty_inbox(lane);
		if (list_empty(&turn->line))
			return false;
	}
	list_del_init(&turn->line);
	return true;
}

static void lane_drop_departed(struct netbk_lane *lane, struct list_head *line)
{
	struct netbk_turn *turn, *next;

	list_for_each_entry_safe(turn, next, line, line) {
		struct xenvif_queue *queue = netbk_queue_of(turn, lane->dir);

		if (netbk_has_left(queue, lane->netbk))
			netbk_drop_turn(queue, lane->dir);
	}
}

static void lane_answer_flushes(struct netbk_lane *lane,
				struct llist_node *first)
{
	struct netbk_flush *flush, *next_flush;

	lane_drop_departed(lane, &lane->fresh);
	lane_drop_departed(lane, &lane->line);
	/* A flush is on its waiter's stack, gone after complete(). */
	llist_for_each_entry_safe(flush, next_flush, first, node) {
		if (!flush->take || lane_hand_over(lane, flush->take))
			complete(&flush->done);
		else
			llist_add(&flush->node, &lane->flushes);
	}
}

/* Returns true if the lane has to run again at once. Under dense traffic queues
 * in line wait for a pause to end, also those that got work during the run.
 * There is no pause after a run whose batch could not hold all, or that had
 * nothing to do.
 */
static bool lane_end_run(struct netbk_lane *lane, u64 began,
			 unsigned int packets)
{
	netbk_pace_judge(&lane->pace, began, packets);
	if (lane->pace.dense) {
		if (lane->busy)
			return true;
		if ((packets || netbk_somebody_waits(lane)) &&
		    netbk_pace_pause(&lane->pace))
			return false;
	}
	if (netbk_somebody_waits(lane))
		return true;
	netbk_pace_resume(&lane->pace);
	if (llist_empty(&lane->inbox))
		return false;
	netbk_pace_look(&lane->pace);
	return true;
}

/* Time that passes with work left is a lack of CPU time, if the lane runs on
 * the group's CPU.
 */
static void lane_count_run(struct netbk_lane *lane, unsigned int packets,
			   u64 began, bool goes_on)
{
	u64_stats_t *behind_ns = &lane->stats.count[NETBK_BEHIND_NS];
	int home = READ_ONCE(lane->netbk->cpu);
	u64 now = ktime_get_ns();
	u64 since = u64_stats_read(&lane->stats.behind_since);
	s64 behind = since ? began - since : 0;	/* clocks may differ */

	if (home == lane->cpu)
		lane_crowd_add(this_cpu_ptr(&lane_crowd), began, now);
	goes_on = goes_on && (home < 0 || home == lane->cpu);
	if (packets)
		netbk_histogram_add(&lane->packets_in_runs, packets);
	u64_stats_update_begin(&lane->stats.syncp);
	u64_stats_add(&lane->stats.count[NETBK_BUSY_NS], now - began);
	u64_stats_set(behind_ns,
		      u64_stats_read(behind_ns) + max_t(s64, behind, 0));
	u64_stats_set(&lane->stats.behind_since, goes_on ? now : 0);
	u64_stats_update_end(&lane->stats.syncp);
	trace_netbk_run(lane, packets, now - began);
}

static void lane_run(struct netbk_lane *lane)
{
	u64 began = ktime_get_ns();
	struct llist_node *flushes;
	unsigned int packets;
	bool goes_on;

	/* A thread sets the timer on whatever CPU it comes to. */
	netbk_pace_begin(&lane->pace, began, !lane->netbk->worker &&
			 lane->cpu != smp_processor_id());
	WRITE_ONCE(lane->cpu, smp_processor_id());

	/* Flushes first: the inbox holds by now what they wait for. */
	flushes = llist_del_all(&lane->flushes);
	lane_empty_inbox(lane);
	if (unlikely(flushes))
		lane_answer_flushes(lane, flushes);

	lane->busy = false;
	lane->passes = 0;
	packets = lane->round(lane->netbk);
	goes_on = lane_end_run(lane, began, packets);
	lane_count_run(lane, packets, began, goes_on);
	lane->ran();
	if (!goes_on)
		return;
	if (unlikely(lane->pace.stayed))
		lane_kick_at_home(lane);
	else
		lane_kick_near(lane);
}

static enum hrtimer_restart lane_end_pause(struct hrtimer *timer)
{
	struct netbk_lane *lane = container_of(timer, struct netbk_lane,
					       pace.timer);

	lane_kick_near(lane);
	return HRTIMER_NORESTART;
}

static void lane_run_tasklet(struct tasklet_struct *tasklet)
{
	lane_run(from_tasklet((struct netbk_lane *)NULL, tasklet, tasklet));
}

static void lane_run_work(struct kthread_work *work)
{
	/* The network stack expects softirqs to be off. */
	local_bh_disable();
	lane_run(container_of(work, struct netbk_lane, work));
	local_bh_enable();
	/* A thread with work left never sleeps, and RCU tasks wait for that:
	 * tracers would not detach. rcu_softirq_qs() is not for modules.
	 */
	cond_resched_tasks_rcu_qs();
}

/**
 * netbk_lane_give - leave a queue's turn in a lane's inbox
 * @lane: the lane
 * @queue: a queue on the lane's group, whose turn the caller has
 *
 * Context: process.
 */
void netbk_lane_give(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = netbk_turn_of(queue, lane->dir);

	if (!turn->ready)
		netbk_gap_begin(turn);
	preempt_disable();
	if (lane_add_to_inbox(lane, turn))
		lane_kick_on(lane, READ_ONCE(lane->netbk->cpu));
	preempt_enable();
}

/**
 * netbk_lane_go_home - bring a tasklet back to its group's CPU
 * @lane: the Tx lane, whose events come to that CPU; the Rx lane runs where
 *	packets come from, and goes home by itself if it never goes idle
 *
 * The tasklet may have been started elsewhere, for example while that CPU was
 * offline, and have found work ever since.
 *
 * Context: process.
 */
void netbk_lane_go_home(struct netbk_lane *lane)
{
	int cpu = READ_ONCE(lane->netbk->cpu);

	if (!lane->netbk->worker && cpu != READ_ONCE(lane->cpu))
		lane_kick_on(lane, cpu);
}

/**
 * netbk_lane_flush - ask a lane's worker to answer between two rounds
 * @lane: the lane
 * @flush: to wait for: the worker completes its @done
 * @take: a queue of the lane's group whose turn the caller then has, or NULL
 *
 * Context: process.
 */
void netbk_lane_flush(struct netbk_lane *lane, struct netbk_flush *flush,
		      struct xenvif_queue *take)
{
	flush->take = take;
	init_completion(&flush->done);
	llist_add(&flush->node, &lane->flushes);
	lane_kick_on(lane, READ_ONCE(lane->cpu));
}

/**
 * netbk_lane_init - prepare a lane
 * @lane: zeroed memory
 * @netbk: its group, whose worker exists
 * @dir: its direction
 * @round: serves the queues in line, see struct netbk_lane
 * @ran: called by the worker after each run
 *
 * Context: any.
 */
void netbk_lane_init(struct netbk_lane *lane, struct xen_netbk *netbk,
		     enum netbk_dir dir,
		     unsigned int (*round)(struct xen_netbk *netbk),
		     void (*ran)(void))
{
	lane->netbk = netbk;
	lane->dir = dir;
	lane->round = round;
	lane->ran = ran;
	lane->cpu = -1;
	lane->lap = 1;	/* that of a new queue is 0 */
	init_llist_head(&lane->inbox);
	init_llist_head(&lane->flushes);
	init_llist_head(&lane->charged);
	INIT_LIST_HEAD(&lane->fresh);
	INIT_LIST_HEAD(&lane->line);
	INIT_LIST_HEAD(&lane->served);
	u64_stats_init(&lane->stats.syncp);
	INIT_CSD(&lane->call, lane_kick_called, lane);
	netbk_pace_init(&lane->pace, lane_end_pause);
	if (netbk->worker)
		kthread_init_work(&lane->work, lane_run_work);
	else
		tasklet_setup(&lane->tasklet, lane_run_tasklet);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/lane_kunit.c"
#include "tests/lane_run_kunit.c"
#include "tests/lane_gap_kunit.c"
#endif
