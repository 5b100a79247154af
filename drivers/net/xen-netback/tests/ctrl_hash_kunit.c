// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of ctrl_hash.c: hashes against their definition and published ones,
 * what of a packet they are taken of, and what a guest may set.
 */

#include "../ctrl_hash.h"

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/prandom.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <xen/interface/io/netif.h>

#define HASH_CASE(fn, says) { .run_case = fn, .name = says }

#define SUCCESS XEN_NETIF_CTRL_STATUS_SUCCESS
#define INVALID XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER
#define OVERFLOW XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW
#define NOT_SUPPORTED XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED

#define NONE XEN_NETIF_CTRL_HASH_ALGORITHM_NONE
#define TOEPLITZ XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ

#define V4 XEN_NETIF_CTRL_HASH_TYPE_IPV4
#define V4_TCP XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP
#define V6 XEN_NETIF_CTRL_HASH_TYPE_IPV6
#define V6_TCP XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP
#define ALL_TYPES (V4 | V4_TCP | V6 | V6_TCP)

#define EXPECT_U32(test, left, right) \
	KUNIT_EXPECT_EQ(test, left, (u32)(right))

#define FRAME_MAX 192
#define MAPPING_QUEUES 5

/* Microsoft's, of "Verifying the RSS Hash Calculation". */
static const u8 published_key[XENVIF_HASH_KEY_BYTES] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
	0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
	0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4,
	0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
	0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

/**
 * struct known_flow - a flow of which the hashes are known
 * @version: of IP
 * @saddr: source address, of which IPv4 uses 4 bytes
 * @daddr: destination address, likewise
 * @sport: source port
 * @dport: destination port
 * @hash: of the addresses
 * @tcp_hash: of addresses and ports
 */
struct known_flow {
	u8 version;
	u8 saddr[16];
	u8 daddr[16];
	u16 sport;
	u16 dport;
	u32 hash;
	u32 tcp_hash;
};

static const struct known_flow published[] = {
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

#define FLOW_V4 (&published[0])
#define FLOW_V6 (&published[5])

/**
 * struct frame - a packet that grows as it is written
 * @len: bytes
 * @data: these
 */
struct frame {
	unsigned int len;
	u8 data[FRAME_MAX];
};

static int hash_test_init(struct kunit *test)
{
	struct xenvif_hash *hash;

	hash = kunit_kzalloc(test, sizeof(*hash), GFP_KERNEL);
	if (!hash)
		return -ENOMEM;
	hash->algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ;
	hash->flags = ALL_TYPES;
	memcpy(hash->key, published_key, sizeof(published_key));
	test->priv = hash;
	return 0;
}

/* ------------------------------ packets ------------------------------ */

static u8 *put(struct frame *frame, unsigned int len)
{
	u8 *at = &frame->data[frame->len];

	frame->len += len;
	return at;
}

static void put_u16(struct frame *frame, u16 value)
{
	u8 *at = put(frame, 2);

	at[0] = value >> 8;
	at[1] = value;
}

static void put_bytes(struct frame *frame, const void *bytes, unsigned int len)
{
	memcpy(put(frame, len), bytes, len);
}

static void begin(struct frame *frame)
{
	memset(frame, 0, sizeof(*frame));
	put(frame, 2 * ETH_ALEN);
}

static void put_tag(struct frame *frame, u16 protocol)
{
	put_u16(frame, protocol);
	put_u16(frame, 0x2064);
}

/* With @options words of options, @offset as in the header: flags and all. */
static void put_ipv4(struct frame *frame, const struct known_flow *flow,
		     u8 protocol, u8 options, u16 offset)
{
	u8 *ip;

	put_u16(frame, ETH_P_IP);
	ip = put(frame, 12);
	ip[0] = 0x45 + options;
	ip[6] = offset >> 8;
	ip[7] = offset;
	ip[9] = protocol;
	put_bytes(frame, flow->saddr, 4);
	put_bytes(frame, flow->daddr, 4);
	memset(put(frame, options * 4), 1, options * 4);
}

static void put_ipv6(struct frame *frame, const struct known_flow *flow,
		     u8 next)
{
	u8 *ip;

	put_u16(frame, ETH_P_IPV6);
	ip = put(frame, 8);
	ip[0] = 0x60;
	ip[6] = next;
	put_bytes(frame, flow->saddr, 16);
	put_bytes(frame, flow->daddr, 16);
}

static void put_ports(struct frame *frame, const struct known_flow *flow)
{
	put_u16(frame, flow->sport);
	put_u16(frame, flow->dport);
	put(frame, 16);
}

static void make_packet(struct frame *frame, const struct known_flow *flow,
			u8 protocol)
{
	begin(frame);
	if (flow->version == 4)
		put_ipv4(frame, flow, protocol, 0, 0);
	else
		put_ipv6(frame, flow, protocol);
	put_ports(frame, flow);
}

static void make_tcp(struct frame *frame, const struct known_flow *flow)
{
	make_packet(frame, flow, IPPROTO_TCP);
}

/* The first @linear bytes in the linear part, the rest in a fragment. */
static struct sk_buff *make_skb(const struct frame *frame, unsigned int linear)
{
	struct sk_buff *skb = alloc_skb(FRAME_MAX, GFP_KERNEL);
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

static bool hash_split(struct kunit *test, const struct frame *frame,
		       unsigned int linear, struct xenvif_hash_value *value)
{
	struct sk_buff *skb = make_skb(frame, linear);
	bool hashed;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	hashed = xenvif_hash_skb(test->priv, skb, value);
	kfree_skb(skb);
	return hashed;
}

static void expect_hash(struct kunit *test, const struct frame *frame,
			unsigned int type, u32 hash)
{
	struct xenvif_hash_value value = {};
	bool hashed = hash_split(test, frame, frame->len, &value);

	KUNIT_EXPECT_TRUE(test, hashed);
	KUNIT_EXPECT_EQ(test, (u32)BIT(value.type), type);
	KUNIT_EXPECT_EQ(test, value.value, hash);
}

static void expect_no_hash(struct kunit *test, const struct frame *frame)
{
	struct xenvif_hash_value value;
	bool hashed = hash_split(test, frame, frame->len, &value);

	KUNIT_EXPECT_FALSE(test, hashed);
}

/* ------------------------------- hashes ------------------------------ */

static u32 take_bit(const u8 *bytes, unsigned int bit)
{
	return bytes[bit / 8] >> (7 - bit % 8) & 1;
}

/* As netif.h defines it, bit by bit. */
static u32 by_definition(const u8 *key, const u8 *data, unsigned int len)
{
	unsigned int bit, i;
	u32 hash = 0;

	for (bit = 0; bit < len * 8; bit++) {
		u32 leftmost = 0;

		for (i = 0; i < 32; i++)
			leftmost = leftmost << 1 | take_bit(key, bit + i);
		if (take_bit(data, bit))
			hash ^= leftmost;
	}
	return hash;
}

static void definition(struct kunit *test)
{
	__be32 data[XENVIF_HASH_KEY_WORDS - 1];
	__be32 key[XENVIF_HASH_KEY_WORDS];
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 20161004);
	for (i = 0; i < 100; i++) {
		unsigned int words = i % XENVIF_HASH_KEY_WORDS;

		prandom_bytes_state(&rnd, key, sizeof(key));
		prandom_bytes_state(&rnd, data, sizeof(data));
		EXPECT_U32(test, xenvif_toeplitz(key, data, words),
			   by_definition((u8 *)key, (u8 *)data, words * 4));
	}
}

static void published_tcp(struct kunit *test)
{
	struct frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(published); i++) {
		const struct known_flow *flow = &published[i];

		make_tcp(&frame, flow);
		expect_hash(test, &frame, flow->version == 4 ? V4_TCP : V6_TCP,
			    flow->tcp_hash);
	}
}

static void published_addresses(struct kunit *test)
{
	struct xenvif_hash *hash = test->priv;
	struct frame frame;
	unsigned int i;

	hash->flags = V4 | V6;
	for (i = 0; i < ARRAY_SIZE(published); i++) {
		const struct known_flow *flow = &published[i];

		make_tcp(&frame, flow);
		expect_hash(test, &frame, flow->version == 4 ? V4 : V6,
			    flow->hash);
	}
}

static void short_key(struct kunit *test)
{
	struct frame frame;

	/* All that an IPv4 flow uses of a key are 16 bytes. */
	xenvif_hash_set_key(test->priv, published_key, 16);
	make_tcp(&frame, FLOW_V4);
	expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);
	make_tcp(&frame, FLOW_V6);
	expect_hash(test, &frame, V6_TCP, 0xce7f86c4);
	xenvif_hash_set_key(test->priv, published_key, 0);
	expect_hash(test, &frame, V6_TCP, 0);
}

/* ------------------------- what is hashed ---------------------------- */

/* For each combination of types, the one with most content. */
static void expect_maximal(struct kunit *test, const struct known_flow *flow,
			   u32 type, u32 tcp_type)
{
	struct xenvif_hash *hash = test->priv;
	struct frame tcp, udp;

	make_tcp(&tcp, flow);
	make_packet(&udp, flow, IPPROTO_UDP);
	for (hash->flags = 0; hash->flags <= ALL_TYPES; hash->flags++) {
		if (hash->flags & tcp_type)
			expect_hash(test, &tcp, tcp_type, flow->tcp_hash);
		else if (hash->flags & type)
			expect_hash(test, &tcp, type, flow->hash);
		else
			expect_no_hash(test, &tcp);
		if (hash->flags & type)
			expect_hash(test, &udp, type, flow->hash);
		else
			expect_no_hash(test, &udp);
	}
}

static void maximal(struct kunit *test)
{
	expect_maximal(test, FLOW_V4, V4, V4_TCP);
	expect_maximal(test, FLOW_V6, V6, V6_TCP);
}

static void options(struct kunit *test)
{
	struct frame frame;
	u8 words;

	for (words = 1; words <= 10; words++) {
		begin(&frame);
		put_ipv4(&frame, FLOW_V4, IPPROTO_TCP, words, 0);
		put_ports(&frame, FLOW_V4);
		expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);
	}
}

static void fragments(struct kunit *test)
{
	/* The first, one between, the last; and one that must not be cut. */
	static const u16 offsets[] = { 0x2000, 0x20b9, 0x0172, 0x4000 };
	struct frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		begin(&frame);
		put_ipv4(&frame, FLOW_V4, IPPROTO_TCP, 0, offsets[i]);
		put_ports(&frame, FLOW_V4);
		if (offsets[i] == 0x4000)
			expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);
		else
			expect_hash(test, &frame, V4, FLOW_V4->hash);
	}
}

static void extensions(struct kunit *test)
{
	static const u8 headers[] = {
		IPPROTO_HOPOPTS, IPPROTO_ROUTING, IPPROTO_FRAGMENT,
	};
	struct frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		begin(&frame);
		put_ipv6(&frame, FLOW_V6, headers[i]);
		put(&frame, 8)[0] = IPPROTO_TCP;
		put_ports(&frame, FLOW_V6);
		expect_hash(test, &frame, V6, FLOW_V6->hash);
	}
}

static void tunnel(struct kunit *test)
{
	const struct known_flow *inner = &published[1];
	struct frame frame, within;

	begin(&frame);
	put_ipv4(&frame, FLOW_V4, IPPROTO_IPIP, 0, 0);
	make_tcp(&within, inner);
	put_bytes(&frame, within.data + ETH_HLEN, within.len - ETH_HLEN);
	expect_hash(test, &frame, V4, FLOW_V4->hash);
}

static void tags(struct kunit *test)
{
	struct frame frame;
	unsigned int i;

	begin(&frame);
	put_tag(&frame, ETH_P_8021Q);
	put_ipv4(&frame, FLOW_V4, IPPROTO_TCP, 0, 0);
	put_ports(&frame, FLOW_V4);
	expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);

	begin(&frame);
	put_tag(&frame, ETH_P_8021AD);
	put_tag(&frame, ETH_P_8021Q);
	put_ipv6(&frame, FLOW_V6, IPPROTO_TCP);
	put_ports(&frame, FLOW_V6);
	expect_hash(test, &frame, V6_TCP, FLOW_V6->tcp_hash);

	begin(&frame);
	for (i = 0; i < 3; i++)
		put_tag(&frame, ETH_P_8021Q);
	put_ipv4(&frame, FLOW_V4, IPPROTO_TCP, 0, 0);
	put_ports(&frame, FLOW_V4);
	expect_no_hash(test, &frame);
}

static void other_protocols(struct kunit *test)
{
	struct frame frame;

	begin(&frame);
	put_u16(&frame, ETH_P_ARP);
	put(&frame, 46);
	expect_no_hash(test, &frame);

	/* A version that is not the protocol's, a header too short. */
	make_tcp(&frame, FLOW_V4);
	frame.data[ETH_HLEN] = 0x65;
	expect_no_hash(test, &frame);
	frame.data[ETH_HLEN] = 0x44;
	expect_no_hash(test, &frame);
	make_tcp(&frame, FLOW_V6);
	frame.data[ETH_HLEN] = 0x40;
	expect_no_hash(test, &frame);
}

/* A packet that ends within its headers is hashed by what is whole of them. */
static void expect_cut_off(struct kunit *test, const struct known_flow *flow,
			   unsigned int end, u32 type, u32 tcp_type)
{
	struct frame frame;

	make_tcp(&frame, flow);
	expect_hash(test, &frame, tcp_type, flow->tcp_hash);
	for (frame.len = end + 4; frame.len; frame.len--) {
		if (frame.len == end + 4)
			expect_hash(test, &frame, tcp_type, flow->tcp_hash);
		else if (frame.len >= end)
			expect_hash(test, &frame, type, flow->hash);
		else
			expect_no_hash(test, &frame);
	}
}

static void cut_off(struct kunit *test)
{
	expect_cut_off(test, FLOW_V4, ETH_HLEN + 20, V4, V4_TCP);
	expect_cut_off(test, FLOW_V6, ETH_HLEN + 40, V6, V6_TCP);
}

static void split_anywhere(struct kunit *test)
{
	struct xenvif_hash_value value;
	struct frame frame;
	unsigned int linear;

	make_tcp(&frame, FLOW_V6);
	for (linear = 0; linear <= frame.len; linear++) {
		value.value = 0;
		hash_split(test, &frame, linear, &value);
		KUNIT_EXPECT_EQ(test, value.value, FLOW_V6->tcp_hash);
	}
}

/* --------------------------- what is set ----------------------------- */

static void algorithms(struct kunit *test)
{
	struct xenvif_hash *hash = test->priv;
	struct frame frame;
	u32 flags = 0;

	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, 2), INVALID);
	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, ~0U), INVALID);
	EXPECT_U32(test, hash->algorithm, TOEPLITZ);
	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, NONE), SUCCESS);
	make_tcp(&frame, FLOW_V4);
	expect_no_hash(test, &frame);
	/* Now flags mean nothing. */
	EXPECT_U32(test, xenvif_hash_get_flags(hash, &flags), NOT_SUPPORTED);
	EXPECT_U32(test, flags, 0);
	EXPECT_U32(test, xenvif_hash_set_flags(hash, V4), NOT_SUPPORTED);
	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, TOEPLITZ), SUCCESS);
	EXPECT_U32(test, xenvif_hash_get_flags(hash, &flags), SUCCESS);
	EXPECT_U32(test, flags, ALL_TYPES);
}

static void flags_checked(struct kunit *test)
{
	struct xenvif_hash *hash = test->priv;

	EXPECT_U32(test, xenvif_hash_set_flags(hash, V4_TCP), SUCCESS);
	EXPECT_U32(test, xenvif_hash_set_flags(hash, ALL_TYPES + 1), INVALID);
	EXPECT_U32(test, xenvif_hash_set_flags(hash, BIT(31)), INVALID);
	EXPECT_U32(test, hash->flags, V4_TCP);
	EXPECT_U32(test, xenvif_hash_set_flags(hash, 0), SUCCESS);
	EXPECT_U32(test, hash->flags, 0);
}

static void key_checked(struct kunit *test)
{
	struct xenvif_hash *hash = test->priv;

	EXPECT_U32(test, xenvif_hash_set_key(hash, NULL, 41), OVERFLOW);
	EXPECT_U32(test, xenvif_hash_set_key(hash, NULL, ~0U), OVERFLOW);
	KUNIT_EXPECT_EQ(test, memcmp(hash->key, published_key,
				     sizeof(published_key)), 0);
	EXPECT_U32(test, xenvif_hash_check_key(40), SUCCESS);
}

static u32 set_mapping(struct kunit *test, u32 first, u32 nr,
		       const u32 *entries)
{
	return xenvif_hash_set_mapping(test->priv, first, nr, entries,
				       MAPPING_QUEUES);
}

static void mapping_size_checked(struct kunit *test)
{
	const u32 entries[] = { 1, 2, 3 };
	struct xenvif_hash *hash = test->priv;

	EXPECT_U32(test, xenvif_hash_set_mapping_size(hash, 3), SUCCESS);
	EXPECT_U32(test, set_mapping(test, 0, 3, entries), SUCCESS);
	EXPECT_U32(test, xenvif_hash_set_mapping_size(hash, 129), INVALID);
	EXPECT_U32(test, xenvif_hash_queue(hash, 2, MAPPING_QUEUES), 3);
	/* A new table is zero. */
	EXPECT_U32(test, xenvif_hash_set_mapping_size(hash, 128), SUCCESS);
	EXPECT_U32(test, xenvif_hash_queue(hash, 2, MAPPING_QUEUES), 0);
}

/* Each would reach beyond the table, some by wrapping (XSA-270). */
static void mapping_bounds(struct kunit *test)
{
	static const struct {
		u32 first;
		u32 nr;
		u32 status;
	} bad[] = {
		{ 0, 101, INVALID },
		{ 100, 1, INVALID },
		{ 101, 0, INVALID },
		{ 99, 2, INVALID },
		{ ~0U, 1, INVALID },
		{ ~0U, 2, INVALID },
		{ 0xfffffff0, 0x20, INVALID },
		{ ~0U, 0, INVALID },
		{ 0, 129, OVERFLOW },
		{ 1, ~0U, OVERFLOW },
		{ ~0U, ~0U, OVERFLOW },
		{ 0, 0x40000001, OVERFLOW },
	};
	static const u32 entries[XENVIF_HASH_MAPPING_MAX];
	struct xenvif_hash *hash = test->priv;
	unsigned int i;

	xenvif_hash_set_mapping_size(hash, 100);
	memset(hash->mapping, 4, sizeof(hash->mapping));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		u32 first = bad[i].first, nr = bad[i].nr;

		EXPECT_U32(test, xenvif_hash_check_mapping(hash, first, nr),
			   bad[i].status);
		EXPECT_U32(test, set_mapping(test, first, nr, entries),
			   bad[i].status);
	}
	for (i = 0; i < ARRAY_SIZE(hash->mapping); i++)
		KUNIT_EXPECT_EQ(test, hash->mapping[i], 0x404);
	EXPECT_U32(test, xenvif_hash_check_mapping(hash, 100, 0), SUCCESS);
	EXPECT_U32(test, xenvif_hash_check_mapping(hash, 0, 100), SUCCESS);
	EXPECT_U32(test, xenvif_hash_check_mapping(hash, 99, 1), SUCCESS);
}

static void mapping_entries(struct kunit *test)
{
	const u32 good[] = { 4, 3, 2 };
	const u32 bad[] = { 1, 1, MAPPING_QUEUES };
	const u32 truncated[] = { 0x10001 };
	struct xenvif_hash *hash = test->priv;
	unsigned int i;

	xenvif_hash_set_mapping_size(hash, 8);
	EXPECT_U32(test, set_mapping(test, 5, 3, good), SUCCESS);
	EXPECT_U32(test, set_mapping(test, 5, 3, bad), INVALID);
	EXPECT_U32(test, set_mapping(test, 5, 1, truncated), INVALID);
	KUNIT_EXPECT_EQ(test, hash->mapping[4], 0);
	for (i = 0; i < ARRAY_SIZE(good); i++)
		KUNIT_EXPECT_EQ(test, hash->mapping[5 + i], good[i]);
}

static void queues(struct kunit *test)
{
	struct xenvif_hash *hash = test->priv;
	u32 entries[7];
	unsigned int i;

	EXPECT_U32(test, xenvif_hash_queue(hash, 13, 5), 3);
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		entries[i] = (i * 3) % MAPPING_QUEUES;
	xenvif_hash_set_mapping_size(hash, ARRAY_SIZE(entries));
	set_mapping(test, 0, ARRAY_SIZE(entries), entries);
	for (i = 0; i < 50; i++) {
		u32 value = 0xffffffff - i;
		u32 entry = entries[value % ARRAY_SIZE(entries)];

		EXPECT_U32(test, xenvif_hash_queue(hash, value, 5), entry);
		/* There were more queues than now. */
		KUNIT_EXPECT_LT(test, xenvif_hash_queue(hash, value, 2), 2U);
		EXPECT_U32(test, xenvif_hash_queue(hash, value, 1), 0);
	}
}

static struct kunit_case hash_cases[] = {
	HASH_CASE(definition, "random data hashes as defined"),
	HASH_CASE(published_tcp, "hashes of TCP flows match published ones"),
	HASH_CASE(published_addresses, "address hashes match published ones"),
	HASH_CASE(short_key, "a short key is padded with zeros"),
	HASH_CASE(maximal, "a packet is hashed by its most specific type"),
	HASH_CASE(options, "ports are found behind IPv4 options"),
	HASH_CASE(fragments, "fragments are hashed by addresses"),
	HASH_CASE(extensions, "no port is hashed behind extension headers"),
	HASH_CASE(tunnel, "a tunnelled packet is hashed by its outer header"),
	HASH_CASE(tags, "a packet is hashed behind two VLAN tags at most"),
	HASH_CASE(other_protocols, "packets other than IP have no hash"),
	HASH_CASE(cut_off, "a truncated packet is hashed by complete headers"),
	HASH_CASE(split_anywhere, "a packet is hashed however it is split"),
	HASH_CASE(algorithms, "hashes and flags need an algorithm"),
	HASH_CASE(flags_checked, "unknown hash flags are refused"),
	HASH_CASE(key_checked, "a key that is too long is refused"),
	HASH_CASE(mapping_size_checked, "a table that is too large is refused"),
	HASH_CASE(mapping_bounds, "entries beyond the table are refused"),
	HASH_CASE(mapping_entries, "entries for missing queues change nothing"),
	HASH_CASE(queues, "a hash selects only queues that exist"),
	{}
};

static struct kunit_suite hash_suite = {
	.name = "xen-netback-hash",
	.init = hash_test_init,
	.test_cases = hash_cases,
};

kunit_test_suites(&hash_suite);
