/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which bytes of a packet go into which of the pages that a guest has posted.
 * Rx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_RXPLAN_H
#define _XEN_NETBACK_RXPLAN_H

#include <linux/math.h>

#include <xen/page.h>

struct netbk_rx_batch;
struct sk_buff;
struct xenvif_queue;

/* Slots of the longest packet, 64 KiB and link header, and its GSO info. */
#define NETBK_RX_PACKET_SLOTS (DIV_ROUND_UP(65536 + 64, XEN_PAGE_SIZE) + 1)

/* A packet of so many slots may take a spare one, to have fewer copies cut in
 * two: the slot costs the guest 2,200 instructions, and each cut Xen 500.
 * Frontends take 18 slots with data.
 */
#define NETBK_RX_MANY_SLOTS 8
#define NETBK_RX_SPARE_SLOTS 1

unsigned int netbk_rx_slots(const struct sk_buff *skb);
unsigned int netbk_rx_copies(const struct sk_buff *skb);
void netbk_rx_plan(struct netbk_rx_batch *batch, struct xenvif_queue *queue,
		   struct sk_buff *skb, unsigned int posted);

#endif /* _XEN_NETBACK_RXPLAN_H */
