// SPDX-License-Identifier: GPL-2.0

#include "queue_ring.h"

#include <linux/build_bug.h>
#include <linux/netdevice.h>
#include <linux/stddef.h>

#include <xen/interface/io/netif.h>
#include <xen/xenbus.h>

#include "vif.h"

/* The start of a shared ring of any type, as in Xen's ring.h. */
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
 * @netif: the guest's netif
 * @ref: grant of the ring's page
 * @what: name of the ring's direction, for the log
 * @size: number of requests that fit the ring
 * @page: set to the ring, unless there is an error
 *
 * The ring may have been in use by a backend that was unbound from the device,
 * or by an earlier module. What follows its last response is taken over.
 *
 * Context: process, may sleep.
 * Return: 0; -EIO if the guest claims an impossible number of requests; or
 * another negative error, which has been reported to the toolstack.
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
		netdev_err(netif->dev,
			   "impossible number of %s requests: %u (valid: 0-%u)\n",
			   what, requests, size);
		xenvif_ring_unmap(netif, sring);
		return -EIO;
	}
	return 0;
}

/**
 * xenvif_ring_unmap - unmap a ring
 * @netif: the guest's netif
 * @sring: the ring from xenvif_ring_map(), or NULL
 *
 * Context: process, may sleep.
 */
void xenvif_ring_unmap(struct xen_netif *netif, void *sring)
{
	if (sring)
		xenbus_unmap_ring_vfree(netif->xdev, sring);
}
