// SPDX-License-Identifier: GPL-2.0
/*
 * Deficit round robin: how a lane is shared among guests and their queues.
 *
 * A queue at the head of the line gets a quantum of credit, and packets are
 * taken from it while credit is left. The last one may cost more than that. The
 * queue then owes the rest, and lets others pass until its quanta have paid for
 * it. A queue without more work forfeits its credit but keeps its debt, so
 * frequent visits gain nothing.
 *
 * A lap ends when all queues in line have had a quantum.
 *
 * The share of a guest
 *
 * A guest gets Q = 64,000 a lap, in proportion to the weight of its vif,
 * however many queues it has in the lane. Each queue gets a part. Those without
 * work must not count, but only the end of a lap tells how many had some. So
 * the q-th of the guest's queues in a lap gets Q / max(q, e), where as many, e,
 * are expected as had work in the guest's last lap.
 *
 * With fewer queues than that the parts are less than Q in all. The rest is
 * spare, as is what a queue forfeits: the guest's next queues may use it, up to
 * Q in one visit. Each takes as much of it as if those that used up their
 * credit in the last lap, or owed, shared it. So queues that always have work
 * get what their fellows leave, in equal parts, whether these have a packet now
 * and then or come in bursts. Of spare a guest may keep Q for later.
 *
 * With more queues than are expected the parts are more than Q, by up to
 * Q * (1/2 + ... + 1/n), 1.7 Q for 8 queues. They are so as well where a part
 * would be less than the least. The guest owes that: its queues let others pass
 * in the next laps, each of which repays Q. So in any number of laps a guest
 * gets no more than Q for each, and 1.7 Q + Q at once.
 *
 * The account is kept in the turn of one of the queues, the lead. A new lead,
 * after the old one has moved to another group, begins with whatever account it
 * kept before, and is right once what that owes is repaid, and two laps later.
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
 * thousand pieces. So the time that delivery takes beyond the cost of the
 * packets is charged as well, less what other domains stole of it.
 *
 * That is known only after the round, in which a queue that is alone in line
 * may send 128 packets. Broadcast over a hundred ports they take 19 ms, for
 * which a neighbour that comes meanwhile waits. So what a guest's packets took
 * lately counts for the room in a round: what was beyond four times their cost
 * the next ones are expected to take as well. The queue of the
 * example gets four packets a round. The expectation rises by half of what is
 * missing with each visit, so that one bad visit counts little. It halves in
 * 20 ms, not with visits: otherwise cheap packets would quickly buy another
 * 19 ms. So a guest can still have such a round, but seldom instead of always.
 *
 * The expectation is not charged, or a visit would end after one such packet,
 * and GRO, which joins what comes in a visit, would have nothing to join. If
 * that made packets dearer, for they pass long firewall rules, it would stay
 * so.
 *
 * How long a queue waits
 *
 * A queue that gets work and has had no quantum in this lap is placed ahead of
 * all that have, behind others like it. A queue that has had one joins the end.
 * So a queue with little to do finds its few packets served at once, unless its
 * guest owes, and still gets no more than a quantum a lap.
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
 * after each quantum is not busy in this sense: it counts if it comes first. A
 * neighbour with n busy queues counts as Q + n * P: they share a quantum, but
 * each may take a packet in excess. What it has left of the lap before is Q at
 * most, once. In a lap for which fewer were expected it
 * counts as 3.7 Q + 8 * P for 8 queues, and as less in the next.
 *
 * The bound does not include runs of the group's other lane on the same CPU or
 * thread, pauses of poll_us, or delivery that takes longer than is expected. A
 * queue that owes lets all others pass once more for each quantum of its debt.
 *
 * In the long run guests that are always busy get cost in the ratio of their
 * weights, off by at most a few quanta, and a packet for each queue.
 *
 * Example: A sends 64 KiB packets, B 60 bytes, both all the time. A gets
 * 64,000, sends two packets and owes 15,968. B gets 64,000, sends 20 and owes
 * 300. A has 48,032 then, sends two and owes 31,936. B sends 20. A has 32,064,
 * sends one and owes 7,920. In the long run, for each 104,900 bytes of A, in
 * 1.6 packets, B sends 1,194 bytes, in 19.9.
 */

#include "lane_share.h"

#include <linux/math64.h>
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

/* What the guest did not get in its last lap is spare, and what it got too much
 * is owed. Debt alone is repaid by laps in which it had no work. While it owes,
 * it gets no parts, of which the first queues in line would repay the debts of
 * all, lap after lap.
 */
static void party_begin_lap(struct netbk_party *party, unsigned int lap,
			    int quantum)
{
	unsigned int idle = lap - party->lap - 1;
	s64 spare = (s64)party->spare + party->rest;

	if (spare < 0)
		spare = min_t(s64, spare + (s64)idle * quantum, 0);
	party->spare = clamp_t(s64, spare, -NETBK_QUANTA_OWED * quantum,
			       quantum);
	party->rest = quantum;
	party->lap = lap;
	if (party->given) {
		party->expected = party->given;
		party->sharers = party->busy;
	}
	party->given = 0;
	party->busy = 0;
}

/* Returns the part of one more queue. */
static int party_give(struct netbk_party *party, int quantum)
{
	int part;

	party->given++;
	part = quantum / max_t(int, party->given, party->expected);
	part = max(part, NETBK_QUANTUM_MIN);
	party->rest -= part;
	return part;
}

/* Returns how many of the queues that are expected to use up their credit have
 * not done so in this lap.
 */
static int party_sharers_left(const struct netbk_party *party)
{
	return max(party->sharers - party->busy, 1);
}

/**
 * netbk_share_begin - give a queue a quantum, if its credit is used up
 * @share: of the queue
 * @party: of its guest in this lane
 * @weight: of its vif in per cent, %NETBK_WEIGHT_MIN to %NETBK_WEIGHT_MAX
 * @lap: of the lane
 *
 * A full batch may have left some credit.
 *
 * Context: the lane's worker.
 * Return: true if a packet may be taken; false if the queue owed its quantum or
 * more, or its guest owes.
 */
bool netbk_share_begin(struct netbk_share *share, struct netbk_party *party,
		       unsigned int weight, unsigned int lap)
{
	int quantum = NETBK_QUANTUM / NETBK_WEIGHT_DEFAULT * (int)weight;
	int part, given;

	if (share->credit > 0)
		return true;
	if (party->lap != lap)
		party_begin_lap(party, lap, quantum);
	if (party->spare < 0)
		return false;
	part = party_give(party, quantum);
	given = min(part + party->spare / party_sharers_left(party), quantum);
	party->spare -= given - part;
	share->credit += given;
	if (share->credit > 0)
		return true;
	netbk_party_count_busy(party);
	return false;
}

/* In units of 2^20 ns, about a millisecond. */
#define SHARE_HALF_LIFE 20

static unsigned int share_overrun_of(const struct netbk_bill *bill)
{
	if (likely(bill->ns <= (s64)bill->cost))
		return 0;
	return min_t(s64, bill->ns - bill->cost,
		     bill->packets * NETBK_OVERRUN_PACKET);
}

/**
 * netbk_overrun_fade - forget a part of what packets took
 * @overrun: of a guest
 * @now: in ns of the monotonic clock
 *
 * Context: the lane's worker.
 */
void netbk_overrun_fade(struct netbk_overrun *overrun, u64 now)
{
	unsigned int passed = (unsigned int)(now >> 20) - overrun->halved;

	if (passed < SHARE_HALF_LIFE)
		return;
	overrun->excess >>= min(passed / SHARE_HALF_LIFE, 31U);
	overrun->halved = now >> 20;
}

/**
 * netbk_overrun_learn - learn what to expect of a guest's next packets
 * @overrun: of the guest
 * @bill: of a visit's packets that took more than %NETBK_OVERRUN_TIMES their
 *	cost, which is not 0
 * @now: in ns of the monotonic clock
 *
 * Context: the lane's worker.
 */
void netbk_overrun_learn(struct netbk_overrun *overrun,
			 const struct netbk_bill *bill, u64 now)
{
	unsigned int ignored = (NETBK_OVERRUN_TIMES - 1) * bill->cost;
	unsigned int over = share_overrun_of(bill);
	unsigned int seen;

	if (over <= ignored)
		return;
	if (!overrun->excess)
		overrun->halved = now >> 20;
	seen = div_u64((u64)(over - ignored) * 16, bill->cost);
	if (seen > overrun->excess)
		overrun->excess += (seen - overrun->excess + 1) / 2;
}

/**
 * netbk_share_charge_time - charge a queue for overrun
 * @share: of the queue
 * @bill: of a visit's packets, whose cost was charged
 *
 * Context: the lane's worker.
 */
void netbk_share_charge_time(struct netbk_share *share,
			     const struct netbk_bill *bill)
{
	unsigned int over = share_overrun_of(bill);

	if (over)
		netbk_share_charge(share, over);
}

/**
 * netbk_share_forfeit - take the credit of a queue that has no more work
 * @share: of the queue
 * @party: of its guest in this lane, whose other queues may use the credit
 *
 * Context: the lane's worker.
 */
void netbk_share_forfeit(struct netbk_share *share, struct netbk_party *party)
{
	if (share->credit <= 0)
		return;
	party->spare += share->credit;
	share->credit = 0;
}
