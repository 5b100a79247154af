/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.17 renames system_unbound_wq to system_dfl_wq. */
#ifndef _XEN_NETBACK_BEFORE_6_17_H
#define _XEN_NETBACK_BEFORE_6_17_H

#include <linux/workqueue.h>

#define system_dfl_wq system_unbound_wq

#endif /* _XEN_NETBACK_BEFORE_6_17_H */
