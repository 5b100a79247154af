// SPDX-License-Identifier: GPL-2.0

#include "shapes.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

/* The linear part lies where the shape says, as no kmalloc() promises. */
static struct sk_buff *make_linear(const struct netbk_test_shape *shape)
{
	unsigned int size = SKB_DATA_ALIGN(shape->headroom + shape->linear) +
			    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	unsigned int order = get_order(size);
	struct sk_buff *skb;
	struct page *page;

	page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);
	if (!page)
		return NULL;
	skb = build_skb(page_address(page), PAGE_SIZE << order);
	if (!skb) {
		__free_pages(page, order);
		return NULL;
	}
	skb_reserve(skb, shape->headroom);
	memset(skb_put(skb, shape->linear), 0, shape->linear);
	return skb;
}

static struct sk_buff *make_one(const struct netbk_test_shape *shape)
{
	struct sk_buff *skb = make_linear(shape);
	unsigned int i;

	for (i = 0; skb && i < shape->nr_frags; i++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP |
						__GFP_ZERO, shape->order);

		if (!page) {
			kfree_skb(skb);
			return NULL;
		}
		skb_add_rx_frag(skb, i, page, shape->offset, shape->size,
				PAGE_SIZE << shape->order);
	}
	return skb;
}

static void put_in_front(struct sk_buff *skb, struct sk_buff *part)
{
	part->next = skb_shinfo(skb)->frag_list;
	skb_shinfo(skb)->frag_list = part;
	skb->len += part->len;
	skb->data_len += part->len;
	skb->truesize += part->truesize;
}

/**
 * netbk_test_skb - make a packet
 * @shape: of it
 *
 * Context: process, may sleep.
 * Return: the packet, or NULL if there is no memory.
 */
struct sk_buff *netbk_test_skb(const struct netbk_test_shape *shape)
{
	struct sk_buff *skb = make_one(shape);
	unsigned int i;

	for (i = 0; skb && i < shape->nr_parts; i++) {
		struct sk_buff *part = make_one(shape);
		struct sk_buff *inner = shape->nested && !i ?
					make_one(shape) : NULL;

		if (part && inner)
			put_in_front(part, inner);
		if (!part) {
			kfree_skb(inner);
			kfree_skb(skb);
			return NULL;
		}
		put_in_front(skb, part);
	}
	if (skb) {
		skb->ip_summed = shape->csum;
		skb_shinfo(skb)->gso_type = shape->gso_type;
		if (shape->gso_type)
			skb_shinfo(skb)->gso_size = NETBK_TEST_GSO_SIZE;
	}
	return skb;
}
