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

struct netbk_params netbk_params __read_mostly = {
	.balance = true,
	.poll_us = 50,
	.separate_tx_rx_irq = true,
	.fatal_skb_slots = 20,
	.tx_inflight_kib = 512,
	.rx_drain_timeout_msecs = 10000,
	.rx_stall_timeout_msecs = 60000,
	.provides_xdp_headroom = true,
	.hash_cache_size = 64,
};

/**
 * struct uint_range - the legal values of an unsigned module parameter
 * @name: parameter name, for the message about a bad value
 * @value: where its value is
 * @min: smallest legal value
 * @max: largest legal value
 */
struct uint_range {
	const char *name;
	unsigned int *value;
	unsigned int min;
	unsigned int max;
};

/* A value written to a file ends with a newline, which is not printed. */
static void params_tell_refused(const char *name, const char *val,
				unsigned int min, unsigned int max)
{
	int len = min_t(size_t, strcspn(val, "\n"), 32);

	pr_err("xen-netback: %s: invalid value \"%.*s\" (valid: %u-%u)\n",
	       name, len, val, min, max);
}

static int uint_range_set(const char *val, const struct kernel_param *kp)
{
	const struct uint_range *range = kp->arg;
	unsigned int value;

	if (kstrtouint(val, 0, &value) ||
	    value < range->min || value > range->max) {
		params_tell_refused(range->name, val, range->min, range->max);
		return -EINVAL;
	}
	WRITE_ONCE(*range->value, value);
	return 0;
}

static int uint_range_get(char *buffer, const struct kernel_param *kp)
{
	const struct uint_range *range = kp->arg;

	return sysfs_emit(buffer, "%u\n", READ_ONCE(*range->value));
}

static const struct kernel_param_ops uint_range_ops = {
	.set = uint_range_set,
	.get = uint_range_get,
};

/* A parameter that is a field of struct netbk_params. */
#define UINT_PARAM(param, lowest, highest, mode)			\
	static struct uint_range param##_range = {			\
		.name = #param,						\
		.value = &netbk_params.param,				\
		.min = lowest,						\
		.max = highest,						\
	};								\
	module_param_cb(param, &uint_range_ops, &param##_range, mode);	\
	__MODULE_PARM_TYPE(param, "uint")

#define BOOL_PARAM(param, mode)						\
	module_param_named(param, netbk_params.param, bool, mode)

UINT_PARAM(groups, 0, NETBK_GROUPS_MAX, 0444);
MODULE_PARM_DESC(groups, "Number of worker groups, 0 to 256 (0: one per online CPU)");

BOOL_PARAM(netback_kthread, 0444);
MODULE_PARM_DESC(netback_kthread, "Serve each group by a kernel thread instead of a tasklet pair");

BOOL_PARAM(bind, 0444);
MODULE_PARM_DESC(bind, "Bind the thread of each group to one CPU");

/* Lists of CPUs, separated by semicolons. netbk_params_init() checks them,
 * since a built-in driver's are set before memory can be allocated.
 */
static char cpus[256];
module_param_string(cpus, cpus, sizeof(cpus), 0444);
MODULE_PARM_DESC(cpus, "Lists of CPUs, such as '0-3;4-7': group N runs on the CPUs of the Nth list, beginning again after the last (default: all CPUs)");

/**
 * netbk_param_cpu_lists - how many lists of CPUs were given
 *
 * Return: the count; 0 if groups may use all CPUs.
 */
unsigned int netbk_param_cpu_lists(void)
{
	unsigned int nr = *cpus != '\0';
	const char *c;

	for (c = cpus; *c; c++)
		nr += *c == ';';
	return nr;
}

/* Fails with -EINVAL if the list has no possible CPU. */
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
	for (i = 0; i < netbk_param_cpu_lists(); i++) {
		err = params_parse_list(i, mask);
		if (!err)
			continue;
		pr_err("xen-netback: cpus: list %u of \"%s\" contains no CPU of this machine (0-%u)\n",
		       i + 1, cpus, nr_cpu_ids - 1);
		break;
	}
	free_cpumask_var(mask);
	return err;
}

BOOL_PARAM(balance, 0644);
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
MODULE_PARM_DESC(gaps, "Measure how long queues with work wait for service, for debugfs");

UINT_PARAM(poll_us, 0, NETBK_POLL_US_MAX, 0644);
MODULE_PARM_DESC(poll_us, "Microseconds of a pause after each run of a group under dense traffic, 0 to 1000 (0: none)");

UINT_PARAM(max_queues, 1, XENVIF_QUEUES_MAX, 0644);
MODULE_PARM_DESC(max_queues, "Most queues a vif may have (default: online CPUs, at most 8); for vifs created later");

BOOL_PARAM(separate_tx_rx_irq, 0644);
MODULE_PARM_DESC(separate_tx_rx_irq, "Offer an event channel of its own to each direction; for vifs created later");

UINT_PARAM(fatal_skb_slots, XEN_NETIF_NR_SLOTS_MIN, XENVIF_FATAL_SLOTS_MAX,
	   0444);
MODULE_PARM_DESC(fatal_skb_slots, "Slots after the first that a packet may have: more are a fatal error of its guest, 18 to 64");

UINT_PARAM(rx_drain_timeout_msecs, 1, 3600 * MSEC_PER_SEC, 0444);
MODULE_PARM_DESC(rx_drain_timeout_msecs, "Milliseconds a packet may wait for a guest that posts no room for it");

UINT_PARAM(rx_stall_timeout_msecs, 0, 3600 * MSEC_PER_SEC, 0444);
MODULE_PARM_DESC(rx_stall_timeout_msecs, "Milliseconds after which a guest that posts no room for packets counts as stalled (0: never)");

BOOL_PARAM(provides_xdp_headroom, 0644);
MODULE_PARM_DESC(provides_xdp_headroom, "Leave room in front of packets for frontends that run XDP programs; for vifs created later");

/* In KiB, so that no sum over a netif's queues exceeds 32 bits. */
UINT_PARAM(tx_inflight_kib, 64, XENVIF_INFLIGHT_KIB_MAX, 0644);
MODULE_PARM_DESC(tx_inflight_kib, "KiB of memory that packets of a guest's queue may take in the host at a time, 64 to 16384");

/* Scripts that set it go on working. */
UINT_PARAM(hash_cache_size, 0, UINT_MAX, 0644);
MODULE_PARM_DESC(hash_cache_size, "Of no effect: hashes are not kept. For compatibility");

/**
 * netbk_params_init - set and check parameters that depend on the machine
 *
 * Context: module init, before any other file reads a parameter; may sleep.
 * Return: 0, or a negative error after a message in the log.
 */
int netbk_params_init(void)
{
	/* Unless a value was given. */
	if (!netbk_params.max_queues)
		netbk_params.max_queues = min(8U, num_online_cpus());
	return params_check_cpus();
}

/**
 * netbk_param_groups - get the number of groups to make
 *
 * Return: the number, 1 to %NETBK_GROUPS_MAX.
 */
unsigned int netbk_param_groups(void)
{
	return netbk_params.groups ?: min_t(unsigned int, num_online_cpus(),
					    NETBK_GROUPS_MAX);
}

/**
 * netbk_param_cpus - get the CPUs that a group may use
 * @index: the group's number
 * @mask: set to them
 */
void netbk_param_cpus(unsigned int index, struct cpumask *mask)
{
	unsigned int nr = netbk_param_cpu_lists();

	if (!nr || params_parse_list(index % nr, mask))
		cpumask_copy(mask, cpu_possible_mask);
}
