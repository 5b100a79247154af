// SPDX-License-Identifier: GPL-2.0

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "group.h"
#include "group_place.h"
#include "lane_share.h"
#include "queue.h"
#include "vif.h"
#include "vif_sysfs.h"

/* Length to print of a value written to a file: without the final newline. */
static int sysfs_value_len(const char *buf)
{
	return min_t(size_t, strcspn(buf, "\n"), 32);
}

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

	/* A container may own the files of a device that was moved into it. */
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (kstrtouint(buf, 10, &weight) || weight < NETBK_WEIGHT_MIN ||
	    weight > NETBK_WEIGHT_MAX) {
		if (net_ratelimit())
			netdev_err(netif->dev,
				   "weight: invalid value \"%.*s\" (valid: %u-%u)\n",
				   sysfs_value_len(buf), buf,
				   NETBK_WEIGHT_MIN, NETBK_WEIGHT_MAX);
		return -EINVAL;
	}
	WRITE_ONCE(netif->weight, weight);
	return len;
}
static DEVICE_ATTR_RW(weight);

static ssize_t groups_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct xen_netif *netif = netdev_priv(to_net_dev(dev));
	unsigned int nr = READ_ONCE(netif->num_queues), id;
	ssize_t len = 0;

	for (id = 0; id < nr; id++)
		len += sysfs_emit_at(buf, len, "%s%d", id ? " " : "",
				     netbk_group_of_queue(&netif->queues[id]));
	return len + sysfs_emit_at(buf, len, "\n");
}

/* Accepts "QUEUE GROUP" and "QUEUE auto". */
static int vif_place_queue(struct xen_netif *netif, const char *buf)
{
	char copy[32], *queue, *group;
	unsigned int id, index;

	if (strscpy(copy, buf, sizeof(copy)) < 0)
		return -EINVAL;
	group = strim(copy);
	queue = strsep(&group, " ");
	if (!group || kstrtouint(queue, 10, &id) || id >= netif->max_queues)
		return -EINVAL;
	if (!strcmp(group, "auto")) {
		netbk_unpin_queue(&netif->queues[id]);
		return 0;
	}
	if (kstrtouint(group, 10, &index))
		return -EINVAL;
	return netbk_pin_queue(&netif->queues[id], index);
}

static ssize_t groups_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t len)
{
	struct xen_netif *netif = netdev_priv(to_net_dev(dev));
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = vif_place_queue(netif, buf);
	if (err && net_ratelimit())
		netdev_err(netif->dev,
			   "groups: invalid value \"%.*s\", expected \"<queue 0-%u> <group 0-%u>\" or \"<queue> auto\"\n",
			   sysfs_value_len(buf), buf, netif->max_queues - 1,
			   netbk_groups_count() - 1);
	return err ?: len;
}
static DEVICE_ATTR_RW(groups);

static struct attribute *attrs[] = {
	&dev_attr_groups.attr,
	&dev_attr_weight.attr,
	NULL,
};

const struct attribute_group xenvif_sysfs_group = {
	.name = "netback",
	.attrs = attrs,
};
