/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packets that wait for a guest: how many may wait, and for how long.
 */
#ifndef _XEN_NETBACK_RX_BACKLOG_H
#define _XEN_NETBACK_RX_BACKLOG_H

#include <linux/skbuff.h>
#include <linux/types.h>

#include "fault.h"
#include "queue.h"

struct netbk_rx_batch;

/**
 * xenvif_queued_add - add a packet to a sum
 * @sum: the sum
 * @skb: the packet
 *
 * Context: any.
 */
static inline void xenvif_queued_add(struct xenvif_queued *sum,
				     const struct sk_buff *skb)
{
	sum->packets++;
	sum->bytes += skb->len;
	sum->memory += skb->truesize;
}

bool xenvif_backlog_add(struct xenvif_queue *queue, struct sk_buff *skb);
void xenvif_backlog_uncharge(struct xenvif_queue *queue,
			     const struct xenvif_queued *gone);
void xenvif_backlog_recharge(struct xenvif_queue *queue, unsigned int more);
void xenvif_backlog_count_lack(struct xenvif_queue *queue,
			       enum netbk_stop stop);
void xenvif_backlog_set_late(struct netbk_rx_batch *batch,
			     struct xenvif_queue *queue, bool starved);
void xenvif_backlog_refill(struct xenvif_queue *queue);
void xenvif_backlog_count_dropped(struct xenvif_queue *queue,
				  unsigned int packets);
unsigned long xenvif_backlog_due(const struct xenvif_queue *queue,
				 const struct sk_buff *head);
bool xenvif_backlog_is_expired(const struct xenvif_queue *queue);
enum netbk_stop xenvif_backlog_drain(struct netbk_rx_batch *batch,
				     struct xenvif_queue *queue,
				     enum netbk_drop why);
void xenvif_backlog_purge(struct xenvif_queue *queue);

unsigned long xenvif_drain_timeout(bool rx_notify);
void xenvif_drain_init(struct xenvif_queue *queue);
void xenvif_drain_later(struct xenvif_queue *queue);
void xenvif_drain_stop(struct xenvif_queue *queue);

#endif /* _XEN_NETBACK_RX_BACKLOG_H */
