/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.13 adds hrtimer_setup(), which sets up a timer and its function. */
#ifndef _XEN_NETBACK_BEFORE_6_13_H
#define _XEN_NETBACK_BEFORE_6_13_H

#include <linux/hrtimer.h>

static inline void
compat_hrtimer_setup(struct hrtimer *timer,
		     enum hrtimer_restart (*function)(struct hrtimer *timer),
		     clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup compat_hrtimer_setup

#endif /* _XEN_NETBACK_BEFORE_6_13_H */
