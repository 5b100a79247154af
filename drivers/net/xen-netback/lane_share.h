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

/* Cost that a guest's queues get in a lap, at a weight of 100 %. */
#define NETBK_QUANTUM 64000

/* The least part of it that a queue gets: it lets others pass once for each
 * part that it owes, which takes some 100 instructions. What that gives a guest
 * too much is owed.
 */
#define NETBK_QUANTUM_MIN 1000

/* The most that a guest owes, in quanta: after a surprising lap, and then a
 * lower weight, it is served again soon. 64 queues of the lowest weight owe 9.
 */
#define NETBK_QUANTA_OWED 16

/* Cost that a round may gather before it copies. With four quanta TCP to a
 * guest takes 2.7 % more instructions of the whole machine than with eight, and
 * with eight as many as without a bound.
 */
#define NETBK_ROUND_COST (8 * NETBK_QUANTUM)

/* The most overrun that counts for a packet, in ns: a bridge takes so long to
 * flood it to 600 ports. The rest was probably taken by interrupts.
 */
#define NETBK_OVERRUN_PACKET 1000000

/* Packets that take up to so many times their cost are not expected to do so
 * again: the machine may be slow, or an interrupt may have come.
 */
#define NETBK_OVERRUN_TIMES 4

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
 * struct netbk_overrun - what a guest's packets took lately beyond their cost
 * @excess: in sixteenths of the cost
 * @halved: when @excess was last halved, in units of 2^20 ns, modulo 2^32
 *
 * Written by the lane's worker alone, in the turn of the guest's lead there.
 */
struct netbk_overrun {
	unsigned int excess;
	unsigned int halved;
};

/**
 * struct netbk_bill - what the packets of a visit cost and took
 * @packets: number of packets, 1 to 128
 * @cost: their cost, in instructions
 * @ns: time that they took, in ns; negative if the clock went back, since time
 *	that was stolen before is known now
 */
struct netbk_bill {
	unsigned int packets;
	unsigned int cost;
	s64 ns;
};

/**
 * struct netbk_party - account for a guest's part of a lane
 * @lap: the last lap in which one of its queues got a part of its quantum
 * @rest: of the quantum in that lap, in instructions; negative if the parts
 *	were more
 * @given: number of parts in that lap
 * @busy: number of queues that have used up theirs in that lap, or owed more
 * @expected: as @given, of the last lap before in which there were parts
 * @sharers: as @busy, of that lap
 * @spare: cost that queues have left and another may use, in instructions;
 *	negative if the guest owes
 *
 * Written by the lane's worker alone, in the turn of the guest's lead there.
 */
struct netbk_party {
	unsigned int lap;
	int rest;
	u8 given;
	u8 busy;
	u8 expected;
	u8 sharers;
	int spare;
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
 * netbk_overrun_expect - tell how long a packet may take, from others lately
 * @overrun: of the guest
 * @cost: of the packet, in instructions
 *
 * Context: the lane's worker.
 * Return: the time beyond its cost, in ns.
 */
static inline unsigned int
netbk_overrun_expect(const struct netbk_overrun *overrun, unsigned int cost)
{
	if (likely(!overrun->excess))
		return 0;
	return min_t(u64, (u64)cost * overrun->excess / 16,
		     NETBK_OVERRUN_PACKET);
}

/**
 * netbk_party_count_busy - note that a queue has no credit, but work
 * @party: of its guest in this lane
 *
 * Context: the lane's worker.
 */
static inline void netbk_party_count_busy(struct netbk_party *party)
{
	party->busy++;
}

unsigned int netbk_cost(unsigned int requests, unsigned int bytes,
			unsigned int segments);
bool netbk_share_begin(struct netbk_share *share, struct netbk_party *party,
		       unsigned int weight, unsigned int lap);
void netbk_overrun_fade(struct netbk_overrun *overrun, u64 now);
void netbk_overrun_learn(struct netbk_overrun *overrun,
			 const struct netbk_bill *bill, u64 now);
void netbk_share_charge_time(struct netbk_share *share,
			     const struct netbk_bill *bill);
void netbk_share_forfeit(struct netbk_share *share, struct netbk_party *party);

#endif /* _XEN_NETBACK_LANE_SHARE_H */
