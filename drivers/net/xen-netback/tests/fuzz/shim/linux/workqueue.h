/* SPDX-License-Identifier: GPL-2.0 */
/* A work that is queued waits for the target to run it. */
#ifndef _SHIM_LINUX_WORKQUEUE_H
#define _SHIM_LINUX_WORKQUEUE_H

#include <linux/kernel.h>

struct work_struct {
	void (*func)(struct work_struct *work);
	bool queued;
};

struct delayed_work {
	struct work_struct work;
};

#define INIT_DELAYED_WORK(dwork, fn) ((dwork)->work.func = (fn))
#define to_delayed_work(ptr) container_of(ptr, struct delayed_work, work)
#define current_work() ((struct work_struct *)NULL)
#define work_busy(ptr) ((void)(ptr), 0)

static inline void schedule_delayed_work(struct delayed_work *dwork, long delay)
{
	dwork->work.queued = true;
}

static inline void cancel_delayed_work_sync(struct delayed_work *dwork)
{
	dwork->work.queued = false;
}

#endif /* _SHIM_LINUX_WORKQUEUE_H */
