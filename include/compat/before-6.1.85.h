/* SPDX-License-Identifier: GPL-2.0 */
/* timer_delete_sync() is in Linux 6.2, and in the stable series 6.1 since
 * 6.1.85. It is a new name of del_timer_sync().
 */
#ifndef _XEN_NETBACK_BEFORE_6_1_85_H
#define _XEN_NETBACK_BEFORE_6_1_85_H

#include <linux/timer.h>

#define timer_delete_sync(timer) del_timer_sync(timer)

#endif /* _XEN_NETBACK_BEFORE_6_1_85_H */
