// SPDX-License-Identifier: GPL-2.0

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/netdevice.h>
#include <linux/sysfs.h>

#include "netif.h"
#include "share.h"
#include "sysfs.h"

static ssize_t weight_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct xen_netif *netif = netdev_priv(to_net_dev(dev));

	return sysfs_emit(buf, "%u\n", READ_ONCE(netif->weight));
}

static ssize_t weight_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t len)
{
	struct xen_netif *netif = netdev_priv(to_net_dev(dev));
	unsigned int weight;

	/* The device's files may belong to a container it was given to. */
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (kstrtouint(buf, 10, &weight) || weight < NETBK_WEIGHT_MIN ||
	    weight > NETBK_WEIGHT_MAX) {
		if (net_ratelimit())
			netdev_err(netif->dev,
				   "weight is not a number from %u to %u\n",
				   NETBK_WEIGHT_MIN, NETBK_WEIGHT_MAX);
		return -EINVAL;
	}
	WRITE_ONCE(netif->weight, weight);
	return len;
}
static DEVICE_ATTR_RW(weight);

static struct attribute *attrs[] = {
	&dev_attr_weight.attr,
	NULL,
};

const struct attribute_group xenvif_sysfs_group = {
	.name = "netback",
	.attrs = attrs,
};
