/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Token buckets: how much may pass, at a rate. A token is a byte or a packet.
 */
#ifndef _XEN_NETBACK_BUCKET_H
#define _XEN_NETBACK_BUCKET_H

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* The most that a bucket can owe. */
#define NETBK_DEBT_MAX ((s64)S32_MAX)

/**
 * struct netbk_rate - so much in a time
 * @amount: tokens that a period brings; 0 if there is no limit
 * @period_us: the period, in microseconds; not 0 if there is a limit
 */
struct netbk_rate {
	u32 amount;
	u32 period_us;
};

/**
 * struct netbk_bucket - a token bucket
 * @rate: at which it is filled
 * @depth: tokens that it holds
 * @left: tokens in it, @depth at most; negative while it owes
 * @part: of the next token, in units of 1 / @rate.period_us
 * @filled: up to when it has been filled, in ns of the caller's clock
 *
 * All of it is guarded by the lock of the struct it is part of.
 */
struct netbk_bucket {
	struct netbk_rate rate;
	s64 depth;
	s64 left;
	u32 part;
	u64 filled;
};

/**
 * netbk_bucket_limits - is there a limit?
 * @bucket: the bucket
 *
 * Context: any.
 * Return: true if so; false if nothing else may be asked of the bucket.
 */
static inline bool netbk_bucket_limits(const struct netbk_bucket *bucket)
{
	return bucket->rate.amount;
}

/**
 * netbk_bucket_left - may something pass?
 * @bucket: the bucket, filled
 *
 * Context: any.
 * Return: true if so, whatever its size.
 */
static inline bool netbk_bucket_left(const struct netbk_bucket *bucket)
{
	return bucket->left > 0;
}

/**
 * netbk_bucket_charge - something has passed
 * @bucket: the bucket
 * @tokens: that it takes, more than are left if need be
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
