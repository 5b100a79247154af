// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG that counts the instructions of the emulated machine
 * between two marks by translated block and by the domain that it ran for.
 *
 *   -plugin profile.so,out=FILE[,cpu=N]
 *
 * A mark writes a line "mark N", then "ADDRESS WHO INSTRUCTIONS" for each block
 * executed since the previous mark, and resets all counts. WHO is dom0 or guest.
 *
 * All PV kernels have the same virtual addresses. QEMU translates the code of
 * each kernel separately, because it is in different pages of the machine, and
 * gives the host address of the code. dom0's kernel is the first to run and is
 * contiguous in the machine. A block of kernel text is therefore dom0's if its
 * two addresses are as far apart as those of the first block. All other code
 * (Xen, modules, programs) counts for the domain whose kernel text ran last on
 * that CPU.
 *
 * Exact counts need -icount, which also runs all vCPUs on one thread, so that
 * no counter needs a lock. Without -icount only one CPU can be counted. A
 * repeated string instruction counts once for each repetition.
 */

#include "plugin.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int qemu_plugin_version = 1;

/* The kernel's image ends where the modules begin. */
#define TEXT_START 0xffffffff81000000ULL
#define TEXT_END 0xffffffffc0000000ULL

#define BUCKET_BITS 18

enum who { DOM0, GUEST, WHO, AS_BEFORE = WHO };

static const char * const who_names[WHO] = { "dom0", "guest" };

struct block {
	struct block *next;
	uint64_t address;
	uint64_t length;
	enum who who;
	uint64_t runs[WHO];
};

static struct block *buckets[1 << BUCKET_BITS];
static enum who running[CPUS];
static pthread_mutex_t translating = PTHREAD_MUTEX_INITIALIZER;
static int only_cpu = -1;
static FILE *out;

static enum who owner_of(uint64_t address, const void *place)
{
	static uint64_t distance;

	if (address < TEXT_START || address >= TEXT_END)
		return AS_BEFORE;
	if (!distance)
		distance = (uintptr_t)place - address;
	return (uintptr_t)place - address == distance ? DOM0 : GUEST;
}

/* A block that QEMU translates again keeps its counts. */
static struct block *find_block(uint64_t address, uint64_t length, enum who who)
{
	uint64_t hash = (address + who) * 0x9e3779b97f4a7c15ULL;
	struct block **bucket = &buckets[hash >> (64 - BUCKET_BITS)];
	struct block *block;

	for (block = *bucket; block; block = block->next)
		if (block->address == address && block->length == length &&
		    block->who == who)
			return block;

	block = calloc(1, sizeof(*block));
	if (!block)
		abort();
	block->address = address;
	block->length = length;
	block->who = who;
	block->next = *bucket;
	*bucket = block;
	return block;
}

static void on_block(unsigned int cpu, void *data)
{
	struct block *block = data;

	if (only_cpu >= 0 && cpu != (unsigned int)only_cpu)
		return;
	if (block->who != AS_BEFORE)
		running[cpu % CPUS] = block->who;
	block->runs[running[cpu % CPUS]]++;
}

static void tell(struct block *block)
{
	unsigned int who;

	for (who = 0; who < WHO; who++) {
		if (block->runs[who])
			fprintf(out, "%" PRIx64 " %s %" PRIu64 "\n",
				block->address, who_names[who],
				block->runs[who] * block->length);
		block->runs[who] = 0;
	}
}

static void on_mark(unsigned int cpu, void *number)
{
	struct block *block;
	unsigned int i;

	fprintf(out, "mark %u\n", (unsigned int)(uintptr_t)number);
	for (i = 0; i < 1 << BUCKET_BITS; i++)
		for (block = buckets[i]; block; block = block->next)
			tell(block);
	fflush(out);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, count = qemu_plugin_tb_n_insns(tb);
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
	struct block *block;

	pthread_mutex_lock(&translating);
	block = find_block(address, count,
			   owner_of(address, qemu_plugin_insn_haddr(first)));
	pthread_mutex_unlock(&translating);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
					     QEMU_PLUGIN_CB_NO_REGS, block);
	for (i = 0; i < count; i++)
		watch_mark(qemu_plugin_tb_get_insn(tb, i), on_mark);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
		else if (!strncmp(argv[i], "cpu=", 4))
			only_cpu = atoi(argv[i] + 4);
		else
			return -1;
	}
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
