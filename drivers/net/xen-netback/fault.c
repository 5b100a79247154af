// SPDX-License-Identifier: GPL-2.0

#include "fault.h"

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include "trace.h"
#include "vif.h"

/* The kernel's nearest reason, for tools that trace drops of all devices. */
static const enum skb_drop_reason kernel_reason[] = {
	[NETBK_DROP_REQUEST] = SKB_DROP_REASON_DEV_HDR,
	[NETBK_DROP_HEADER] = SKB_DROP_REASON_DEV_HDR,
	[NETBK_DROP_COPY] = SKB_DROP_REASON_SKB_UCOPY_FAULT,
	[NETBK_DROP_MEMORY] = SKB_DROP_REASON_NOMEM,
	[NETBK_DROP_MULTICAST] = SKB_DROP_REASON_OTHERHOST,
	[NETBK_DROP_DOWN] = SKB_DROP_REASON_DEV_READY,
	[NETBK_DROP_STALLED] = SKB_DROP_REASON_DEV_READY,
	[NETBK_DROP_SIZE] = SKB_DROP_REASON_PKT_TOO_BIG,
	[NETBK_DROP_FULL] = SKB_DROP_REASON_FULL_RING,
	[NETBK_DROP_TIMEOUT] = SKB_DROP_REASON_FULL_RING,
};

/**
 * xenvif_drop - drop a packet and trace the reason
 * @queue: its queue
 * @dir: its direction
 * @why: not %NETBK_DROP_NONE
 * @skb: the packet, or NULL if it has no skb yet
 *
 * The caller counts the packet.
 *
 * Context: any; netconsole may send from hard interrupts.
 */
void xenvif_drop(const struct xenvif_queue *queue, enum netbk_dir dir,
		 enum netbk_drop why, struct sk_buff *skb)
{
	trace_netbk_drop(queue, dir, why);
	if (skb)
		dev_kfree_skb_any_reason(skb, kernel_reason[why]);
}

/**
 * xenvif_set_broken - stop serving a guest that broke the protocol
 * @netif: its netif
 * @reason: what it did, for the log; a constant string
 *
 * This only sets a flag that the workers check. A work does the rest, since
 * that may sleep (XSA-90).
 *
 * Context: any but hard interrupts; a lane's worker or the control ring's.
 */
void xenvif_set_broken(struct xen_netif *netif, const char *reason)
{
	if (test_and_set_bit(XENVIF_BROKEN, &netif->state))
		return;
	trace_netbk_broken(netif, reason);
	netif->broken_reason = reason;
	schedule_work(&netif->broken_work);
}
