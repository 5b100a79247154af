// SPDX-License-Identifier: GPL-2.0
/*
 * Deficit round robin: how a lane is shared among its queues.
 *
 * A queue at the head of the line gets a quantum of credit, in proportion to
 * the weight of its vif, and packets are taken from it while credit is left.
 * The last one may cost more than that. The queue then owes the rest, and lets
 * others pass until its quanta have paid for it. A queue without more work
 * forfeits its credit but keeps its debt, so frequent visits gain nothing.
 *
 * Cost of a packet, in instructions
 *
 *   2,000			a packet: parse, skb, the way through the stack
 *   1,200 for each request	or extra info; or for each grant copy, if these
 *				are more: claim and release of two pages
 *   1 for 4 bytes		copied by Xen, read by a receiver
 *
 * All are measured (xen-netback-performance.rst has Xen's part); about as many
 * nanoseconds pass. Much work for few bytes has its price:
 *
 *   60 bytes			 3,215
 *   1,514 bytes		 3,578
 *   64 KiB in 18 requests	39,984
 *   a packet refused		 3,200
 *   a pseudo request		 4,400
 *   64 KiB in segments of 32	285,744, as if of 512 bytes each
 *
 * What the stack does with a packet is not known beforehand: a bridge may make
 * a hundred copies of it, a device that cannot segment may have it cut into two
 * thousand pieces. So the time that copies and delivery take beyond the cost of
 * the packets is charged as well, less what other domains stole of it.
 *
 * That is known only after the round, in which a queue that is alone in line
 * may send 128 packets. Broadcast over a hundred ports they take 19 ms, for
 * which a neighbour that comes meanwhile waits. So what packets took lately
 * counts when the next are taken: if they took more than four times their cost,
 * the rest is added to what is charged and to the cost of the round. The queue
 * of the example then gets three or four packets a round, and one a quantum.
 * When they are delivered what was charged is corrected. The expectation rises
 * by half of what is missing with each visit, so that one bad visit counts
 * little. It halves in 20 ms, not with visits: else cheap packets would quickly
 * buy another 19 ms. So a guest can still have such a round, but seldom instead
 * of always.
 *
 * How long a queue waits
 *
 * A lap ends when all queues in line have had a quantum. A queue that gets work
 * and has had no quantum in this lap is placed ahead of all that have, behind
 * others like it. A queue that has had one joins the end. So a queue with
 * little to do finds its few packets served at once, and still gets no more
 * than a quantum a lap.
 *
 * Each of the N queues ahead is served one quantum Q, and one packet P in
 * excess at most. Before that the running round R ends, with one packet in
 * excess. So the first packet of a queue is taken after at most
 *
 *	N * (Q + P) + R + P
 *
 * and is copied and delivered at the end of its own round, at most another
 * R + P later. With the default weight, three busy neighbours of one queue each
 * and packets of 64 KiB, a busy queue waits for 3 * (64,000 + 39,984) +
 * 2 * (512,000 + 39,984), or 1.4 ms at an instruction a nanosecond. For a queue
 * that is not busy N is at most 1, the queue for which the last batch had no
 * room: 1.2 ms, however many busy neighbours there are. A neighbour that pauses
 * after each quantum is not busy in this sense: it counts if it comes first.
 *
 * The bound does not include runs of the group's other lane on the same CPU or
 * thread, pauses of poll_us, or delivery that takes longer than is expected. A
 * queue that owes lets all others pass once more for each quantum of its debt.
 *
 * In the long run queues that are always busy get cost in the ratio of their
 * weights, off by at most one quantum and packet.
 *
 * Example: A sends 64 KiB packets, B 60 bytes, both all the time. A gets
 * 64,000, sends two packets and owes 15,968. B gets 64,000, sends 20 and owes
 * 300. A has 48,032 then, sends two and owes 31,936. B sends 20. A has 32,064,
 * sends one and owes 7,920. In the long run, for each 104,900 bytes of A, in
 * 1.6 packets, B sends 1,194 bytes, in 19.9.
 */

#include "lane_share.h"

#include <linux/minmax.h>

/**
 * netbk_cost - compute the cost of a packet
 * @requests: requests of the guest, or grant copies if they are more
 * @bytes: bytes of the packet
 * @segments: segments that it may be cut into; 0 if it is not to be segmented
 *
 * Context: any.
 * Return: the cost, in instructions.
 */
unsigned int netbk_cost(unsigned int requests, unsigned int bytes,
			unsigned int segments)
{
	return NETBK_COST_PACKET + NETBK_COST_REQUEST * requests +
	       max(bytes, segments * NETBK_COST_SEGMENT_LEN) /
	       NETBK_COST_BYTES;
}

/**
 * netbk_share_begin - give a queue a quantum, if its credit is used up
 * @share: of the queue
 * @weight: of its vif in per cent, %NETBK_WEIGHT_MIN to %NETBK_WEIGHT_MAX
 *
 * A full batch may have left some credit.
 *
 * Context: the lane's worker.
 * Return: true if a packet may be taken; false if the queue owed its quantum or
 * more.
 */
bool netbk_share_begin(struct netbk_share *share, unsigned int weight)
{
	if (share->credit <= 0)
		share->credit += NETBK_QUANTUM / NETBK_WEIGHT_DEFAULT * weight;
	return share->credit > 0;
}

/* In units of 2^20 ns, about a millisecond. */
#define SHARE_HALF_LIFE 20

/* @took is less than 2^28. */
static void share_learn(struct netbk_share *share, unsigned int took,
			unsigned int cost, u64 now)
{
	unsigned int time = now >> 20;
	int passed = time - share->learned;
	unsigned int seen = 0;

	/* A clock that goes back a little has not come around. */
	if (passed >= SHARE_HALF_LIFE || passed < -SHARE_HALF_LIFE) {
		share->excess >>= clamp(passed / SHARE_HALF_LIFE, 1, 31);
		share->learned = time;
	}
	if (unlikely(took > NETBK_EXPECT_TIMES * cost))
		seen = (took - NETBK_EXPECT_TIMES * cost) * 16 / cost;
	if (unlikely(seen > share->excess))
		share->excess += (seen - share->excess + 1) / 2;
}

/* More credit than was spent would be a second quantum. */
static void share_refund(struct netbk_share *share, unsigned int cost)
{
	if (share->credit < 0)
		share->credit = min(share->credit + (int)cost, 0);
	WRITE_ONCE(share->spent, share->spent - cost);
}

/**
 * netbk_share_settle - charge a queue for the time of a visit's packets
 * @share: of the queue
 * @bill: of at most 128 packets; their cost is not 0
 * @now: in ns of the monotonic clock
 *
 * Context: the lane's worker.
 */
void netbk_share_settle(struct netbk_share *share,
			const struct netbk_bill *bill, u64 now)
{
	unsigned int took = clamp_t(s64, bill->ns, bill->cost,
				    bill->cost + bill->packets *
				    NETBK_OVERRUN_PACKET);

	share_learn(share, took, bill->cost, now);
	if (unlikely(took < bill->charged))
		share_refund(share, bill->charged - took);
	else
		netbk_share_charge(share, took - bill->charged);
}

/**
 * netbk_share_forfeit - take the credit of a queue that has no more work
 * @share: of the queue
 *
 * Context: the lane's worker.
 */
void netbk_share_forfeit(struct netbk_share *share)
{
	share->credit = min(share->credit, 0);
}
