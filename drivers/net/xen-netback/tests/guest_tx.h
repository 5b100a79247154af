/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's Tx ring, for tests of what is read off it.
 */
#ifndef _XEN_NETBACK_TEST_GUEST_TX_H
#define _XEN_NETBACK_TEST_GUEST_TX_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

#include "../tx_parse.h"

#define NETBK_TEST_FATAL_SLOTS 20
#define NETBK_TEST_RING_SLOTS 256

/**
 * struct netbk_guest_tx - a guest's ring, and what was read off it
 * @sring: the shared page
 * @ring: the backend's end
 * @prod: requests that the guest has put there
 * @desc: the packet parsed last
 * @slot: its slots
 * @scribbled: the second CPU has begun to write
 */
struct netbk_guest_tx {
	struct xen_netif_tx_sring *sring;
	struct xen_netif_tx_back_ring ring;
	RING_IDX prod;
	struct xenvif_tx_desc desc;
	struct xenvif_tx_slot slot[NETBK_TEST_FATAL_SLOTS + 1];
	bool scribbled;
};

void netbk_guest_restart(struct netbk_guest_tx *tx, RING_IDX start);
void netbk_guest_put(struct netbk_guest_tx *tx, u16 flags, u16 offset,
		     u16 size);
struct xen_netif_extra_info *netbk_guest_extra(struct netbk_guest_tx *tx,
					       u8 type, u8 flags);
void netbk_guest_gso(struct netbk_guest_tx *tx, u8 type, u16 size);
void netbk_guest_chain(struct netbk_guest_tx *tx, unsigned int more);

#endif /* _XEN_NETBACK_TEST_GUEST_TX_H */
