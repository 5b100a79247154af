// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the suites that were linked in, case by case: a flat KTAP line for each,
 * what it has to say as comments after it.
 */

#include <kunit/test.h>

#include <stdarg.h>
#include <stdlib.h>

#define SUITES_MAX 16

/**
 * struct kunit_block - memory that goes with its test case
 * @next: allocated before it
 * @data: what the case sees of it
 */
struct kunit_block {
	struct kunit_block *next;
	max_align_t data[];
};

static struct kunit_suite *suites[SUITES_MAX];
static unsigned int nr_suites;

void kunit_register(struct kunit_suite *suite)
{
	if (nr_suites == SUITES_MAX)
		abort();
	suites[nr_suites++] = suite;
}

void *kunit_kzalloc(struct kunit *test, size_t size, unsigned int gfp)
{
	struct kunit_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->next = test->blocks;
	test->blocks = block;
	return block->data;
}

static void free_blocks(struct kunit *test)
{
	while (test->blocks) {
		struct kunit_block *block = test->blocks;

		test->blocks = block->next;
		free(block);
	}
}

void kunit_failed(struct kunit *test, const struct kunit_place *place,
		  const char *values, const char *fmt, ...)
{
	va_list args;

	test->failed = true;
	fprintf(test->log, "# %s:%d: expected %s%s\n", place->file,
		place->line, place->text, values);
	if (fmt) {
		va_start(args, fmt);
		fputs("# ", test->log);
		vfprintf(test->log, fmt, args);
		fputc('\n', test->log);
		va_end(args);
	}
	if (place->fatal)
		longjmp(test->out, 1);
}

static void run_guarded(struct kunit *test, const struct kunit_suite *suite,
			const struct kunit_case *test_case)
{
	if (setjmp(test->out))
		return;
	if (suite->init && suite->init(test)) {
		fputs("# its preparation failed\n", test->log);
		test->failed = true;
		return;
	}
	test_case->run_case(test);
}

/* Returns whether it went well. */
static bool run_case(const struct kunit_suite *suite,
		     const struct kunit_case *test_case, unsigned int nr)
{
	struct kunit test = {};
	char *log = NULL;
	size_t size;

	test.log = open_memstream(&log, &size);
	if (!test.log)
		abort();
	run_guarded(&test, suite, test_case);
	if (suite->exit && !setjmp(test.out))
		suite->exit(&test);
	free_blocks(&test);
	fclose(test.log);

	printf("%sok %u %s: %s\n%s", test.failed ? "not " : "", nr,
	       suite->name, test_case->name, log);
	fflush(stdout);
	free(log);
	return !test.failed;
}

int main(void)
{
	unsigned int nr = 0, failed = 0, i;

	puts("KTAP version 1");
	for (i = 0; i < nr_suites; i++) {
		const struct kunit_case *test_case = suites[i]->test_cases;

		for (; test_case->run_case; test_case++)
			failed += !run_case(suites[i], test_case, ++nr);
	}
	printf("1..%u\n", nr);
	return failed || !nr;
}
