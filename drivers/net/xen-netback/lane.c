// SPDX-License-Identifier: GPL-2.0
/*
 * How a queue gets served.
 *
 * A lane has an inbox, a lock-free list on which producers leave the turns of
 * queues, and a line, a list that only the worker touches. While the bit
 * NETBK_TURN_TAKEN of a turn is set, the queue is on one of the two, being
 * served, or being moved, so it is never on both:
 *
 *        netbk_schedule()      worker               round
 *   bit clear ----> inbox -------------> line -------------> served
 *       ^                                 ^                    |   |
 *       |                netbk_visited(), |                    |   |
 *       |                  netbk_requeue()+----- netbk_keep() -+   |
 *       +------------------- netbk_release_turn() -----------------+
 *
 * A round visits the queues in line, perhaps several times, and takes a share
 * from each (lane_share.c). A third list holds the queues that it visited, to
 * settle them at its end. The line has two parts: queues that have not yet had
 * a quantum in this lap are ahead of those that have.
 *
 * The worker clears NETBK_TURN_TAKEN and then rechecks for work
 * (netbk_retake_turn()). A producer publishes its work before it tries to set
 * the bit. Either the worker sees the work or the producer sets the bit and
 * queues the turn; no wakeup is lost. In the same way, a producer that finds
 * the inbox empty starts the worker, unless NETBK_PACE_LOOKS is set. The worker
 * clears that bit, and then rechecks the inbox (lane_pace.c).
 *
 * How a queue leaves a group.
 *
 * netbk_remove_netif() clears the queue's group pointer and waits for an RCU
 * grace period. From then on
 *   a) no producer adds its turns to an inbox: netbk_schedule() and
 *      lane_pass_on() read the pointer and add in one read-side section;
 *   b) its turns are on an inbox, in a line, or in a round that runs now.
 * Then it adds a flush to each lane that the queue has ever been on. The worker
 * answers between rounds, started even in a pause, so any round of b) has
 * ended. Before it answers it empties the inbox and drops all turns whose queue
 * has left, also of queues kept without work. After the answer no worker knows
 * the queue. Rounds are bounded, and so is the wait, whatever other guests do.
 *
 * How a queue moves to another group.
 *
 * The mover (group_place.c) asks both lanes for the queue's turns. A worker
 * answers between rounds: it takes the turn out of its line, or sets the bit
 * like a producer. From then on the mover has the turn:
 *   a) no worker serves the queue. Rounds that did have ended, so all that they
 *      took is answered and delivered before what comes next;
 *   b) no producer puts it on an inbox, since all find the turn taken.
 * The mover sets the group pointer and leaves the turns in the new group's
 * inboxes, so that its worker looks for work that came meanwhile, and
 * acknowledges the events.
 *
 * There is no grace period, because guests wait. A producer that read the old
 * pointer may take the turn later, after the new worker has released it, and
 * leave it in the old group's inbox. The old worker passes it on. A turn in
 * line never needs that, since a mover takes it out first.
 */

#include "lane.h"

#include <linux/kernel_stat.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/u64_stats_sync.h>

#include "group.h"
#include "lane_gap.h"
#include "queue.h"
#include "vif.h"

/**
 * netbk_drop_turn - take a queue out of the line without serving it
 * @queue: a queue in line; if the running round has visited it, the round
 *	releases its turn when it settles the queue
 * @dir: the direction
 *
 * Context: the lane's worker.
 */
void netbk_drop_turn(struct xenvif_queue *queue, enum netbk_dir dir)
{
	struct netbk_turn *turn = netbk_turn_of(queue, dir);

	list_del_init(&turn->line);
	turn->ready = 0;
	if (list_empty(&turn->served))
		netbk_release_turn(queue, dir);
}

/* The queue was kept first in line for the rest of its credit, which overrun
 * has used up since: its visit is over.
 */
static bool lane_has_overrun(const struct netbk_turn *turn)
{
	return turn->stop == NETBK_STOP_ROOM && !netbk_share_left(&turn->share);
}

/* The lead may change, but only before this worker answers a flush. */
static struct netbk_party *lane_party_of(const struct netbk_lane *lane,
					 const struct xenvif_queue *queue)
{
	return &netbk_turn_of(READ_ONCE(queue->lead), lane->dir)->party;
}

static struct netbk_turn *lane_first_turn(struct netbk_lane *lane)
{
	struct netbk_turn *turn;

	turn = list_first_entry_or_null(&lane->fresh, struct netbk_turn, line);
	if (turn)
		return turn;
	turn = list_first_entry_or_null(&lane->line, struct netbk_turn, line);
	/* All queues have had a quantum in this lap. */
	if (turn && turn->lap == lane->lap)
		lane->lap++;
	return turn;
}

/**
 * netbk_next_queue - take the next queue to visit out of the line
 * @lane: the lane
 *
 * A queue that has left the group, or whose guest broke the protocol, loses its
 * turn instead. A queue that owes its quantum or more lets others pass.
 *
 * Context: the lane's worker, in a round.
 * Return: the queue, with credit, not in line; NULL if the line is empty, or
 * its queues owe so much that the worker has to look for others between.
 */
struct xenvif_queue *netbk_next_queue(struct netbk_lane *lane)
{
	struct netbk_turn *turn;

	while ((turn = lane_first_turn(lane))) {
		struct xenvif_queue *queue = netbk_queue_of(turn, lane->dir);

		if (unlikely(netbk_has_left(queue, lane->netbk) ||
			     test_bit(XENVIF_BROKEN, &queue->netif->state))) {
			netbk_drop_turn(queue, lane->dir);
			continue;
		}
		if (unlikely(lane_has_overrun(turn))) {
			turn->stop = NETBK_STOP_CREDIT;
			list_move_tail(&turn->line, &lane->line);
			continue;
		}
		turn->lap = lane->lap;
		if (netbk_share_begin(&turn->share, lane_party_of(lane, queue),
				      READ_ONCE(queue->netif->weight),
				      lane->lap)) {
			list_del_init(&turn->line);
			if (unlikely(turn->ready))
				netbk_gap_end(lane, queue, turn);
			return queue;
		}
		list_move_tail(&turn->line, &lane->line);
		if (unlikely(++lane->passes >= NETBK_PASSES_MAX)) {
			lane->busy = true;
			return NULL;
		}
	}
	return NULL;
}

/**
 * netbk_visited - note how a visit to a queue ended
 * @lane: the lane
 * @queue: a queue that netbk_next_queue() returned
 * @stop: why the visit took no more packets
 *
 * A queue without credit goes to the end of the line. A queue for which the
 * batch has no room stays first, with the credit it has.
 *
 * Context: the lane's worker, in a round.
 * Return: false if the round can take no more.
 */
bool netbk_visited(struct netbk_lane *lane, struct xenvif_queue *queue,
		   enum netbk_stop stop)
{
	struct netbk_turn *turn = netbk_turn_of(queue, lane->dir);

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
		netbk_party_count_busy(lane_party_of(lane, queue));
		netbk_gap_begin(turn);
		list_add_tail(&turn->line, &lane->line);
	} else {
		netbk_share_forfeit(&turn->share, lane_party_of(lane, queue));
	}
	return true;
}

/**
 * netbk_note_charge - have the next look at the loads visit a queue
 * @lane: the lane
 * @queue: a queue that was charged for work in the lane
 *
 * Costs a test, but for the first charge after a look. No barrier orders the
 * charge and the test: a look that takes the queue off the list at this moment
 * may miss the charge, which then counts with the next one.
 *
 * Context: the lane's worker.
 */
void netbk_note_charge(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = netbk_turn_of(queue, lane->dir);

	if (likely(READ_ONCE(turn->noted)))
		return;
	WRITE_ONCE(turn->noted, true);
	llist_add(&turn->charged, &lane->charged);
}

/**
 * netbk_next_served - take the next queue that the round has visited
 * @lane: the lane
 * @in_line: set to true if the queue has more to do and is in line
 *
 * Context: the lane's worker, at the end of a round.
 * Return: a queue, or NULL after the last one.
 */
struct xenvif_queue *netbk_next_served(struct netbk_lane *lane, bool *in_line)
{
	struct xenvif_queue *queue;
	struct netbk_turn *turn;

	turn = list_first_entry_or_null(&lane->served, struct netbk_turn,
					served);
	if (!turn)
		return NULL;
	list_del_init(&turn->served);
	*in_line = !list_empty(&turn->line);
	queue = netbk_queue_of(turn, lane->dir);
	netbk_note_charge(lane, queue);
	return queue;
}

/**
 * netbk_requeue - put a queue with new work back in line
 * @lane: the lane
 * @queue: a queue that netbk_next_served() returned, not in line
 *
 * Context: the lane's worker.
 */
void netbk_requeue(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	struct netbk_turn *turn = netbk_turn_of(queue, lane->dir);

	netbk_gap_begin(turn);
	netbk_join_line(lane, turn);
}

/**
 * netbk_keep - keep a queue without work in line under dense traffic
 * @lane: the lane
 * @queue: a queue that netbk_next_served() returned, not in line, which had
 *	work in this round
 *
 * Context: the lane's worker.
 * Return: false if traffic is not dense; the queue is unchanged then.
 */
bool netbk_keep(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	if (likely(!lane->pace.dense))
		return false;
	list_add_tail(&netbk_turn_of(queue, lane->dir)->line, &lane->line);
	return true;
}

/**
 * netbk_release_turn - give up a queue's turn
 * @queue: a queue on no list
 * @dir: the direction
 *
 * Afterwards the caller rechecks for work, and calls netbk_retake_turn() if
 * there is some.
 *
 * Context: the lane's worker.
 */
void netbk_release_turn(struct xenvif_queue *queue, enum netbk_dir dir)
{
	clear_bit_unlock(NETBK_TURN_TAKEN, &netbk_turn_of(queue, dir)->state);
	smp_mb__after_atomic();	/* pairs with the atomic of netbk_schedule() */
}

/**
 * netbk_retake_turn - put a queue back in line after its turn was released
 * @lane: the lane
 * @queue: the queue; if a producer has taken its turn, it is on the inbox
 *	already, and nothing happens
 *
 * Context: the lane's worker.
 */
void netbk_retake_turn(struct netbk_lane *lane, struct xenvif_queue *queue)
{
	if (!test_and_set_bit(NETBK_TURN_TAKEN,
			      &netbk_turn_of(queue, lane->dir)->state))
		netbk_requeue(lane, queue);
}

/**
 * netbk_lane_clock - get the time to charge queues for
 *
 * The clock stands still while other domains have the CPU, if the kernel counts
 * that (CONFIG_PARAVIRT_TIME_ACCOUNTING). It does so in a tick, at once if one
 * fell due meanwhile; the clock goes back then, and may differ between CPUs.
 * None of the functions that read a domain's stolen time is exported.
 *
 * Context: a lane's worker, BH disabled.
 * Return: the time in ns.
 */
u64 netbk_lane_clock(void)
{
	return ktime_get_ns() - kcpustat_this_cpu->cpustat[CPUTIME_STEAL];
}

/**
 * netbk_read_lane - read a lane's counters
 * @lane: the lane
 * @counts: filled in, all of one moment
 *
 * Context: process.
 */
void netbk_read_lane(const struct netbk_lane *lane,
		     struct netbk_lane_counts *counts)
{
	const struct netbk_lane_stats *stats = &lane->stats;
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		for (i = 0; i < NETBK_LANE_COUNTS; i++)
			counts->count[i] = u64_stats_read(&stats->count[i]);
		counts->behind_since = u64_stats_read(&stats->behind_since);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}
