/* SPDX-License-Identifier: GPL-2.0 */
/* Files for administrators: /sys/kernel/debug/xen-netback/. */
#ifndef _XEN_NETBACK_DEBUGFS_H
#define _XEN_NETBACK_DEBUGFS_H

#include <linux/kconfig.h>

struct xen_netif;

#if IS_ENABLED(CONFIG_DEBUG_FS)
void netbk_debugfs_init(void);
void netbk_debugfs_deinit(void);
void xenvif_debugfs_add(struct xen_netif *netif);
void xenvif_debugfs_remove(struct xen_netif *netif);
#else
static inline void netbk_debugfs_init(void) {}
static inline void netbk_debugfs_deinit(void) {}
static inline void xenvif_debugfs_add(struct xen_netif *netif) {}
static inline void xenvif_debugfs_remove(struct xen_netif *netif) {}
#endif

#endif /* _XEN_NETBACK_DEBUGFS_H */
