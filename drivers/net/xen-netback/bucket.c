// SPDX-License-Identifier: GPL-2.0
/*
 * A bucket is filled at its rate, all the time, until it is full. A packet may
 * pass while there is a token left, and may take more than are left: the bucket
 * then owes the rest, and nothing passes until that has come in. So nobody
 * needs to know the size of a packet before it is taken (XSA-155), and debts
 * are paid: over a long time what passes is what the rate brings, whatever the
 * sizes of packets.
 *
 * How deep it is
 *
 * A guest that was silent may send at once what the bucket holds, and one
 * packet in excess. That is what a period brings, for which a toolstack chooses
 * the period; but it is not less than
 *   - the largest packet, so that each packet is paid for in advance as far as
 *     possible;
 *   - what comes in NETBK_LATE_US. Whoever looks after a bucket may come late,
 *     and what flowed over meanwhile would be missing from the rate.
 * A bucket that gets a limit begins empty, so that the rate holds from then on.
 *
 * How exact it is
 *
 * Time counts in whole microseconds, and the rest of one is left for the next
 * time. They bring amount / period_us tokens each; the part of a token that
 * this leaves is kept as the remainder of the division. So nothing is rounded
 * away, however often one looks: as long as the bucket was not full, tokens
 * that were taken and tokens left are together what the time has brought. If
 * it was full at the beginning, what passes in a time T is at most
 *
 *	depth + amount * T / period_us + one packet for each CPU that takes some
 *
 * and at least amount * T / period_us, less what is left at the end, if there
 * was always a packet to take and nobody came later than the depth allows.
 *
 * An example: 100 Mbit/s is 625,000 bytes in 50,000 us, 12.5 in each. A guest
 * that was silent for 50 ms sends packets of 65,536 bytes. Nine leave 35,176
 * in the bucket, and the tenth makes it owe 30,360, all at once. After 2,429 us
 * 30,362 bytes and a half have come, which leaves 2 and a part of 25,000:
 * another packet may pass, and 65,534 are owed. That takes 65,535 bytes to end,
 * less the half: 5,243 us. From then on it is a packet each 5,242.88 us, on
 * average: 100 Mbit/s.
 *
 * Nothing overflows: amounts and periods are below 2^32, debts below 2^31, and
 * of a time longer than 2^32 us, 71 minutes, no more than these count.
 */

#include "bucket.h"

#include <linux/bitops.h>
#include <linux/kstrtox.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>

/* How late one may come to a bucket without loss. */
#define NETBK_LATE_US 10000

/* Two numbers of 64 and 32 bits, with some zeros in front. */
#define RATE_TEXT_SIZE 40

/**
 * netbk_rate_parse - read a rate as the toolstack writes it
 * @text: "amount,period", the period in microseconds; maybe with a newline
 * @rate: set to it; to no limit if @amount is 0 or @text is bad
 *
 * The toolstack's amounts have 64 bits. Of one that has more than 32 the same
 * part is taken as of its period: the rate stays, bursts are shorter. What is
 * more than 2^32 in a microsecond is no limit.
 *
 * Context: any.
 * Return: false if @text is bad: not two numbers, a period of 0 or of 2^32 or
 * more.
 */
bool netbk_rate_parse(const char *text, struct netbk_rate *rate)
{
	char copy[RATE_TEXT_SIZE];
	char *second = copy;
	unsigned int shift;
	const char *first;
	u32 period_us;
	u64 amount;

	*rate = (struct netbk_rate){};
	if (strscpy(copy, text, sizeof(copy)) < 0)
		return false;
	first = strsep(&second, ",");
	if (!second || kstrtou64(first, 10, &amount) ||
	    kstrtou32(second, 10, &period_us))
		return false;
	if (!amount)
		return true;
	if (!period_us)
		return false;

	shift = max(fls64(amount), 32) - 32;
	if (shift > 31 || !(period_us >> shift))
		return true;
	rate->amount = amount >> shift;
	rate->period_us = period_us >> shift;
	return true;
}

static s64 bucket_depth_of(const struct netbk_rate *rate, u32 least)
{
	u64 late = div_u64((u64)rate->amount * NETBK_LATE_US, rate->period_us);
	u64 depth = max(rate->amount, least);

	return max(depth, late);
}

/**
 * netbk_bucket_set - set the rate of a bucket
 * @bucket: the bucket
 * @rate: its new rate, or no limit
 * @least: that it is to hold, the tokens of the largest packet
 * @now: in ns of the caller's clock
 *
 * What it owes it goes on owing, and so does it keep what is left as far as
 * that fits.
 *
 * Context: any.
 */
void netbk_bucket_set(struct netbk_bucket *bucket,
		      const struct netbk_rate *rate, u32 least, u64 now)
{
	if (netbk_bucket_limits(bucket))
		netbk_bucket_fill(bucket, now);
	else
		bucket->left = 0;
	bucket->rate = *rate;
	bucket->part = 0;
	bucket->filled = now;
	if (!netbk_bucket_limits(bucket))
		return;
	bucket->depth = bucket_depth_of(rate, least);
	bucket->left = min(bucket->left, bucket->depth);
}

/**
 * netbk_bucket_fill - add what has come since the last time
 * @bucket: a bucket that limits
 * @now: in ns of the caller's clock; if it is earlier than the last time, by
 *	the clock of another CPU, nothing has come
 *
 * Context: any.
 */
void netbk_bucket_fill(struct netbk_bucket *bucket, u64 now)
{
	u64 us, come, room;
	u32 ns;

	if (now <= bucket->filled)
		return;
	us = div_u64_rem(now - bucket->filled, NSEC_PER_USEC, &ns);
	bucket->filled = now - ns;
	us = min_t(u64, us, U32_MAX);
	come = div_u64_rem(us * bucket->rate.amount + bucket->part,
			   bucket->rate.period_us, &bucket->part);
	room = bucket->depth - bucket->left;
	if (come < room) {
		bucket->left += come;
		return;
	}
	bucket->left = bucket->depth;
	bucket->part = 0;
}

/**
 * netbk_bucket_opens - when something may pass
 * @bucket: a bucket that limits, filled
 *
 * Context: any.
 * Return: ns of the caller's clock, not after the last time if something may
 * pass already. If that is more than 71 minutes after it, only the first 71
 * minutes.
 */
u64 netbk_bucket_opens(const struct netbk_bucket *bucket)
{
	u64 parts, us;

	if (netbk_bucket_left(bucket))
		return bucket->filled;
	parts = (1 - bucket->left) * (u64)bucket->rate.period_us -
		bucket->part;
	us = div_u64(parts + bucket->rate.amount - 1, bucket->rate.amount);
	return bucket->filled + min_t(u64, us, U32_MAX) * NSEC_PER_USEC;
}
