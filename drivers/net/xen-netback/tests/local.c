// SPDX-License-Identifier: GPL-2.0

#include "local.h"

#include <kunit/test.h>
#include <linux/skbuff.h>

#include <xen/grant_table.h>
#include <xen/interface/xen.h>
#include <xen/page.h>

/* A byte of one skb, without its frag_list; NULL if it has fewer. */
static u8 *own_byte(const struct sk_buff *skb, unsigned int at)
{
	unsigned int i;

	if (at < skb_headlen(skb))
		return skb->data + at;
	at -= skb_headlen(skb);
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		if (at < skb_frag_size(frag))
			return (u8 *)skb_frag_address(frag) + at;
		at -= skb_frag_size(frag);
	}
	return NULL;
}

/* A byte of a packet; NULL if it has fewer. */
static u8 *byte_of(const struct sk_buff *skb, unsigned int at)
{
	unsigned int own = skb->len;
	const struct sk_buff *part;

	skb_walk_frags(skb, part)
		own -= part->len;
	if (at < own)
		return own_byte(skb, at);
	at -= own;
	skb_walk_frags(skb, part) {
		if (at < part->len)
			return own_byte(part, at);
		at -= part->len;
	}
	return NULL;
}

/**
 * netbk_test_expect_local - expect a copy to name a piece of a packet
 * @test: the running case
 * @skb: the packet
 * @at: bytes of it in front of the piece
 * @len: bytes of the piece
 * @ptr: our end of the copy
 *
 * The piece has to lie within a page of Xen's, and within one part of the skb.
 */
void netbk_test_expect_local(struct kunit *test, const struct sk_buff *skb,
			     unsigned int at, unsigned int len,
			     const struct gnttab_copy_ptr *ptr)
{
	u8 *first = byte_of(skb, at);

	KUNIT_ASSERT_GT(test, len, 0);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_PTR_EQ(test, byte_of(skb, at + len - 1),
			    first + len - 1);
	KUNIT_EXPECT_EQ(test, ptr->u.gmfn, virt_to_gfn(first));
	KUNIT_EXPECT_EQ(test, ptr->offset, xen_offset_in_page(first));
	KUNIT_EXPECT_LE(test, ptr->offset + len, XEN_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ptr->domid, DOMID_SELF);
}
