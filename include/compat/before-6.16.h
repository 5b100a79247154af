/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.16 renames from_timer() to timer_container_of(). */
#ifndef _XEN_NETBACK_BEFORE_6_16_H
#define _XEN_NETBACK_BEFORE_6_16_H

#include <linux/container_of.h>
#include <linux/timer.h>

#undef timer_container_of
#define timer_container_of(var, timer, field) \
	container_of(timer, typeof(*(var)), field)

#endif /* _XEN_NETBACK_BEFORE_6_16_H */
