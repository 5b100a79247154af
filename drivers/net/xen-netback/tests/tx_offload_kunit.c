// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of tx_offload.c, which includes this file: what is told to the stack
 * of a packet's checksum and segments, and which headers are refused.
 */

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#define OFFLOAD_CASE(fn, says) { .run_case = fn, .name = says }

/**
 * struct offload_state - what a case works on
 * @dev: where packets come from; for its MTU
 * @skb: the packet
 */
struct offload_state {
	struct net_device *dev;
	struct sk_buff *skb;
};

static int offload_test_init(struct kunit *test)
{
	struct offload_state *state = kunit_kzalloc(test, sizeof(*state),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, state);
	state->dev = kunit_kzalloc(test, sizeof(*state->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state->dev);
	state->dev->mtu = ETH_DATA_LEN;
	test->priv = state;
	return 0;
}

static void offload_test_exit(struct kunit *test)
{
	struct offload_state *state = test->priv;

	if (state)
		kfree_skb(state->skb);
}

/**
 * struct offload_frame - a packet and what the guest says of it
 * @v6: IPv6, else IPv4
 * @protocol: IPPROTO_*
 * @doff: the TCP header's length, in words
 * @payload: bytes behind a header of 5 words
 * @flags: XEN_NETTXF_*
 * @gso_type: XEN_NETIF_GSO_TYPE_*
 * @gso_size: bytes of payload in a segment
 */
struct offload_frame {
	bool v6;
	u8 protocol;
	u8 doff;
	u16 payload;
	u16 flags;
	u8 gso_type;
	u16 gso_size;
};

#define OFFLOAD_CHECK ((__force __sum16)htons(0x1234))

static void put_ip(struct sk_buff *skb, const struct offload_frame *frame)
{
	unsigned int behind = sizeof(struct tcphdr) + frame->payload;
	struct ipv6hdr *ip6;
	struct iphdr *ip;

	skb_reset_network_header(skb);
	if (frame->v6) {
		skb->protocol = htons(ETH_P_IPV6);
		ip6 = skb_put_zero(skb, sizeof(*ip6));
		ip6->version = 6;
		ip6->nexthdr = frame->protocol;
		ip6->payload_len = htons(behind);
	} else {
		skb->protocol = htons(ETH_P_IP);
		ip = skb_put_zero(skb, sizeof(*ip));
		ip->version = 4;
		ip->ihl = 5;
		ip->protocol = frame->protocol;
		ip->tot_len = htons(sizeof(*ip) + behind);
	}
}

/* As eth_type_trans() leaves it. */
static struct sk_buff *make_frame(struct kunit *test,
				  const struct offload_frame *frame)
{
	struct offload_state *state = test->priv;
	struct sk_buff *skb;
	struct tcphdr *tcp;

	skb = alloc_skb(ETH_HLEN + sizeof(struct ipv6hdr) + sizeof(*tcp) +
			frame->payload, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	kfree_skb(state->skb);
	state->skb = skb;	/* freed after the case */
	skb->dev = state->dev;
	skb_reserve(skb, ETH_HLEN);
	put_ip(skb, frame);
	tcp = skb_put_zero(skb, sizeof(*tcp));
	tcp->doff = frame->doff;
	tcp->check = OFFLOAD_CHECK;
	skb_put_zero(skb, frame->payload);
	return skb;
}

static int tell_stack(struct sk_buff *skb, const struct offload_frame *frame)
{
	const struct xenvif_tx_desc desc = {
		.len = ETH_HLEN + skb->len,
		.flags = frame->flags,
		.gso_type = frame->gso_type,
		.gso_size = frame->gso_size,
	};

	return netbk_tx_offload(skb, &desc);
}

static const struct offload_frame gso_frame = {
	.protocol = IPPROTO_TCP, .doff = 5, .payload = 3000,
	.flags = XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated,
	.gso_type = XEN_NETIF_GSO_TYPE_TCPV4, .gso_size = 1448,
};

static void offload_gso(struct kunit *test)
{
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb = make_frame(test, &frame);

	KUNIT_ASSERT_EQ(test, tell_stack(skb, &frame), 0);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type,
			SKB_GSO_TCPV4 | SKB_GSO_DODGY);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1448);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 3);
}

static void offload_gso_v6(struct kunit *test)
{
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb;

	frame.v6 = true;
	frame.gso_type = XEN_NETIF_GSO_TYPE_TCPV6;
	frame.payload = 2 * 1428;
	frame.gso_size = 1428;
	skb = make_frame(test, &frame);
	KUNIT_ASSERT_EQ(test, tell_stack(skb, &frame), 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type,
			SKB_GSO_TCPV6 | SKB_GSO_DODGY);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 2);
}

static void offload_one_segment(struct kunit *test)
{
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb;

	frame.payload = 1448;
	skb = make_frame(test, &frame);
	KUNIT_ASSERT_EQ(test, tell_stack(skb, &frame), 0);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
}

static void expect_refused(struct kunit *test,
			   const struct offload_frame *frame)
{
	struct sk_buff *skb = make_frame(test, frame);

	KUNIT_EXPECT_NE(test, tell_stack(skb, frame), 0);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
}

static void offload_other_type(struct kunit *test)
{
	struct offload_frame frame = gso_frame;

	frame.gso_type = XEN_NETIF_GSO_TYPE_TCPV6;
	expect_refused(test, &frame);
}

static void offload_gso_udp(struct kunit *test)
{
	struct offload_frame frame = gso_frame;

	frame.protocol = IPPROTO_UDP;
	expect_refused(test, &frame);
}

static void offload_short_header(struct kunit *test)
{
	struct offload_frame frame = gso_frame;

	frame.doff = 4;
	expect_refused(test, &frame);
}

static void offload_long_header(struct kunit *test)
{
	struct offload_frame frame = gso_frame;

	frame.doff = 15;
	frame.payload = 40;
	frame.gso_size = 8;
	expect_refused(test, &frame);
}

static void offload_fill_blank(struct kunit *test)
{
	/* From and to 0.0.0.0, so that the sum is of protocol and length. */
	const __sum16 blank = (__force __sum16)
			      htons(IPPROTO_TCP + sizeof(struct tcphdr) + 3000);
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb;

	frame.flags = 0;
	skb = make_frame(test, &frame);
	KUNIT_ASSERT_EQ(test, tell_stack(skb, &frame), 0);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
	KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
	KUNIT_EXPECT_TRUE(test, tcp_hdr(skb)->check == blank);
}

static void offload_checksum(struct kunit *test)
{
	static const struct { u16 flags; u8 ip_summed; } said[] = {
		{ 0, CHECKSUM_NONE },
		{ XEN_NETTXF_data_validated, CHECKSUM_UNNECESSARY },
		{ XEN_NETTXF_csum_blank, CHECKSUM_PARTIAL },
		{ XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated,
		  CHECKSUM_PARTIAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(said); i++) {
		struct offload_frame frame = gso_frame;
		const struct tcphdr *tcp;
		struct sk_buff *skb;

		frame.gso_size = 0;
		frame.flags = said[i].flags;
		skb = make_frame(test, &frame);
		tcp = (void *)(ip_hdr(skb) + 1);
		KUNIT_EXPECT_EQ(test, tell_stack(skb, &frame), 0);
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, said[i].ip_summed);
		KUNIT_EXPECT_TRUE(test, tcp->check == OFFLOAD_CHECK);
	}
}

static void offload_unknown_blank(struct kunit *test)
{
	struct offload_frame frame = gso_frame;

	frame.gso_size = 0;
	frame.protocol = IPPROTO_ICMP;
	expect_refused(test, &frame);
}

/* Puts @len bytes of extension headers, of @each bytes at a time, between the
 * IPv6 and the TCP header.
 */
static struct sk_buff *make_extended(struct kunit *test, unsigned int len,
				     unsigned int each)
{
	struct offload_state *state = test->priv;
	struct ipv6_opt_hdr *extension;
	struct sk_buff *skb;
	struct ipv6hdr *ip6;
	struct tcphdr *tcp;
	unsigned int at;

	skb = alloc_skb(ETH_HLEN + sizeof(*ip6) + len + sizeof(*tcp) + 3000,
			GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	kfree_skb(state->skb);
	state->skb = skb;
	skb->dev = state->dev;
	skb_reserve(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IPV6);
	ip6 = skb_put_zero(skb, sizeof(*ip6));
	ip6->version = 6;
	ip6->nexthdr = NEXTHDR_DEST;
	ip6->payload_len = htons(len + sizeof(*tcp) + 3000);
	for (at = 0; at < len; at += each) {
		extension = skb_put_zero(skb, each);
		extension->hdrlen = each / 8 - 1;
		extension->nexthdr = at + each < len ? NEXTHDR_DEST :
						       IPPROTO_TCP;
	}
	tcp = skb_put_zero(skb, sizeof(*tcp));
	tcp->doff = 5;
	skb_put_zero(skb, 3000);
	return skb;
}

static void offload_extensions(struct kunit *test)
{
	static const struct {
		unsigned int len;
		unsigned int each;
		bool good;
	} chains[] = {
		{ 8, 8, true },
		{ 128, 8, true },
		{ 128, 128, true },
		{ 136, 8, false },
		{ 256, 256, false },
		{ 928, 928, false },
		{ 32000, 8, false },
	};
	struct offload_frame frame = gso_frame;
	unsigned int i;

	frame.gso_type = XEN_NETIF_GSO_TYPE_TCPV6;
	for (i = 0; i < ARRAY_SIZE(chains); i++) {
		struct sk_buff *skb = make_extended(test, chains[i].len,
						    chains[i].each);

		KUNIT_EXPECT_EQ(test, !tell_stack(skb, &frame),
				chains[i].good);
	}
}

static void offload_ip_header(struct kunit *test)
{
	static const struct { u8 version; u8 ihl; } wrong[] = {
		{ 4, 0 }, { 4, 4 }, { 6, 5 }, { 0, 5 },
	};
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb;
	unsigned int i;

	frame.gso_size = 0;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		skb = make_frame(test, &frame);
		ip_hdr(skb)->version = wrong[i].version;
		ip_hdr(skb)->ihl = wrong[i].ihl;
		KUNIT_EXPECT_NE(test, tell_stack(skb, &frame), 0);
	}
}

/* Behind @tags tags of 802.1Q, as a guest that is on a trunk sends it. */
static struct sk_buff *make_tagged(struct kunit *test,
				   const struct offload_frame *frame,
				   unsigned int tags)
{
	struct offload_state *state = test->priv;
	struct sk_buff *skb = make_frame(test, frame);
	struct sk_buff *tagged;
	struct vlan_hdr *tag;
	unsigned int i;

	tagged = skb_copy_expand(skb, ETH_HLEN + tags * VLAN_HLEN, 0,
				 GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tagged);
	kfree_skb(skb);
	state->skb = tagged;
	for (i = 0; i < tags; i++) {
		tag = skb_push(tagged, VLAN_HLEN);
		tag->h_vlan_TCI = htons(7);
		tag->h_vlan_encapsulated_proto = tagged->protocol;
		tagged->protocol = htons(ETH_P_8021Q);
	}
	skb_reset_network_header(tagged);
	return tagged;
}

static void offload_tagged(struct kunit *test)
{
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb;
	unsigned int tags;

	for (tags = 1; tags <= 2; tags++) {
		skb = make_tagged(test, &frame, tags);
		KUNIT_EXPECT_EQ(test, tell_stack(skb, &frame), 0);
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
		KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb),
				(int)(tags * VLAN_HLEN +
				      sizeof(struct iphdr)));
		KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_8021Q));
		KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 3);
	}
	skb = make_tagged(test, &frame, 3);
	KUNIT_EXPECT_NE(test, tell_stack(skb, &frame), 0);
}

static void offload_fits_mtu(struct kunit *test)
{
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb;

	frame.gso_size = 9000;
	frame.payload = 20000;
	skb = make_frame(test, &frame);
	KUNIT_ASSERT_EQ(test, tell_stack(skb, &frame), 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1500 - 40);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 14);
}

static void offload_wire_bytes(struct kunit *test)
{
	struct offload_frame frame = gso_frame;
	struct sk_buff *skb = make_frame(test, &frame);
	unsigned int len = ETH_HLEN + skb->len;

	KUNIT_EXPECT_EQ(test, netbk_tx_wire_bytes(skb, len), len);
	KUNIT_ASSERT_EQ(test, tell_stack(skb, &frame), 0);
	KUNIT_EXPECT_EQ(test, netbk_tx_wire_bytes(skb, len), len + 2 * 54);
}

static struct kunit_case offload_cases[] = {
	OFFLOAD_CASE(offload_gso, "GSO over IPv4 is passed to the stack"),
	OFFLOAD_CASE(offload_gso_v6, "GSO over IPv6 is passed to the stack"),
	OFFLOAD_CASE(offload_one_segment, "a packet of one segment is not GSO"),
	OFFLOAD_CASE(offload_other_type,
		     "GSO of the other IP version is refused"),
	OFFLOAD_CASE(offload_gso_udp, "GSO over UDP is refused"),
	OFFLOAD_CASE(offload_short_header,
		     "GSO with a TCP header that is too short is refused"),
	OFFLOAD_CASE(offload_long_header,
		     "GSO of a header without payload is refused"),
	OFFLOAD_CASE(offload_fill_blank, "GSO makes a complete checksum blank"),
	OFFLOAD_CASE(offload_checksum,
		     "the guest's checksum flags set ip_summed"),
	OFFLOAD_CASE(offload_unknown_blank,
		     "a blank checksum of an unknown protocol is refused"),
	OFFLOAD_CASE(offload_extensions,
		     "headers longer than 192 bytes are refused"),
	OFFLOAD_CASE(offload_ip_header,
		     "an IP header of another version or length is refused"),
	OFFLOAD_CASE(offload_tagged,
		     "a blank checksum behind two tags is left to the stack"),
	OFFLOAD_CASE(offload_fits_mtu, "segments are no longer than the MTU"),
	OFFLOAD_CASE(offload_wire_bytes,
		     "each segment counts with its headers"),
	{}
};

static struct kunit_suite offload_suite = {
	.name = "xen-netback-tx-offload",
	.init = offload_test_init,
	.exit = offload_test_exit,
	.test_cases = offload_cases,
};

kunit_test_suites(&offload_suite);
