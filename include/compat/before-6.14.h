/* SPDX-License-Identifier: GPL-2.0 */
/* Since Linux 6.14 kthread_create_worker() does not wake the worker, so that
 * the caller can set its CPUs before it runs. The same change made it a macro:
 * an older kernel with a macro of that name has the change already.
 */
#ifndef _XEN_NETBACK_BEFORE_6_14_H
#define _XEN_NETBACK_BEFORE_6_14_H

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "before-7.0.h"

#ifndef kthread_create_worker
static inline __printf(2, 3) struct kthread_worker *
compat_create_worker(unsigned int flags, const char *format, ...)
{
	struct kthread_worker *worker;
	struct task_struct *task;
	char name[TASK_COMM_LEN];
	va_list args;

	worker = kzalloc_obj(*worker);
	if (!worker)
		return ERR_PTR(-ENOMEM);
	kthread_init_worker(worker);
	worker->flags = flags;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	task = kthread_create(kthread_worker_fn, worker, "%s", name);
	if (IS_ERR(task)) {
		kfree(worker);
		return ERR_CAST(task);
	}
	worker->task = task;
	return worker;
}

#define kthread_create_worker compat_create_worker
#endif

#endif /* _XEN_NETBACK_BEFORE_6_14_H */
