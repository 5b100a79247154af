/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory guest-Tx packets are copied to: skbs on pages of a group's own
 * pools. Tx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_BUFFERS_H
#define _XEN_NETBACK_BUFFERS_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct page;
struct page_pool;

#define NETBK_HEADROOM (NET_SKB_PAD + NET_IP_ALIGN)

/* The longest packet that fits a page with its skb's shared info. */
#define NETBK_LINEAR_LEN SKB_MAX_ORDER(NETBK_HEADROOM, 0)

/**
 * struct netbk_buffers - where a group copies guest-Tx packets to
 * @heads: pool of pages cut into linear parts: headroom, data, shared info
 * @data: pool of pages cut into fragments
 *
 * Two pools, since a pool cuts one page at a time and neighbours of one size
 * waste least. A page says whose it is (page->pp) and returns to its pool when
 * the last skb that uses it is freed, wherever that is.
 */
struct netbk_buffers {
	struct page_pool *heads;
	struct page_pool *data;
};

/**
 * struct netbk_dest - where the next bytes of a packet go
 * @page: the page
 * @offset: bytes into it
 * @room: bytes left of the piece that was allocated
 */
struct netbk_dest {
	struct page *page;
	unsigned int offset;
	unsigned int room;
};

int netbk_buffers_init(struct netbk_buffers *buffers, int node);
void netbk_buffers_deinit(struct netbk_buffers *buffers);
void netbk_buffers_settle(void);

/* Single consumer: the Tx lane's worker. */
struct sk_buff *netbk_alloc_head(struct netbk_buffers *buffers,
				 unsigned int len, struct netbk_dest *dest);
bool netbk_alloc_frag(struct netbk_buffers *buffers, struct sk_buff *skb,
		      unsigned int len, struct netbk_dest *dest);

#endif /* _XEN_NETBACK_BUFFERS_H */
