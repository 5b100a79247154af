/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the service of a queue costs, and how much of it a queue gets before
 * others are served.
 */
#ifndef _XEN_NETBACK_LANE_SHARE_H
#define _XEN_NETBACK_LANE_SHARE_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Cost is counted in instructions; about as many nanoseconds pass. */
#define NETBK_COST_PACKET 2000
#define NETBK_COST_REQUEST 1200
#define NETBK_COST_BYTES 4	/* bytes for one instruction */
#define NETBK_COST_DROP 500	/* a packet that is only freed, a vain visit */

/* A packet to be segmented is charged for so many bytes a segment, at least. */
#define NETBK_COST_SEGMENT_LEN 512

/* Cost that a guest's queues get in a lap, at a weight of 100 %. */
#define NETBK_QUANTUM 64000

/* The least that a queue gets. It lets others pass once for each quantum that
 * it owes, which takes some 20 instructions. With the default weight, 64 queues
 * of a guest on a group get no more than their share.
 */
#define NETBK_QUANTUM_MIN 1000U

/* Cost that a round may gather before it copies. With four quanta TCP to a
 * guest takes 2.7 % more instructions of the whole machine than with eight, and
 * with eight as many as without a bound.
 */
#define NETBK_ROUND_COST (8 * NETBK_QUANTUM)

/* The most overrun that is charged: so many times the cost of the packets, and
 * 4 ms. A bridge that floods a quantum of packets to a hundred ports takes 3.
 * The rest was probably taken by other tasks on the CPU.
 */
#define NETBK_OVERRUN_TIMES 64
#define NETBK_OVERRUN_MAX (NETBK_OVERRUN_TIMES * NETBK_QUANTUM)

#define NETBK_WEIGHT_MIN 10
#define NETBK_WEIGHT_DEFAULT 100
#define NETBK_WEIGHT_MAX 1000

/**
 * struct netbk_share - account for a queue's part of a lane
 * @credit: cost left, in instructions; negative if the queue owes. Kept when
 *	its guest reconnects, so that no debt is lost that way.
 * @spent: cost of all that was done for the queue, in instructions, modulo
 *	2^32
 *
 * Written by the lane's worker alone; @spent is read racily.
 */
struct netbk_share {
	int credit;
	unsigned int spent;
};

/**
 * struct netbk_party - account for a guest's part of a lane
 * @lap: the last lap in which one of its queues got a quantum
 * @given: quanta given to its queues in that lap
 * @expected: quanta expected in that lap, from those before
 * @spare: cost that queues have forfeited and another may use
 *
 * Written by the lane's worker alone, in the turn of the guest's lead there.
 */
struct netbk_party {
	unsigned int lap;
	unsigned int given;
	unsigned int expected;
	unsigned int spare;
};

/**
 * netbk_share_left - check whether another packet may be taken
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
 * netbk_share_charge - charge a queue for work that was done for it
 * @share: of the queue
 * @cost: in instructions
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
bool netbk_share_begin(struct netbk_share *share, struct netbk_party *party,
		       unsigned int weight, unsigned int lap);
void netbk_share_charge_time(struct netbk_share *share, u64 ns,
			     unsigned int cost);
void netbk_share_forfeit(struct netbk_share *share, struct netbk_party *party);

#endif /* _XEN_NETBACK_LANE_SHARE_H */
