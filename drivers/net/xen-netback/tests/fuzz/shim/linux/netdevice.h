/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_NETDEVICE_H
#define _SHIM_LINUX_NETDEVICE_H

#include <linux/err.h>
#include <linux/netdev_features.h>

struct net_device {
	const char *name;
};

#endif /* _SHIM_LINUX_NETDEVICE_H */
