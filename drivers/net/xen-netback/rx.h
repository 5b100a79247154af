/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest Rx: packets from the host's stack into the pages a guest has posted.
 */
#ifndef _XEN_NETBACK_RX_H
#define _XEN_NETBACK_RX_H

#include "fault.h"

struct sk_buff;
struct xen_netbk;
struct xenvif_queue;

enum netbk_drop xenvif_rx_enqueue(struct xenvif_queue *queue,
				  struct sk_buff *skb);
unsigned int netbk_rx_round(struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_RX_H */
