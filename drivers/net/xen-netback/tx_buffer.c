// SPDX-License-Identifier: GPL-2.0

#include "tx_buffer.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

#include <net/page_pool/helpers.h>

#include <xen/page.h>

/* Bytes that a pool keeps; it returns more to the system. So the memory of a
 * stream with a window of megabytes is reused, instead of cleared by the page
 * allocator each time. All groups together keep 32 MiB of data, unless there
 * are very many. The cache of each pool has 64 pieces more: 2 MiB of blocks or,
 * with pages of 64 KiB, 4 MiB (256 KiB in recent kernels).
 */
#define POOL_HEADS SZ_1M
#define POOL_DATA_ALL SZ_32M
#define POOL_DATA_MIN SZ_512K
#define POOL_DATA_MAX SZ_8M

/* Small packets share a small page. A small packet that is held would pin all
 * of a large page and be charged for little of it, so there each linear part is
 * allocated alone.
 */
#define PAGES_HAVE_HEADS (PAGE_SIZE == XEN_PAGE_SIZE)

/* Smallest part of a page for a fragment: half of it if pages are large. */
#define PAGE_PIECE_MIN (PAGES_HAVE_HEADS ? PAGE_SIZE : PAGE_SIZE / 2)

/* Smallest piece of a block. An skb that holds a piece pins the whole block, so
 * its truesize has to cover at least half of it.
 */
#define BLOCK_PIECE_MIN (NETBK_BLOCK_BYTES / 2)

/* Pieces to take from single pages before a block is tried again. */
#define BLOCKS_WAIT 256

static struct page_pool *buffer_create_pool(int node, unsigned int order,
					    unsigned int bytes)
{
	struct page_pool_params params = {
		.order = order,
		.pool_size = bytes >> (PAGE_SHIFT + order),
		.nid = node,
	};

	return page_pool_create(&params);
}

/**
 * netbk_buffers_init - create a group's page pools
 * @buffers: the pools, zeroed memory
 * @node: NUMA node of their pages
 * @sharers: number of groups
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int netbk_buffers_init(struct netbk_buffers *buffers, int node,
		       unsigned int sharers)
{
	unsigned int data = clamp_t(unsigned int, POOL_DATA_ALL / sharers,
				    POOL_DATA_MIN, POOL_DATA_MAX);
	unsigned int pages = NETBK_HAS_BLOCKS ? POOL_HEADS : data;

	buffers->pages = buffer_create_pool(node, 0, pages);
	if (IS_ERR(buffers->pages))
		return PTR_ERR(buffers->pages);
	if (!NETBK_HAS_BLOCKS)
		return 0;

	buffers->blocks = buffer_create_pool(node, NETBK_BLOCK_ORDER, data);
	if (IS_ERR(buffers->blocks)) {
		page_pool_destroy(buffers->pages);
		return PTR_ERR(buffers->blocks);
	}
	return 0;
}

/**
 * netbk_buffers_deinit - release a group's page pools
 * @buffers: the pools; the group's workers have ended
 *
 * Pages in skbs return to the pools later. The page_pool core frees a pool with
 * the last of them.
 *
 * Context: process, may sleep.
 */
void netbk_buffers_deinit(struct netbk_buffers *buffers)
{
	if (NETBK_HAS_BLOCKS)
		page_pool_destroy(buffers->blocks);
	page_pool_destroy(buffers->pages);
}

/* ----------------------------- allocation ---------------------------- */

static struct sk_buff *buffer_cut_head(struct netbk_buffers *buffers,
				       unsigned int len,
				       struct netbk_dest *dest)
{
	unsigned int size = SKB_DATA_ALIGN(NETBK_HEADROOM + len) +
			    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	unsigned int offset;
	struct sk_buff *skb;
	struct page *page;

	page = page_pool_dev_alloc_frag(buffers->pages, &offset, size);
	if (unlikely(!page))
		return NULL;
	skb = napi_build_skb(page_address(page) + offset, size);
	if (unlikely(!skb)) {
		page_pool_put_full_page(buffers->pages, page, true);
		return NULL;
	}
	dest->page = page;
	dest->offset = offset + NETBK_HEADROOM;
	return skb;
}

static struct sk_buff *buffer_make_head(unsigned int len,
					struct netbk_dest *dest)
{
	struct sk_buff *skb;

	skb = alloc_skb(NETBK_HEADROOM + len, GFP_ATOMIC | __GFP_NOWARN);
	if (unlikely(!skb))
		return NULL;
	dest->page = virt_to_page(skb->data + NETBK_HEADROOM);
	dest->offset = offset_in_page(skb->data + NETBK_HEADROOM);
	return skb;
}

/**
 * netbk_alloc_head - allocate an skb with room for a packet's linear part
 * @buffers: the group's pools
 * @len: bytes of the linear part, at most %NETBK_LINEAR_LEN; the skb has them
 *	already
 * @dest: set to these bytes
 *
 * Context: the worker of the Tx lane, BH disabled.
 * Return: the skb, or NULL.
 */
struct sk_buff *netbk_alloc_head(struct netbk_buffers *buffers,
				 unsigned int len, struct netbk_dest *dest)
{
	struct sk_buff *skb;

	skb = PAGES_HAVE_HEADS ? buffer_cut_head(buffers, len, dest) :
				 buffer_make_head(len, dest);
	if (unlikely(!skb))
		return NULL;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, NETBK_HEADROOM);
	__skb_put(skb, len);
	dest->room = len;
	return skb;
}

/* Returns the contiguous bytes of a piece. The memory of a Xen PV domain may be
 * scattered in the machine, and then is copied once more before a device sends
 * it.
 */
static unsigned int buffer_contiguous_bytes(struct page *page,
					    unsigned int size)
{
	unsigned long gfn = xen_page_to_gfn(page);
	unsigned int bytes;

	for (bytes = PAGE_SIZE; bytes < size; bytes += PAGE_SIZE) {
		gfn += XEN_PFN_PER_PAGE;
		if (xen_page_to_gfn(++page) != gfn)
			break;
	}
	return bytes;
}

/* Bytes to take from the current block or, if too little of it is left, from
 * the next one; 0 if so few are wanted that single pages are better.
 */
static unsigned int buffer_next_piece(const struct netbk_buffers *buffers,
				      unsigned int want)
{
	unsigned int piece = min_t(unsigned int, want, NETBK_BLOCK_BYTES);

	if (!NETBK_HAS_BLOCKS || want <= PAGE_SIZE || piece < BLOCK_PIECE_MIN)
		return 0;
	if (buffers->block_left < BLOCK_PIECE_MIN)
		return piece;
	return min(piece, buffers->block_left);
}

/* Single pages do if there is no block, so this uses no reserves and does not
 * wait for reclaim. A kernel that gives out only whole blocks raises @size.
 */
static struct page *buffer_get_piece(struct netbk_buffers *buffers,
				     unsigned int *offset, unsigned int *size)
{
	unsigned int piece = *size;
	struct page *block;

	if (unlikely(buffers->blocks_wait)) {
		buffers->blocks_wait--;
		return NULL;
	}
	block = page_pool_alloc_frag(buffers->blocks, offset, piece,
				     GFP_NOWAIT | __GFP_NOWARN |
				     __GFP_NOMEMALLOC);
	if (unlikely(!block)) {
		buffers->block_left = 0;
		buffers->blocks_wait = BLOCKS_WAIT;
	}
	*size = piece;
	return block;
}

/* Takes a piece of a block for up to @size bytes. Sets @size to the bytes that
 * may be used and @taken to the bytes given away, which are more than wanted
 * only if the kernel gives out whole blocks. If a block is scattered, others
 * probably are, so the next attempt waits.
 */
static struct page *buffer_cut_block(struct netbk_buffers *buffers,
				     unsigned int *size,
				     unsigned int *taken, unsigned int *offset)
{
	unsigned int piece = buffer_next_piece(buffers, *size);
	struct page *block;

	if (!piece)
		return NULL;
	block = buffer_get_piece(buffers, offset, &piece);
	if (unlikely(!block))
		return NULL;
	if (!*offset)
		buffers->scattered =
			buffer_contiguous_bytes(block, NETBK_BLOCK_BYTES) <
			NETBK_BLOCK_BYTES;
	buffers->block_left = NETBK_BLOCK_BYTES - *offset - piece;
	*taken = piece;
	*size = piece;
	if (unlikely(buffers->scattered)) {
		*size = buffer_contiguous_bytes(block + (*offset >> PAGE_SHIFT),
						piece);
		buffers->blocks_wait = BLOCKS_WAIT;
	}
	return block;
}

/**
 * netbk_alloc_frag - add a fragment to an skb
 * @buffers: the group's pools
 * @skb: from netbk_alloc_head(), with fewer than %MAX_SKB_FRAGS fragments
 * @lead: bytes to skip at the start of the fragment's first page, less than a
 *	page
 * @len: bytes wanted
 * @dest: set to the fragment's bytes: @len of them, or up to where a page ends
 *
 * A short fragment lies within a page. So does a long one if memory is short of
 * blocks, if they are scattered, or if there are none.
 *
 * Context: the worker of the Tx lane, BH disabled.
 * Return: false if there is no memory.
 */
bool netbk_alloc_frag(struct netbk_buffers *buffers, struct sk_buff *skb,
		      unsigned int lead, unsigned int len,
		      struct netbk_dest *dest)
{
	unsigned int size = PAGE_ALIGN(lead + len);
	unsigned int taken;
	struct page *page;

	page = buffer_cut_block(buffers, &size, &taken, &dest->offset);
	if (!page) {
		size = lead + len > PAGE_PIECE_MIN ? PAGE_SIZE : PAGE_PIECE_MIN;
		page = page_pool_dev_alloc_frag(buffers->pages, &dest->offset,
						size);
		if (!page)
			return false;
		taken = size;
	}
	dest->page = page;
	dest->offset += lead;
	dest->room = min(len, size - lead);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, dest->offset,
			dest->room, taken);
	return true;
}
