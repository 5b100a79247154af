/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_KTIME_H
#define _SHIM_LINUX_KTIME_H

#include <linux/time64.h>
#include <linux/types.h>

static inline u64 ktime_get_ns(void)
{
	return 0;
}

#endif /* _SHIM_LINUX_KTIME_H */
