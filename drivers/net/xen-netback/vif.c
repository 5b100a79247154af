// SPDX-License-Identifier: GPL-2.0

#include "vif.h"

#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include <xen/xenbus.h>

#include "debugfs.h"
#include "fault.h"
#include "lane_share.h"
#include "params.h"
#include "queue.h"
#include "rx.h"
#include "rx_backlog.h"
#include "rx_plan.h"
#include "rx_stall.h"
#include "trace.h"
#include "tx.h"
#include "vif_ethtool.h"
#include "vif_qstats.h"
#include "vif_stats.h"
#include "vif_sysfs.h"
#include "vif_up.h"
#include "xenbus_config.h"

/* Features that the frontend decides on; the host decides on all others. */
#define XENVIF_OFFLOADS (NETIF_F_SG | NETIF_F_TSO | NETIF_F_TSO6 | \
			 NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM)

/* --------------------------- the net device -------------------------- */

static int xenvif_open(struct net_device *dev)
{
	struct xen_netif *netif = netdev_priv(dev);

	xenvif_open_gate(netif);
	netif_tx_start_all_queues(dev);
	xenvif_link_changed(&netif->link);
	return 0;
}

static int xenvif_stop(struct net_device *dev)
{
	struct xen_netif *netif = netdev_priv(dev);

	netif_tx_stop_all_queues(dev);
	xenvif_close_gate(netif);
	xenvif_link_changed(&netif->link);
	return 0;
}

/* The guest's own algorithm and table decide if it has set them. A packet that
 * the algorithm does not cover has no hash, and counts as 0.
 */
static u16 xenvif_select_queue(struct net_device *dev, struct sk_buff *skb,
			       struct net_device *sb_dev)
{
	struct xen_netif *netif = netdev_priv(dev);
	struct xenvif_hash_value value = {};
	const struct xenvif_hash *hash;
	u16 id;

	rcu_read_lock();
	hash = xenvif_ctrl_hash(&netif->ctrl);
	if (unlikely(hash) && xenvif_hash_wanted(hash)) {
		xenvif_hash_skb(hash, skb, &value);
		id = xenvif_hash_queue(hash, value.value,
				       dev->real_num_tx_queues);
	} else {
		id = xenvif_stall_avoid(netif,
					netdev_pick_tx(dev, skb, sb_dev),
					dev->real_num_tx_queues);
	}
	rcu_read_unlock();
	return id;
}

/* From here on the driver owns the skb's control buffer. */
static void vif_set_info(struct xen_netif *netif, struct sk_buff *skb)
{
	struct netbk_rx_info *info = netbk_rx_info(skb);
	struct xenvif_hash_value value;
	const struct xenvif_hash *hash;

	info->has_hash = false;
	rcu_read_lock();
	hash = xenvif_ctrl_hash(&netif->ctrl);
	if (unlikely(hash) && xenvif_hash_skb(hash, skb, &value)) {
		info->has_hash = true;
		info->hash_type = value.type;
		info->hash = value.value;
	}
	rcu_read_unlock();
}

static netdev_tx_t xenvif_start_xmit(struct sk_buff *skb,
				     struct net_device *dev)
{
	struct xen_netif *netif = netdev_priv(dev);
	enum netbk_drop why = NETBK_DROP_MULTICAST;
	u16 id = skb_get_queue_mapping(skb);
	struct xenvif_queue *queue;

	/* The stack may have chosen before the guest reconnected with fewer
	 * queues.
	 */
	queue = &netif->queues[likely(id < netif->max_queues) ? id : 0];

	skb_tx_timestamp(skb);
	if (likely(xenvif_mcast_wanted(&netif->mcast, skb->data))) {
		vif_set_info(netif, skb);
		why = xenvif_rx_enqueue(queue, skb);
		if (likely(why == NETBK_DROP_NONE))
			return NETDEV_TX_OK;
	}

	u64_stats_update_begin(&queue->rx_dropped_syncp);
	u64_stats_inc(&queue->rx_dropped);
	u64_stats_update_end(&queue->rx_dropped_syncp);
	xenvif_drop(queue, NETBK_RX, why, skb);
	return NETDEV_TX_OK;
}

/* The net device counts from the host's side: it receives guest Tx. */
static void xenvif_get_stats64(struct net_device *dev,
			       struct rtnl_link_stats64 *total)
{
	struct xenvif_counts sum;

	xenvif_sum_counts(netdev_priv(dev), 0, &sum);
	total->rx_packets = sum.tx[XENVIF_PACKETS];
	total->rx_bytes = sum.tx[XENVIF_BYTES];
	total->rx_errors = sum.tx[XENVIF_ERRORS];
	total->rx_dropped = sum.tx[XENVIF_DROPPED];
	total->tx_packets = sum.rx[XENVIF_PACKETS];
	total->tx_bytes = sum.rx[XENVIF_BYTES];
	total->tx_errors = sum.rx[XENVIF_ERRORS];
	total->tx_dropped = sum.rx[XENVIF_DROPPED];
}

static netdev_features_t xenvif_fix_features(struct net_device *dev,
					     netdev_features_t features)
{
	struct xen_netif *netif = netdev_priv(dev);

	return features & (netif->offloads | ~XENVIF_OFFLOADS);
}

/* A frontend without scatter-gather takes packets of one page only. */
static unsigned int vif_max_mtu(const struct xen_netif *netif)
{
	return netif->offloads & NETIF_F_SG ? ETH_MAX_MTU - VLAN_ETH_HLEN :
					      ETH_DATA_LEN;
}

static int xenvif_change_mtu(struct net_device *dev, int mtu)
{
	struct xen_netif *netif = netdev_priv(dev);

	if (mtu > vif_max_mtu(netif))
		return -EINVAL;
	WRITE_ONCE(dev->mtu, mtu);
	netif->mtu_uncut = 0;
	return 0;
}

static const struct net_device_ops xenvif_netdev_ops = {
	.ndo_open = xenvif_open,
	.ndo_stop = xenvif_stop,
	.ndo_select_queue = xenvif_select_queue,
	.ndo_start_xmit = xenvif_start_xmit,
	.ndo_get_stats64 = xenvif_get_stats64,
	.ndo_fix_features = xenvif_fix_features,
	.ndo_change_mtu = xenvif_change_mtu,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void vif_setup_netdev(struct net_device *dev)
{
	/* The highest unicast address: a bridge never takes it as its own. */
	static const u8 host_mac[ETH_ALEN] = {
		0xfe, 0xff, 0xff, 0xff, 0xff, 0xff,
	};

	ether_setup(dev);
	/* A packet stays on a list until it is copied, so it is not shared. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	eth_hw_addr_set(dev, host_mac);
	dev->netdev_ops = &xenvif_netdev_ops;
	dev->ethtool_ops = &xenvif_ethtool_ops;
	xenvif_qstats_init(dev);
	dev->hw_features = XENVIF_OFFLOADS | NETIF_F_FRAGLIST;
	dev->features = dev->hw_features | NETIF_F_RXCSUM;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU - VLAN_ETH_HLEN;
}

/* Only the first @nr queues have passed xenvif_inflight_init(). */
static void vif_free_queues(struct xenvif_queue *queues, unsigned int nr)
{
	while (nr)
		xenvif_inflight_deinit(&queues[--nr]);
	kvfree(queues);
}

static int vif_alloc_queues(struct xen_netif *netif)
{
	unsigned int id;

	netif->queues = kvcalloc(netif->max_queues, sizeof(*netif->queues),
				 GFP_KERNEL);
	if (!netif->queues)
		return -ENOMEM;
	for (id = 0; id < netif->max_queues; id++) {
		struct xenvif_queue *queue = &netif->queues[id];
		int err;

		xenvif_queue_init(queue, netif, id);
		err = xenvif_inflight_init(queue);
		if (err) {
			vif_free_queues(netif->queues, id);
			return err;
		}
	}
	return 0;
}

/**
 * xenvif_alloc - create a guest's interface and register its net device
 * @xdev: the backend's device
 * @domid: the guest
 * @handle: the guest's number for the interface
 *
 * Context: process, may sleep; takes rtnl.
 * Return: the netif, not connected yet, or an ERR_PTR().
 */
struct xen_netif *xenvif_alloc(struct xenbus_device *xdev, domid_t domid,
			       unsigned int handle)
{
	unsigned int max_queues = netbk_param(max_queues);
	char name[IFNAMSIZ];
	struct net_device *dev;
	struct xen_netif *netif;
	int err;

	snprintf(name, sizeof(name), "vif%u.%u", domid, handle);
	dev = alloc_netdev_mq(sizeof(*netif), name, NET_NAME_UNKNOWN,
			      vif_setup_netdev, max_queues);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	SET_NETDEV_DEV(dev, &xdev->dev);

	netif = netdev_priv(dev);
	netif->dev = dev;
	netif->xdev = xdev;
	netif->domid = domid;
	netif->handle = handle;
	netif->max_queues = max_queues;
	netif->offloads = XENVIF_OFFLOADS;
	netif->weight = NETBK_WEIGHT_DEFAULT;
	netif->gives_headroom = netbk_param(provides_xdp_headroom);
	xenvif_mcast_init(&netif->mcast);
	xenvif_stall_init(&netif->stall);
	xenvif_limit_init(&netif->limit[NETBK_TX], netif, NETBK_TX);
	xenvif_limit_init(&netif->limit[NETBK_RX], netif, NETBK_RX);
	xenvif_ctrl_init(&netif->ctrl, netif);
	xenvif_link_init(&netif->link, netif);
	mutex_init(&netif->state_lock);
	INIT_WORK(&netif->broken_work, xenvif_take_out_broken);
	set_bit(XENVIF_CLOSED, &netif->state);

	err = vif_alloc_queues(netif);
	if (err)
		goto free_dev;

	netif_carrier_off(dev);
	dev->sysfs_groups[0] = &xenvif_sysfs_group;
	err = register_netdev(dev);
	if (err) {
		netdev_warn(dev, "cannot register the net device: error %d\n",
			    err);
		goto free_queues;
	}
	return netif;

free_queues:
	vif_free_queues(netif->queues, netif->max_queues);
free_dev:
	free_netdev(dev);
	return ERR_PTR(err);
}

/**
 * xenvif_free - unregister and free a guest's interface
 * @netif: not connected
 *
 * Context: process, may sleep; takes rtnl.
 */
void xenvif_free(struct xen_netif *netif)
{
	struct xenvif_queue *queues = netif->queues;
	unsigned int max_queues = netif->max_queues;

	xenvif_link_leave(&netif->link);
	/* Waits for readers of statistics and for senders. */
	unregister_netdev(netif->dev);
	xenvif_link_end(&netif->link);
	vif_free_queues(queues, max_queues);
	free_netdev(netif->dev);
}

/* ------------------------- connect, disconnect ----------------------- */

/* A ring of a guest that broke the protocol cannot be read on. */
static void vif_refuse_rest(struct xen_netif *netif)
{
	unsigned int id;

	if (test_bit(XENVIF_BROKEN, &netif->state))
		return;
	for (id = 0; id < netif->max_queues; id++) {
		xenvif_tx_refuse(&netif->queues[id]);
		cond_resched();
	}
}

static void vif_disconnect_queues(struct xen_netif *netif)
{
	unsigned int id;

	for (id = 0; id < netif->max_queues; id++)
		xenvif_queue_disconnect(&netif->queues[id]);
}

static int vif_connect_queues(struct xen_netif *netif,
			      const struct xenvif_config *config)
{
	unsigned int id;
	int err;

	for (id = 0; id < config->num_queues; id++) {
		const struct xenvif_ring_refs *refs = &config->refs[id];

		err = xenvif_queue_connect(&netif->queues[id], refs);
		if (err) {
			xenbus_dev_fatal(netif->xdev, err,
					 "mapping shared-frames %u/%u port tx %u rx %u",
					 refs->tx_ref, refs->rx_ref,
					 refs->tx_evtchn, refs->rx_evtchn);
			return err;
		}
	}
	return 0;
}

/* Whether a former backend has put responses on the rings, before an unbind for
 * example.
 */
static bool vif_in_use(const struct xen_netif *netif,
		       const struct xenvif_config *config)
{
	unsigned int id;

	for (id = 0; id < config->num_queues; id++) {
		if (netif->queues[id].tx.rsp_prod_pvt)
			return true;
	}
	return false;
}

static int vif_connect_ctrl(struct xen_netif *netif,
			    const struct xenvif_config *config)
{
	int err;

	if (!config->has_ctrl)
		return 0;
	err = xenvif_ctrl_connect(&netif->ctrl, config->ctrl_ref,
				  config->ctrl_evtchn, config->num_queues);
	if (err)
		xenbus_dev_fatal(netif->xdev, err,
				 "mapping shared-frame %u port %u",
				 config->ctrl_ref, config->ctrl_evtchn);
	return err;
}

/* The MTU is cut for a frontend without scatter-gather, a boot loader's for
 * example, and restored for the next frontend, unless it was set meanwhile.
 */
static void vif_fit_mtu(struct xen_netif *netif)
{
	struct net_device *dev = netif->dev;
	unsigned int wanted = netif->mtu_uncut ?: dev->mtu;
	unsigned int mtu = min(wanted, vif_max_mtu(netif));

	ASSERT_RTNL();
	if (mtu != dev->mtu)
		dev_set_mtu(dev, mtu);
	/* Others that use the device may reject the change. */
	netif->mtu_uncut = wanted > dev->mtu ? wanted : 0;
}

static int vif_publish_locked(struct xen_netif *netif,
			      const struct xenvif_config *config)
{
	struct net_device *dev = netif->dev;
	int err;

	ASSERT_RTNL();
	/* The control ring may have broken it. */
	if (test_bit(XENVIF_BROKEN, &netif->state))
		return -EPROTO;
	err = netif_set_real_num_queues(dev, config->num_queues,
					config->num_queues);
	if (err)
		return err;

	WRITE_ONCE(netif->offloads, config->offloads);
	vif_fit_mtu(netif);
	netdev_update_features(dev);

	WRITE_ONCE(netif->num_queues, config->num_queues);
	set_bit(XENVIF_CONNECTED, &netif->state);
	/* Before the queues are up, since they may stop the stack again. */
	netif_tx_wake_all_queues(dev);
	return 0;
}

static int vif_publish(struct xen_netif *netif,
		       const struct xenvif_config *config)
{
	int err;

	rtnl_lock();
	err = vif_publish_locked(netif, config);
	rtnl_unlock();
	if (err)
		xenbus_dev_fatal(netif->xdev, err, "setting up %u queues",
				 config->num_queues);
	return err;
}

/**
 * xenvif_set_headroom - set the headroom of a guest's Rx packets
 * @netif: its netif
 * @bytes: headroom the guest asks for, at most %NETBK_RX_HEADROOM_MAX
 *
 * Applies to packets that are copied from now on. A netif that was created
 * without this feature leaves no headroom.
 *
 * Context: any.
 */
void xenvif_set_headroom(struct xen_netif *netif, unsigned int bytes)
{
	WRITE_ONCE(netif->rx_headroom, netif->gives_headroom ? bytes : 0);
}

/**
 * xenvif_connect - connect to a frontend
 * @netif: not connected
 * @config: configuration that the frontend asks for
 *
 * Packets pass once xenvif_admit() is called, too. Errors are reported to the
 * toolstack and the frontend.
 *
 * Context: process, may sleep; takes rtnl.
 * Return: 0 or a negative error, with nothing left connected.
 */
int xenvif_connect(struct xen_netif *netif, const struct xenvif_config *config)
{
	int err;

	netif->drain_timeout = xenvif_drain_timeout(config->rx_notify);
	netif->rx_notify = config->rx_notify;
	xenvif_stall_connect(netif, config->rx_notify);
	xenvif_set_headroom(netif, config->rx_headroom);
	err = vif_connect_queues(netif, config);
	if (!err)
		err = vif_connect_ctrl(netif, config);
	if (!err) {
		xenvif_settings_connect(netif, vif_in_use(netif, config));
		err = vif_publish(netif, config);
	}
	if (err)
		xenvif_disconnect(netif, false);
	else
		xenvif_debugfs_add(netif);
	return err;
}

/**
 * xenvif_disconnect - disconnect from a frontend
 * @netif: connected, in part or not at all; broken or not
 * @closing: whether the frontend is closing, and may wait for answers
 *
 * The only way down, in the reverse order of xenvif_connect():
 *
 * 0. The debugfs files go, and with them all readers of the rings.
 * 1. After __netif_down() no event handler and no worker touches a queue, and
 *    no packet waits on one. The carrier goes after that, since a worker could
 *    turn it on again (rx_stall.c).
 * 2. With XENVIF_CONNECTED clear, nobody places a queue on a group (vif_up.c),
 *    so 1. holds from here on.
 * 3. The work of a broken netif may be waiting for rtnl. It finds nothing to do
 *    after 1., and is waited for without rtnl.
 * 4. Only this context still uses the rings and events, so they can go. Before
 *    that, what a closing frontend has left is answered. Rings of others stay
 *    as they are, for a backend that is bound later.
 *
 * Context: process, may sleep; takes rtnl.
 */
void xenvif_disconnect(struct xen_netif *netif, bool closing)
{
	xenvif_debugfs_remove(netif);

	rtnl_lock();
	clear_bit(XENVIF_CONNECTED, &netif->state);
	clear_bit(XENVIF_ADMITTED, &netif->state);
	__netif_down(netif);
	netif_carrier_off(netif->dev);
	WRITE_ONCE(netif->num_queues, 0);
	rtnl_unlock();
	xenvif_mcast_clear(&netif->mcast);

	/* Before broken_work is cancelled: the control ring may queue it. */
	xenvif_ctrl_disconnect(&netif->ctrl);
	cancel_work_sync(&netif->broken_work);
	if (closing)
		vif_refuse_rest(netif);
	vif_disconnect_queues(netif);
	clear_bit(XENVIF_BROKEN, &netif->state);
}
