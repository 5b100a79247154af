/* SPDX-License-Identifier: GPL-2.0 */
/* The parameters of a module make a list. */
#ifndef _SHIM_LINUX_MODULEPARAM_H
#define _SHIM_LINUX_MODULEPARAM_H

#include <linux/printk.h>
#include <linux/kstrtox.h>
#include <linux/kernel.h>
#include <linux/time64.h>

struct kernel_param;

#define KERNEL_PARAM_OPS_FL_NOARG 1

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
};

struct kernel_param {
	const char *name;
	const struct kernel_param_ops *ops;
	void *arg;
	size_t size;
	struct kernel_param *next;
};

extern struct kernel_param *fuzz_params;
extern const struct kernel_param_ops fuzz_string_ops, fuzz_bool_ops;

int param_set_bool(const char *val, const struct kernel_param *kp);
int param_get_bool(char *buffer, const struct kernel_param *kp);

#define FUZZ_PARAM(id, ops_of, where, bytes)				\
	static struct kernel_param fuzz_param_##id = {			\
		.name = #id, .ops = ops_of, .arg = where, .size = bytes, \
	};								\
	static void __attribute__((constructor)) add_param_##id(void)	\
	{								\
		fuzz_param_##id.next = fuzz_params;			\
		fuzz_params = &fuzz_param_##id;				\
	}								\
	struct fuzz_param_end

#define module_param_cb(id, ops, arg, mode) FUZZ_PARAM(id, ops, arg, 0)
#define module_param_named(id, value, type, mode) \
	FUZZ_PARAM(id, &fuzz_##type##_ops, &(value), 0)
#define module_param_string(id, text, bytes, mode) \
	FUZZ_PARAM(id, &fuzz_string_ops, text, bytes)
#define __MODULE_PARM_TYPE(id, type) struct fuzz_param_end
#define MODULE_PARM_DESC(id, text) struct fuzz_param_end

static inline int kstrtouint(const char *text, unsigned int base,
			     unsigned int *value)
{
	return kstrtou32(text, base, value);
}

#endif /* _SHIM_LINUX_MODULEPARAM_H */
