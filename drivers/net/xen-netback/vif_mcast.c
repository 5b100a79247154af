// SPDX-License-Identifier: GPL-2.0
/*
 * The list is in the netif and changed in place: nothing is allocated for a
 * guest that adds and deletes without end, and nothing is freed under a reader
 * (CVE-2026-100081). A multicast packet for a guest that filters takes the
 * netif's lock; others take none.
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

/* Returns the index, @mcast->nr if it is not there. */
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
 * xenvif_mcast_add - a guest wants an address
 * @mcast: of the guest
 * @addr: any six bytes of its choice
 *
 * Context: any.
 * Return: false if this is no multicast address, or one more than
 * %XENVIF_MCAST_MAX; true if the address is on the list now, be it for long.
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
 * xenvif_mcast_del - a guest does not want an address any more
 * @mcast: of the guest
 * @addr: any six bytes of its choice
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
 * xenvif_mcast_has - is an address on the list?
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
 * xenvif_mcast_clear - forget what a frontend has asked for
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
