/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 7.0 knows of a xenbus device whose folder has vanished from xenstore,
 * and reads no state of what comes after it. It also adds allocations that take
 * their size from a type. A stable kernel that has default_gfp() has these as
 * 7.0 has them, another one may have them in another way.
 */
#ifndef _XEN_NETBACK_BEFORE_7_0_H
#define _XEN_NETBACK_BEFORE_7_0_H

#include <linux/gfp.h>
#include <linux/slab.h>

#include <xen/xenbus.h>

#define xenbus_read_driver_state(xdev, path) \
	((void)(xdev), xenbus_read_driver_state(path))

#ifndef default_gfp
#define COMPAT_GFP(...) (((gfp_t[1]) { __VA_ARGS__ })[0] ?: GFP_KERNEL)
#undef kzalloc_obj
#define kzalloc_obj(object, ...) \
	kzalloc(sizeof(object), COMPAT_GFP(__VA_ARGS__))
#undef kvzalloc_obj
#define kvzalloc_obj(object, ...) \
	kvzalloc(sizeof(object), COMPAT_GFP(__VA_ARGS__))
#endif

#endif /* _XEN_NETBACK_BEFORE_7_0_H */
