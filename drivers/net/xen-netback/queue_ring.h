/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages that guests share as rings.
 */
#ifndef _XEN_NETBACK_QUEUE_RING_H
#define _XEN_NETBACK_QUEUE_RING_H

#include <xen/grant_table.h>
#include <xen/interface/io/ring.h>

struct xen_netif;

/**
 * struct xenvif_ring_page - a shared page that has been mapped
 * @sring: the ring, of the type that the caller expects
 * @rsp_prod: the index of the next response
 */
struct xenvif_ring_page {
	void *sring;
	RING_IDX rsp_prod;
};

int xenvif_ring_map(struct xen_netif *netif, grant_ref_t ref,
		    const char *what, unsigned int size,
		    struct xenvif_ring_page *page);
void xenvif_ring_unmap(struct xen_netif *netif, void *sring);

#endif /* _XEN_NETBACK_QUEUE_RING_H */
