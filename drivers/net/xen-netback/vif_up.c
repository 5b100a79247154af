// SPDX-License-Identifier: GPL-2.0
/*
 * A vif is up, that is, workers serve its queues, while three things hold: a
 * frontend is connected, it has not broken the protocol, and the hotplug
 * script, if there is one, has reported success. Before that, the vif may not
 * be guarded by its rules in a firewall yet, so what the guest sends waits on
 * its rings.
 *
 * A net device that is down in the host closes the gate only. Workers then take
 * what the guest sends, answer it and drop it, at the cost of a packet that is
 * refused: a guest whose queue fills up may hang, and what it sent long ago
 * would be delivered when the device is up again.
 */

#include "vif_up.h"

#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include <xen/xenbus.h>

#include "group_place.h"
#include "queue.h"
#include "rx_backlog.h"
#include "trace.h"
#include "tx_inflight.h"
#include "vif.h"
#include "vif_limit.h"
#include "xenbus_node.h"

static void __netif_up(struct xen_netif *netif)
{
	unsigned int id;

	ASSERT_RTNL();
	if (netif->up)
		return;
	netbk_add_netif(netif);
	netif->up = true;
	for (id = 0; id < netif->num_queues; id++)
		xenvif_queue_start(&netif->queues[id]);
}

/**
 * __netif_down - have no worker serve the queues of a vif any longer
 * @netif: the vif, up or not
 *
 * Events end first, then the workers release the queues, then packets that wait
 * for the guest are dropped. No ndo_start_xmit can add to these by then, since
 * netbk_remove_netif() has waited for all that saw the queue on a group.
 *
 * Context: process, rtnl held, may sleep.
 */
void __netif_down(struct xen_netif *netif)
{
	unsigned int id;

	ASSERT_RTNL();
	if (!netif->up)
		return;
	netif->up = false;
	for (id = 0; id < netif->num_queues; id++)
		xenvif_queue_stop(&netif->queues[id]);
	netbk_remove_netif(netif);
	xenvif_limit_stop(&netif->limit[NETBK_TX]);
	xenvif_limit_stop(&netif->limit[NETBK_RX]);
	for (id = 0; id < netif->num_queues; id++) {
		xenvif_inflight_stop(&netif->queues[id]);
		xenvif_drain_stop(&netif->queues[id]);
		xenvif_backlog_purge(&netif->queues[id]);
	}
}

static bool vif_can_go_up(const struct xen_netif *netif)
{
	return test_bit(XENVIF_CONNECTED, &netif->state) &&
	       test_bit(XENVIF_ADMITTED, &netif->state) &&
	       !test_bit(XENVIF_BROKEN, &netif->state);
}

/* Logs once a second at most, since a guest may connect more often. */
static void vif_tell_ready(struct xen_netif *netif)
{
	unsigned long told = netif->told_ready;

	ASSERT_RTNL();
	if (told && time_in_range(jiffies, told, told + HZ))
		return;
	netif->told_ready = jiffies ?: 1;
	netdev_info(netif->dev, "Guest Rx ready\n");
}

/**
 * xenvif_admit - let packets pass, since no hotplug script is awaited
 * @netif: its netif; once admitted, it stays so until it is disconnected
 *
 * Context: process, may sleep; takes rtnl.
 */
void xenvif_admit(struct xen_netif *netif)
{
	rtnl_lock();
	/* If it breaks later, the work finds it up and takes it down. */
	if (!test_and_set_bit(XENVIF_ADMITTED, &netif->state) &&
	    vif_can_go_up(netif)) {
		__netif_up(netif);
		netif_carrier_on(netif->dev);
		vif_tell_ready(netif);
	}
	rtnl_unlock();
}

/**
 * xenvif_open_gate - let the guest's packets pass, since the net device is up
 * @netif: its netif
 *
 * Context: process, rtnl held.
 */
void xenvif_open_gate(struct xen_netif *netif)
{
	ASSERT_RTNL();
	clear_bit(XENVIF_CLOSED, &netif->state);
}

/**
 * xenvif_close_gate - drop the guest's packets, since the net device is down
 * @netif: its netif
 *
 * When this returns none is on its way to the stack, and none of the host's to
 * the guest.
 *
 * Context: process, rtnl held, may sleep.
 */
void xenvif_close_gate(struct xen_netif *netif)
{
	ASSERT_RTNL();
	set_bit(XENVIF_CLOSED, &netif->state);
	__netif_down(netif);
	if (vif_can_go_up(netif))
		__netif_up(netif);
}

/**
 * xenvif_take_out_broken - end the service of a guest that broke the protocol
 * @work: @broken_work of its netif
 *
 * It is not served until it reconnects. The toolstack sees the reason in the
 * device's error node, and the state Closing. Neither is written if the
 * toolstack has removed the device, since another device may have taken its
 * place.
 *
 * Context: process, may sleep; takes rtnl.
 */
void xenvif_take_out_broken(struct work_struct *work)
{
	struct xen_netif *netif = container_of(work, struct xen_netif,
					       broken_work);

	mutex_lock(&netif->state_lock);
	if (xenvif_node_is_ours(netif->xdev, XBT_NIL)) {
		trace_netbk_state(netif, NETBK_BACKEND, XenbusStateClosing);
		xenbus_dev_fatal(netif->xdev, -EPROTO,
				 "%s: fatal error; disabling device: %s",
				 netif->dev->name, netif->broken_reason);
	}
	mutex_unlock(&netif->state_lock);
	rtnl_lock();
	__netif_down(netif);
	netif_carrier_off(netif->dev);
	rtnl_unlock();
}
