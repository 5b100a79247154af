/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver is written for the newest kernel. Each header here gives older
 * kernels the interfaces that one version added. An out-of-tree build includes
 * this file before all others; a kernel tree needs none of them.
 */
#ifndef _XEN_NETBACK_COMPAT_H
#define _XEN_NETBACK_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "xen-netback needs Linux 6.1 or newer"
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 85)
#include "before-6.1.85.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#include "before-6.3.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#include "before-6.4.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#include "before-6.7.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#include "before-6.8.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#include "before-6.10.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#include "before-6.13.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#include "before-6.14.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#include "before-6.15.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#include "before-6.16.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include "before-6.17.h"
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#include "before-7.0.h"
#endif

#endif /* _XEN_NETBACK_COMPAT_H */
