/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Histograms: how often values of each size occurred.
 */
#ifndef _XEN_NETBACK_HISTOGRAM_H
#define _XEN_NETBACK_HISTOGRAM_H

#include <linux/types.h>

/* Values of up to so many bits are distinguished, as nanoseconds 17 s. Larger
 * ones count as the largest.
 */
#define NETBK_HISTOGRAM_BITS 34
#define NETBK_HISTOGRAM_BUCKETS (4 * (NETBK_HISTOGRAM_BITS - 1))

/**
 * struct netbk_histogram - how often values of each size occurred
 * @count: values in each bucket, modulo the word size: a bucket for each value
 *	below 8, then for each quarter between two powers of two
 *
 * One writer; read racily by others.
 */
struct netbk_histogram {
	unsigned long count[NETBK_HISTOGRAM_BUCKETS];
};

void netbk_histogram_add(struct netbk_histogram *histogram, u64 value);
u64 netbk_histogram_up_to(unsigned int bucket);

#endif /* _XEN_NETBACK_HISTOGRAM_H */
