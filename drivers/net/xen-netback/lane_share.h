/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the service of a queue costs, and how much of it a queue gets before it
 * is another's turn.
 */
#ifndef _XEN_NETBACK_LANE_SHARE_H
#define _XEN_NETBACK_LANE_SHARE_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Cost is counted in instructions, about as many nanoseconds. */
#define NETBK_COST_PACKET 2000
#define NETBK_COST_REQUEST 1200
#define NETBK_COST_BYTES 4	/* bytes for one */
#define NETBK_COST_DROP 500	/* a packet that is freed, and no more */

/* A packet to be segmented is charged as if its segments had so many bytes. */
#define NETBK_COST_SEGMENT_LEN 512

/* What a queue may take before others are served, at a weight of 100. */
#define NETBK_QUANTUM 64000

/* What all queues may take before what they took is carried out. With four
 * quanta TCP to a guest takes 2.7 % more instructions of the whole machine than
 * with eight, and with eight as many as without a bound.
 */
#define NETBK_ROUND_COST (8 * NETBK_QUANTUM)

/* The most that is charged for time beyond what packets cost: so many times
 * that, and 4 ms. A bridge that floods a quantum of packets to a hundred ports
 * takes 3. The rest was probably not spent on them, but taken by others who had
 * the CPU meanwhile.
 */
#define NETBK_OVERRUN_TIMES 64
#define NETBK_OVERRUN_MAX (NETBK_OVERRUN_TIMES * NETBK_QUANTUM)

#define NETBK_WEIGHT_MIN 10
#define NETBK_WEIGHT_DEFAULT 100
#define NETBK_WEIGHT_MAX 1000

/**
 * struct netbk_share - what a queue may still take from a lane
 * @credit: cost that is left to it; negative if it has taken more. Kept when
 *	its guest reconnects, so that nobody gets rid of a debt that way.
 * @spent: cost of all that was done for it, modulo 2^32
 *
 * Written by the lane's worker alone; @spent is read racily.
 */
struct netbk_share {
	int credit;
	unsigned int spent;
};

/**
 * netbk_share_left - may a queue take another packet?
 * @share: of the queue
 *
 * Context: the lane's worker.
 * Return: true if so.
 */
static inline bool netbk_share_left(const struct netbk_share *share)
{
	return share->credit > 0;
}

/**
 * netbk_share_charge - something has been done for a queue
 * @share: of the queue
 * @cost: of that
 *
 * Context: the lane's worker.
 */
static inline void netbk_share_charge(struct netbk_share *share,
				      unsigned int cost)
{
	share->credit -= cost;
	WRITE_ONCE(share->spent, share->spent + cost);
}

unsigned int netbk_cost(unsigned int requests, unsigned int bytes,
			unsigned int segments);
bool netbk_share_begin(struct netbk_share *share, unsigned int weight);
void netbk_share_charge_time(struct netbk_share *share, u64 ns,
			     unsigned int cost);
void netbk_share_forfeit(struct netbk_share *share);

#endif /* _XEN_NETBACK_LANE_SHARE_H */
