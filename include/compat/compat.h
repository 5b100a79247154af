/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the sources need on kernels other than the one they are written for.
 * Included in front of every file; every version test lives here.
 */
#ifndef _XEN_NETBACK_COMPAT_H
#define _XEN_NETBACK_COMPAT_H

#include <linux/version.h>

/* xenbus_driver.uevent takes a const device since 6.3. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define XENBUS_UEVENT_CONST
#else
#define XENBUS_UEVENT_CONST const
#endif

/* Pages may be handed out in fragments without asking since 6.7. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define PP_FLAG_PAGE_FRAG 0
#endif

#endif /* _XEN_NETBACK_COMPAT_H */
