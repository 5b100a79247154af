/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_HRTIMER_H
#define _SHIM_LINUX_HRTIMER_H

#include <linux/types.h>

struct hrtimer {
	u64 expires;
};

#endif /* _SHIM_LINUX_HRTIMER_H */
