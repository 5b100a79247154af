/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the plugins of the bench: QEMU's plugin interface, the marks, and the
 * regions of the address space of a Xen PV machine.
 *
 * A mark is an 8-byte NOP whose displacement spells "MKR" and a number. Only the
 * bench executes it ("probe mark" of the lab).
 */
#ifndef BENCH_PLUGIN_H
#define BENCH_PLUGIN_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* QEMU's plugin interface, version 1. No package ships its header. */
typedef uint64_t qemu_plugin_id_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint32_t qemu_plugin_meminfo_t;
enum { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_W = 2 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t,
						      struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*cb)(unsigned int, void *),
					  int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int, void *),
					    int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      void (*cb)(unsigned int,
						 qemu_plugin_meminfo_t,
						 uint64_t, void *),
				      int flags, enum qemu_plugin_mem_rw rw,
				      void *data);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *,
						 size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);

extern int qemu_plugin_version;

#define XEN_START 0xffff82d000000000ULL
#define XEN_END 0xffff830000000000ULL
#define KERNEL_START 0xffff800000000000ULL

#define CPUS 64

enum region { XEN, KERNEL, USER, REGIONS };

static inline enum region region_of(uint64_t address)
{
	if (address >= XEN_START && address < XEN_END)
		return XEN;
	return address >= KERNEL_START ? KERNEL : USER;
}

static inline bool is_mark(const struct qemu_plugin_insn *insn)
{
	static const uint8_t mark[7] = { 0x0f, 0x1f, 0x84, 0, 'M', 'K', 'R' };

	return qemu_plugin_insn_size(insn) == 8 &&
	       !memcmp(qemu_plugin_insn_data(insn), mark, sizeof(mark));
}

static inline unsigned int mark_number(const struct qemu_plugin_insn *insn)
{
	return ((const uint8_t *)qemu_plugin_insn_data(insn))[7];
}

static inline void watch_mark(struct qemu_plugin_insn *insn,
			      void (*on_mark)(unsigned int, void *))
{
	uintptr_t number;

	if (!is_mark(insn))
		return;
	number = mark_number(insn);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark,
					       QEMU_PLUGIN_CB_NO_REGS,
					       (void *)number);
}

#endif
