/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the sources need on kernels other than the one they are written for.
 * Only out-of-tree builds include this file; every version test lives here.
 */
#ifndef _XEN_NETBACK_COMPAT_H
#define _XEN_NETBACK_COMPAT_H

#include <linux/version.h>

/* xenbus_driver.uevent takes a const device since 6.3. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define xenbus_uevent_device xenbus_device
#else
#define xenbus_uevent_device const xenbus_device
#endif

/* Pages may be handed out in fragments without asking since 6.6. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define PP_FLAG_PAGE_FRAG 0
#endif

#endif /* _XEN_NETBACK_COMPAT_H */
