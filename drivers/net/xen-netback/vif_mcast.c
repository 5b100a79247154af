// SPDX-License-Identifier: GPL-2.0
/*
 * The list is part of the netif and changes in place. So a guest that adds and
 * deletes without end allocates nothing, and nothing is freed under a reader
 * (CVE-2026-100081). Only a multicast packet for a guest that filters takes the
 * lock.
 */

#include "vif_mcast.h"

#include <linux/lockdep.h>
#include <linux/string.h>

/**
 * xenvif_mcast_init - initialise an empty list that filters nothing
 * @mcast: zeroed memory
 *
 * Context: any; before the net device is registered.
 */
void xenvif_mcast_init(struct xenvif_mcast *mcast)
{
	spin_lock_init(&mcast->lock);
}

/* Returns the index, or @mcast->nr if the address is not on the list. */
static unsigned int mcast_find(const struct xenvif_mcast *mcast, const u8 *addr)
{
	unsigned int i;

	lockdep_assert_held(&mcast->lock);
	for (i = 0; i < mcast->nr; i++) {
		if (!memcmp(mcast->addr[i], addr, ETH_ALEN))
			break;
	}
	return i;
}

/**
 * xenvif_mcast_add - add an address to a guest's list
 * @mcast: of the guest
 * @addr: six bytes from the guest, not checked
 *
 * Context: any.
 * Return: true if the address is on the list (newly added or already present);
 * false if it is no multicast address, or the list is full.
 */
bool xenvif_mcast_add(struct xenvif_mcast *mcast, const u8 *addr)
{
	unsigned long flags;
	unsigned int at;

	if (!is_multicast_ether_addr(addr))
		return false;

	spin_lock_irqsave(&mcast->lock, flags);
	at = mcast_find(mcast, addr);
	if (at == mcast->nr && at < XENVIF_MCAST_MAX) {
		memcpy(mcast->addr[at], addr, ETH_ALEN);
		mcast->nr++;
	}
	spin_unlock_irqrestore(&mcast->lock, flags);
	return at < XENVIF_MCAST_MAX;
}

/**
 * xenvif_mcast_del - delete an address from a guest's list
 * @mcast: of the guest
 * @addr: six bytes from the guest, on the list or not
 *
 * Context: any.
 */
void xenvif_mcast_del(struct xenvif_mcast *mcast, const u8 *addr)
{
	unsigned long flags;
	unsigned int at;

	spin_lock_irqsave(&mcast->lock, flags);
	at = mcast_find(mcast, addr);
	if (at < mcast->nr) {
		mcast->nr--;
		memmove(mcast->addr[at], mcast->addr[mcast->nr], ETH_ALEN);
	}
	spin_unlock_irqrestore(&mcast->lock, flags);
}

/**
 * xenvif_mcast_has - check whether an address is on a guest's list
 * @mcast: of the guest
 * @addr: the address
 *
 * Context: any.
 * Return: true if so.
 */
bool xenvif_mcast_has(struct xenvif_mcast *mcast, const u8 *addr)
{
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&mcast->lock, flags);
	found = mcast_find(mcast, addr) < mcast->nr;
	spin_unlock_irqrestore(&mcast->lock, flags);
	return found;
}

/**
 * xenvif_mcast_clear - empty the list and stop filtering
 * @mcast: of a netif that is not connected
 *
 * Context: any.
 */
void xenvif_mcast_clear(struct xenvif_mcast *mcast)
{
	unsigned long flags;

	WRITE_ONCE(mcast->on, false);
	spin_lock_irqsave(&mcast->lock, flags);
	mcast->nr = 0;
	spin_unlock_irqrestore(&mcast->lock, flags);
}
