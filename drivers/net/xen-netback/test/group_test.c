// SPDX-License-Identifier: GPL-2.0
/* Tests of group.c, which includes this file: the CPU of a group. */

#include <kunit/test.h>

#define GROUP_CASE(fn, says) { .run_case = fn, .name = says }

/* The Nth of the CPUs online but @gone, round and round. */
static unsigned int nth_cpu(unsigned int nth, int gone)
{
	unsigned int cpu;

	while (true) {
		for_each_online_cpu(cpu) {
			if (cpu != gone && !nth--)
				return cpu;
		}
	}
}

static void group_cpus(struct kunit *test)
{
	unsigned int online, i;
	int gone;

	cpus_read_lock();
	online = num_online_cpus();
	for (i = 0; i <= 2 * online; i++)
		KUNIT_EXPECT_EQ(test, cpu_of_group(i, -1), nth_cpu(i, -1));
	if (online > 1) {
		gone = nth_cpu(online / 2, -1);
		for (i = 0; i <= 2 * online; i++)
			KUNIT_EXPECT_EQ(test, cpu_of_group(i, gone),
					nth_cpu(i, gone));
	}
	cpus_read_unlock();
}

static struct kunit_case group_cases[] = {
	GROUP_CASE(group_cpus, "groups go round the CPUs online"),
	{}
};

static struct kunit_suite group_suite = {
	.name = "xen-netback-group",
	.test_cases = group_cases,
};

kunit_test_suites(&group_suite);
