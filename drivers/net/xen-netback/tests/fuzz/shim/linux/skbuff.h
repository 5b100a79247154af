/* SPDX-License-Identifier: GPL-2.0 */
/* Of a packet, what plans and hashes look at. The target has its bytes. */
#ifndef _SHIM_LINUX_SKBUFF_H
#define _SHIM_LINUX_SKBUFF_H

#include <linux/byteorder.h>
#include <linux/mm.h>
#include <linux/types.h>

#define MAX_SKB_FRAGS 17
#define SKB_GSO_TCPV4 0x01
#define SKB_GSO_TCPV6 0x10

enum {
	CHECKSUM_NONE,
	CHECKSUM_UNNECESSARY,
	CHECKSUM_COMPLETE,
	CHECKSUM_PARTIAL,
};

struct sk_buff_head {
	struct sk_buff *next;
};

typedef struct {
	struct page *page;
	unsigned int offset;
	unsigned int size;
} skb_frag_t;

struct skb_shared_info {
	u8 nr_frags;
	u16 gso_size;
	unsigned int gso_type;
	struct sk_buff *frag_list;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

struct sk_buff {
	struct sk_buff *next;
	char cb[48] __attribute__((aligned(8)));
	unsigned int len;
	unsigned int data_len;
	u8 ip_summed;
	u8 *data;
	struct skb_shared_info shinfo;
};

#define skb_shinfo(skb) (&(skb)->shinfo)
#define skb_headlen(skb) ((skb)->len - (skb)->data_len)
#define skb_is_nonlinear(skb) ((skb)->data_len)
#define skb_is_gso(skb) (!!skb_shinfo(skb)->gso_size)
#define skb_has_frag_list(skb) (!!skb_shinfo(skb)->frag_list)
#define skb_walk_frags(skb, part) \
	for ((part) = skb_shinfo(skb)->frag_list; (part); (part) = (part)->next)
#define skb_frag_page(frag) ((frag)->page)
#define skb_frag_off(frag) ((frag)->offset)
#define skb_frag_size(frag) ((frag)->size)

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
struct page *virt_to_page(const void *address);

#endif /* _SHIM_LINUX_SKBUFF_H */
