/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_COMPILER_H
#define _SHIM_LINUX_COMPILER_H

#define likely(cond) __builtin_expect(!!(cond), 1)
#define unlikely(cond) __builtin_expect(!!(cond), 0)
#define READ_ONCE(var) __atomic_load_n(&(var), __ATOMIC_RELAXED)
#define WRITE_ONCE(var, value) \
	__atomic_store_n(&(var), value, __ATOMIC_RELAXED)

#endif /* _SHIM_LINUX_COMPILER_H */
