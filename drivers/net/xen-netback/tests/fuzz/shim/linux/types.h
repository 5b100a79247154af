/* SPDX-License-Identifier: GPL-2.0 */
/* Beside what the unit tests want of the file of this name. */
#ifndef _SHIM_FUZZ_LINUX_TYPES_H
#define _SHIM_FUZZ_LINUX_TYPES_H

#include_next <linux/types.h>

#define __bitwise
#define __rcu

typedef __u16 __be16;
typedef __u16 __le16;
typedef __u32 __be32;
typedef __u32 __le32;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef __u64 __be64;
typedef __u64 __le64;
typedef __u16 __poll_t;
typedef unsigned int gfp_t;
typedef u64 netdev_features_t;

struct rcu_head {
	void *next;
};

struct list_head {
	struct list_head *next, *prev;
};

#endif /* _SHIM_FUZZ_LINUX_TYPES_H */
