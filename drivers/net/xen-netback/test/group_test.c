// SPDX-License-Identifier: GPL-2.0
/* Tests of group.c, which includes this file: the CPU of a group. */

#include <kunit/test.h>

#define GROUP_CASE(fn, says) { .run_case = fn, .name = says }

/* The Nth of the CPUs online in @cpus but @gone, round and round. */
static unsigned int expected_cpu(const struct cpumask *cpus, unsigned int nth,
				 int gone)
{
	unsigned int cpu;

	while (true) {
		for_each_cpu_and(cpu, cpus, cpu_online_mask) {
			if (cpu != gone && !nth--)
				return cpu;
		}
	}
}

static void expect_round(struct kunit *test, const struct cpumask *cpus,
			 const struct cpumask *among, int gone)
{
	unsigned int i;

	for (i = 0; i <= 2 * num_online_cpus(); i++)
		KUNIT_EXPECT_EQ(test, nth_cpu(cpus, i, gone),
				expected_cpu(among, i, gone));
}

static void group_cpus(struct kunit *test)
{
	cpus_read_lock();
	expect_round(test, cpu_possible_mask, cpu_possible_mask, -1);
	if (num_online_cpus() > 1)
		expect_round(test, cpu_possible_mask, cpu_possible_mask,
			     cpumask_last(cpu_online_mask));
	cpus_read_unlock();
}

/* It goes, and the groups that may use no other use any. */
static void group_listed(struct kunit *test)
{
	unsigned int last;

	cpus_read_lock();
	last = cpumask_last(cpu_online_mask);
	expect_round(test, cpumask_of(last), cpumask_of(last), -1);
	if (num_online_cpus() > 1)
		expect_round(test, cpumask_of(last), cpu_possible_mask, last);
	cpus_read_unlock();
}

static struct kunit_case group_cases[] = {
	GROUP_CASE(group_cpus, "groups go round the CPUs online"),
	GROUP_CASE(group_listed, "or those of a list, while there are any"),
	{}
};

static struct kunit_suite group_suite = {
	.name = "xen-netback-group",
	.test_cases = group_cases,
};

kunit_test_suites(&group_suite);
