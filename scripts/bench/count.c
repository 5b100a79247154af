// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG that counts what the emulated machine executes between
 * two marks: instructions by CPU and region, and calls of named functions.
 *
 *   -plugin count.so,out=FILE[,fn=NAME:HEXADDRESS]...
 *
 * A mark writes a line "mark N" and the counts since the previous mark, and
 * resets all counts.
 *
 * Exact counts need -icount, which also runs all vCPUs on one thread. Without it
 * each CPU still has its own count of instructions, but a mark may read those of
 * other CPUs one block late, and simultaneous calls on two CPUs may count as
 * one. A repeated string instruction counts once for each repetition.
 */

#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>

int qemu_plugin_version = 1;

#define FUNCTIONS 64

static const char * const region_names[REGIONS] = { "xen", "kernel", "user" };
static uint64_t instructions[CPUS][REGIONS];

static struct function {
	char name[48];
	uint64_t address;
	uint64_t calls;
} functions[FUNCTIONS];
static unsigned int nr_functions;
static FILE *out;

/* @data packs the block's length in instructions (bits 2 and up) and region. */
static void on_block(unsigned int cpu, void *data)
{
	uintptr_t block = (uintptr_t)data;

	instructions[cpu % CPUS][block & 3] += block >> 2;
}

static void on_call(unsigned int cpu, void *data)
{
	struct function *function = data;

	function->calls++;
}

static void tell_instructions(unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < REGIONS; i++) {
		if (instructions[cpu][i])
			fprintf(out, "insns %u %s %" PRIu64 "\n", cpu,
				region_names[i], instructions[cpu][i]);
		instructions[cpu][i] = 0;
	}
}

static void on_mark(unsigned int cpu, void *data)
{
	unsigned int i;

	fprintf(out, "mark %u\n", (unsigned int)(uintptr_t)data);
	for (i = 0; i < CPUS; i++)
		tell_instructions(i);
	for (i = 0; i < nr_functions; i++) {
		fprintf(out, "calls %s %" PRIu64 "\n", functions[i].name,
			functions[i].calls);
		functions[i].calls = 0;
	}
	fflush(out);
}

static void watch_insn(struct qemu_plugin_insn *insn)
{
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	unsigned int i;

	watch_mark(insn, on_mark);
	for (i = 0; i < nr_functions; i++) {
		if (functions[i].address == address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_call,
							       QEMU_PLUGIN_CB_NO_REGS,
							       &functions[i]);
	}
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, count = qemu_plugin_tb_n_insns(tb);
	uintptr_t block = count << 2 | region_of(qemu_plugin_tb_vaddr(tb));

	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
					     QEMU_PLUGIN_CB_NO_REGS,
					     (void *)block);
	for (i = 0; i < count; i++)
		watch_insn(qemu_plugin_tb_get_insn(tb, i));
}

static bool add_function(const char *spec)
{
	struct function *function = &functions[nr_functions];
	const char *colon = strchr(spec, ':');

	if (!colon || colon - spec >= (int)sizeof(function->name) ||
	    nr_functions == FUNCTIONS)
		return false;
	memcpy(function->name, spec, colon - spec);
	function->address = strtoull(colon + 1, NULL, 16);
	nr_functions++;
	return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
		else if (strncmp(argv[i], "fn=", 3) ||
			 !add_function(argv[i] + 3))
			return -1;
	}
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
