// SPDX-License-Identifier: GPL-2.0

#include "xenbus_config.h"

#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include <xen/xenbus.h>

#include "rx_plan.h"

/* Keys by which a frontend announces its features, see netif.h. */
static const struct {
	const char *key;
	netdev_features_t offload;
	bool means_without;
} offload_keys[] = {
	{ "feature-sg", NETIF_F_SG, false },
	{ "feature-gso-tcpv4", NETIF_F_TSO, false },
	{ "feature-gso-tcpv6", NETIF_F_TSO6, false },
	{ "feature-no-csum-offload", NETIF_F_IP_CSUM, true },
	{ "feature-ipv6-csum-offload", NETIF_F_IPV6_CSUM, false },
};

static netdev_features_t config_read_offloads(struct xenbus_device *xdev)
{
	netdev_features_t offloads = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offload_keys); i++) {
		bool set = xenbus_read_unsigned(xdev->otherend,
						offload_keys[i].key, 0);

		if (set != offload_keys[i].means_without)
			offloads |= offload_keys[i].offload;
	}
	return offloads;
}

static int config_read_num_queues(struct xenbus_device *xdev,
				  unsigned int max_queues,
				  unsigned int *num_queues)
{
	*num_queues = xenbus_read_unsigned(xdev->otherend,
					   "multi-queue-num-queues", 1);
	if (*num_queues >= 1 && *num_queues <= max_queues)
		return 0;

	xenbus_dev_fatal(xdev, -EINVAL,
			 "guest requested %u queues, but valid range is 1 - %u.",
			 *num_queues, max_queues);
	return -EINVAL;
}

/* The backend copies into the pages that a guest posts. A frontend without this
 * key expects page flipping, which backends have not offered since 2011.
 */
static int config_check_rx_copy(struct xenbus_device *xdev)
{
	if (xenbus_read_unsigned(xdev->otherend, "request-rx-copy", 0))
		return 0;

	xenbus_dev_fatal(xdev, -EOPNOTSUPP,
			 "reading %s/request-rx-copy: 0 or missing, has to be 1",
			 xdev->otherend);
	return -EOPNOTSUPP;
}

static int config_read_evtchns(struct xenbus_device *xdev, const char *path,
			       struct xenvif_ring_refs *refs)
{
	int err;

	err = xenbus_gather(XBT_NIL, path,
			    "event-channel-tx", "%u", &refs->tx_evtchn,
			    "event-channel-rx", "%u", &refs->rx_evtchn, NULL);
	if (!err)
		return 0;

	err = xenbus_scanf(XBT_NIL, path, "event-channel", "%u",
			   &refs->tx_evtchn);
	if (err < 0) {
		xenbus_dev_fatal(xdev, err, "reading %s/event-channel(-tx/rx)",
				 path);
		return err;
	}
	refs->rx_evtchn = refs->tx_evtchn;
	return 0;
}

static int config_read_refs(struct xenbus_device *xdev, const char *path,
			    struct xenvif_ring_refs *refs)
{
	int err;

	err = xenbus_gather(XBT_NIL, path,
			    "tx-ring-ref", "%u", &refs->tx_ref,
			    "rx-ring-ref", "%u", &refs->rx_ref, NULL);
	if (err) {
		xenbus_dev_fatal(xdev, err, "reading %s/ring-ref", path);
		return err;
	}
	return config_read_evtchns(xdev, path, refs);
}

/* A single queue has its keys in the frontend's own directory. If there are
 * more queues, each has a directory of its own.
 */
static int config_read_queue(struct xenbus_device *xdev,
			     struct xenvif_config *config, unsigned int id)
{
	char *path;
	int err;

	if (config->num_queues == 1)
		return config_read_refs(xdev, xdev->otherend, &config->refs[0]);

	path = kasprintf(GFP_KERNEL, "%s/queue-%u", xdev->otherend, id);
	if (!path) {
		xenbus_dev_fatal(xdev, -ENOMEM, "reading ring references");
		return -ENOMEM;
	}
	err = config_read_refs(xdev, path, &config->refs[id]);
	kfree(path);
	return err;
}

/* The control ring is optional. */
static int config_read_ctrl(struct xenbus_device *xdev,
			    struct xenvif_config *config)
{
	int err;

	err = xenbus_scanf(XBT_NIL, xdev->otherend, "ctrl-ring-ref", "%u",
			   &config->ctrl_ref);
	if (err < 0)
		return 0;
	err = xenbus_scanf(XBT_NIL, xdev->otherend, "event-channel-ctrl", "%u",
			   &config->ctrl_evtchn);
	if (err < 0) {
		xenbus_dev_fatal(xdev, err, "reading %s/event-channel-ctrl",
				 xdev->otherend);
		return err;
	}
	config->has_ctrl = true;
	return 0;
}

static int config_read_queues(struct xenbus_device *xdev,
			      struct xenvif_config *config)
{
	unsigned int id;
	int err;

	for (id = 0; id < config->num_queues; id++) {
		err = config_read_queue(xdev, config, id);
		if (err)
			return err;
	}
	return 0;
}

/**
 * xenvif_config_read_headroom - read the headroom that a frontend asks for
 * @xdev: the backend's device
 *
 * The headroom is for the frontend's XDP program. A value that is too large is
 * cut; each packet tells the guest how much it has.
 *
 * Context: process, may sleep.
 * Return: the headroom in bytes, 0 to %NETBK_RX_HEADROOM_MAX.
 */
unsigned int xenvif_config_read_headroom(struct xenbus_device *xdev)
{
	unsigned int headroom;

	headroom = xenbus_read_unsigned(xdev->otherend, "xdp-headroom", 0);
	return min_t(unsigned int, headroom, NETBK_RX_HEADROOM_MAX);
}

/**
 * xenvif_config_read - read the configuration that a frontend asks for
 * @xdev: the backend's device
 * @max_queues: maximum number of queues offered to it
 *
 * Errors are logged, and reported to toolstack and frontend in xenstore.
 *
 * Context: process, may sleep.
 * Return: the configuration, which the caller frees with kfree(), or an
 * ERR_PTR().
 */
struct xenvif_config *xenvif_config_read(struct xenbus_device *xdev,
					 unsigned int max_queues)
{
	struct xenvif_config *config;
	unsigned int num_queues;
	int err;

	err = config_read_num_queues(xdev, max_queues, &num_queues);
	if (err)
		return ERR_PTR(err);
	err = config_check_rx_copy(xdev);
	if (err)
		return ERR_PTR(err);

	config = kzalloc(struct_size(config, refs, num_queues), GFP_KERNEL);
	if (!config) {
		xenbus_dev_fatal(xdev, -ENOMEM, "allocating queues");
		return ERR_PTR(-ENOMEM);
	}
	config->num_queues = num_queues;
	config->offloads = config_read_offloads(xdev);
	config->rx_notify = xenbus_read_unsigned(xdev->otherend,
						 "feature-rx-notify", 0);

	config->rx_headroom = xenvif_config_read_headroom(xdev);

	err = config_read_queues(xdev, config);
	if (!err)
		err = config_read_ctrl(xdev, config);
	if (err) {
		kfree(config);
		return ERR_PTR(err);
	}
	return config;
}
