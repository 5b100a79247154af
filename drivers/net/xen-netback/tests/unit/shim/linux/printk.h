/* SPDX-License-Identifier: GPL-2.0 */
/* What the log would say is checked by the compiler and not said. */
#ifndef _SHIM_LINUX_PRINTK_H
#define _SHIM_LINUX_PRINTK_H

#include <stdio.h>

#define pr_warn_ratelimited(...)		\
	do {					\
		if (0)				\
			printf(__VA_ARGS__);	\
	} while (0)

#endif /* _SHIM_LINUX_PRINTK_H */
