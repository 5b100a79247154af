// SPDX-License-Identifier: GPL-2.0

#include "flows.h"

#include <linux/gfp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/string.h>

/* This key and the hashes below are of Microsoft's "Verifying the RSS Hash
 * Calculation".
 */
const u8 netbk_flows_key[XENVIF_HASH_KEY_BYTES] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
	0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
	0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4,
	0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
	0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

const struct netbk_flow netbk_flows[NETBK_FLOWS] = {
	{ 4, { 66, 9, 149, 187 }, { 161, 142, 100, 80 },
	  2794, 1766, 0x323e8fc2, 0x51ccc178 },
	{ 4, { 199, 92, 111, 2 }, { 65, 69, 140, 83 },
	  14230, 4739, 0xd718262a, 0xc626b0ea },
	{ 4, { 24, 19, 198, 95 }, { 12, 22, 207, 184 },
	  12898, 38024, 0xd2d0a5de, 0x5c2b394a },
	{ 4, { 38, 27, 205, 30 }, { 209, 142, 163, 6 },
	  48228, 2217, 0x82989176, 0xafc7327f },
	{ 4, { 153, 39, 163, 191 }, { 202, 188, 127, 2 },
	  44251, 1303, 0x5d1809c5, 0x10e828a2 },
	{ 6, { 0x3f, 0xfe, 0x25, 0x01, 0x02, 0x00, 0x1f, 0xff, [15] = 7 },
	  { 0x3f, 0xfe, 0x25, 0x01, 0x02, 0x00, 0x00, 0x03, [15] = 1 },
	  2794, 1766, 0x2cc18cd5, 0x40207d3d },
	{ 6, { 0x3f, 0xfe, 0x05, 0x01, 0x00, 0x08, 0x00, 0x00,
	       0x02, 0x60, 0x97, 0xff, 0xfe, 0x40, 0xef, 0xab },
	  { 0xff, 0x02, [15] = 1 },
	  14230, 4739, 0x0f0c461c, 0xdde51bbf },
	{ 6, { 0x3f, 0xfe, 0x19, 0x00, 0x45, 0x45, 0x00, 0x03,
	       0x02, 0x00, 0xf8, 0xff, 0xfe, 0x21, 0x67, 0xcf },
	  { 0xfe, 0x80, [8] = 0x02, 0x00, 0xf8, 0xff, 0xfe, 0x21, 0x67, 0xcf },
	  44251, 38024, 0x4b61e985, 0x02d1feef },
};

/**
 * netbk_frame_put - append zero bytes to a packet
 * @frame: the packet
 * @len: number of bytes
 *
 * Return: the bytes, to be written.
 */
u8 *netbk_frame_put(struct netbk_frame *frame, unsigned int len)
{
	u8 *at = &frame->data[frame->len];

	frame->len += len;
	return at;
}

/**
 * netbk_frame_u16 - append a big-endian word to a packet
 * @frame: the packet
 * @value: the word
 */
void netbk_frame_u16(struct netbk_frame *frame, u16 value)
{
	u8 *at = netbk_frame_put(frame, 2);

	at[0] = value >> 8;
	at[1] = value;
}

/**
 * netbk_frame_bytes - append bytes to a packet
 * @frame: the packet
 * @bytes: the bytes
 * @len: number of bytes
 */
void netbk_frame_bytes(struct netbk_frame *frame, const void *bytes,
		       unsigned int len)
{
	memcpy(netbk_frame_put(frame, len), bytes, len);
}

/**
 * netbk_frame_begin - begin a packet with two Ethernet addresses
 * @frame: the packet
 */
void netbk_frame_begin(struct netbk_frame *frame)
{
	memset(frame, 0, sizeof(*frame));
	netbk_frame_put(frame, 2 * ETH_ALEN);
}

/**
 * netbk_frame_tag - append a VLAN tag
 * @frame: the packet
 * @protocol: ETH_P_*
 */
void netbk_frame_tag(struct netbk_frame *frame, u16 protocol)
{
	netbk_frame_u16(frame, protocol);
	netbk_frame_u16(frame, 0x2064);
}

/**
 * netbk_frame_ipv4 - append an IPv4 header and its protocol number
 * @frame: the packet
 * @flow: gives the addresses
 * @protocol: IPPROTO_* of what follows
 * @options: words of options
 * @offset: as in the header, with flags
 */
void netbk_frame_ipv4(struct netbk_frame *frame, const struct netbk_flow *flow,
		      u8 protocol, u8 options, u16 offset)
{
	u8 *ip;

	netbk_frame_u16(frame, ETH_P_IP);
	ip = netbk_frame_put(frame, 12);
	ip[0] = 0x45 + options;
	ip[6] = offset >> 8;
	ip[7] = offset;
	ip[9] = protocol;
	netbk_frame_bytes(frame, flow->saddr, 4);
	netbk_frame_bytes(frame, flow->daddr, 4);
	memset(netbk_frame_put(frame, options * 4), 1, options * 4);
}

/**
 * netbk_frame_ipv6 - append an IPv6 header and its protocol number
 * @frame: the packet
 * @flow: gives the addresses
 * @next: IPPROTO_* of what follows
 */
void netbk_frame_ipv6(struct netbk_frame *frame, const struct netbk_flow *flow,
		      u8 next)
{
	u8 *ip;

	netbk_frame_u16(frame, ETH_P_IPV6);
	ip = netbk_frame_put(frame, 8);
	ip[0] = 0x60;
	ip[6] = next;
	netbk_frame_bytes(frame, flow->saddr, 16);
	netbk_frame_bytes(frame, flow->daddr, 16);
}

/**
 * netbk_frame_ports - append ports and the rest of a TCP header
 * @frame: the packet
 * @flow: gives the ports
 */
void netbk_frame_ports(struct netbk_frame *frame, const struct netbk_flow *flow)
{
	netbk_frame_u16(frame, flow->sport);
	netbk_frame_u16(frame, flow->dport);
	netbk_frame_put(frame, 16);
}

/**
 * netbk_frame_packet - write a packet of a flow
 * @frame: the packet
 * @flow: the flow
 * @protocol: IPPROTO_*
 */
void netbk_frame_packet(struct netbk_frame *frame,
			const struct netbk_flow *flow, u8 protocol)
{
	netbk_frame_begin(frame);
	if (flow->version == 4)
		netbk_frame_ipv4(frame, flow, protocol, 0, 0);
	else
		netbk_frame_ipv6(frame, flow, protocol);
	netbk_frame_ports(frame, flow);
}

/**
 * netbk_frame_tcp - write a TCP packet of a flow
 * @frame: the packet
 * @flow: the flow
 */
void netbk_frame_tcp(struct netbk_frame *frame, const struct netbk_flow *flow)
{
	netbk_frame_packet(frame, flow, IPPROTO_TCP);
}

/**
 * netbk_frame_skb - make an skb of a packet
 * @frame: the packet
 * @linear: bytes for the linear part; the others are in a fragment
 *
 * Return: the skb, or NULL without memory.
 */
struct sk_buff *netbk_frame_skb(const struct netbk_frame *frame,
				unsigned int linear)
{
	struct sk_buff *skb = alloc_skb(NETBK_FRAME_MAX, GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int rest = frame->len - linear;

	if (!skb || !page) {
		kfree_skb(skb);
		if (page)
			__free_page(page);
		return NULL;
	}
	skb_put_data(skb, frame->data, linear);
	memcpy((u8 *)page_address(page) + 1, frame->data + linear, rest);
	skb_add_rx_frag(skb, 0, page, 1, rest, PAGE_SIZE);
	return skb;
}
