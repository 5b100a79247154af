// SPDX-License-Identifier: GPL-2.0
/* Tests of group.c, which includes this file: CPUs of groups and threads. */

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/sched.h>

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
		KUNIT_EXPECT_EQ(test, group_nth_cpu(cpus, i, gone),
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

/**
 * struct group_probe - a work that looks where it runs
 * @work: the work
 * @cpus: where its worker may run
 */
struct group_probe {
	struct kthread_work work;
	cpumask_t cpus;
};

static void look_where(struct kthread_work *work)
{
	struct group_probe *probe = container_of(work, struct group_probe,
						 work);

	cpumask_copy(&probe->cpus, current->cpus_ptr);
}

static void expect_cpus(struct kunit *test, struct group_probe *probe,
			const struct cpumask *cpus)
{
	struct kthread_worker *worker = group_start_worker(0, cpus);

	/* An assertion would end the test with CPU hotplug held off. */
	KUNIT_EXPECT_FALSE(test, IS_ERR(worker));
	if (IS_ERR(worker))
		return;
	kthread_init_work(&probe->work, look_where);
	kthread_queue_work(worker, &probe->work);
	kthread_flush_worker(worker);
	kthread_destroy_worker(worker);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&probe->cpus, cpus));
}

/* Of the first work, hence since it first ran. */
static void worker_cpus(struct kunit *test)
{
	struct group_probe *probe = kunit_kzalloc(test, sizeof(*probe),
						  GFP_KERNEL);
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, probe);
	cpus_read_lock();
	for_each_online_cpu(cpu)
		expect_cpus(test, probe, cpumask_of(cpu));
	expect_cpus(test, probe, cpu_online_mask);
	expect_cpus(test, probe, cpu_possible_mask);
	cpus_read_unlock();
}

static void expect_idle(struct kunit *test, const struct cpumask *cpus)
{
	struct kthread_worker *worker = group_start_worker(0, cpus);
	unsigned int state, tries = 0;

	KUNIT_ASSERT_FALSE(test, IS_ERR(worker));
	do {
		msleep(20);
		state = READ_ONCE(worker->task->__state);
	} while (state != TASK_INTERRUPTIBLE && ++tries < 50);
	KUNIT_EXPECT_EQ(test, state, TASK_INTERRUPTIBLE);
	kthread_destroy_worker(worker);
}

static void worker_idle(struct kunit *test)
{
	expect_idle(test, NULL);
	expect_idle(test, cpu_possible_mask);
}

static struct kunit_case group_cases[] = {
	GROUP_CASE(group_cpus,
		   "groups are assigned to the online CPUs in turn"),
	GROUP_CASE(group_listed,
		   "groups use listed CPUs while one of them is online"),
	GROUP_CASE(worker_cpus,
		   "a thread has its CPUs set before its first work"),
	GROUP_CASE(worker_idle, "a thread without work sleeps interruptibly"),
	{}
};

static struct kunit_suite group_suite = {
	.name = "xen-netback-group",
	.test_cases = group_cases,
};

kunit_test_suites(&group_suite);
