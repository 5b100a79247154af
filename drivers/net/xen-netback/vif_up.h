/* SPDX-License-Identifier: GPL-2.0 */
/* When the queues of a vif are served. */
#ifndef _XEN_NETBACK_VIF_UP_H
#define _XEN_NETBACK_VIF_UP_H

struct work_struct;
struct xen_netif;

void __netif_down(struct xen_netif *netif);
void xenvif_admit(struct xen_netif *netif);
void xenvif_open_gate(struct xen_netif *netif);
void xenvif_close_gate(struct xen_netif *netif);
void xenvif_take_out_broken(struct work_struct *work);

#endif /* _XEN_NETBACK_VIF_UP_H */
