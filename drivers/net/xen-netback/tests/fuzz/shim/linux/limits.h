/* SPDX-License-Identifier: GPL-2.0 */
/* Beside what the unit tests want of the file of this name. */
#ifndef _SHIM_FUZZ_LINUX_LIMITS_H
#define _SHIM_FUZZ_LINUX_LIMITS_H

#include_next <linux/limits.h>

#define U8_MAX ((__u8)~0U)

#endif /* _SHIM_FUZZ_LINUX_LIMITS_H */
