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
 *   a) nobody adds its turns to an inbox: netbk_schedule() and lane_pass_on()
 *      read the pointer and add in one read-side section;
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

#include <linux/rcupdate.h>
#include <linux/u64_stats_sync.h>

#include "group.h"
#include "lane_gap.h"
#include "queue.h"
#include "vif.h"

/**
 * netbk_drop_turn - take a queue out of the line that is not to be served
 * @queue: a queue in line; if the running round has visited it, it gives its
 *	turn up when the round settles it
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

/* Kept first for the rest of its credit, which the time that the stack took has
 * used up since: its visit is over.
 */
static bool lane_has_overrun(const struct netbk_turn *turn)
{
	return turn->stop == NETBK_STOP_ROOM && !netbk_share_left(&turn->share);
}

static struct netbk_turn *lane_first_turn(struct netbk_lane *lane)
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
	return netbk_queue_of(turn, lane->dir);
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
	struct netbk_turn *turn = netbk_turn_of(queue, lane->dir);

	netbk_gap_begin(turn);
	netbk_join_line(lane, turn);
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
	list_add_tail(&netbk_turn_of(queue, lane->dir)->line, &lane->line);
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
	clear_bit_unlock(NETBK_TURN_TAKEN, &netbk_turn_of(queue, dir)->state);
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
			      &netbk_turn_of(queue, lane->dir)->state))
		netbk_requeue(lane, queue);
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
