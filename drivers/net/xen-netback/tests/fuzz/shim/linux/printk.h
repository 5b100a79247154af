/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_FUZZ_LINUX_PRINTK_H
#define _SHIM_FUZZ_LINUX_PRINTK_H

#include_next <linux/printk.h>

/* Formatted, so that each byte of it is read, and then discarded. */
#define pr_err(...)					\
	do {						\
		char pr_line[512];			\
							\
		snprintf(pr_line, sizeof(pr_line), __VA_ARGS__);	\
	} while (0)

#endif /* _SHIM_FUZZ_LINUX_PRINTK_H */
