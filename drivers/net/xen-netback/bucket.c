// SPDX-License-Identifier: GPL-2.0
/*
 * A bucket is filled at its rate until it is full. A packet may pass while a
 * token is left, and may take more than are left: the bucket then owes the
 * rest, and nothing passes until that has come in. So the size of a packet need
 * not be known before it is taken (XSA-155), and over a long time the rate
 * holds, whatever the sizes of packets.
 *
 * Depth
 *
 * A guest that was silent may send at once what the bucket holds, and one
 * packet in excess. The depth is what a period brings, as the toolstack chooses
 * the period for this; but it is not less than
 *   - the largest packet, so that most packets are paid for in advance;
 *   - what comes in NETBK_LATE_US, since the bucket may be filled late, and
 *     what overflowed meanwhile would be missing from the rate.
 * A bucket that gets a limit begins empty, so that the rate holds from then on.
 *
 * Exactness
 *
 * Time counts in whole microseconds; the rest is left for the next time. Each
 * brings amount / period_us tokens; the remainder of the division is kept as a
 * part of a token. So nothing is rounded away, however often the bucket is
 * filled. If it was full at the beginning, what passes in a time T is at most
 *
 *	depth + amount * T / period_us + one packet for each CPU that takes some
 *
 * and at least amount * T / period_us, less what is left at the end, if there
 * was always a packet to take and the bucket was never filled too late.
 *
 * An example: 100 Mbit/s is 625,000 bytes in 50,000 us, or 12.5 bytes in each.
 * After a silence of 50 ms nine packets of 65,536 bytes leave 35,176 in the
 * bucket, and the tenth makes it owe 30,360, all at once. The next one passes
 * after 2,429 us, and then one every 5,242.88 us on average.
 *
 * Nothing overflows: amounts and periods are below 2^32, debts below 2^31, and
 * at most 2^32 us, 71 minutes, count at a time.
 */

#include "bucket.h"

#include <linux/bitops.h>
#include <linux/kstrtox.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>

/* Time by which a bucket may be filled late without loss. */
#define NETBK_LATE_US 10000

/* Two numbers of 64 and 32 bits, with some leading zeros. */
#define RATE_TEXT_SIZE 40

/**
 * netbk_rate_parse - parse a rate as the toolstack writes it
 * @text: "amount,period", the period in microseconds; may end with a newline
 * @rate: set to the rate; to no limit if the amount is 0 or @text is invalid
 *
 * The toolstack's amounts have 64 bits. If one exceeds 32 bits, both numbers
 * are divided by the same power of two: the rate stays, bursts are shorter. A
 * rate of 2^32 or more tokens in a microsecond is no limit.
 *
 * Context: any.
 * Return: false if @text is invalid: not two numbers, or a period that is 0, or
 * 2^32 or more.
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
 * @least: minimum depth, the tokens of the largest packet
 * @now: in ns of the caller's clock
 *
 * The bucket keeps its debt, and the tokens left as far as they fit.
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
 * netbk_bucket_fill - add the tokens that have come since the last time
 * @bucket: a bucket with a limit
 * @now: in ns of the caller's clock; if another CPU's clock makes it earlier
 *	than the last time, nothing is added
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
 * netbk_bucket_opens - get the time when a packet may pass
 * @bucket: a bucket with a limit, filled
 *
 * Context: any.
 * Return: ns of the caller's clock: the time of the last fill if a packet may
 * pass already, and at most 71 minutes after that.
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
