/* SPDX-License-Identifier: GPL-2.0 */
/* What a backend offers to its frontend in xenstore. */
#ifndef _XEN_NETBACK_XENBUS_OFFER_H
#define _XEN_NETBACK_XENBUS_OFFER_H

struct xen_netif;

int xenvif_offer(struct xen_netif *netif);

#endif /* _XEN_NETBACK_XENBUS_OFFER_H */
