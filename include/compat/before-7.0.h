/* SPDX-License-Identifier: GPL-2.0 */
/* Since Linux 7.0 xenbus_read_driver_state() takes the device as well: once the
 * device has vanished from xenstore, the state at its path is of a later one.
 * Linux 7.0 also adds allocations that take their size from an object. A stable
 * kernel with default_gfp() has them in the form of 7.0; in other kernels their
 * form may differ, so they are replaced.
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
