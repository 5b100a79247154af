/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folder of a backend in xenstore, and the works and watches that nodes
 * have.
 */
#ifndef _XEN_NETBACK_XENBUS_NODE_H
#define _XEN_NETBACK_XENBUS_NODE_H

#include <linux/types.h>

#include <xen/xenbus.h>

struct delayed_work;
struct xen_netif;

int xenvif_node_init(void);
void xenvif_node_deinit(void);
void xenvif_node_queue(struct delayed_work *work, unsigned long delay);
void xenvif_node_queue_connect(struct delayed_work *work, unsigned long delay);

bool xenvif_node_watch(const struct xen_netif *netif,
		       struct xenbus_watch *watch, const char *folder,
		       const char *key, bool told);
void xenvif_node_unwatch(struct xenbus_watch *watch);

bool xenvif_node_is_ours(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt);
bool xenvif_node_is_gone(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt);
void xenvif_node_forget_error(const struct xenbus_device *xdev);

#endif /* _XEN_NETBACK_XENBUS_NODE_H */
