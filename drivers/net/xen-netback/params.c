// SPDX-License-Identifier: GPL-2.0

#include "params.h"

#include <linux/cpumask.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/time64.h>

#include <xen/interface/io/netif.h>

/**
 * struct uint_range - an unsigned module parameter with its legal values
 * @name: parameter name, for the message about a bad value
 * @value: current value
 * @min: smallest legal value
 * @max: largest legal value
 */
struct uint_range {
	const char *name;
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

/* A value written to a file ends with a newline. */
static void params_tell_refused(const char *name, const char *val,
				unsigned int min, unsigned int max)
{
	int len = min_t(size_t, strcspn(val, "\n"), 32);

	pr_err("xen-netback: %s=%.*s refused: valid are %u to %u\n",
	       name, len, val, min, max);
}

static int uint_range_set(const char *val, const struct kernel_param *kp)
{
	struct uint_range *range = kp->arg;
	unsigned int value;

	if (kstrtouint(val, 0, &value) ||
	    value < range->min || value > range->max) {
		params_tell_refused(range->name, val, range->min, range->max);
		return -EINVAL;
	}
	WRITE_ONCE(range->value, value);
	return 0;
}

static int uint_range_get(char *buffer, const struct kernel_param *kp)
{
	const struct uint_range *range = kp->arg;

	return sysfs_emit(buffer, "%u\n", READ_ONCE(range->value));
}

static const struct kernel_param_ops uint_range_ops = {
	.set = uint_range_set,
	.get = uint_range_get,
};

static struct uint_range groups = {
	.name = "groups", .value = 0, .min = 0, .max = NETBK_GROUPS_MAX,
};
module_param_cb(groups, &uint_range_ops, &groups, 0444);
__MODULE_PARM_TYPE(groups, "uint");
MODULE_PARM_DESC(groups, "Number of worker groups, 0 to 256 (0: one per online CPU)");

static bool netback_kthread;
module_param(netback_kthread, bool, 0444);
MODULE_PARM_DESC(netback_kthread, "Serve each group by a kernel thread instead of a tasklet pair");

static bool bind;
module_param(bind, bool, 0444);
MODULE_PARM_DESC(bind, "Bind the thread of each group to one CPU");

/* Lists of CPUs with semicolons between; netbk_params_init() has checked them:
 * built in, this is set before memory can be had.
 */
static char cpus[256];
module_param_string(cpus, cpus, sizeof(cpus), 0444);
MODULE_PARM_DESC(cpus, "Lists of CPUs, such as '0-3;4-7': group N works on those of the Nth, round and round (default: all)");

static unsigned int params_count_lists(void)
{
	unsigned int nr = *cpus != '\0';
	const char *c;

	for (c = cpus; *c; c++)
		nr += *c == ';';
	return nr;
}

/* Fails with -EINVAL if there is no such CPU. */
static int params_parse_list(unsigned int index, struct cpumask *mask)
{
	char copy[sizeof(cpus)], *rest = copy, *list;
	int err;

	strscpy(copy, cpus, sizeof(copy));
	do {
		list = strsep(&rest, ";");
	} while (index--);
	err = cpulist_parse(list, mask);
	if (!err && !cpumask_intersects(mask, cpu_possible_mask))
		err = -EINVAL;
	return err;
}

static int params_check_cpus(void)
{
	cpumask_var_t mask;
	unsigned int i;
	int err = 0;

	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	for (i = 0; i < params_count_lists(); i++) {
		err = params_parse_list(i, mask);
		if (!err)
			continue;
		pr_err("xen-netback: cpus=%s refused: list %u is none of CPUs of this machine, such as 0-%u\n",
		       cpus, i + 1, nr_cpu_ids - 1);
		break;
	}
	free_cpumask_var(mask);
	return err;
}

static bool balance = true;
module_param(balance, bool, 0644);
MODULE_PARM_DESC(balance, "Move queues from a group that has work all the time to one that has not");

DEFINE_STATIC_KEY_FALSE(netbk_param_gaps);
static bool gaps;

static int params_set_gaps(const char *val, const struct kernel_param *kp)
{
	bool before = gaps;
	int err;

	err = param_set_bool(val, kp);
	if (err) {
		params_tell_refused("gaps", val, 0, 1);
		return err;
	}
	if (gaps && !before)
		static_branch_inc(&netbk_param_gaps);
	if (before && !gaps)
		static_branch_dec(&netbk_param_gaps);
	return 0;
}

static const struct kernel_param_ops gaps_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = params_set_gaps,
	.get = param_get_bool,
};
module_param_cb(gaps, &gaps_ops, &gaps, 0644);
__MODULE_PARM_TYPE(gaps, "bool");
MODULE_PARM_DESC(gaps, "Measure how long queues with work wait to be served, for debugfs");

static struct uint_range poll_us = {
	.name = "poll_us", .value = 50, .min = 0, .max = NETBK_POLL_US_MAX,
};
module_param_cb(poll_us, &uint_range_ops, &poll_us, 0644);
__MODULE_PARM_TYPE(poll_us, "uint");
MODULE_PARM_DESC(poll_us, "Microseconds of a pause after each run of a group under dense traffic, 0 to 1000 (0: none)");

/* 0 until netbk_params_init(), so that a value given at load time is seen. */
static struct uint_range max_queues = {
	.name = "max_queues", .value = 0, .min = 1, .max = XENVIF_QUEUES_MAX,
};
module_param_cb(max_queues, &uint_range_ops, &max_queues, 0644);
__MODULE_PARM_TYPE(max_queues, "uint");
MODULE_PARM_DESC(max_queues, "Most queues a vif may have (default: online CPUs, at most 8); for vifs created later");

static bool separate_tx_rx_irq = true;
module_param(separate_tx_rx_irq, bool, 0644);
MODULE_PARM_DESC(separate_tx_rx_irq, "Offer an event channel of its own to each direction; for vifs created later");

static struct uint_range fatal_skb_slots = {
	.name = "fatal_skb_slots", .value = 20,
	.min = XEN_NETIF_NR_SLOTS_MIN, .max = XENVIF_FATAL_SLOTS_MAX,
};
module_param_cb(fatal_skb_slots, &uint_range_ops, &fatal_skb_slots, 0444);
__MODULE_PARM_TYPE(fatal_skb_slots, "uint");
MODULE_PARM_DESC(fatal_skb_slots, "Slots after the first that a packet may have: more are a fatal error of its guest, 18 to 64");

static struct uint_range rx_drain_timeout_msecs = {
	.name = "rx_drain_timeout_msecs", .value = 10000,
	.min = 1, .max = 3600 * MSEC_PER_SEC,
};
module_param_cb(rx_drain_timeout_msecs, &uint_range_ops,
		&rx_drain_timeout_msecs, 0444);
__MODULE_PARM_TYPE(rx_drain_timeout_msecs, "uint");
MODULE_PARM_DESC(rx_drain_timeout_msecs, "Milliseconds a packet may wait for a guest that posts no room for it");

static struct uint_range rx_stall_timeout_msecs = {
	.name = "rx_stall_timeout_msecs", .value = 60000,
	.min = 0, .max = 3600 * MSEC_PER_SEC,
};
module_param_cb(rx_stall_timeout_msecs, &uint_range_ops,
		&rx_stall_timeout_msecs, 0444);
__MODULE_PARM_TYPE(rx_stall_timeout_msecs, "uint");
MODULE_PARM_DESC(rx_stall_timeout_msecs, "Milliseconds after which a guest that posts no room for packets counts as stalled (0: never)");

static bool provides_xdp_headroom = true;
module_param(provides_xdp_headroom, bool, 0644);
MODULE_PARM_DESC(provides_xdp_headroom, "Leave room in front of packets for frontends that run XDP programs; for vifs created later");

/* In KiB, so that no sum over a netif's queues exceeds 32 bits. */
static struct uint_range tx_inflight_kib = {
	.name = "tx_inflight_kib", .value = 512,
	.min = 64, .max = XENVIF_INFLIGHT_KIB_MAX,
};
module_param_cb(tx_inflight_kib, &uint_range_ops, &tx_inflight_kib, 0644);
__MODULE_PARM_TYPE(tx_inflight_kib, "uint");
MODULE_PARM_DESC(tx_inflight_kib, "KiB of memory that packets of a guest's queue may take in the host at a time, 64 to 16384");

/* Scripts that set it go on working. */
static struct uint_range hash_cache_size = {
	.name = "hash_cache_size", .value = 64, .min = 0, .max = UINT_MAX,
};
module_param_cb(hash_cache_size, &uint_range_ops, &hash_cache_size, 0644);
__MODULE_PARM_TYPE(hash_cache_size, "uint");
MODULE_PARM_DESC(hash_cache_size, "Of no effect: hashes are not kept. For compatibility");

/**
 * netbk_params_init - settle and check what depends on the machine
 *
 * Context: module init, before any other file reads a parameter; may sleep.
 * Return: 0 or a negative error, of which the log tells the cause.
 */
int netbk_params_init(void)
{
	if (!max_queues.value)
		max_queues.value = min(8U, num_online_cpus());
	return params_check_cpus();
}

/**
 * netbk_param_groups - how many groups were asked for
 *
 * Return: the count, 1 to %NETBK_GROUPS_MAX.
 */
unsigned int netbk_param_groups(void)
{
	return groups.value ?: min_t(unsigned int, num_online_cpus(),
				     NETBK_GROUPS_MAX);
}

/**
 * netbk_param_kthread - the kind of worker
 *
 * Return: true for kernel threads, false for tasklet pairs.
 */
bool netbk_param_kthread(void)
{
	return netback_kthread;
}

/**
 * netbk_param_bind - whether threads are bound to CPUs
 *
 * Return: true if so; tasklets have no use for it.
 */
bool netbk_param_bind(void)
{
	return bind;
}

/**
 * netbk_param_cpu_lists - how many lists of CPUs were given
 *
 * Return: the count; 0 if groups may use all CPUs.
 */
unsigned int netbk_param_cpu_lists(void)
{
	return params_count_lists();
}

/**
 * netbk_param_cpus - the CPUs that a group may use
 * @index: the group's number
 * @mask: set to them
 */
void netbk_param_cpus(unsigned int index, struct cpumask *mask)
{
	unsigned int nr = netbk_param_cpu_lists();

	if (!nr || params_parse_list(index % nr, mask))
		cpumask_copy(mask, cpu_possible_mask);
}

/**
 * netbk_param_balance - are queues to be moved by their load?
 *
 * Return: true if so.
 */
bool netbk_param_balance(void)
{
	return READ_ONCE(balance);
}

/**
 * netbk_param_poll_us - how far apart a group's runs are under dense traffic
 *
 * Return: microseconds, 0 to %NETBK_POLL_US_MAX; 0 if it runs at once, always.
 */
unsigned int netbk_param_poll_us(void)
{
	return READ_ONCE(poll_us.value);
}

/**
 * xenvif_param_max_queues - most queues of a vif created now
 *
 * Return: 1 to %XENVIF_QUEUES_MAX.
 */
unsigned int xenvif_param_max_queues(void)
{
	return READ_ONCE(max_queues.value);
}

/**
 * xenvif_param_split_events - whether a vif created now is offered an event
 * channel per direction
 *
 * Return: the value of separate_tx_rx_irq.
 */
bool xenvif_param_split_events(void)
{
	return READ_ONCE(separate_tx_rx_irq);
}

/**
 * xenvif_param_fatal_slots - slots after the first of a guest-Tx packet, of
 * which more put its vif out of service
 *
 * Return: %XEN_NETIF_NR_SLOTS_MIN to %XENVIF_FATAL_SLOTS_MAX.
 */
unsigned int xenvif_param_fatal_slots(void)
{
	return fatal_skb_slots.value;
}

/**
 * xenvif_param_tx_inflight - get the bound on what the host holds of a queue's
 * packets
 *
 * Return: bytes of memory (skb->truesize), 64 KiB to 16 MiB.
 */
unsigned int xenvif_param_tx_inflight(void)
{
	return READ_ONCE(tx_inflight_kib.value) * SZ_1K;
}

/**
 * xenvif_param_rx_drain_msecs - how long a packet may wait for a guest
 *
 * Return: milliseconds, 1 to an hour's.
 */
unsigned int xenvif_param_rx_drain_msecs(void)
{
	return rx_drain_timeout_msecs.value;
}

/**
 * xenvif_param_rx_stall_msecs - when a guest that takes no packet is stalled
 *
 * Return: milliseconds, up to an hour's; 0 if never.
 */
unsigned int xenvif_param_rx_stall_msecs(void)
{
	return rx_stall_timeout_msecs.value;
}

/**
 * xenvif_param_xdp_headroom - is headroom offered, and given?
 *
 * Return: the value of provides_xdp_headroom.
 */
bool xenvif_param_xdp_headroom(void)
{
	return READ_ONCE(provides_xdp_headroom);
}
