/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_BUILD_BUG_H
#define _SHIM_LINUX_BUILD_BUG_H

#include <linux/types.h>

#define BUILD_BUG_ON_NOT_POWER_OF_2(n) \
	BUILD_BUG_ON(!(n) || ((n) & ((n) - 1)))

#endif /* _SHIM_LINUX_BUILD_BUG_H */
