/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which bytes of a packet go into which of the pages that a guest has posted.
 * Rx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_RX_PLAN_H
#define _XEN_NETBACK_RX_PLAN_H

#include <linux/if_ether.h>
#include <linux/math.h>

#include <xen/page.h>

struct netbk_rx_batch;
struct sk_buff;
struct xenvif_queue;

/* Extra infos that a packet may have: GSO, XDP, hash. */
#define NETBK_RX_EXTRAS_MAX 3

/* What is left free at the start of a packet's first page, at most: frontends
 * expect an Ethernet header in that page.
 */
#define NETBK_RX_HEADROOM_MAX (XEN_PAGE_SIZE - ETH_HLEN)

/* Slots of the data of the longest packet, 64 KiB and link header. */
#define NETBK_RX_DATA_SLOTS DIV_ROUND_UP(65536 + 64, XEN_PAGE_SIZE)

/* And of such a packet with headroom, a slot more, and with all extra infos. */
#define NETBK_RX_PACKET_SLOTS (NETBK_RX_DATA_SLOTS + 1 + NETBK_RX_EXTRAS_MAX)

/* A packet of so many slots may take a spare one, to have fewer copies cut in
 * two: the slot costs the guest 2,200 instructions, and each cut Xen 500.
 * Frontends take 18 slots with data.
 */
#define NETBK_RX_MANY_SLOTS 8
#define NETBK_RX_SPARE_SLOTS 1

unsigned int netbk_rx_slots(const struct sk_buff *skb, unsigned int headroom);
unsigned int netbk_rx_copies(const struct sk_buff *skb, unsigned int headroom);
void netbk_rx_plan(struct netbk_rx_batch *batch, struct xenvif_queue *queue,
		   struct sk_buff *skb, unsigned int posted);

#endif /* _XEN_NETBACK_RX_PLAN_H */
