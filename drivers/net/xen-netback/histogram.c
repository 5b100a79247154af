// SPDX-License-Identifier: GPL-2.0

#include "histogram.h"

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/minmax.h>

/* The first bit that is set and the next two select the bucket. */
static unsigned int histogram_bucket_of(u64 value)
{
	unsigned int shift, bits = fls64(value);

	if (bits <= 2)
		return value;
	shift = bits - 3;
	return 4 * shift + (value >> shift);
}

/**
 * netbk_histogram_add - count a value
 * @histogram: the histogram
 * @value: the value
 *
 * Context: its only writer.
 */
void netbk_histogram_add(struct netbk_histogram *histogram, u64 value)
{
	unsigned int bucket = min_t(unsigned int, histogram_bucket_of(value),
				    NETBK_HISTOGRAM_BUCKETS - 1);
	unsigned long *count = &histogram->count[bucket];

	WRITE_ONCE(*count, *count + 1);
}

/**
 * netbk_histogram_up_to - get the largest value that a bucket counts
 * @bucket: number of the bucket, below %NETBK_HISTOGRAM_BUCKETS
 *
 * Context: any.
 * Return: the value, at most a quarter above the smallest one.
 */
u64 netbk_histogram_up_to(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < 4)
		return bucket;
	shift = bucket / 4 - 1;
	return ((u64)(bucket % 4 + 5) << shift) - 1;
}
