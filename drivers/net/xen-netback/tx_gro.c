// SPDX-License-Identifier: GPL-2.0
/*
 * Most guests leave it to the host to cut TCP into segments, and send packets
 * of 64 KiB. Of one that can't, or that passes on what others have sent, each
 * segment would go through bridge, filters and sockets, and into another guest,
 * alone. GRO joins them again: TCP from such a guest takes 22 % fewer
 * instructions to this domain and 30 % fewer to another guest.
 *
 * GRO belongs to NAPI, and this driver has no NAPI to be polled: its workers
 * serve many queues, by turns and by their share. So each group has a context
 * that is never scheduled. The Tx lane's worker takes it as an interrupt
 * handler would, and completes it as a poll function would at the end of each
 * visit to a queue: what the stack does with the packets is that queue's to pay
 * for, and no packet waits for another visit. The context is on a device of its
 * own, so that neither netpoll nor sysfs finds it.
 *
 * Only TCP that has something to join goes this way, and what is large already,
 * which comes to the stack in batches with it: everything else would pay for
 * a look at it. Before a packet takes the direct way all that came before it
 * are let go, so that it overtakes none.
 */

#include "tx_gro.h"

#include <linux/bitops.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>

/* Bytes behind the Ethernet header. Acknowledgments have fewer. Whatever
 * headers GRO takes, a segment of so many has more data than the least GSO size
 * that a guest may ask for (tx_parse.c).
 */
#define NETBK_GRO_LEAST 128

/* Nobody schedules it. */
static int tx_gro_never_polled(struct napi_struct *napi, int budget)
{
	WARN_ON_ONCE(budget);
	return 0;
}

/**
 * netbk_gro_init - prepare for joining packets
 * @gro: zeroed memory
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
	netif_napi_add(gro->dev, &gro->napi, tx_gro_never_polled);
	napi_enable(&gro->napi);
	return 0;
}

/**
 * netbk_gro_deinit - join packets no more
 * @gro: initialised, with no worker left
 *
 * Context: process, may sleep.
 */
void netbk_gro_deinit(struct netbk_gro *gro)
{
	napi_disable(&gro->napi);
	netif_napi_del(&gro->napi);
	free_netdev(gro->dev);
}

/* The headers have been found good if the checksum depends on them; else they
 * may be anything. The linear part has an IP header's bytes, if there are any.
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

/* A checksum that nobody vouches for would have to be computed. A packet above
 * the MTU is for the stack to judge: joined, it would pass for segments.
 */
static bool tx_wants_gro(const struct sk_buff *skb)
{
	return skb->len >= NETBK_GRO_LEAST &&
	       (skb_is_gso(skb) || skb->len <= READ_ONCE(skb->dev->mtu)) &&
	       skb->ip_summed != CHECKSUM_NONE &&
	       skb->dev->features & NETIF_F_GRO && tx_is_tcp(skb);
}

/**
 * netbk_gro_flush - hand to the stack what may still wait for others
 * @gro: of the group
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
 * @gro: of the group
 * @skb: the packet, its headers told as netif_receive_skb() wants them
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
