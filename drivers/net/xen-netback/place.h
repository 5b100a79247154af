/* SPDX-License-Identifier: GPL-2.0 */
/* Which group serves which queue. */
#ifndef _XEN_NETBACK_PLACE_H
#define _XEN_NETBACK_PLACE_H

struct xen_netif;

void netbk_add_netif(struct xen_netif *netif);
void netbk_remove_netif(struct xen_netif *netif);

#endif /* _XEN_NETBACK_PLACE_H */
