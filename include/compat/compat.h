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

/* Until 6.4 there was no way to say why from within anything: it is said where
 * it can be.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#include <linux/netdevice.h>
#include <linux/preempt.h>

static inline void dev_kfree_skb_any_reason(struct sk_buff *skb,
					    enum skb_drop_reason reason)
{
	if (in_hardirq() || irqs_disabled())
		dev_kfree_skb_irq(skb);
	else
		kfree_skb_reason(skb, reason);
}
#endif

/* Counters of queues are asked for since 6.9, for all of those that are used
 * here since 6.10. What answers is compiled before, and thrown away.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#include <linux/types.h>
#include <net/netdev_queues.h>

struct net_device;

#define netdev_queue_stats_rx compat_queue_stats_rx
#define netdev_queue_stats_tx compat_queue_stats_tx
#define netdev_stat_ops compat_stat_ops

struct netdev_queue_stats_rx {
	u64 bytes;
	u64 packets;
	u64 alloc_fail;
	u64 hw_drops;
};

struct netdev_queue_stats_tx {
	u64 bytes;
	u64 packets;
	u64 hw_drops;
};

struct netdev_stat_ops {
	void (*get_queue_stats_rx)(struct net_device *dev, int idx,
				   struct netdev_queue_stats_rx *stats);
	void (*get_queue_stats_tx)(struct net_device *dev, int idx,
				   struct netdev_queue_stats_tx *stats);
	void (*get_base_stats)(struct net_device *dev,
			       struct netdev_queue_stats_rx *rx,
			       struct netdev_queue_stats_tx *tx);
};

#define netdev_set_stat_ops(dev, ops) ((void)(ops))
#else
#define netdev_set_stat_ops(dev, ops) ((dev)->stat_ops = (ops))
#endif

/* Devices that only own a NAPI context are made like others since 6.10. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#include <linux/netdevice.h>
#include <linux/slab.h>

static inline struct net_device *alloc_netdev_dummy(int sizeof_priv)
{
	struct net_device *dev;

	dev = kzalloc(sizeof(*dev) + sizeof_priv, GFP_KERNEL);
	if (dev)
		init_dummy_netdev(dev);
	return dev;
}

static inline void free_netdev_dummy(struct net_device *dev)
{
	kfree(dev);
}
#else
#define free_netdev_dummy(dev) free_netdev(dev)
#endif

/* Pages may be handed out in fragments without asking since 6.7. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define PP_FLAG_PAGE_FRAG 0
#endif

#endif /* _XEN_NETBACK_COMPAT_H */
