/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the service of a queue costs, and how much of it a queue gets before
 * others are served.
 */
#ifndef _XEN_NETBACK_LANE_SHARE_H
#define _XEN_NETBACK_LANE_SHARE_H

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* Cost is counted in instructions; about as many nanoseconds pass. */
#define NETBK_COST_PACKET 2000
#define NETBK_COST_REQUEST 1200
#define NETBK_COST_BYTES 4	/* bytes for one instruction */
#define NETBK_COST_DROP 500	/* a packet that is only freed, a vain visit */

/* A packet to be segmented is charged for so many bytes a segment, at least. */
#define NETBK_COST_SEGMENT_LEN 512

/* Cost that a queue gets before others are served, at a weight of 100 %. */
#define NETBK_QUANTUM 64000

/* Cost that a round may gather before it copies. With four quanta TCP to a
 * guest takes 2.7 % more instructions of the whole machine than with eight, and
 * with eight as many as without a bound.
 */
#define NETBK_ROUND_COST (8 * NETBK_QUANTUM)

/* The most overrun that is charged for a packet, in ns: a bridge takes so long
 * to flood it to 600 ports. The rest was probably taken by interrupts, or by
 * other domains on the CPU.
 */
#define NETBK_OVERRUN_PACKET 1000000

/* Packets that take up to so many times their cost are not expected to do so
 * again: the machine may be slow, or an interrupt may have come.
 */
#define NETBK_EXPECT_TIMES 4

#define NETBK_WEIGHT_MIN 10
#define NETBK_WEIGHT_DEFAULT 100
#define NETBK_WEIGHT_MAX 1000

/**
 * struct netbk_share - account for a queue's part of a lane
 * @credit: cost left, in instructions; negative if the queue owes. Kept when
 *	its guest reconnects, so that no debt is lost that way.
 * @spent: cost of all that was done for the queue, in instructions, modulo
 *	2^32
 * @excess: what its packets are expected to take beyond their cost, in
 *	sixteenths of it
 * @learned: when @excess last fell, in units of 2^20 ns, modulo 2^32
 *
 * Written by the lane's worker alone; @spent is read racily.
 */
struct netbk_share {
	int credit;
	unsigned int spent;
	unsigned int excess;
	unsigned int learned;
};

/**
 * struct netbk_bill - what the packets of a visit were to take, and took
 * @packets: number of packets
 * @cost: their cost, in instructions
 * @charged: what was charged for them already
 * @ns: time that they took, in ns; negative if stolen time was told late
 */
struct netbk_bill {
	unsigned int packets;
	unsigned int cost;
	unsigned int charged;
	s64 ns;
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

/**
 * netbk_share_expect - tell what a packet will take, by what others took lately
 * @share: of the queue
 * @cost: of the packet, in instructions, less than 2^20
 *
 * Context: the lane's worker.
 * Return: what to charge, at least @cost.
 */
static inline unsigned int netbk_share_expect(const struct netbk_share *share,
					      unsigned int cost)
{
	if (likely(!share->excess))
		return cost;
	return cost + min_t(unsigned int, cost / 16 * share->excess,
			    NETBK_OVERRUN_PACKET);
}

unsigned int netbk_cost(unsigned int requests, unsigned int bytes,
			unsigned int segments);
bool netbk_share_begin(struct netbk_share *share, unsigned int weight);
void netbk_share_settle(struct netbk_share *share,
			const struct netbk_bill *bill, u64 now);
void netbk_share_forfeit(struct netbk_share *share);

#endif /* _XEN_NETBACK_LANE_SHARE_H */
