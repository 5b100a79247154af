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

#include "flows.h"

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

#define MAPPING_QUEUES 5

#define FLOW_V4 (&netbk_flows[0])
#define FLOW_V6 (&netbk_flows[5])

static int hash_test_init(struct kunit *test)
{
	struct xenvif_hash *hash;

	hash = kunit_kzalloc(test, sizeof(*hash), GFP_KERNEL);
	if (!hash)
		return -ENOMEM;
	hash->algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ;
	hash->flags = ALL_TYPES;
	memcpy(hash->key, netbk_flows_key, sizeof(netbk_flows_key));
	test->priv = hash;
	return 0;
}

/* ------------------------------ packets ------------------------------ */

static bool hash_split(struct kunit *test, const struct netbk_frame *frame,
		       unsigned int linear, struct xenvif_hash_value *value)
{
	struct sk_buff *skb = netbk_frame_skb(frame, linear);
	bool hashed;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	hashed = xenvif_hash_skb(test->priv, skb, value);
	kfree_skb(skb);
	return hashed;
}

static void expect_hash(struct kunit *test, const struct netbk_frame *frame,
			unsigned int type, u32 hash)
{
	struct xenvif_hash_value value = {};
	bool hashed = hash_split(test, frame, frame->len, &value);

	KUNIT_EXPECT_TRUE(test, hashed);
	KUNIT_EXPECT_EQ(test, (u32)BIT(value.type), type);
	KUNIT_EXPECT_EQ(test, value.value, hash);
}

static void expect_no_hash(struct kunit *test,
			   const struct netbk_frame *frame)
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
	struct netbk_frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(netbk_flows); i++) {
		const struct netbk_flow *flow = &netbk_flows[i];

		netbk_frame_tcp(&frame, flow);
		expect_hash(test, &frame, flow->version == 4 ? V4_TCP : V6_TCP,
			    flow->tcp_hash);
	}
}

static void published_addresses(struct kunit *test)
{
	struct xenvif_hash *hash = test->priv;
	struct netbk_frame frame;
	unsigned int i;

	hash->flags = V4 | V6;
	for (i = 0; i < ARRAY_SIZE(netbk_flows); i++) {
		const struct netbk_flow *flow = &netbk_flows[i];

		netbk_frame_tcp(&frame, flow);
		expect_hash(test, &frame, flow->version == 4 ? V4 : V6,
			    flow->hash);
	}
}

static void short_key(struct kunit *test)
{
	struct netbk_frame frame;

	/* All that an IPv4 flow uses of a key are 16 bytes. */
	xenvif_hash_set_key(test->priv, netbk_flows_key, 16);
	netbk_frame_tcp(&frame, FLOW_V4);
	expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);
	netbk_frame_tcp(&frame, FLOW_V6);
	expect_hash(test, &frame, V6_TCP, 0xce7f86c4);
	xenvif_hash_set_key(test->priv, netbk_flows_key, 0);
	expect_hash(test, &frame, V6_TCP, 0);
}

/* ------------------------- what is hashed ---------------------------- */

/* For each combination of types, the one with most content. */
static void expect_maximal(struct kunit *test, const struct netbk_flow *flow,
			   u32 type, u32 tcp_type)
{
	struct xenvif_hash *hash = test->priv;
	struct netbk_frame tcp, udp;

	netbk_frame_tcp(&tcp, flow);
	netbk_frame_packet(&udp, flow, IPPROTO_UDP);
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
	struct netbk_frame frame;
	u8 words;

	for (words = 1; words <= 10; words++) {
		netbk_frame_begin(&frame);
		netbk_frame_ipv4(&frame, FLOW_V4, IPPROTO_TCP, words, 0);
		netbk_frame_ports(&frame, FLOW_V4);
		expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);
	}
}

static void fragments(struct kunit *test)
{
	/* The first, one between, the last; and one that must not be cut. */
	static const u16 offsets[] = { 0x2000, 0x20b9, 0x0172, 0x4000 };
	struct netbk_frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		netbk_frame_begin(&frame);
		netbk_frame_ipv4(&frame, FLOW_V4, IPPROTO_TCP, 0, offsets[i]);
		netbk_frame_ports(&frame, FLOW_V4);
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
	struct netbk_frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		netbk_frame_begin(&frame);
		netbk_frame_ipv6(&frame, FLOW_V6, headers[i]);
		netbk_frame_put(&frame, 8)[0] = IPPROTO_TCP;
		netbk_frame_ports(&frame, FLOW_V6);
		expect_hash(test, &frame, V6, FLOW_V6->hash);
	}
}

static void tunnel(struct kunit *test)
{
	const struct netbk_flow *inner = &netbk_flows[1];
	struct netbk_frame frame, within;

	netbk_frame_begin(&frame);
	netbk_frame_ipv4(&frame, FLOW_V4, IPPROTO_IPIP, 0, 0);
	netbk_frame_tcp(&within, inner);
	netbk_frame_bytes(&frame, within.data + ETH_HLEN,
			  within.len - ETH_HLEN);
	expect_hash(test, &frame, V4, FLOW_V4->hash);
}

static void tags(struct kunit *test)
{
	struct netbk_frame frame;
	unsigned int i;

	netbk_frame_begin(&frame);
	netbk_frame_tag(&frame, ETH_P_8021Q);
	netbk_frame_ipv4(&frame, FLOW_V4, IPPROTO_TCP, 0, 0);
	netbk_frame_ports(&frame, FLOW_V4);
	expect_hash(test, &frame, V4_TCP, FLOW_V4->tcp_hash);

	netbk_frame_begin(&frame);
	netbk_frame_tag(&frame, ETH_P_8021AD);
	netbk_frame_tag(&frame, ETH_P_8021Q);
	netbk_frame_ipv6(&frame, FLOW_V6, IPPROTO_TCP);
	netbk_frame_ports(&frame, FLOW_V6);
	expect_hash(test, &frame, V6_TCP, FLOW_V6->tcp_hash);

	netbk_frame_begin(&frame);
	for (i = 0; i < 3; i++)
		netbk_frame_tag(&frame, ETH_P_8021Q);
	netbk_frame_ipv4(&frame, FLOW_V4, IPPROTO_TCP, 0, 0);
	netbk_frame_ports(&frame, FLOW_V4);
	expect_no_hash(test, &frame);
}

static void other_protocols(struct kunit *test)
{
	struct netbk_frame frame;

	netbk_frame_begin(&frame);
	netbk_frame_u16(&frame, ETH_P_ARP);
	netbk_frame_put(&frame, 46);
	expect_no_hash(test, &frame);

	/* A version that is not the protocol's, a header too short. */
	netbk_frame_tcp(&frame, FLOW_V4);
	frame.data[ETH_HLEN] = 0x65;
	expect_no_hash(test, &frame);
	frame.data[ETH_HLEN] = 0x44;
	expect_no_hash(test, &frame);
	netbk_frame_tcp(&frame, FLOW_V6);
	frame.data[ETH_HLEN] = 0x40;
	expect_no_hash(test, &frame);
}

/* A packet that ends within its headers is hashed by what is whole of them. */
static void expect_cut_off(struct kunit *test, const struct netbk_flow *flow,
			   unsigned int end, u32 type, u32 tcp_type)
{
	struct netbk_frame frame;

	netbk_frame_tcp(&frame, flow);
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
	struct netbk_frame frame;
	unsigned int linear;

	netbk_frame_tcp(&frame, FLOW_V6);
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
	struct netbk_frame frame;
	u32 flags = 0;

	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, 2), INVALID);
	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, ~0U), INVALID);
	EXPECT_U32(test, hash->algorithm, TOEPLITZ);
	EXPECT_U32(test, xenvif_hash_set_algorithm(hash, NONE), SUCCESS);
	netbk_frame_tcp(&frame, FLOW_V4);
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
	KUNIT_EXPECT_EQ(test, memcmp(hash->key, netbk_flows_key,
				     sizeof(netbk_flows_key)), 0);
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
