/* SPDX-License-Identifier: GPL-2.0 */
/* A number and nothing but a newline after it, as the kernel has it. */
#ifndef _SHIM_LINUX_KSTRTOX_H
#define _SHIM_LINUX_KSTRTOX_H

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/types.h>

static inline int kstrtou64(const char *text, unsigned int base, u64 *value)
{
	unsigned long long number;
	char *end;

	if (!isdigit(text[text[0] == '+']))
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, base);
	if (errno)
		return -errno;
	if (*end == '\n')
		end++;
	if (*end)
		return -EINVAL;
	*value = number;
	return 0;
}

static inline int kstrtou32(const char *text, unsigned int base, u32 *value)
{
	u64 number;
	int err = kstrtou64(text, base, &number);

	if (err)
		return err;
	if (number > U32_MAX)
		return -ERANGE;
	*value = number;
	return 0;
}

#endif /* _SHIM_LINUX_KSTRTOX_H */
