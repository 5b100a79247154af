/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory guest-Tx packets are copied to: skbs on pages of a group's own
 * pools. Tx is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_TX_BUFFER_H
#define _XEN_NETBACK_TX_BUFFER_H

#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include <xen/page.h>

struct page;
struct page_pool;

#define NETBK_HEADROOM (NET_SKB_PAD + NET_IP_ALIGN)

/* What the data of long packets is copied to: 32 KiB, with pages of 4 KiB the
 * largest size that the page allocator is good at. An skb of 64 KiB has 3 or 4
 * fragments in these instead of 17 in pages, which takes less time to walk and
 * to map. Where a page is as large there are no blocks.
 */
#define NETBK_BLOCK_ORDER get_order(SZ_32K)
#define NETBK_BLOCK_BYTES (PAGE_SIZE << NETBK_BLOCK_ORDER)
#define NETBK_HAS_BLOCKS (NETBK_BLOCK_ORDER > 0)

/* The longest packet that fits a page of Xen's with its skb's shared info. */
#define NETBK_LINEAR_LEN SKB_WITH_OVERHEAD(XEN_PAGE_SIZE - NETBK_HEADROOM)

/**
 * struct netbk_buffers - where a group copies guest-Tx packets to
 * @pages: pool of pages cut into fragments and, if they are small, into linear
 *	parts: headroom, data, shared info
 * @blocks: pool of blocks of %NETBK_BLOCK_BYTES cut into fragments, if there
 *	are blocks
 * @block_left: bytes of the block at hand that are not given away
 * @scattered: the block at hand does not lie together in the machine
 * @blocks_wait: pieces to be had of single pages before a block is asked for,
 *	since there was none
 *
 * Two pools, since a pool cuts one page at a time and neighbours of one size
 * waste least. A page says whose it is (page->pp) and returns to its pool when
 * the last skb that uses it is freed, wherever that is.
 */
struct netbk_buffers {
	struct page_pool *pages;
	struct page_pool *blocks;
	unsigned int block_left;
	bool scattered;
	unsigned int blocks_wait;
};

/**
 * struct netbk_dest - where the next bytes of a packet go
 * @page: the page, or the first of a block
 * @offset: bytes into it
 * @room: bytes left of the piece that was allocated
 */
struct netbk_dest {
	struct page *page;
	unsigned int offset;
	unsigned int room;
};

int netbk_buffers_init(struct netbk_buffers *buffers, int node,
		       unsigned int sharers);
void netbk_buffers_deinit(struct netbk_buffers *buffers);
void netbk_buffers_settle(void);

/* Single consumer: the Tx lane's worker. */
struct sk_buff *netbk_alloc_head(struct netbk_buffers *buffers,
				 unsigned int len, struct netbk_dest *dest);
bool netbk_alloc_frag(struct netbk_buffers *buffers, struct sk_buff *skb,
		      unsigned int lead, unsigned int len,
		      struct netbk_dest *dest);

#endif /* _XEN_NETBACK_TX_BUFFER_H */
