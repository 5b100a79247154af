/* SPDX-License-Identifier: GPL-2.0 */
/* A test answers for Xen: copy_run_test.c. */
#ifndef _SHIM_ASM_XEN_HYPERCALL_H
#define _SHIM_ASM_XEN_HYPERCALL_H

int HYPERVISOR_grant_table_op(unsigned int cmd, void *uop, unsigned int count);

#endif /* _SHIM_ASM_XEN_HYPERCALL_H */
