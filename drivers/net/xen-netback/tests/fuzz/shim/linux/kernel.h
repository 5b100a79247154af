/* SPDX-License-Identifier: GPL-2.0 */
/* Included in front of each file: a kernel would have it included somewhere. */
#ifndef _SHIM_FUZZ_LINUX_KERNEL_H
#define _SHIM_FUZZ_LINUX_KERNEL_H

#include_next <linux/kernel.h>

#include <limits.h>
#include <stdio.h>

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/types.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

#endif /* _SHIM_FUZZ_LINUX_KERNEL_H */
