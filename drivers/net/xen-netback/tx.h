/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest Tx: packets from a guest's ring to the host's stack.
 */
#ifndef _XEN_NETBACK_TX_H
#define _XEN_NETBACK_TX_H

struct xen_netbk;
struct xenvif_queue;

unsigned int netbk_tx_round(struct xen_netbk *netbk);
void xenvif_tx_refuse(struct xenvif_queue *queue);

#endif /* _XEN_NETBACK_TX_H */
