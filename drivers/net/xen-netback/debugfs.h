/* SPDX-License-Identifier: GPL-2.0 */
/* The view for an administrator: /sys/kernel/debug/xen-netback/. */
#ifndef _XEN_NETBACK_DEBUGFS_H
#define _XEN_NETBACK_DEBUGFS_H

#include <linux/kconfig.h>

#if IS_ENABLED(CONFIG_DEBUG_FS)
void xenvif_debugfs_init(void);
void xenvif_debugfs_deinit(void);
#else
static inline void xenvif_debugfs_init(void) {}
static inline void xenvif_debugfs_deinit(void) {}
#endif

#endif /* _XEN_NETBACK_DEBUGFS_H */
