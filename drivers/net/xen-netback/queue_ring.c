// SPDX-License-Identifier: GPL-2.0

#include "queue_ring.h"

#include <linux/build_bug.h>
#include <linux/netdevice.h>
#include <linux/stddef.h>

#include <xen/interface/io/netif.h>
#include <xen/xenbus.h>

#include "vif.h"

/* What a shared ring of any type begins with, ring.h of Xen. */
struct ring_head {
	RING_IDX req_prod, req_event;
	RING_IDX rsp_prod, rsp_event;
};

#define assert_head(sring) \
	static_assert(offsetof(sring, req_prod) == \
		      offsetof(struct ring_head, req_prod) && \
		      offsetof(sring, rsp_prod) == \
		      offsetof(struct ring_head, rsp_prod))

assert_head(struct xen_netif_tx_sring);
assert_head(struct xen_netif_rx_sring);
assert_head(struct xen_netif_ctrl_sring);

/**
 * xenvif_ring_map - map a ring that a guest shares
 * @netif: of the guest
 * @ref: its grant
 * @what: what is requested on it, for the log
 * @size: requests that it holds
 * @page: set to the ring, unless there is an error
 *
 * The ring may be in use already, by a backend that was unbound from the device
 * or by an earlier module: what is on it after the last response is taken over.
 *
 * Context: process, may sleep.
 * Return: 0; -EIO if there can't be so many requests as the guest says, or
 * another negative error, told to the toolstack.
 */
int xenvif_ring_map(struct xen_netif *netif, grant_ref_t ref,
		    const char *what, unsigned int size,
		    struct xenvif_ring_page *page)
{
	const struct ring_head *head;
	RING_IDX requests;
	void *sring;
	int err;

	err = xenbus_map_ring_valloc(netif->xdev, &ref, 1, &sring);
	if (err)
		return err;

	head = sring;
	page->sring = sring;
	page->rsp_prod = READ_ONCE(head->rsp_prod);
	requests = READ_ONCE(head->req_prod) - page->rsp_prod;
	if (requests > size) {
		netdev_err(netif->dev, "impossible number of %s requests: %u\n",
			   what, requests);
		xenvif_ring_unmap(netif, sring);
		return -EIO;
	}
	return 0;
}

/**
 * xenvif_ring_unmap - let go of a ring
 * @netif: of the guest
 * @sring: what xenvif_ring_map() found, or NULL
 *
 * Context: process, may sleep.
 */
void xenvif_ring_unmap(struct xen_netif *netif, void *sring)
{
	if (sring)
		xenbus_unmap_ring_vfree(netif->xdev, sring);
}
