/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The link state that a guest is told: its cable ends where the host's side of
 * the vif is down.
 */
#ifndef _XEN_NETBACK_LINK_H
#define _XEN_NETBACK_LINK_H

#include <linux/workqueue.h>

struct xen_netif;

/**
 * struct xenvif_link - the link state of a vif, in xenstore
 * @netif: I: its netif
 * @work: writes it
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 */
struct xenvif_link {
	struct xen_netif *netif;
	struct work_struct work;	/* has its own rules */
};

void xenvif_link_init(struct xenvif_link *link, struct xen_netif *netif);
void xenvif_link_changed(struct xenvif_link *link);
void xenvif_link_end(struct xenvif_link *link);

#endif /* _XEN_NETBACK_LINK_H */
