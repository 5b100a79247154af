/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_U64_STATS_SYNC_H
#define _SHIM_LINUX_U64_STATS_SYNC_H

#include <linux/types.h>

typedef u64 u64_stats_t;

struct u64_stats_sync {
	unsigned int seq;
};

#endif /* _SHIM_LINUX_U64_STATS_SYNC_H */
