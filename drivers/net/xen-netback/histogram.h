/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Histograms: how often values of each size came.
 */
#ifndef _XEN_NETBACK_HISTOGRAM_H
#define _XEN_NETBACK_HISTOGRAM_H

#include <linux/types.h>

/* Values of so many bits are told apart, as nanoseconds 17 s; those beyond
 * count as the largest.
 */
#define NETBK_HISTOGRAM_BITS 34
#define NETBK_HISTOGRAM_BUCKETS (4 * (NETBK_HISTOGRAM_BITS - 1))

/**
 * struct netbk_histogram - how often values of each size came
 * @count: by bucket, modulo the word: for each value below 8, and for each
 *	quarter between two powers of two from there on
 *
 * Written by one, read racily by others.
 */
struct netbk_histogram {
	unsigned long count[NETBK_HISTOGRAM_BUCKETS];
};

void netbk_histogram_add(struct netbk_histogram *histogram, u64 value);
u64 netbk_histogram_up_to(unsigned int bucket);

#endif /* _XEN_NETBACK_HISTOGRAM_H */
