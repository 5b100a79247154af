/* SPDX-License-Identifier: GPL-2.0 */
/* Beside what the C library wants of the file of this name. */
#ifndef _SHIM_LINUX_LIMITS_H
#define _SHIM_LINUX_LIMITS_H

#include_next <linux/limits.h>

#define U32_MAX ((__u32)~0U)
#define S32_MAX ((__s32)(U32_MAX >> 1))
#define U64_MAX ((__u64)~0ULL)

#endif /* _SHIM_LINUX_LIMITS_H */
