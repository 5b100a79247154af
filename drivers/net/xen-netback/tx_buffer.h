/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for copies of guest-Tx packets: skbs on pages of a group's own pools.
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

/* Blocks hold the data of long packets: 32 KiB, with pages of 4 KiB the largest
 * size that the page allocator handles well. An skb of 64 KiB has 3 or 4
 * fragments in blocks instead of 17 in pages, which takes less time to walk and
 * to map. There are no blocks if a page is as large.
 */
#define NETBK_BLOCK_ORDER get_order(SZ_32K)
#define NETBK_BLOCK_BYTES (PAGE_SIZE << NETBK_BLOCK_ORDER)
#define NETBK_HAS_BLOCKS (NETBK_BLOCK_ORDER > 0)

/* The longest packet that fits a Xen page together with skb_shared_info. */
#define NETBK_LINEAR_LEN SKB_WITH_OVERHEAD(XEN_PAGE_SIZE - NETBK_HEADROOM)

/**
 * struct netbk_buffers - memory for a group's guest-Tx packets
 * @pages: pool of pages, cut into fragments and, if pages are small, into
 *	linear parts: headroom, data, shared info
 * @blocks: pool of blocks of %NETBK_BLOCK_BYTES, cut into fragments; not used
 *	unless %NETBK_HAS_BLOCKS
 * @block_left: bytes of the current block that are not given away
 * @scattered: the current block is not contiguous in the machine
 * @blocks_wait: pieces to take from single pages before a block is tried again
 *
 * Two pools, since a pool cuts one page at a time and pieces of one size waste
 * least. A page knows its pool (page->pp) and returns to it when the last skb
 * that uses the page is freed, on any CPU.
 */
struct netbk_buffers {
	struct page_pool *pages;
	struct page_pool *blocks;
	unsigned int block_left;
	bool scattered;
	unsigned int blocks_wait;
};

/**
 * struct netbk_dest - destination of a packet's next bytes
 * @page: the page, or the first of a block
 * @offset: bytes into it
 * @room: bytes left of the allocated piece
 */
struct netbk_dest {
	struct page *page;
	unsigned int offset;
	unsigned int room;
};

int netbk_buffers_init(struct netbk_buffers *buffers, int node,
		       unsigned int sharers);
void netbk_buffers_deinit(struct netbk_buffers *buffers);

/* Single consumer: the Tx lane's worker. */
struct sk_buff *netbk_alloc_head(struct netbk_buffers *buffers,
				 unsigned int len, struct netbk_dest *dest);
bool netbk_alloc_frag(struct netbk_buffers *buffers, struct sk_buff *skb,
		      unsigned int lead, unsigned int len,
		      struct netbk_dest *dest);

#endif /* _XEN_NETBACK_TX_BUFFER_H */
