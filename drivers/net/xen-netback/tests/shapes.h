/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets for tests of guest Rx, of every shape that the stack may give them.
 * Rx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_TEST_SHAPES_H
#define _XEN_NETBACK_TEST_SHAPES_H

#include <linux/types.h>

struct sk_buff;

#define NETBK_TEST_GSO_SIZE 1448

/**
 * struct netbk_test_shape - a packet to be made
 * @name: what is special about it
 * @headroom: bytes in front of the linear part, in its first page
 * @linear: bytes of the linear part
 * @nr_frags: fragments
 * @order: of the pages of a fragment
 * @offset: bytes in front of a fragment, in its pages
 * @size: bytes of a fragment
 * @nr_parts: skbs on its frag_list, of the same shape
 * @nested: the first of them has one on its own frag_list
 * @gso_type: SKB_GSO_*
 * @xdp: bytes to leave free in the guest's first page
 * @hash: the packet has a hash for the guest
 * @csum: skb->ip_summed
 * @flags: XEN_NETRXF_* that the guest is to see in the first response, but for
 *	more_data
 */
struct netbk_test_shape {
	const char *name;
	u16 headroom;
	u16 linear;
	u8 nr_frags;
	u8 order;
	u16 offset;
	u16 size;
	u8 nr_parts;
	bool nested;
	u32 gso_type;
	u16 xdp;
	bool hash;
	u8 csum;
	u16 flags;
};

struct sk_buff *netbk_test_skb(const struct netbk_test_shape *shape);

#endif /* _XEN_NETBACK_TEST_SHAPES_H */
