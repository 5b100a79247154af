// SPDX-License-Identifier: GPL-2.0
/*
 * Groups: how they start and end, and on which CPUs they work
 * (group_affinity.c follows CPU hotplug).
 *
 * A tasklet runs on the CPU that starts it. So the events of a group's queues
 * go to one CPU, the group's. A thread and its queues' events may be on any
 * CPU, unless the thread is bound; then both are on the group's. Whenever CPUs
 * come or go, groups are spread over those online in turn. An administrator may
 * confine groups to CPUs; a group whose CPUs are all offline uses any.
 *
 * User space cannot route the events of a group with a CPU: irqbalance would
 * send those of each queue to a CPU of its own choice. The Tx tasklet would run
 * where the last event came, the next look would call it back, and after each
 * change of CPU it would have to earn its pauses again. The group could not
 * follow its events instead, since they would be on many CPUs, perhaps none of
 * those that the administrator has named. Queues are balanced, so interrupts
 * need not be.
 */

#include "group.h"

#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/numa.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "lane_run.h"
#include "params.h"
#include "rx.h"
#include "tx.h"

static struct xen_netbk **netbks;	/* constant while any vif exists */
static unsigned int nr_netbks;

/* Serialises placement; see the letter P of groups and queues. */
DEFINE_MUTEX(netbk_placement);

/* Guards the flushes that are kept in groups, so that none is allocated. */
static DEFINE_MUTEX(group_flushes);

/* ------------------------------- CPUs -------------------------------- */

/* Counts CPUs that are online and stay so; the caller holds CPU hotplug off. */
static unsigned int group_count_usable(const struct cpumask *cpus, int gone)
{
	unsigned int cpu, nr = 0;

	lockdep_assert_cpus_held();
	for_each_cpu_and(cpu, cpus, cpu_online_mask)
		nr += cpu != gone;
	return nr;
}

static const struct cpumask *group_usable_cpus(const struct cpumask *cpus,
					       int gone)
{
	return group_count_usable(cpus, gone) ? cpus : cpu_possible_mask;
}

/* The Nth of the online CPUs except @gone, counted in a circle, since neither
 * dense numbers nor a fixed set of CPUs may be assumed.
 */
static unsigned int group_nth_cpu(const struct cpumask *cpus, unsigned int nth,
				  int gone)
{
	unsigned int cpu;

	cpus = group_usable_cpus(cpus, gone);
	nth %= group_count_usable(cpus, gone);
	for_each_cpu_and(cpu, cpus, cpu_online_mask) {
		if (cpu != gone && !nth--)
			return cpu;
	}
	return cpumask_first(cpu_online_mask);
}

/* Groups with the same list take its CPUs in turn. */
static unsigned int group_cpu_of(unsigned int index, const struct cpumask *cpus,
				 int gone)
{
	return group_nth_cpu(cpus, index / max(netbk_param_cpu_lists(), 1U),
			     gone);
}

/**
 * netbk_groups_have_one_cpu - check whether each group works on one CPU
 *
 * Context: any.
 * Return: true for tasklets, and for threads that are bound to a CPU.
 */
bool netbk_groups_have_one_cpu(void)
{
	return !netbk_param(netback_kthread) || netbk_param(bind);
}

/**
 * netbk_groups_have_cpus - check whether groups are confined to CPUs
 *
 * Context: any.
 * Return: false if the scheduler alone chooses their CPUs.
 */
bool netbk_groups_have_cpus(void)
{
	return netbk_groups_have_one_cpu() || netbk_param_cpu_lists();
}

/**
 * netbk_group_cpus - get the CPUs that a group works on now
 * @netbk: the group
 * @gone: a CPU that is about to go offline, or -1
 *
 * Context: process, with CPU hotplug held off.
 * Return: the CPUs, one if netbk_groups_have_one_cpu().
 */
const struct cpumask *netbk_group_cpus(const struct xen_netbk *netbk, int gone)
{
	if (netbk_groups_have_one_cpu())
		return cpumask_of(group_cpu_of(netbk->index, netbk->cpus,
					       gone));
	return group_usable_cpus(netbk->cpus, gone);
}

/* ------------------------------ workers ------------------------------ */

/* Since 6.14 a kernel thread without CPUs of its own gets, when it first runs,
 * the housekeeping CPUs of its node. It gets them again whenever a partition of
 * cpusets changes them, and a preference (kthread_affine_preferred()) is cut
 * down to them, so cpus= could not name isolated CPUs. kthread_bind(), called
 * before the thread first runs, exempts it from that for good, also from
 * changes by users and, since 6.12, by cpusets. It takes one CPU only, so the
 * whole set is given next. Only CPU hotplug changes the set later: the
 * scheduler moves a thread off a CPU that goes, to any other one, and
 * affinity_bind() then says to which.
 *
 * The thread is woken at once, since before its first wake-up it sleeps
 * uninterruptibly and counts as load.
 */
static struct kthread_worker *group_start_worker(unsigned int index,
						 const struct cpumask *cpus)
{
	struct kthread_worker *worker;

	worker = kthread_create_worker(0, "netback/%u", index);
	if (IS_ERR(worker))
		return worker;
	if (cpus) {
		kthread_bind(worker->task,
			     cpumask_any_and(cpus, cpu_online_mask));
		set_cpus_allowed_ptr(worker->task, cpus);
	}
	wake_up_process(worker->task);
	return worker;
}

static struct kthread_worker *group_create_worker(const struct xen_netbk *netbk)
{
	const struct cpumask *cpus = NULL;
	struct kthread_worker *worker;

	cpus_read_lock();
	if (netbk_groups_have_cpus())
		cpus = netbk_group_cpus(netbk, -1);
	worker = group_start_worker(netbk->index, cpus);
	cpus_read_unlock();
	return worker;
}

/* ----------------------------- life cycle ---------------------------- */

static int group_node_of(unsigned int index)
{
	cpumask_var_t cpus;
	int node;

	if (!alloc_cpumask_var(&cpus, GFP_KERNEL))
		return NUMA_NO_NODE;
	netbk_param_cpus(index, cpus);
	cpus_read_lock();
	node = cpu_to_node(group_cpu_of(index, cpus, -1));
	cpus_read_unlock();
	free_cpumask_var(cpus);
	return node;
}

static struct xen_netbk *group_alloc(unsigned int index)
{
	int node = group_node_of(index);
	struct xen_netbk *netbk;

	netbk = vzalloc_node(sizeof(*netbk), node);
	if (!netbk)
		return NULL;
	if (!alloc_cpumask_var(&netbk->cpus, GFP_KERNEL)) {
		vfree(netbk);
		return NULL;
	}
	netbk->index = index;
	netbk->node = node;
	netbk->cpu = -1;
	netbk_param_cpus(index, netbk->cpus);
	INIT_LIST_HEAD(&netbk->queues);
	return netbk;
}

static void group_free(struct xen_netbk *netbk)
{
	free_cpumask_var(netbk->cpus);
	vfree(netbk);
}

static struct xen_netbk *group_create(unsigned int index, void (*ran)(void))
{
	struct xen_netbk *netbk;
	int err;

	netbk = group_alloc(index);
	if (!netbk)
		return ERR_PTR(-ENOMEM);
	err = netbk_buffers_init(&netbk->buffers, netbk->node,
				 netbk_param_groups());
	if (err)
		goto free_group;

	err = netbk_gro_init(&netbk->gro);
	if (err)
		goto free_buffers;

	if (netbk_param(netback_kthread)) {
		netbk->worker = group_create_worker(netbk);
		if (IS_ERR(netbk->worker)) {
			err = PTR_ERR(netbk->worker);
			goto free_gro;
		}
	}
	netbk_lane_init(&netbk->lane[NETBK_TX], netbk, NETBK_TX,
			netbk_tx_round, ran);
	netbk_lane_init(&netbk->lane[NETBK_RX], netbk, NETBK_RX,
			netbk_rx_round, ran);
	return netbk;

free_gro:
	netbk_gro_deinit(&netbk->gro);
free_buffers:
	netbk_buffers_deinit(&netbk->buffers);
free_group:
	group_free(netbk);
	return ERR_PTR(err);
}

static void group_flush_begin(struct xen_netbk *netbk,
			      struct netbk_flush *flush,
			      struct xenvif_queue *take)
{
	netbk_lane_flush(&netbk->lane[NETBK_TX], &flush[NETBK_TX], take);
	netbk_lane_flush(&netbk->lane[NETBK_RX], &flush[NETBK_RX], take);
}

static void group_flush_wait(struct netbk_flush *flush)
{
	wait_for_completion(&flush[NETBK_TX].done);
	wait_for_completion(&flush[NETBK_RX].done);
}

/**
 * netbk_flush - wait for both workers of a group to pass between two rounds
 * @netbk: the group
 * @take: a queue of the group whose turns the caller then has, or NULL
 *
 * Context: process, may sleep.
 */
void netbk_flush(struct xen_netbk *netbk, struct xenvif_queue *take)
{
	struct netbk_flush flush[NETBK_DIRS];

	group_flush_begin(netbk, flush, take);
	group_flush_wait(flush);
}

/**
 * netbk_flush_groups - wait for all workers of some groups, as netbk_flush()
 * @groups: bitmap of the numbers of these groups
 *
 * All flushes begin before the first is waited for, so this takes as long as
 * the slowest of them, however many groups a guest's queues were on.
 *
 * Context: process, may sleep.
 */
void netbk_flush_groups(const unsigned long *groups)
{
	unsigned int i;

	mutex_lock(&group_flushes);
	for_each_set_bit(i, groups, nr_netbks)
		group_flush_begin(netbks[i], netbks[i]->flush, NULL);
	for_each_set_bit(i, groups, nr_netbks)
		group_flush_wait(netbks[i]->flush);
	mutex_unlock(&group_flushes);
}

/* No vif exists, so no queue is on any list, and only the timers of pauses
 * start a lane, here or by a call to another CPU. The flush waits for the last
 * run that could begin a pause.
 */
static void group_quiesce(struct xen_netbk *netbk)
{
	netbk_pace_stop(&netbk->lane[NETBK_TX].pace);
	netbk_pace_stop(&netbk->lane[NETBK_RX].pace);
	netbk_flush(netbk, NULL);
	netbk_pace_deinit(&netbk->lane[NETBK_TX].pace);
	netbk_pace_deinit(&netbk->lane[NETBK_RX].pace);
}

static void group_destroy(struct xen_netbk *netbk)
{
	if (netbk->worker) {
		kthread_destroy_worker(netbk->worker);
	} else {
		tasklet_kill(&netbk->lane[NETBK_TX].tasklet);
		tasklet_kill(&netbk->lane[NETBK_RX].tasklet);
	}
	netbk_gro_deinit(&netbk->gro);
	netbk_buffers_deinit(&netbk->buffers);
	group_free(netbk);
}

/**
 * netbk_groups_init - make the groups that the parameters ask for
 * @ran: called by a worker after each of its runs
 *
 * Makes fewer groups, with a warning, when memory is short.
 *
 * Context: module init, may sleep.
 * Return: 0, or a negative error if there is no group at all.
 */
int netbk_groups_init(void (*ran)(void))
{
	unsigned int wanted = netbk_param_groups();
	struct xen_netbk *netbk;
	int err;

	netbks = kcalloc(wanted, sizeof(*netbks), GFP_KERNEL);
	if (!netbks)
		return -ENOMEM;

	while (nr_netbks < wanted) {
		netbk = group_create(nr_netbks, ran);
		if (IS_ERR(netbk)) {
			err = PTR_ERR(netbk);
			if (!nr_netbks)
				goto fail;
			pr_warn("xen-netback: created only %u of %u groups: error %d\n",
				nr_netbks, wanted, err);
			break;
		}
		netbks[nr_netbks++] = netbk;
	}
	return 0;

fail:
	netbk_groups_deinit();
	return err;
}

/**
 * netbk_groups_deinit - end the groups
 *
 * Context: module exit or failed init, when no vif exists; may sleep.
 */
void netbk_groups_deinit(void)
{
	unsigned int i;

	for (i = 0; i < nr_netbks; i++)
		group_quiesce(netbks[i]);
	/* Calls already sent start tasklets. The kick returns when each CPU has
	 * taken an interrupt for them, but perhaps before it has run them. RCU
	 * waits for the end of that interrupt.
	 */
	kick_all_cpus_sync();
	synchronize_rcu();
	while (nr_netbks)
		group_destroy(netbks[--nr_netbks]);
	kfree(netbks);
	netbks = NULL;
}

/**
 * netbk_groups_count - count the groups
 *
 * Context: any.
 * Return: the count, constant while the module is loaded.
 */
unsigned int netbk_groups_count(void)
{
	return nr_netbks;
}

/**
 * netbk_group - get a group by its number
 * @index: 0 to netbk_groups_count() - 1
 *
 * Context: any.
 * Return: the group.
 */
struct xen_netbk *netbk_group(unsigned int index)
{
	return netbks[index];
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/group_kunit.c"
#endif
