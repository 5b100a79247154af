/* SPDX-License-Identifier: GPL-2.0 */
/* Eight CPUs of this machine are possible, and four of them online. */
#ifndef _SHIM_LINUX_CPUMASK_H
#define _SHIM_LINUX_CPUMASK_H

#include <linux/types.h>

#define FUZZ_CPUS_POSSIBLE 0xffULL

struct cpumask {
	u64 bits;
};

typedef struct cpumask cpumask_var_t[1];

static const struct cpumask fuzz_cpus_possible = { FUZZ_CPUS_POSSIBLE };

#define cpu_possible_mask (&fuzz_cpus_possible)
#define nr_cpu_ids 8
#define num_online_cpus() 4U
#define alloc_cpumask_var(mask, gfp) ((*(mask))->bits = 0, true)
#define free_cpumask_var(mask) ((void)(mask))
#define cpumask_intersects(a, b) (!!((a)->bits & (b)->bits))
#define cpumask_copy(to, from) (*(to) = *(from))

int cpulist_parse(const char *text, struct cpumask *mask);

#endif /* _SHIM_LINUX_CPUMASK_H */
