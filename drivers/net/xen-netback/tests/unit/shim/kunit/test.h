/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as the tests use, for user space: kunit.c has the rest of
 * it. The macros are statements that look at each argument once.
 */
#ifndef _SHIM_KUNIT_TEST_H
#define _SHIM_KUNIT_TEST_H

#include <setjmp.h>
#include <stdio.h>

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/types.h>

struct kunit_block;

/**
 * struct kunit - a running test case
 * @priv: the test's own
 * @blocks: memory to be freed when it ends
 * @log: where it explains itself
 * @out: the way out of it, for a failed assertion
 * @failed: an expectation was not met
 */
struct kunit {
	void *priv;
	struct kunit_block *blocks;
	FILE *log;
	jmp_buf out;
	bool failed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

/**
 * struct kunit_place - an expectation
 * @file: where it stands
 * @line: there
 * @text: what it says
 * @fatal: whether the case ends if it is not met
 */
struct kunit_place {
	const char *file;
	int line;
	const char *text;
	bool fatal;
};

void kunit_register(struct kunit_suite *suite);
void kunit_failed(struct kunit *test, const struct kunit_place *place,
		  const char *values, const char *fmt, ...);
void *kunit_kzalloc(struct kunit *test, size_t size, unsigned int gfp);

#define kunit_info(test, fmt, ...) \
	fprintf((test)->log, "# " fmt, ##__VA_ARGS__)

#define kunit_test_suites(suite)					\
	static void __attribute__((constructor)) register_suite(void)	\
	{								\
		kunit_register(suite);					\
	}

#define KUNIT_PLACE(text, fatal)					\
	(&(const struct kunit_place){ __FILE__, __LINE__, text, fatal })

#define KUNIT_BOOL(test, fatal, cond, text, ...)			\
	do {								\
		if (!(cond))						\
			kunit_failed(test, KUNIT_PLACE(text, fatal),	\
				     "", __VA_ARGS__);			\
	} while (0)

#define KUNIT_COMPARE(test, fatal, left, op, right, ...)		\
	do {								\
		typeof(left) kunit_left = (left);			\
		typeof(right) kunit_right = (right);			\
		char kunit_values[64];					\
									\
		if (kunit_left op kunit_right)				\
			break;						\
		snprintf(kunit_values, sizeof(kunit_values),		\
			 ", but %lld and %lld", (long long)kunit_left,	\
			 (long long)kunit_right);			\
		kunit_failed(test, KUNIT_PLACE(#left " " #op " " #right, \
					       fatal),			\
			     kunit_values, __VA_ARGS__);		\
	} while (0)

#define KUNIT_EXPECT_TRUE(test, cond) \
	KUNIT_BOOL(test, false, cond, #cond, NULL)
#define KUNIT_EXPECT_FALSE(test, cond) \
	KUNIT_BOOL(test, false, !(cond), "!(" #cond ")", NULL)
#define KUNIT_EXPECT_NULL_MSG(test, ptr, ...) \
	KUNIT_BOOL(test, false, !(ptr), #ptr " == NULL", __VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(test, ptr) \
	KUNIT_BOOL(test, true, ptr, #ptr " != NULL", NULL)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ptr) \
	KUNIT_BOOL(test, true, !IS_ERR_OR_NULL(ptr), \
		   "!IS_ERR_OR_NULL(" #ptr ")", NULL)

#define KUNIT_EXPECT_EQ(test, left, right) \
	KUNIT_COMPARE(test, false, left, ==, right, NULL)
#define KUNIT_EXPECT_NE(test, left, right) \
	KUNIT_COMPARE(test, false, left, !=, right, NULL)
#define KUNIT_EXPECT_LT(test, left, right) \
	KUNIT_COMPARE(test, false, left, <, right, NULL)
#define KUNIT_EXPECT_LE(test, left, right) \
	KUNIT_COMPARE(test, false, left, <=, right, NULL)
#define KUNIT_EXPECT_GT(test, left, right) \
	KUNIT_COMPARE(test, false, left, >, right, NULL)
#define KUNIT_ASSERT_EQ(test, left, right) \
	KUNIT_COMPARE(test, true, left, ==, right, NULL)

#endif /* _SHIM_KUNIT_TEST_H */
