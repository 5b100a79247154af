/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 7.0 knows of a xenbus device whose folder has vanished from xenstore,
 * and reads no state of what comes after it. It also adds allocations that take
 * their size from a type. Some stable kernels have these, but not always the
 * same way.
 */
#ifndef _XEN_NETBACK_BEFORE_7_0_H
#define _XEN_NETBACK_BEFORE_7_0_H

#include <linux/slab.h>

#include <xen/xenbus.h>

#define xenbus_read_driver_state(xdev, path) \
	((void)(xdev), xenbus_read_driver_state(path))

#undef kzalloc_obj
#define kzalloc_obj(object) kzalloc(sizeof(object), GFP_KERNEL)
#undef kvzalloc_obj
#define kvzalloc_obj(object) kvzalloc(sizeof(object), GFP_KERNEL)

#endif /* _XEN_NETBACK_BEFORE_7_0_H */
