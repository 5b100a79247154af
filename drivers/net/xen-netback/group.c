// SPDX-License-Identifier: GPL-2.0
/*
 * Groups: how they are made and ended, and on which CPUs they work.
 *
 * A tasklet runs on the CPU that starts it. So the events of the queues that a
 * group serves are sent to one CPU, the group's. A thread is left to the
 * scheduler, and so are its queues' events, unless it is to be bound; then both
 * are on the group's CPU. When CPUs go or come the groups go round those that
 * are left.
 */

#include "group.h"

#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "balance.h"
#include "params.h"
#include "place.h"

static struct xen_netbk **netbks;	/* constant while any netif exists */
static unsigned int nr_netbks;
static enum cpuhp_state cpuhp_online;	/* 0: not set up */

/* ------------------------------ binding ------------------------------ */

/* The CPU of group N is the Nth of those online but @gone, round and round if
 * there are fewer: neither dense numbers nor a fixed set of CPUs is assumed.
 * The caller holds CPU hotplug off.
 */
static unsigned int cpu_of_group(unsigned int index, int gone)
{
	unsigned int cpu, nr = 0;

	for_each_online_cpu(cpu)
		nr += cpu != gone;
	index %= nr;
	for_each_online_cpu(cpu) {
		if (cpu != gone && !index--)
			return cpu;
	}
	return cpumask_first(cpu_online_mask);
}

/* A queue that is placed meanwhile sees the new CPU, or is seen below. */
static void bind_groups(int gone)
{
	unsigned int i;

	for (i = 0; i < nr_netbks; i++) {
		struct kthread_worker *worker = netbks[i]->worker;
		unsigned int cpu = cpu_of_group(i, gone);

		WRITE_ONCE(netbks[i]->cpu, cpu);
		if (worker)
			set_cpus_allowed_ptr(worker->task, cpumask_of(cpu));
	}
	netbk_visit_placed(netbk_bind_queue, NULL);
}

static int cpu_has_come(unsigned int cpu)
{
	bind_groups(-1);
	return 0;
}

static int cpu_is_going(unsigned int cpu)
{
	bind_groups(cpu);
	return 0;
}

static int bind_groups_from_now_on(void)
{
	int ret;

	cpus_read_lock();
	bind_groups(-1);
	ret = cpuhp_setup_state_nocalls_cpuslocked(CPUHP_AP_ONLINE_DYN,
						   "net/xen-netback:online",
						   cpu_has_come, cpu_is_going);
	cpus_read_unlock();
	if (ret < 0)
		return ret;
	cpuhp_online = ret;
	return 0;
}

/* ----------------------------- life cycle ---------------------------- */

static int node_of_group(unsigned int index)
{
	int node;

	cpus_read_lock();
	node = cpu_to_node(cpu_of_group(index, -1));
	cpus_read_unlock();
	return node;
}

static struct xen_netbk *create_netbk(unsigned int index)
{
	int node = node_of_group(index);
	struct xen_netbk *netbk;
	int err;

	netbk = vzalloc_node(sizeof(*netbk), node);
	if (!netbk)
		return ERR_PTR(-ENOMEM);
	netbk->index = index;
	netbk->node = node;
	netbk->cpu = -1;
	INIT_LIST_HEAD(&netbk->queues);

	err = netbk_buffers_init(&netbk->buffers, node, netbk_param_groups());
	if (err)
		goto free_netbk;

	if (netbk_param_kthread()) {
		netbk->worker = kthread_create_worker(0, "netback/%u", index);
		if (IS_ERR(netbk->worker)) {
			err = PTR_ERR(netbk->worker);
			goto free_buffers;
		}
	}
	netbk_lane_init(&netbk->lane[NETBK_TX], netbk, NETBK_TX);
	netbk_lane_init(&netbk->lane[NETBK_RX], netbk, NETBK_RX);
	return netbk;

free_buffers:
	netbk_buffers_deinit(&netbk->buffers);
free_netbk:
	vfree(netbk);
	return ERR_PTR(err);
}

/**
 * netbk_flush - wait for both workers of a group to pass between two rounds
 * @netbk: the group
 * @take: a queue of the group both turns of which the caller has then, or NULL
 *
 * Context: process, may sleep.
 */
void netbk_flush(struct xen_netbk *netbk, struct xenvif_queue *take)
{
	struct netbk_flush flush[NETBK_DIRS];

	netbk_lane_flush(&netbk->lane[NETBK_TX], &flush[NETBK_TX], take);
	netbk_lane_flush(&netbk->lane[NETBK_RX], &flush[NETBK_RX], take);
	wait_for_completion(&flush[NETBK_TX].done);
	wait_for_completion(&flush[NETBK_RX].done);
}

/* No netif exists, so no queue is on any list and nobody kicks but the timers
 * of pauses. The flush waits for the last run that could begin one.
 */
static void destroy_netbk(struct xen_netbk *netbk)
{
	netbk_pace_stop(&netbk->lane[NETBK_TX].pace);
	netbk_pace_stop(&netbk->lane[NETBK_RX].pace);
	netbk_flush(netbk, NULL);
	netbk_pace_deinit(&netbk->lane[NETBK_TX].pace);
	netbk_pace_deinit(&netbk->lane[NETBK_RX].pace);
	if (netbk->worker) {
		kthread_destroy_worker(netbk->worker);
	} else {
		tasklet_kill(&netbk->lane[NETBK_TX].tasklet);
		tasklet_kill(&netbk->lane[NETBK_RX].tasklet);
	}
	netbk_buffers_deinit(&netbk->buffers);
	vfree(netbk);
}

/**
 * netbk_groups_init - make the groups that the parameters ask for
 *
 * Fewer than asked are made, with a warning, when memory is short.
 *
 * Context: module init, may sleep.
 * Return: 0 or a negative error if there is no group at all.
 */
int netbk_groups_init(void)
{
	unsigned int wanted = netbk_param_groups();
	struct xen_netbk *netbk;
	int err;

	netbks = kcalloc(wanted, sizeof(*netbks), GFP_KERNEL);
	if (!netbks)
		return -ENOMEM;

	while (nr_netbks < wanted) {
		netbk = create_netbk(nr_netbks);
		if (IS_ERR(netbk)) {
			err = PTR_ERR(netbk);
			if (!nr_netbks)
				goto fail;
			pr_warn("xen-netback: only %u of %u groups for lack of memory\n",
				nr_netbks, wanted);
			break;
		}
		netbks[nr_netbks++] = netbk;
	}

	if (!netbk_param_kthread() || netbk_param_bind()) {
		err = bind_groups_from_now_on();
		if (err)
			goto fail;
	}
	netbk_balance_start();
	return 0;

fail:
	netbk_groups_deinit();
	return err;
}

/**
 * netbk_groups_deinit - end the groups
 *
 * Context: module exit or failed init, when no netif exists; may sleep.
 */
void netbk_groups_deinit(void)
{
	if (cpuhp_online)
		cpuhp_remove_state_nocalls(cpuhp_online);
	cpuhp_online = 0;
	netbk_balance_stop();
	netbk_buffers_settle();
	while (nr_netbks)
		destroy_netbk(netbks[--nr_netbks]);
	kfree(netbks);
	netbks = NULL;
}

/**
 * netbk_groups_count - how many groups there are
 *
 * Return: the count, constant while the module is loaded.
 */
unsigned int netbk_groups_count(void)
{
	return nr_netbks;
}

/**
 * netbk_group - a group by its number
 * @index: 0 to netbk_groups_count() - 1
 *
 * Return: the group.
 */
struct xen_netbk *netbk_group(unsigned int index)
{
	return netbks[index];
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "test/group_test.c"
#endif
