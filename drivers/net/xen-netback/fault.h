/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults: packets that are dropped, with the reason, and guests that break the
 * protocol.
 */
#ifndef _XEN_NETBACK_FAULT_H
#define _XEN_NETBACK_FAULT_H

#include "dir.h"

struct sk_buff;
struct xen_netif;
struct xenvif_queue;

/**
 * enum netbk_drop - why a packet is dropped
 * @NETBK_DROP_NONE: it is not dropped
 * @NETBK_DROP_REQUEST: Tx: its requests violate netif.h
 * @NETBK_DROP_HEADER: Tx: its headers contradict its requests
 * @NETBK_DROP_COPY: a page that the guest has granted cannot be copied
 * @NETBK_DROP_MEMORY: the host is out of memory
 * @NETBK_DROP_MULTICAST: Rx: the guest does not want its multicast address
 * @NETBK_DROP_DOWN: Tx: the net device is down, or the guest is closing; Rx:
 *	the queue is on no group, since it is not connected
 * @NETBK_DROP_STALLED: Rx: the queue is stalled
 * @NETBK_DROP_SIZE: Rx: it is larger than what the guest has room for
 * @NETBK_DROP_FULL: Rx: the queue is full
 * @NETBK_DROP_TIMEOUT: Rx: it has waited too long
 */
enum netbk_drop {
	NETBK_DROP_NONE,
	NETBK_DROP_REQUEST,
	NETBK_DROP_HEADER,
	NETBK_DROP_COPY,
	NETBK_DROP_MEMORY,
	NETBK_DROP_MULTICAST,
	NETBK_DROP_DOWN,
	NETBK_DROP_STALLED,
	NETBK_DROP_SIZE,
	NETBK_DROP_FULL,
	NETBK_DROP_TIMEOUT,
};

void xenvif_drop(const struct xenvif_queue *queue, enum netbk_dir dir,
		 enum netbk_drop why, struct sk_buff *skb);
void xenvif_set_broken(struct xen_netif *netif, const char *reason);

#endif /* _XEN_NETBACK_FAULT_H */
