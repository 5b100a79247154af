/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest Tx: packets from a guest's ring to the host's stack.
 */
#ifndef _XEN_NETBACK_TX_H
#define _XEN_NETBACK_TX_H

struct xen_netbk;

unsigned int netbk_tx_round(struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_TX_H */
