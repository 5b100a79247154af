// SPDX-License-Identifier: GPL-2.0

#include "tx_buffer.h"

#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include <net/page_pool/helpers.h>

#include <xen/page.h>

/* What a pool keeps for itself, in bytes; more goes back to the system. The
 * data of a stream with a window of megabytes comes back to be used again,
 * instead of being cleared by the page allocator each time. All groups together
 * keep 32 MiB of data, unless there are very many. Each of them has more in the
 * cache of its pool, which is filled with 64 pieces at a time: that is 2 MiB of
 * blocks or, with pages of 64 KiB, 4 MiB. Recent kernels take fewer pieces if
 * pages are large, and come to 256 KiB there.
 */
#define POOL_HEADS SZ_1M
#define POOL_DATA_ALL SZ_32M
#define POOL_DATA_MIN SZ_512K
#define POOL_DATA_MAX SZ_8M

/* Small packets share a small page. A small packet that is kept would keep all
 * of a large page and be charged for little of it, so there each linear part is
 * allocated alone.
 */
#define PAGES_HAVE_HEADS (PAGE_SIZE == XEN_PAGE_SIZE)

/* The least of a page that a fragment takes: half of it, if pages are large. */
#define PAGE_PIECE_MIN (PAGES_HAVE_HEADS ? PAGE_SIZE : PAGE_SIZE / 2)

/* The least of a block that is given away. Who holds on to a piece keeps the
 * whole block from being used again, and is to be charged for half of it or
 * more.
 */
#define BLOCK_PIECE_MIN (NETBK_BLOCK_BYTES / 2)

/* Pieces that go by before a block is asked for again. */
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
 * netbk_buffers_init - make a group's page pools
 * @buffers: filled in; zero until now
 * @node: where their pages shall be
 * @sharers: how many groups there are
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
 * netbk_buffers_deinit - give up a group's page pools
 * @buffers: after the group's workers have ended
 *
 * Pages still in skbs somewhere return to the pools, which the page_pool core
 * frees with the last of them.
 *
 * Context: process, may sleep.
 */
void netbk_buffers_deinit(struct netbk_buffers *buffers)
{
	if (NETBK_HAS_BLOCKS)
		page_pool_destroy(buffers->blocks);
	page_pool_destroy(buffers->pages);
}

/* ------------------------------ settling ----------------------------- */

static int buffer_settle_poll(struct napi_struct *napi, int budget)
{
	napi_complete_done(napi, 0);
	return 0;
}

static void buffer_run_net_rx(void *napi)
{
	napi_schedule(napi);
}

static void buffer_settle_cpus(struct napi_struct *napi)
{
	unsigned int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		smp_call_function_single(cpu, buffer_run_net_rx, napi, true);
		napi_synchronize(napi);
	}
	cpus_read_unlock();
}

/**
 * netbk_buffers_settle - get pages back that nobody uses any more
 *
 * The stack leaves an skb that another CPU is done with to the one it was made
 * on, to be freed there when that CPU next polls a network device: TCP does so
 * with what was read and, in recent kernels, napi_consume_skb() with what a
 * device has sent. net.core.skb_defer_max bounds how many wait. Our device is
 * not polled, so the last ones may lie there for long, and the pools with them.
 * Have each CPU poll a device that has nothing.
 *
 * Context: process, may sleep; before netbk_buffers_deinit(). Failure only
 * means that the pools are freed later.
 */
void netbk_buffers_settle(void)
{
	struct net_device *dev;
	struct napi_struct *napi;

	dev = alloc_netdev_dummy(0);
	napi = kzalloc_obj(*napi);
	if (dev && napi) {
		netif_napi_add(dev, napi, buffer_settle_poll);
		napi_enable(napi);
		buffer_settle_cpus(napi);
		napi_disable(napi);
		netif_napi_del(napi);
	}
	kfree(napi);
	if (dev)
		free_netdev(dev);
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
 * @buffers: the group's
 * @len: bytes of it, already put; at most %NETBK_LINEAR_LEN
 * @dest: told where they are
 *
 * Context: the Tx lane's worker, BH disabled.
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

/* A Xen PV domain's memory may lie anywhere in the machine. A fragment that
 * does not lie together there is copied once more before a device sends it.
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

/* Bytes of the block at hand or, if too little is left of it, of the next one;
 * 0 if too few are wanted, as what fits a page is: of large ones a fragment can
 * have less than all.
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

/* There are single pages for when there is no block, so reserves are left alone
 * and nobody waits for pages to be reclaimed. A kernel that gives out no less
 * than a whole block makes @size that much.
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

/* Pages, @size bytes of them wanted and to be had; @taken are given away with
 * them. They are no more than wanted, unless a kernel gives out whole blocks.
 * Where one block is scattered others will be, so it is a while until the next
 * one is asked for.
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
 * @buffers: the group's
 * @skb: from netbk_alloc_head(), with fewer than %MAX_SKB_FRAGS fragments
 * @lead: bytes to skip at the start of the fragment's first page, less than a
 *	page
 * @len: bytes wanted
 * @dest: told where they are, and how many there are: @len of them, or up to
 *	where a page ends
 *
 * A short fragment is within a page, and so is one when memory is short of
 * blocks, when they are scattered, or when there are none.
 *
 * Context: the Tx lane's worker, BH disabled.
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
