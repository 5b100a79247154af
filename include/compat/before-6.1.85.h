/* SPDX-License-Identifier: GPL-2.0 */
/* The stable series 6.1 has timer_delete_sync() since 6.1.85, Linux since 6.2.
 * Only the name is new.
 */
#ifndef _XEN_NETBACK_BEFORE_6_1_85_H
#define _XEN_NETBACK_BEFORE_6_1_85_H

#include <linux/timer.h>

#define timer_delete_sync(timer) del_timer_sync(timer)

#endif /* _XEN_NETBACK_BEFORE_6_1_85_H */
