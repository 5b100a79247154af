// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG that counts what the whole emulated machine executes
 * between two marks: instructions by region, and calls of named functions.
 *
 *   -plugin count.so,out=FILE[,fn=NAME:HEXADDRESS]...
 *
 * A mark is an instruction that does nothing and that only the bench executes
 * ("probe mark" of the lab): an 8-byte NOP whose displacement spells "MKR" and a number. A mark
 * writes a line "mark N", the counts since the mark before, and starts anew.
 *
 * Exact counts need -icount, which also runs all vCPUs on one thread, so that
 * no counter here needs a lock. A repeated string instruction counts one for
 * each repetition.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* QEMU's plugin interface, version 1. No package ships its header. */
typedef uint64_t qemu_plugin_id_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_CB_NO_REGS };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t,
						      struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*cb)(unsigned int, void *),
					  int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int, void *),
					    int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *,
						 size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

int qemu_plugin_version = 1;

#define FUNCTIONS 64
#define XEN_START 0xffff82d000000000ULL
#define XEN_END 0xffff830000000000ULL
#define KERNEL_START 0xffff800000000000ULL

enum region { XEN, KERNEL, USER, REGIONS };

static const char * const region_names[REGIONS] = { "xen", "kernel", "user" };
static uint64_t instructions[REGIONS];

static struct function {
	char name[48];
	uint64_t address;
	uint64_t calls;
} functions[FUNCTIONS];
static unsigned int nr_functions;
static FILE *out;

static enum region region_of(uint64_t address)
{
	if (address >= XEN_START && address < XEN_END)
		return XEN;
	return address >= KERNEL_START ? KERNEL : USER;
}

/* The region and the length of a block, in one pointer. */
static void on_block(unsigned int cpu, void *data)
{
	uintptr_t block = (uintptr_t)data;

	instructions[block & 3] += block >> 2;
}

static void on_call(unsigned int cpu, void *data)
{
	struct function *function = data;

	function->calls++;
}

static void on_mark(unsigned int cpu, void *data)
{
	unsigned int i;

	fprintf(out, "mark %u\n", (unsigned int)(uintptr_t)data);
	for (i = 0; i < REGIONS; i++) {
		fprintf(out, "insns %s %" PRIu64 "\n", region_names[i],
			instructions[i]);
		instructions[i] = 0;
	}
	for (i = 0; i < nr_functions; i++) {
		fprintf(out, "calls %s %" PRIu64 "\n", functions[i].name,
			functions[i].calls);
		functions[i].calls = 0;
	}
	fflush(out);
}

static bool is_mark(const struct qemu_plugin_insn *insn)
{
	static const uint8_t mark[7] = { 0x0f, 0x1f, 0x84, 0, 'M', 'K', 'R' };

	return qemu_plugin_insn_size(insn) == 8 &&
	       !memcmp(qemu_plugin_insn_data(insn), mark, sizeof(mark));
}

static void watch_insn(struct qemu_plugin_insn *insn)
{
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	unsigned int i;

	if (is_mark(insn)) {
		const uint8_t *bytes = qemu_plugin_insn_data(insn);

		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark,
						       QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)bytes[7]);
	}
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
