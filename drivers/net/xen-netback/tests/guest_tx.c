// SPDX-License-Identifier: GPL-2.0

#include "guest_tx.h"

#include <linux/string.h>

#include <xen/page.h>

/**
 * netbk_guest_restart - empty a ring
 * @tx: the ring
 * @start: index of its next request
 */
void netbk_guest_restart(struct netbk_guest_tx *tx, RING_IDX start)
{
	BACK_RING_ATTACH(&tx->ring, tx->sring, start, XEN_PAGE_SIZE);
	tx->prod = start;
}

/**
 * netbk_guest_put - put a request on a ring
 * @tx: the ring
 * @flags: XEN_NETTXF_*
 * @offset: as in the request
 * @size: as in the request
 */
void netbk_guest_put(struct netbk_guest_tx *tx, u16 flags, u16 offset,
		     u16 size)
{
	struct xen_netif_tx_request *req;

	req = RING_GET_REQUEST(&tx->ring, tx->prod);
	req->gref = tx->prod;
	req->offset = offset;
	req->flags = flags;
	req->id = tx->prod;
	req->size = size;
	tx->prod++;
}

/**
 * netbk_guest_extra - put an extra info on a ring
 * @tx: the ring
 * @type: XEN_NETIF_EXTRA_TYPE_*, or a wrong one
 * @flags: XEN_NETIF_EXTRA_FLAG_*
 *
 * Return: the extra info, otherwise zero.
 */
struct xen_netif_extra_info *netbk_guest_extra(struct netbk_guest_tx *tx,
					       u8 type, u8 flags)
{
	struct xen_netif_extra_info *extra;

	extra = (struct xen_netif_extra_info *)
		RING_GET_REQUEST(&tx->ring, tx->prod++);
	memset(extra, 0, sizeof(*extra));
	extra->type = type;
	extra->flags = flags;
	return extra;
}

/**
 * netbk_guest_gso - put a GSO extra info on a ring, the last of its packet
 * @tx: the ring
 * @type: XEN_NETIF_GSO_TYPE_*, or a wrong one
 * @size: of the segments, in bytes
 */
void netbk_guest_gso(struct netbk_guest_tx *tx, u8 type, u16 size)
{
	struct xen_netif_extra_info *extra;

	extra = netbk_guest_extra(tx, XEN_NETIF_EXTRA_TYPE_GSO, 0);
	extra->u.gso.type = type;
	extra->u.gso.size = size;
}

/**
 * netbk_guest_chain - put a packet of several slots on a ring
 * @tx: the ring
 * @more: slots of 10 bytes after the first, which has 100
 */
void netbk_guest_chain(struct netbk_guest_tx *tx, unsigned int more)
{
	unsigned int i;

	netbk_guest_put(tx, more ? XEN_NETTXF_more_data : 0, 0,
			100 + 10 * more);
	for (i = 1; i <= more; i++)
		netbk_guest_put(tx, i < more ? XEN_NETTXF_more_data : 0, 0,
				10);
}
