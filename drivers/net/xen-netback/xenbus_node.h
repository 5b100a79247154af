/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folder of a backend in xenstore.
 */
#ifndef _XEN_NETBACK_XENBUS_NODE_H
#define _XEN_NETBACK_XENBUS_NODE_H

#include <linux/types.h>

#include <xen/xenbus.h>

bool xenvif_node_is_ours(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt);

#endif /* _XEN_NETBACK_XENBUS_NODE_H */
