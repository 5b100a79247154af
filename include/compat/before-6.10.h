/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.10 adds alloc_netdev_dummy() for devices that only hold a NAPI
 * context. free_netdev() frees them like any device that was never registered.
 */
#ifndef _XEN_NETBACK_BEFORE_6_10_H
#define _XEN_NETBACK_BEFORE_6_10_H

#include <linux/bitops.h>
#include <linux/netdevice.h>

static inline void compat_setup_dummy(struct net_device *dev)
{
	set_bit(__LINK_STATE_PRESENT, &dev->state);
	set_bit(__LINK_STATE_START, &dev->state);
}

#define alloc_netdev_dummy(size) \
	alloc_netdev(size, "dummy#", NET_NAME_UNKNOWN, compat_setup_dummy)

#endif /* _XEN_NETBACK_BEFORE_6_10_H */
