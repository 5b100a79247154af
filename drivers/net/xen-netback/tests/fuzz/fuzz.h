/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the targets of the fuzzer share: an input from which each takes what it
 * needs, and statements that have to hold whatever the input is.
 */
#ifndef _XEN_NETBACK_FUZZ_H
#define _XEN_NETBACK_FUZZ_H

#include <linux/types.h>

/**
 * struct fuzz_input - what is left of an input
 * @data: its next byte
 * @left: number of bytes from there
 */
struct fuzz_input {
	const u8 *data;
	size_t left;
};

/**
 * fuzz_expect - end the program with a report unless a statement holds
 * @cond: whether it does
 * @says: the statement
 */
#define fuzz_expect(cond, says)					\
	do {							\
		if (!(cond))					\
			fuzz_fail(__FILE__, __LINE__, says);	\
	} while (0)

/* A target defines it. */
void fuzz_one(struct fuzz_input *in);

void fuzz_fail(const char *file, int line, const char *says);
size_t fuzz_take(struct fuzz_input *in, void *to, size_t size);
u8 fuzz_u8(struct fuzz_input *in);
u16 fuzz_u16(struct fuzz_input *in);
u32 fuzz_u32(struct fuzz_input *in);
bool fuzz_line(struct fuzz_input *in, char *to, size_t size);
void fuzz_fail_alloc(unsigned int nr);

#endif /* _XEN_NETBACK_FUZZ_H */
