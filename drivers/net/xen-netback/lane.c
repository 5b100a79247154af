// SPDX-License-Identifier: GPL-2.0
/*
 * How a queue gets served.
 *
 * Each direction of a group is a lane with one worker: a tasklet, or the work
 * of the group's thread. A lane has an inbox, a lock-free list on which any
 * context leaves a queue's turn, and a line, a list that is the worker's own.
 * The turn's bit NETBK_TURN_TAKEN says that the queue is on one of the two,
 * being served, or being moved, so that it is never on both at once:
 *
 *        netbk_schedule()      worker               round
 *   bit clear ----> inbox -------------> line -------------> served
 *       ^                                 ^                    |   |
 *       |                netbk_visited(), |                    |   |
 *       |                  netbk_requeue()+----- netbk_keep() -+   |
 *       +------------------- netbk_release_turn() -----------------+
 *
 * A round visits the queues in line for a share each (lane_share.c), maybe
 * again and again. Those visited are on a third list too, and are settled at
 * its end. The line has two parts: whoever gets work and has had no share in
 * this lap of the line passes all others, once. A lap ends when all in line
 * have had theirs.
 *
 * The worker releases a turn and looks for work once more before it lets go
 * (netbk_retake_turn()); who brings work sets the bit after having made the
 * work visible. So either the worker sees the work or the bringer takes the
 * turn. Likewise who finds the inbox empty starts the worker, unless that says
 * that it will look (lane_pace.c); it takes that back, and looks once more.
 *
 * How a queue leaves a group.
 *
 * netbk_remove_netif() clears the queue's group pointer and waits for an RCU
 * grace period. From then on
 *   a) nobody adds its turns to an inbox: netbk_schedule() and pass_on() read
 *      the pointer and add in one read-side section;
 *   b) its turns are on an inbox, in a line, or being served in a round that
 *      runs now.
 * It then leaves a request on the list of flushes of each lane that the queue
 * has ever been on. The worker answers that between rounds, for which it is
 * started even in a pause (lane_pace.c), so any round of b) has ended; before
 * it does so it has emptied the inbox and dropped all turns whose queue has
 * left, those kept without work included. So after the answer no worker knows
 * the queue. A worker's round is bounded, and so is the wait, whatever other
 * guests do.
 *
 * How a queue moves to another group.
 *
 * The mover (group_place.c) asks both lanes for the queue's turns. A worker
 * answers between rounds, and takes the turn out of its line, or takes it as
 * anyone who brings work does. From then on the mover has it:
 *   a) nobody serves the queue; rounds that did so have ended, so that all they
 *      took is answered and delivered, before what comes next;
 *   b) nobody puts it on an inbox. Events and packets come in as before, and
 *      whoever brings them finds the turn taken.
 * The mover sets the group pointer and leaves the turns in the new group's
 * inboxes, so that its worker looks for what came meanwhile, and acknowledges
 * the events.
 *
 * There is no grace period in this, for guests wait. So who read the pointer
 * before it was set may take a turn later, when the new worker has released it,
 * and leave it in the old group's inbox. The old worker passes it on. A turn in
 * line is never one to be passed on, as a mover takes it out first.
 */

#include "lane.h"

#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

#include "group.h"
#include "group_balance.h"
#include "lane_gap.h"
#include "queue.h"
#include "trace.h"
#include "vif.h"

static struct netbk_turn *turn_of(struct xenvif_queue *queue,
				  enum netbk_dir dir)
{
	return dir == NETBK_TX ? &queue->tx_turn : &queue->rx_turn;
}

static struct xenvif_queue *queue_of(struct netbk_turn *turn,
				     enum netbk_dir dir)
{
	return dir == NETBK_TX ?
	       container_of(turn, struct xenvif_queue, tx_turn) :
	       container_of(turn, struct xenvif_queue, rx_turn);
}

static void kick(struct netbk_lane *lane)
{
	if (lane->netbk->worker)
		kthread_queue_work(lane->netbk->worker, &lane->work);
	else
		tasklet_schedule(&lane->tasklet);
}

static void kick_here(void *lane)
{
	kick(lane);
}

/* A tasklet runs where it was started, and one that always finds work goes on
 * there: it is not to come to the CPU of whoever moves queues about, or sets
 * them up. Here if there is no such CPU.
 */
static void run_on(int cpu, smp_call_func_t func, void *info)
{
	if (cpu < 0 || smp_call_function_single(cpu, func, info, true))
		func(info);
}

static void kick_on(struct netbk_lane *lane, int cpu)
{
	run_on(lane->netbk->worker ? -1 : cpu, kick_here, lane);
}

static void kick_called(void *data)
{
	struct netbk_lane *lane = data;

	clear_bit(NETBK_LANE_CALLED, &lane->calls);
	smp_mb__after_atomic();	/* who finds it set has its work seen */
	kick(lane);
}

/* Likewise for who can't wait for it. The call is one at a time, which the bit
 * sees to; one that is still under way will do as well. No CPU goes offline
 * while this one runs softirqs.
 */
static void kick_at_home(struct netbk_lane *lane)
{
	int cpu = READ_ONCE(lane->netbk->cpu);

	if (lane->netbk->worker || cpu < 0 || cpu == smp_processor_id() ||
	    !cpu_online(cpu)) {
		kick(lane);
		return;
	}
	if (test_and_set_bit(NETBK_LANE_CALLED, &lane->calls))
		return;
	if (smp_call_function_single_async(cpu, &lane->call)) {
		clear_bit(NETBK_LANE_CALLED, &lane->calls);
		kick(lane);
	}
}

/* Returns whether the lane has to be started. */
static bool add_to_inbox(struct netbk_lane *lane, struct netbk_turn *turn)
{
	return llist_add(&turn->inbox, &lane->inbox) &&
	       !netbk_pace_looks(&lane->pace);
}

static bool schedule_queue(struct xenvif_queue *queue, enum netbk_dir dir,
			   void (*start)(struct netbk_lane *lane))
{
	struct netbk_turn *turn = turn_of(queue, dir);
	struct xen_netbk *netbk;

	rcu_read_lock();
	netbk = rcu_dereference(queue->netbk);
	if (likely(netbk) &&
	    !test_and_set_bit(NETBK_TURN_TAKEN, &turn->state)) {
		netbk_gap_begin(turn);
		if (add_to_inbox(&netbk->lane[dir], turn))
			start(&netbk->lane[dir]);
	}
	rcu_read_unlock();
	return netbk;
}

/**
 * netbk_schedule - have a queue served by its group
 * @queue: the queue
 * @dir: the direction it has work in, already visible to others
 *
 * Context: any, hard interrupts included.
 * Return: true if a worker will look at the queue after this call, false if the
 * queue is on no group.
 */
bool netbk_schedule(struct xenvif_queue *queue, enum netbk_dir dir)
{
	return schedule_queue(queue, dir, kick);
}

/**
 * netbk_schedule_at_home - have a queue served where its group works
 * @queue: the queue
 * @dir: the direction it has work in, already visible to others
 *
 * For timers, which fire on any CPU, but serve queues of many groups.
 *
 * Context: softirq, interrupts on.
 */
void netbk_schedule_at_home(struct xenvif_queue *queue, enum netbk_dir dir)
{
	schedule_queue(queue, dir, kick_at_home);
}

static void schedule_both(void *queue)
{
	netbk_schedule(queue, NETBK_TX);
	netbk_schedule(queue, NETBK_RX);
}

/**
 * netbk_start_queue - have a queue served for what came before it was placed
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
	run_on(cpu, schedule_both, queue);
}

static bool has_left(const struct xenvif_queue *queue,
		     const struct xen_netbk *netbk)
{
	return rcu_access_pointer(queue->netbk) != netbk;
}

/* Of a queue that has left, to the group it is on now, if it is on any. */
static void pass_on(struct xenvif_queue *queue, enum netbk_dir dir)
{
	struct netbk_turn *turn = turn_of(queue, dir);
	struct xen_netbk *netbk;

	rcu_read_lock();
	netbk = rcu_dereference(queue->netbk);
	if (!netbk) {
		turn->ready = 0;
		netbk_release_turn(queue, dir);
	} else if (add_to_inbox(&netbk->lane[dir], turn)) {
		kick_at_home(&netbk->lane[dir]);
	}
	rcu_read_unlock();
}

static void join_line(struct netbk_lane *lane, struct netbk_turn *turn)
{
	list_add_tail(&turn->line,
		      turn->lap == lane->lap ? &lane->line : &lane->fresh);
}

static void empty_inbox(struct netbk_lane *lane)
{
	struct llist_node *first = llist_del_all(&lane->inbox);
	struct netbk_turn *turn, *next;

	first = llist_reverse_order(first);
	llist_for_each_entry_safe(turn, next, first, inbox) {
		struct xenvif_queue *queue = queue_of(turn, lane->dir);

		if (unlikely(has_left(queue, lane->netbk)))
			pass_on(queue, lane->dir);
		else
			join_line(lane, turn);
	}
}

static bool somebody_waits(const struct netbk_lane *lane)
{
	return !list_empty(&lane->fresh) || !list_empty(&lane->line);
}

/* A queue that was visited gives its turn up when the round settles it. */
static void drop_turn(struct xenvif_queue *queue, enum netbk_dir dir)
{
	struct netbk_turn *turn = turn_of(queue, dir);

	list_del_init(&turn->line);
	turn->ready = 0;
	if (list_empty(&turn->served))
		netbk_release_turn(queue, dir);
}

/* Returns whether whoever asks has the turn now. Taken, and neither in line nor
 * on the inbox, it is on its way to the latter, perhaps by that of a group the
 * queue has left, and the worker runs again when it comes: nobody else empties
 * the inbox in this run, for there is one who asks at a time (group_place.c).
 */
static bool hand_over(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = turn_of(queue, lane->dir);

	if (list_empty(&turn->line) &&
	    test_and_set_bit(NETBK_TURN_TAKEN, &turn->state)) {
		empty_inbox(lane);
		if (list_empty(&turn->line))
			return false;
	}
	list_del_init(&turn->line);
	return true;
}

static void drop_departed(struct netbk_lane *lane, struct list_head *line)
{
	struct netbk_turn *turn, *next;

	list_for_each_entry_safe(turn, next, line, line) {
		struct xenvif_queue *queue = queue_of(turn, lane->dir);

		if (has_left(queue, lane->netbk))
			drop_turn(queue, lane->dir);
	}
}

static void answer_flushes(struct netbk_lane *lane, struct llist_node *first)
{
	struct netbk_flush *flush, *next_flush;

	drop_departed(lane, &lane->fresh);
	drop_departed(lane, &lane->line);
	/* The waiter's stack is gone once it is told. */
	llist_for_each_entry_safe(flush, next_flush, first, node) {
		if (!flush->take || hand_over(lane, flush->take))
			complete(&flush->done);
		else
			llist_add(&flush->node, &lane->flushes);
	}
}

/* Under dense traffic queues in line wait for a pause to end, also those for
 * which work came during the run. There is no pause when a batch could not hold
 * all, or when there was nothing. Returns whether the lane is to run at once.
 */
static bool end_run(struct netbk_lane *lane, u64 began, unsigned int packets)
{
	netbk_pace_judge(&lane->pace, began, packets);
	if (lane->pace.dense) {
		if (lane->busy)
			return true;
		if ((packets || somebody_waits(lane)) &&
		    netbk_pace_pause(&lane->pace))
			return false;
	}
	if (somebody_waits(lane))
		return true;
	netbk_pace_resume(&lane->pace);
	if (llist_empty(&lane->inbox))
		return false;
	netbk_pace_look(&lane->pace);
	return true;
}

/* Time that passes with work left is a want of CPU time: the group's CPU's. */
static void count_run(struct netbk_lane *lane, unsigned int packets, u64 began,
		      bool goes_on)
{
	int home = READ_ONCE(lane->netbk->cpu);
	u64 now = ktime_get_ns();
	u64 since = u64_stats_read(&lane->stats.behind_since);
	s64 behind = since ? began - since : 0;	/* clocks of two CPUs, maybe */

	goes_on = goes_on && (home < 0 || home == lane->cpu);
	if (packets)
		netbk_histogram_add(&lane->packets_in_runs, packets);
	u64_stats_update_begin(&lane->stats.syncp);
	u64_stats_add(&lane->stats.busy_ns, now - began);
	u64_stats_set(&lane->stats.behind_ns, max_t(s64, behind, 0) +
		      u64_stats_read(&lane->stats.behind_ns));
	u64_stats_set(&lane->stats.behind_since, goes_on ? now : 0);
	u64_stats_update_end(&lane->stats.syncp);
	trace_netbk_run(lane, packets, now - began);
}

static void run_lane(struct netbk_lane *lane)
{
	u64 began = ktime_get_ns();
	struct llist_node *flushes;
	unsigned int packets;
	bool goes_on;

	/* A thread takes the timer along. */
	netbk_pace_begin(&lane->pace, began, !lane->netbk->worker &&
			 lane->cpu != smp_processor_id());
	WRITE_ONCE(lane->cpu, smp_processor_id());

	/* Flushes first: what they wait for is on the inbox by now. */
	flushes = llist_del_all(&lane->flushes);
	empty_inbox(lane);
	if (unlikely(flushes))
		answer_flushes(lane, flushes);

	lane->busy = false;
	if (lane->dir == NETBK_TX)
		packets = netbk_tx_round(lane->netbk);
	else
		packets = netbk_rx_round(lane->netbk);

	goes_on = end_run(lane, began, packets);
	count_run(lane, packets, began, goes_on);
	netbk_balance_wake();
	if (goes_on && unlikely(lane->pace.stayed))
		kick_at_home(lane);
	else if (goes_on)
		kick(lane);
}

static enum hrtimer_restart end_pause(struct hrtimer *timer)
{
	struct netbk_lane *lane = container_of(timer, struct netbk_lane,
					       pace.timer);

	kick(lane);
	return HRTIMER_NORESTART;
}

static void run_lane_tasklet(struct tasklet_struct *tasklet)
{
	run_lane(from_tasklet((struct netbk_lane *)NULL, tasklet, tasklet));
}

static void run_lane_work(struct kthread_work *work)
{
	/* The stack below expects what a softirq would give it. */
	local_bh_disable();
	run_lane(container_of(work, struct netbk_lane, work));
	local_bh_enable();
}

/* Kept first for the rest of its credit, which the time that the stack took has
 * used up since: its visit is over.
 */
static bool has_overrun(const struct netbk_turn *turn)
{
	return turn->stop == NETBK_STOP_ROOM && !netbk_share_left(&turn->share);
}

static struct netbk_turn *first_turn(struct netbk_lane *lane)
{
	struct netbk_turn *turn;

	turn = list_first_entry_or_null(&lane->fresh, struct netbk_turn, line);
	if (turn)
		return turn;
	turn = list_first_entry_or_null(&lane->line, struct netbk_turn, line);
	/* Nobody is left who has not had a quantum in this lap. */
	if (turn && turn->lap == lane->lap)
		lane->lap++;
	return turn;
}

/**
 * netbk_next_queue - take the next queue to be visited out of the line
 * @lane: the lane
 *
 * One that has left the group, or whose guest broke the protocol, loses its
 * turn instead; one that owes its quantum or more lets others pass.
 *
 * Context: the lane's worker, in a round.
 * Return: the queue, with credit, not in line, or NULL if the line is empty.
 */
struct xenvif_queue *netbk_next_queue(struct netbk_lane *lane)
{
	struct netbk_turn *turn;

	while ((turn = first_turn(lane))) {
		struct xenvif_queue *queue = queue_of(turn, lane->dir);

		if (unlikely(has_left(queue, lane->netbk) ||
			     test_bit(XENVIF_BROKEN, &queue->netif->state))) {
			drop_turn(queue, lane->dir);
			continue;
		}
		if (unlikely(has_overrun(turn))) {
			turn->stop = NETBK_STOP_CREDIT;
			list_move_tail(&turn->line, &lane->line);
			continue;
		}
		turn->lap = lane->lap;
		if (netbk_share_begin(&turn->share,
				      READ_ONCE(queue->netif->weight))) {
			list_del_init(&turn->line);
			if (unlikely(turn->ready))
				netbk_gap_end(lane, queue, turn);
			return queue;
		}
		list_move_tail(&turn->line, &lane->line);
	}
	return NULL;
}

/**
 * netbk_visited - note how a visit to a queue ended
 * @lane: the lane
 * @queue: a queue that netbk_next_queue() gave
 * @stop: why no more was taken from it
 *
 * A queue without credit goes to the end of the line. One for which the batch
 * has no room stays first, with the credit it has.
 *
 * Context: the lane's worker, in a round.
 * Return: false if the round can take no more.
 */
bool netbk_visited(struct netbk_lane *lane, struct xenvif_queue *queue,
		   enum netbk_stop stop)
{
	struct netbk_turn *turn = turn_of(queue, lane->dir);

	turn->stop = stop;
	if (list_empty(&turn->served))
		list_add_tail(&turn->served, &lane->served);

	if (stop == NETBK_STOP_ROOM) {
		netbk_gap_begin(turn);
		list_add(&turn->line, &lane->fresh);
		lane->busy = true;
		return false;
	}
	if (stop == NETBK_STOP_CREDIT) {
		netbk_gap_begin(turn);
		list_add_tail(&turn->line, &lane->line);
	} else {
		netbk_share_forfeit(&turn->share);
	}
	return true;
}

/**
 * netbk_next_served - take the next of those that the round has visited
 * @lane: the lane
 * @in_line: set to whether it has more to do and is in line for that
 *
 * Context: the lane's worker, at the end of a round.
 * Return: a queue, or NULL after the last one.
 */
struct xenvif_queue *netbk_next_served(struct netbk_lane *lane, bool *in_line)
{
	struct netbk_turn *turn;

	turn = list_first_entry_or_null(&lane->served, struct netbk_turn,
					served);
	if (!turn)
		return NULL;
	list_del_init(&turn->served);
	*in_line = !list_empty(&turn->line);
	return queue_of(turn, lane->dir);
}

/**
 * netbk_requeue - put a queue that has got more to do back in line
 * @lane: the lane
 * @queue: a queue that netbk_next_served() gave, not in line
 *
 * Context: the lane's worker.
 */
void netbk_requeue(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = turn_of(queue, lane->dir);

	netbk_gap_begin(turn);
	join_line(lane, turn);
}

/**
 * netbk_keep - have a queue looked at in the next round though it has no work
 * @lane: the lane
 * @queue: a queue that netbk_next_served() gave, not in line, and that had work
 *	in this round
 *
 * Context: the lane's worker.
 * Return: false if traffic is not so dense; then nothing has been done.
 */
bool netbk_keep(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	if (likely(!lane->pace.dense))
		return false;
	list_add_tail(&turn_of(queue, lane->dir)->line, &lane->line);
	return true;
}

/**
 * netbk_release_turn - give up a queue's turn
 * @queue: a queue on no list
 * @dir: the direction
 *
 * Afterwards the caller looks for work once more, and if there is some calls
 * netbk_retake_turn().
 *
 * Context: the lane's worker.
 */
void netbk_release_turn(struct xenvif_queue *queue, enum netbk_dir dir)
{
	clear_bit_unlock(NETBK_TURN_TAKEN, &turn_of(queue, dir)->state);
	smp_mb__after_atomic();	/* pairs with netbk_schedule()'s atomic */
}

/**
 * netbk_retake_turn - put a queue back into the line after all
 * @lane: the lane
 * @queue: a queue whose turn was released; if somebody else has taken it, the
 *	queue is on the inbox already
 *
 * Context: the lane's worker.
 */
void netbk_retake_turn(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	if (!test_and_set_bit(NETBK_TURN_TAKEN,
			      &turn_of(queue, lane->dir)->state))
		netbk_requeue(lane, queue);
}

/**
 * netbk_lane_give - have a lane serve a queue whose turn one has
 * @lane: the lane
 * @queue: the queue, by now on the lane's group
 *
 * Context: process.
 */
void netbk_lane_give(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = turn_of(queue, lane->dir);

	if (!turn->ready)
		netbk_gap_begin(turn);
	if (add_to_inbox(lane, turn))
		kick_on(lane, READ_ONCE(lane->netbk->cpu));
}

/**
 * netbk_lane_go_home - have a tasklet run on its group's CPU again
 * @lane: the guest-Tx lane, whose events come to that CPU; the other one runs
 *	where packets come from, and goes home by itself if it never rests
 *
 * It may have been started elsewhere, be it while that CPU was gone, and always
 * found work since.
 *
 * Context: process.
 */
void netbk_lane_go_home(struct netbk_lane *lane)
{
	int cpu = READ_ONCE(lane->netbk->cpu);

	if (!lane->netbk->worker && cpu != READ_ONCE(lane->cpu))
		kick_on(lane, cpu);
}

/**
 * netbk_lane_flush - ask a lane's worker to answer between two rounds
 * @lane: the lane
 * @flush: to be waited for: its @done is completed
 * @take: a queue of the lane's group whose turn the caller has then, or NULL
 *
 * Context: process.
 */
void netbk_lane_flush(struct netbk_lane *lane, struct netbk_flush *flush,
		      struct xenvif_queue *take)
{
	flush->take = take;
	init_completion(&flush->done);
	llist_add(&flush->node, &lane->flushes);
	kick_on(lane, READ_ONCE(lane->cpu));
}

/**
 * netbk_lane_init - prepare a lane
 * @lane: zeroed memory
 * @netbk: its group, whose worker is there
 * @dir: its direction
 *
 * Context: any.
 */
void netbk_lane_init(struct netbk_lane *lane, struct xen_netbk *netbk,
		     enum netbk_dir dir)
{
	lane->netbk = netbk;
	lane->dir = dir;
	lane->cpu = -1;
	lane->lap = 1;	/* a new queue's is 0 */
	init_llist_head(&lane->inbox);
	init_llist_head(&lane->flushes);
	INIT_LIST_HEAD(&lane->fresh);
	INIT_LIST_HEAD(&lane->line);
	INIT_LIST_HEAD(&lane->served);
	u64_stats_init(&lane->stats.syncp);
	INIT_CSD(&lane->call, kick_called, lane);
	netbk_pace_init(&lane->pace, end_pause);
	if (netbk->worker)
		kthread_init_work(&lane->work, run_lane_work);
	else
		tasklet_setup(&lane->tasklet, run_lane_tasklet);
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/lane_kunit.c"
#include "tests/lane_gap_kunit.c"
#endif
