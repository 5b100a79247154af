/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Token buckets: rate limits with bursts. A token is a byte or a packet.
 */
#ifndef _XEN_NETBACK_BUCKET_H
#define _XEN_NETBACK_BUCKET_H

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* Largest debt of a bucket, in tokens. */
#define NETBK_DEBT_MAX ((s64)S32_MAX)

/**
 * struct netbk_rate - tokens in a period
 * @amount: tokens that a period brings; 0 if there is no limit
 * @period_us: the period, in microseconds; not 0 if there is a limit
 */
struct netbk_rate {
	u32 amount;
	u32 period_us;
};

/**
 * struct netbk_bucket - a token bucket
 * @rate: the rate at which it is filled
 * @depth: tokens that it can hold
 * @left: tokens in it, at most @depth; negative while it owes
 * @part: part of the next token, in units of 1 / @rate.period_us
 * @filled: time up to which it has been filled, in ns of the caller's clock
 *
 * The lock of the containing struct guards all of it.
 */
struct netbk_bucket {
	struct netbk_rate rate;
	s64 depth;
	s64 left;
	u32 part;
	u64 filled;
};

/**
 * netbk_bucket_limits - check whether a bucket has a limit
 * @bucket: the bucket
 *
 * Context: any.
 * Return: true if so; if not, its tokens mean nothing.
 */
static inline bool netbk_bucket_limits(const struct netbk_bucket *bucket)
{
	return bucket->rate.amount;
}

/**
 * netbk_bucket_left - check whether a packet may pass
 * @bucket: the bucket, filled
 *
 * Context: any.
 * Return: true if so, whatever the packet's size.
 */
static inline bool netbk_bucket_left(const struct netbk_bucket *bucket)
{
	return bucket->left > 0;
}

/**
 * netbk_bucket_charge - take tokens for a packet that has passed
 * @bucket: the bucket
 * @tokens: number of tokens; may be more than are left
 *
 * Context: any.
 */
static inline void netbk_bucket_charge(struct netbk_bucket *bucket, u32 tokens)
{
	bucket->left = max(bucket->left - tokens, -NETBK_DEBT_MAX);
}

bool netbk_rate_parse(const char *text, struct netbk_rate *rate);
void netbk_bucket_set(struct netbk_bucket *bucket,
		      const struct netbk_rate *rate, u32 least, u64 now);
void netbk_bucket_fill(struct netbk_bucket *bucket, u64 now);
u64 netbk_bucket_opens(const struct netbk_bucket *bucket);

#endif /* _XEN_NETBACK_BUCKET_H */
