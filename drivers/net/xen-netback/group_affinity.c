// SPDX-License-Identifier: GPL-2.0
/*
 * CPU hotplug: groups stay on their CPUs (group.c says which), and the events
 * of queues with their groups. A context may read a group's CPU without a lock:
 * if it binds a queue to the old one, affinity_bind() visits the queue later;
 * if it starts a tasklet there or elsewhere, netbk_lane_go_home() follows.
 */

#include "group_affinity.h"

#include <linux/compiler.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/sched.h>

#include "group.h"
#include "group_place.h"

static enum cpuhp_state cpuhp_online;	/* 0: not set up */

/* A queue that is placed meanwhile sees the new CPU, or is visited below. */
static void affinity_bind(int gone)
{
	unsigned int i;

	lockdep_assert_cpus_held();
	for (i = 0; i < netbk_groups_count(); i++) {
		struct xen_netbk *netbk = netbk_group(i);
		const struct cpumask *cpus = netbk_group_cpus(netbk, gone);

		if (netbk_groups_have_one_cpu())
			WRITE_ONCE(netbk->cpu, cpumask_first(cpus));
		if (netbk->worker)
			set_cpus_allowed_ptr(netbk->worker->task, cpus);
	}
	netbk_visit_placed(netbk_bind_queue, NULL);
}

static int affinity_cpu_has_come(unsigned int cpu)
{
	affinity_bind(-1);
	return 0;
}

static int affinity_cpu_is_going(unsigned int cpu)
{
	affinity_bind(cpu);
	return 0;
}

/**
 * netbk_affinity_start - bind groups to their CPUs, now and at CPU hotplug
 *
 * Context: process, may sleep; all groups exist.
 * Return: 0, or a negative error with nothing to be stopped.
 */
int netbk_affinity_start(void)
{
	int ret;

	if (!netbk_groups_have_cpus())
		return 0;
	cpus_read_lock();
	affinity_bind(-1);
	ret = cpuhp_setup_state_nocalls_cpuslocked(CPUHP_AP_ONLINE_DYN,
						   "net/xen-netback:online",
						   affinity_cpu_has_come,
						   affinity_cpu_is_going);
	cpus_read_unlock();
	if (ret < 0)
		return ret;
	cpuhp_online = ret;
	return 0;
}

/**
 * netbk_affinity_stop - leave groups where they are
 *
 * Context: process, may sleep; the groups still exist. No CPU hotplug callback
 * is running when this returns.
 */
void netbk_affinity_stop(void)
{
	if (cpuhp_online)
		cpuhp_remove_state_nocalls(cpuhp_online);
	cpuhp_online = 0;
}
