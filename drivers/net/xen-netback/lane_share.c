// SPDX-License-Identifier: GPL-2.0
/*
 * Deficit round robin: how a lane is shared among its queues.
 *
 * A queue at the head of the line is given a quantum of credit, in proportion
 * to the weight of its netif, and packets are taken from it as long as there is
 * credit left. The last one may take more than is left; the queue then owes the
 * rest, and when its turn comes again may have to let others pass until its
 * quanta have made up for that. A queue that has no more to do forfeits what
 * credit is left but keeps what it owes: who comes back often gains nothing.
 *
 * What a packet costs
 *
 *   2,000			a packet: parse, skb, the way through the stack
 *   1,200 for each request	extra info is one; or, if these are more, for
 *				each grant copy: claim and release of two pages
 *   1 for 4 bytes		copied by Xen, looked at by somebody
 *
 * in instructions, as measured (xen-netback-performance.rst has what Xen takes
 * of it), so that about as many nanoseconds pass. A guest may send what makes
 * much work for few bytes; none of it is free:
 *
 *   60 bytes			 3,215
 *   1,514 bytes		 3,578
 *   64 KiB in 18 requests	39,984
 *   a packet refused		 3,200
 *   a pseudo request		 4,400
 *   64 KiB in segments of 32	285,744, as if of 512 bytes each
 *
 * What the stack does with a packet is not known beforehand: a bridge may make
 * a hundred copies of it, a device that can't segment may have it cut into two
 * thousand pieces. So the time that delivery took is charged as well, as far as
 * it exceeds what the packets cost.
 *
 * How long one waits
 *
 * When all in line have had a quantum, a lap has ended. A queue that gets work
 * and had no quantum in this lap goes before all that had, and after others
 * that have come like this; one that had joins the end. So a queue that has
 * little to do finds its few packets served at once, and still gets no more
 * than a quantum a lap, however often it comes.
 *
 * Of each of the N queues before it one quantum Q is served, and one packet P
 * in excess at most; before that there is the round R that is being carried
 * out, one packet in excess likewise. So its first packet is taken after at
 * most
 *
 *	N * (Q + P) + R + P
 *
 * and copied and delivered when the round that took it is full, another R + P
 * at most. With the default weight, three busy neighbours of one queue each and
 * packets of 64 KiB that is, for a queue that is busy as well, 3 * (64,000 +
 * 39,984) + 2 * (512,000 + 39,984), or 1.4 ms at an instruction a nanosecond.
 * For one that is not N is 1 at most, the queue for which the last batch had no
 * room, and it is 1.2 ms, however many busy neighbours there are. Neighbours
 * that pause for a moment when they have had their quantum are not busy in this
 * sense: each that comes before it in a lap counts. Apart from this the other
 * lane of the group may run, if it shares the CPU or the thread, a dense lane
 * pauses for poll_us, delivery may take longer than packets cost, and a queue
 * that owes lets everybody pass once more for each quantum of that.
 *
 * Over a long time the queues that are always busy get cost in the ratio of
 * their weights, off by one quantum and packet at most.
 *
 * An example: A sends 64 KiB packets, B 60 bytes, both all the time. A is given
 * 64,000, sends two packets and owes 15,968. B is given 64,000, sends 20 and
 * owes 300. A is given 64,000 again, which leaves 48,032: two packets, and
 * 31,936 are owed. B sends another 20. A is given 64,000, which leaves 32,064:
 * one packet, and 7,920 are owed. So it goes on: for each 104,900 bytes of A,
 * in 1.6 packets, B sends 1,194 bytes, in 19.9.
 */

#include "lane_share.h"

#include <linux/minmax.h>

/**
 * netbk_cost - what the service of a packet costs
 * @requests: of the guest, or grant copies if they are more
 * @bytes: of the packet
 * @segments: that somebody may have to cut it into; 0 if it is not to be cut
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
 * netbk_share_begin - give a queue a quantum, unless it has not used its last
 * @share: of the queue
 * @weight: of its netif, %NETBK_WEIGHT_MIN to %NETBK_WEIGHT_MAX
 *
 * A batch that was full may have left it some.
 *
 * Context: the lane's worker.
 * Return: whether it may take a packet; if not it has owed that or more.
 */
bool netbk_share_begin(struct netbk_share *share, unsigned int weight)
{
	if (share->credit <= 0)
		share->credit += NETBK_QUANTUM / NETBK_WEIGHT_DEFAULT * weight;
	return share->credit > 0;
}

/**
 * netbk_share_charge_time - charge for what packets took beyond their cost
 * @share: of the queue
 * @ns: time that passed, in nanoseconds
 * @cost: what was charged already
 *
 * Context: the lane's worker.
 */
void netbk_share_charge_time(struct netbk_share *share, u64 ns,
			     unsigned int cost)
{
	u64 most = min_t(u64, (u64)cost * NETBK_OVERRUN_TIMES,
			 NETBK_OVERRUN_MAX);

	if (ns > cost)
		netbk_share_charge(share, min_t(u64, ns - cost, most));
}

/**
 * netbk_share_forfeit - a queue has no more to do for now
 * @share: of the queue
 *
 * Context: the lane's worker.
 */
void netbk_share_forfeit(struct netbk_share *share)
{
	share->credit = min(share->credit, 0);
}
