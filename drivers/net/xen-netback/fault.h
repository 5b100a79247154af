/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What goes wrong with a packet or a guest: packets that do not get to where
 * they were sent, and why, and guests that break the protocol.
 */
#ifndef _XEN_NETBACK_FAULT_H
#define _XEN_NETBACK_FAULT_H

#include "dir.h"

struct sk_buff;
struct xen_netif;
struct xenvif_queue;

/**
 * enum netbk_drop - why a packet is dropped
 * @NETBK_DROP_NONE: it is not
 * @NETBK_DROP_REQUEST: Tx: its requests are against the rules of netif.h
 * @NETBK_DROP_HEADER: Tx: its headers are not what its requests say
 * @NETBK_DROP_COPY: a page that the guest has granted can't be copied
 * @NETBK_DROP_MEMORY: the host has no memory for it
 * @NETBK_DROP_MULTICAST: Rx: it is for a multicast address that the guest does
 *	not want
 * @NETBK_DROP_DOWN: Rx: the queue is on no group, since nobody is connected, or
 *	no more
 * @NETBK_DROP_STALLED: Rx: the guest has not posted requests for very long
 * @NETBK_DROP_SIZE: Rx: it is larger than what the guest has room for
 * @NETBK_DROP_FULL: Rx: so many wait for the guest already
 * @NETBK_DROP_TIMEOUT: Rx: it has waited for too long
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
