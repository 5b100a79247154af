// SPDX-License-Identifier: GPL-2.0

#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/minmax.h>
#include <linux/slab.h>

/* Allocations until one fails, 0 if none does. */
static unsigned int alloc_fails_in;

/**
 * fuzz_fail - report a statement that does not hold, and end the program
 * @file: where the statement stands
 * @line: there
 * @says: the statement
 */
void fuzz_fail(const char *file, int line, const char *says)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, says);
	abort();
}

/**
 * fuzz_take - take bytes of an input
 * @in: the input
 * @to: gets the bytes, and zeros for those that are missing
 * @size: how many
 *
 * Return: how many the input had.
 */
size_t fuzz_take(struct fuzz_input *in, void *to, size_t size)
{
	size_t some = min(size, in->left);

	memset(to, 0, size);
	if (some)
		memcpy(to, in->data, some);
	in->data += some;
	in->left -= some;
	return some;
}

/**
 * fuzz_u8 - take a byte of an input
 * @in: the input
 *
 * Return: the byte, 0 if none is left.
 */
u8 fuzz_u8(struct fuzz_input *in)
{
	u8 value;

	fuzz_take(in, &value, sizeof(value));
	return value;
}

/**
 * fuzz_u16 - take 16 bits of an input
 * @in: the input
 *
 * Return: the number; bytes that are missing are 0.
 */
u16 fuzz_u16(struct fuzz_input *in)
{
	u16 value;

	fuzz_take(in, &value, sizeof(value));
	return value;
}

/**
 * fuzz_u32 - take 32 bits of an input
 * @in: the input
 *
 * Return: the number; bytes that are missing are 0.
 */
u32 fuzz_u32(struct fuzz_input *in)
{
	u32 value;

	fuzz_take(in, &value, sizeof(value));
	return value;
}

/**
 * fuzz_line - take a line of an input that is text
 * @in: the input
 * @to: gets the line without its end
 * @size: bytes of @to; what does not fit is left out
 *
 * Return: false if nothing was left.
 */
bool fuzz_line(struct fuzz_input *in, char *to, size_t size)
{
	const u8 *end;
	size_t len;

	if (!in->left)
		return false;
	end = memchr(in->data, '\n', in->left);
	len = end ? (size_t)(end - in->data) : in->left;
	memcpy(to, in->data, min(len, size - 1));
	to[min(len, size - 1)] = '\0';
	len = min(len + 1, in->left);
	in->data += len;
	in->left -= len;
	return true;
}

/* ------------------------------- memory ------------------------------ */

/**
 * fuzz_fail_alloc - have an allocation fail
 * @nr: which one from now on; 0 for none
 */
void fuzz_fail_alloc(unsigned int nr)
{
	alloc_fails_in = nr;
}

/**
 * fuzz_alloc - allocate memory
 * @size: bytes
 *
 * Return: zeroed memory, NULL if this allocation was to fail.
 */
void *fuzz_alloc(size_t size)
{
	void *memory;

	if (alloc_fails_in && !--alloc_fails_in)
		return NULL;
	memory = calloc(1, size);
	if (!memory)
		abort();
	return memory;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	char text[256], *copy;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fuzz_expect(len >= 0 && (size_t)len < sizeof(text),
		    "a path in xenstore has less than 256 bytes");
	copy = fuzz_alloc(len + 1);
	return copy ? memcpy(copy, text, len + 1) : NULL;
}

void kfree(const void *ptr)
{
	free((void *)ptr);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };

	fuzz_fail_alloc(0);
	fuzz_one(&in);
	return 0;
}
