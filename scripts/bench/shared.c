// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG that finds the cache lines that move between CPUs
 * because Xen and the kernel write them on several CPUs, between the marks 0 and
 * 1.
 *
 *   -plugin shared.so,out=FILE
 *
 * A mark writes a line "mark N". Mark 1 is followed by "ADDRESS LINE TIMES TURNS"
 * for each instruction and each line that it took over: another CPU had written
 * the line last. Lines are those of virtual addresses.
 *
 * With a host thread for each CPU, CPUs meet as on a real machine, and TIMES is
 * the number of lines that its caches would have moved, not counting reads. Under
 * -icount each CPU has a turn of many packets. A line that all packets write is
 * taken over once a turn; a line that only changes hands with its page of memory
 * is taken over less often. TURNS counts the turns in which a CPU wrote at least
 * TURN_WRITES times.
 */

#include "plugin.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int qemu_plugin_version = 1;

#define LINE_BITS 6
#define BUCKET_BITS 20
/* A turn with at least as many writes has done work. */
#define TURN_WRITES 1000

/* An instruction that has taken a line over. Protected by the lock. */
struct taker {
	struct taker *next;
	uint64_t address;
	uint64_t times;
};

/*
 * Never freed, because other CPUs may look at it without the lock. @cpu counts
 * only in the window that @window names.
 */
struct line {
	struct line *next;
	uint64_t number;
	unsigned int window;
	unsigned int cpu;
	struct taker *takers;
};

static struct line *buckets[1 << BUCKET_BITS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile bool recording;
static unsigned int window;
static unsigned int turn_cpu;
static uint64_t turn_writes, turns;
static FILE *out;

static struct line **bucket_of(uint64_t number)
{
	return &buckets[number * 0x9e3779b97f4a7c15ULL >> (64 - BUCKET_BITS)];
}

static struct line *look_up(uint64_t number)
{
	struct line *line = __atomic_load_n(bucket_of(number), __ATOMIC_ACQUIRE);

	while (line && line->number != number)
		line = line->next;
	return line;
}

/* Caller holds the lock. */
static struct line *add_line(uint64_t number)
{
	struct line **bucket = bucket_of(number);
	struct line *line = look_up(number);

	if (line)
		return line;
	line = calloc(1, sizeof(*line));
	if (!line)
		abort();
	line->number = number;
	line->next = *bucket;
	__atomic_store_n(bucket, line, __ATOMIC_RELEASE);
	return line;
}

/* Caller holds the lock. */
static void count_taker(struct line *line, uint64_t address)
{
	struct taker *taker;

	for (taker = line->takers; taker; taker = taker->next)
		if (taker->address == address)
			break;
	if (!taker) {
		taker = calloc(1, sizeof(*taker));
		if (!taker)
			abort();
		taker->address = address;
		taker->next = line->takers;
		line->takers = taker;
	}
	taker->times++;
}

static void take_over(uint64_t number, unsigned int cpu, uint64_t address)
{
	struct line *line;

	pthread_mutex_lock(&lock);
	line = add_line(number);
	if (line->window == window && line->cpu != cpu)
		count_taker(line, address);
	line->window = window;
	line->cpu = cpu;
	pthread_mutex_unlock(&lock);
}

static void count_turn(unsigned int cpu)
{
	if (cpu != turn_cpu)
		turn_writes = 0;
	turn_cpu = cpu;
	if (++turn_writes == TURN_WRITES)
		turns++;
}

static void on_write(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t to,
		     void *from)
{
	struct line *line;

	/* QEMU 7.2 calls this for loads as well. */
	if (!recording || to < KERNEL_START || !qemu_plugin_mem_is_store(info))
		return;
	count_turn(cpu);
	line = look_up(to >> LINE_BITS);
	if (!line || line->window != window || line->cpu != cpu)
		take_over(to >> LINE_BITS, cpu, (uintptr_t)from);
}

static void tell_line(struct line *line)
{
	struct taker *taker;

	while ((taker = line->takers)) {
		fprintf(out, "%" PRIx64 " %" PRIx64 " %" PRIu64 " %" PRIu64
			"\n", taker->address, line->number << LINE_BITS,
			taker->times, turns);
		line->takers = taker->next;
		free(taker);
	}
}

static void on_mark(unsigned int cpu, void *data)
{
	uintptr_t number = (uintptr_t)data;
	struct line *line;
	unsigned int i;

	pthread_mutex_lock(&lock);
	recording = number == 0;
	fprintf(out, "mark %u\n", (unsigned int)number);
	for (i = 0; i < 1 << BUCKET_BITS; i++)
		for (line = buckets[i]; line; line = line->next)
			tell_line(line);
	fflush(out);
	window++;
	turns = 0;
	pthread_mutex_unlock(&lock);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	bool user = region_of(qemu_plugin_tb_vaddr(tb)) == USER;
	size_t i, count = qemu_plugin_tb_n_insns(tb);

	for (i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uintptr_t address = qemu_plugin_insn_vaddr(insn);

		watch_mark(insn, on_mark);
		if (!user)
			qemu_plugin_register_vcpu_mem_cb(insn, on_write,
							 QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_W,
							 (void *)address);
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (strncmp(argv[i], "out=", 4))
			return -1;
		out = fopen(argv[i] + 4, "w");
	}
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
