/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multicast control: a guest names the multicast addresses whose packets it
 * wants.
 */
#ifndef _XEN_NETBACK_VIF_MCAST_H
#define _XEN_NETBACK_VIF_MCAST_H

#include <linux/compiler.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* netif.h sets no limit; backends have granted this many since 2015. */
#define XENVIF_MCAST_MAX 64

/**
 * struct xenvif_mcast - the multicast addresses that a guest wants
 * @on: W: packets to other multicast addresses are dropped
 * @lock: protects the list
 * @nr: L: number of addresses in @addr
 * @addr: L: the addresses, each once, in no order
 *
 * Every field carries the rule it is guarded by:
 *
 * L: @lock, with interrupts off: netconsole may send from any context
 * W: WRITE_ONCE() where the guest's settings are read (xenbus_watch.c) and
 *    where it is disconnected (vif.c); READ_ONCE() anywhere
 */
struct xenvif_mcast {
	bool on;
	spinlock_t lock;	/* see above */
	unsigned int nr;
	u8 addr[XENVIF_MCAST_MAX][ETH_ALEN];
};

void xenvif_mcast_init(struct xenvif_mcast *mcast);
bool xenvif_mcast_add(struct xenvif_mcast *mcast, const u8 *addr);
void xenvif_mcast_del(struct xenvif_mcast *mcast, const u8 *addr);
bool xenvif_mcast_has(struct xenvif_mcast *mcast, const u8 *addr);
void xenvif_mcast_clear(struct xenvif_mcast *mcast);

/**
 * xenvif_mcast_wanted - check whether a guest wants a packet
 * @mcast: of the guest
 * @dest: the packet's destination
 *
 * Broadcasts pass: a guest needs them for ARP and never names their address.
 *
 * Context: any.
 * Return: false if the guest filters the packet out.
 */
static inline bool xenvif_mcast_wanted(struct xenvif_mcast *mcast,
				       const u8 *dest)
{
	return likely(!READ_ONCE(mcast->on)) ||
	       !is_multicast_ether_addr(dest) ||
	       is_broadcast_ether_addr(dest) || xenvif_mcast_has(mcast, dest);
}

#endif /* _XEN_NETBACK_VIF_MCAST_H */
