/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_FUZZ_LINUX_BITOPS_H
#define _SHIM_FUZZ_LINUX_BITOPS_H

#include_next <linux/bitops.h>

#include <linux/bits.h>

#define __ffs(word) ((unsigned int)__builtin_ctzl(word))

static inline bool test_bit(unsigned int nr, const unsigned long *word)
{
	return *word & BIT(nr);
}

static inline void set_bit(unsigned int nr, unsigned long *word)
{
	*word |= BIT(nr);
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *word)
{
	bool was = test_bit(nr, word);

	*word &= ~BIT(nr);
	return was;
}

#endif /* _SHIM_FUZZ_LINUX_BITOPS_H */
