// SPDX-License-Identifier: GPL-2.0
/*
 * Target params: an input is text, a parameter and its value in each line:
 * "name=value" as when the module is loaded, "name:value" as it is written to
 * a file, with the end of the line.
 */

#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../params.c"

#define LINE_BYTES 512

struct kernel_param *fuzz_params;

/* ------------------------ what a kernel has -------------------------- */

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	bool *value = kp->arg;

	if (!val || !*val || strchr("yY1tT", *val))
		*value = true;
	else if (strchr("nN0fF", *val))
		*value = false;
	else
		return -EINVAL;
	return 0;
}

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}

static int set_string(const char *val, const struct kernel_param *kp)
{
	if (strlen(val) + 1 > kp->size)
		return -ENOSPC;
	memcpy(kp->arg, val, strlen(val) + 1);
	return 0;
}

static int get_string(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", (char *)kp->arg);
}

const struct kernel_param_ops fuzz_string_ops = { 0, set_string, get_string };
const struct kernel_param_ops fuzz_bool_ops = { 0, param_set_bool,
						param_get_bool };

/* Lists "a-b,c" of CPUs; of a kernel's syntax not the rest. */
int cpulist_parse(const char *text, struct cpumask *mask)
{
	mask->bits = 0;
	while (*text && *text != '\n') {
		unsigned long from, to;
		char *end;

		from = strtoul(text, &end, 10);
		if (end == text)
			return -EINVAL;
		to = from;
		if (*end == '-') {
			text = end + 1;
			to = strtoul(text, &end, 10);
			if (end == text)
				return -EINVAL;
		}
		if (from > to || to >= nr_cpu_ids)
			return -ERANGE;
		for (; from <= to; from++)
			mask->bits |= 1ULL << from;
		if (*end == ',')
			end++;
		else if (*end && *end != '\n')
			return -EINVAL;
		text = end;
	}
	return 0;
}

/* ------------------------------ values ------------------------------- */

static struct kernel_param *find_param(const char *name)
{
	struct kernel_param *kp;

	for (kp = fuzz_params; kp && strcmp(kp->name, name); kp = kp->next)
		;
	return kp;
}

/* The limits that the reference page names. */
static void check_ranges(void)
{
	const struct netbk_params *p = &netbk_params;

	fuzz_expect(p->groups <= 256, "groups is 0 to 256");
	fuzz_expect(p->poll_us <= 1000, "poll_us is 0 to 1000");
	fuzz_expect(p->max_queues <= 64, "max_queues is at most 64");
	fuzz_expect(p->fatal_skb_slots >= 18 && p->fatal_skb_slots <= 64,
		    "fatal_skb_slots is 18 to 64");
	fuzz_expect(p->rx_drain_timeout_msecs >= 1 &&
		    p->rx_drain_timeout_msecs <= 3600000,
		    "rx_drain_timeout_msecs is 1 to an hour");
	fuzz_expect(p->rx_stall_timeout_msecs <= 3600000,
		    "rx_stall_timeout_msecs is 0 to an hour");
	fuzz_expect(p->tx_inflight_kib >= 64 && p->tx_inflight_kib <= 16384,
		    "tx_inflight_kib is 64 to 16384");
}

static void set_param(struct kernel_param *kp, const char *value)
{
	char before[PAGE_TEXT], after[PAGE_TEXT];
	int err;

	kp->ops->get(before, kp);
	err = kp->ops->set(value, kp);
	fuzz_expect(kp->ops->get(after, kp) < PAGE_TEXT,
		    "a value fits the page of its file");
	fuzz_expect(err <= 0, "a write succeeds or has an error");
	if (err)
		fuzz_expect(!strcmp(before, after),
			    "a value that is refused changes nothing");
	check_ranges();
	fuzz_expect(netbk_param_gaps == gaps,
		    "the key is set as often as the parameter");
}

static void set_line(char *line)
{
	size_t name = strcspn(line, "=:");
	struct kernel_param *kp;
	char *copy;
	bool file;

	if (!line[name])
		return;
	file = line[name] == ':';
	line[name] = '\0';
	kp = find_param(line);
	if (!kp)
		return;
	/* Memory of its own size, so that ASan sees any other byte. */
	if (asprintf(&copy, "%s%s", line + name + 1, file ? "\n" : "") < 0)
		abort();
	set_param(kp, copy);
	free(copy);
}

/* A group's CPUs, if the module was loaded with these parameters. */
static void check_groups(void)
{
	unsigned int lists = netbk_param_cpu_lists(), i;
	struct cpumask mask, again;

	fuzz_expect(netbk_param_groups() >= 1 && netbk_param_groups() <= 256,
		    "there are 1 to 256 groups");
	fuzz_expect(netbk_params.max_queues >= 1,
		    "a vif has a queue or more");
	fuzz_expect(lists <= sizeof(cpus), "each list takes a byte or more");
	for (i = 0; i < netbk_param_groups(); i++) {
		netbk_param_cpus(i, &mask);
		fuzz_expect(mask.bits & FUZZ_CPUS_POSSIBLE,
			    "a group has a CPU to run on");
		if (!lists)
			continue;
		netbk_param_cpus(i % lists, &again);
		fuzz_expect(mask.bits == again.bits,
			    "lists begin again after the last");
	}
}

static void restart(void)
{
	static struct netbk_params first;
	static bool known;

	if (!known)
		first = netbk_params;
	known = true;
	netbk_params = first;
	memset(cpus, 0, sizeof(cpus));
	gaps = false;
	netbk_param_gaps = 0;
}

void fuzz_one(struct fuzz_input *in)
{
	char line[LINE_BYTES];

	restart();
	while (fuzz_line(in, line, sizeof(line)))
		set_line(line);
	if (!netbk_params_init())
		check_groups();
}
