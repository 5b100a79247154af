/* SPDX-License-Identifier: GPL-2.0 */
/* The same numbers in each run, though not the kernel's. */
#ifndef _SHIM_LINUX_PRANDOM_H
#define _SHIM_LINUX_PRANDOM_H

#include <linux/types.h>

struct rnd_state {
	u64 x;
};

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->x = seed | 1;
}

/* xorshift64: the upper half is the better one. */
static inline u32 prandom_u32_state(struct rnd_state *state)
{
	state->x ^= state->x << 13;
	state->x ^= state->x >> 7;
	state->x ^= state->x << 17;
	return state->x >> 32;
}

#endif /* _SHIM_LINUX_PRANDOM_H */
