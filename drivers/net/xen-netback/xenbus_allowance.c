// SPDX-License-Identifier: GPL-2.0

#include "xenbus_allowance.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>

/**
 * xenvif_allowance_init - initialise an allowance, all of which is left
 * @allowance: zeroed memory
 * @rate: the rate in the long run
 * @at_once: how many times are allowed back to back
 *
 * Context: any.
 */
void xenvif_allowance_init(struct xenvif_allowance *allowance,
			   const struct netbk_rate *rate, unsigned int at_once)
{
	struct netbk_bucket *bucket = &allowance->bucket;

	netbk_bucket_set(bucket, rate, at_once, ktime_get_ns());
	bucket->left = bucket->depth;
}

/**
 * xenvif_allow - check whether something may be done now, and charge it
 * @allowance: the allowance
 *
 * Context: any.
 * Return: true if so, false if it has to wait.
 */
bool xenvif_allow(struct xenvif_allowance *allowance)
{
	struct netbk_bucket *bucket = &allowance->bucket;

	netbk_bucket_fill(bucket, ktime_get_ns());
	if (bucket->left == bucket->depth)
		allowance->told = false;
	if (!netbk_bucket_left(bucket))
		return false;
	netbk_bucket_charge(bucket, 1);
	return true;
}

/**
 * xenvif_allowance_wait - get the time until something may be done
 * @allowance: of which xenvif_allow() has just found nothing left
 *
 * Context: any.
 * Return: that time in jiffies.
 */
unsigned long xenvif_allowance_wait(const struct xenvif_allowance *allowance)
{
	const struct netbk_bucket *bucket = &allowance->bucket;

	return nsecs_to_jiffies(netbk_bucket_opens(bucket) - bucket->filled) +
	       1;
}

/**
 * xenvif_allowance_tell - check whether the log should name the limit
 * @allowance: of which nothing is left
 *
 * Context: any.
 * Return: true the first time, until the whole allowance is left again.
 */
bool xenvif_allowance_tell(struct xenvif_allowance *allowance)
{
	bool told = allowance->told;

	allowance->told = true;
	return !told;
}
