// SPDX-License-Identifier: GPL-2.0
/*
 * The hash of a packet is computed each time. That takes some 30 ns for an IPv4
 * flow and 110 ns for an IPv6 flow, less than the maintenance of a cache that
 * any sender can fill (CVE-2024-49936).
 *
 * The input is the addresses and ports of the outermost IP header, as netif.h
 * says. The flow dissector would look into tunnels, and may be a BPF program of
 * the administrator, whereas a guest compares the hash with the packet. This
 * code also bounds the work, whatever headers a packet has.
 */

#include "ctrl_hash.h"

#include <linux/bitops.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <net/ip.h>

#define HASH_TYPES (XEN_NETIF_CTRL_HASH_TYPE_IPV4 |		\
		    XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP |		\
		    XEN_NETIF_CTRL_HASH_TYPE_IPV6 |		\
		    XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)

/* One of the provider (802.1ad), one of the customer. */
#define VLAN_TAGS_MAX 2

#define IPV4_WORDS 2
#define IPV6_WORDS 8

/**
 * struct flow - the fields of a packet that may be hashed
 * @words: words of @data without the ports
 * @has_ports: @data has ports: the packet is TCP and not a fragment
 * @type: type of a hash without the ports, _XEN_NETIF_CTRL_HASH_TYPE_*
 * @tcp_type: type of a hash with the ports
 * @data: source address, destination address, ports
 */
struct flow {
	unsigned int words;
	bool has_ports;
	u8 type;
	u8 tcp_type;
	__be32 data[IPV6_WORDS + 1];
};

/* ----------------------------- settings ------------------------------ */

/**
 * xenvif_hash_set_algorithm - turn hashing on or off
 * @hash: the guest's settings
 * @algorithm: XEN_NETIF_CTRL_HASH_ALGORITHM_*
 *
 * Context: any; as for all setters, no other context uses @hash.
 * Return: status.
 */
u32 xenvif_hash_set_algorithm(struct xenvif_hash *hash, u32 algorithm)
{
	if (algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_NONE &&
	    algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	hash->algorithm = algorithm;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

static bool hash_has_algorithm(const struct xenvif_hash *hash)
{
	return hash->algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_NONE;
}

/**
 * xenvif_hash_get_flags - get the supported hash types
 * @hash: the guest's settings
 * @flags: set to all supported XEN_NETIF_CTRL_HASH_TYPE_*, on success
 *
 * Context: any.
 * Return: status.
 */
u32 xenvif_hash_get_flags(const struct xenvif_hash *hash, u32 *flags)
{
	if (!hash_has_algorithm(hash))
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	*flags = HASH_TYPES;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/**
 * xenvif_hash_set_flags - choose the hash types
 * @hash: the guest's settings
 * @flags: XEN_NETIF_CTRL_HASH_TYPE_*, or 0 for no hash
 *
 * Context: any.
 * Return: status.
 */
u32 xenvif_hash_set_flags(struct xenvif_hash *hash, u32 flags)
{
	if (!hash_has_algorithm(hash))
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	if (flags & ~HASH_TYPES)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	hash->flags = flags;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/**
 * xenvif_hash_check_key - check whether a key fits
 * @size: bytes of the key
 *
 * Context: any.
 * Return: status, as xenvif_hash_set_key().
 */
u32 xenvif_hash_check_key(u32 size)
{
	return size > XENVIF_HASH_KEY_BYTES ?
	       XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW :
	       XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/**
 * xenvif_hash_set_key - replace the key
 * @hash: the guest's settings
 * @key: first bytes of the key; the others become zero
 * @size: number of these bytes; 0 for a hash that is always zero
 *
 * Context: any.
 * Return: status.
 */
u32 xenvif_hash_set_key(struct xenvif_hash *hash, const void *key, u32 size)
{
	u32 status = xenvif_hash_check_key(size);

	if (status != XEN_NETIF_CTRL_STATUS_SUCCESS)
		return status;
	memset(hash->key, 0, sizeof(hash->key));
	memcpy(hash->key, key, size);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/**
 * xenvif_hash_set_mapping_size - replace the table with zeros (queue 0)
 * @hash: the guest's settings
 * @size: number of entries of the new table, or 0 for no table
 *
 * Context: any.
 * Return: status.
 */
u32 xenvif_hash_set_mapping_size(struct xenvif_hash *hash, u32 size)
{
	if (size > XENVIF_HASH_MAPPING_MAX)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	hash->mapping_size = size;
	memset(hash->mapping, 0, sizeof(hash->mapping));
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/**
 * xenvif_hash_check_mapping - check that a range lies within the table
 * @hash: the guest's settings
 * @first: index of the first entry; @first + @nr may exceed 32 bits (XSA-270)
 * @nr: number of entries
 *
 * Context: any.
 * Return: status; on success @nr is at most %XENVIF_HASH_MAPPING_MAX.
 */
u32 xenvif_hash_check_mapping(const struct xenvif_hash *hash, u32 first,
			      u32 nr)
{
	if (nr > XENVIF_HASH_MAPPING_MAX)
		return XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW;
	if (first > hash->mapping_size || nr > hash->mapping_size - first)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/**
 * xenvif_hash_set_mapping - replace entries of the table, all or none
 * @hash: the guest's settings
 * @first: index of the first entry
 * @nr: number of entries
 * @entries: numbers of queues; a copy that the guest can't write to
 * @num_queues: number of queues
 *
 * Context: any.
 * Return: status.
 */
u32 xenvif_hash_set_mapping(struct xenvif_hash *hash, u32 first, u32 nr,
			    const u32 *entries, unsigned int num_queues)
{
	u32 status = xenvif_hash_check_mapping(hash, first, nr);
	u32 i;

	if (status != XEN_NETIF_CTRL_STATUS_SUCCESS)
		return status;
	for (i = 0; i < nr; i++) {
		if (entries[i] >= num_queues)
			return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	}
	for (i = 0; i < nr; i++)
		hash->mapping[first + i] = entries[i];
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/* ------------------------------- hashes ------------------------------ */

/**
 * xenvif_toeplitz - compute a Toeplitz hash
 * @key: %XENVIF_HASH_KEY_WORDS words
 * @data: the input
 * @words: words of @data, at most %XENVIF_HASH_KEY_WORDS - 1
 *
 * Each bit that is set in the data XORs the hash with 32 bits of the key, from
 * the bit's position on: they lie in the word of the key and the next one.
 *
 * Context: any.
 * Return: the hash.
 */
u32 xenvif_toeplitz(const __be32 *key, const __be32 *data, unsigned int words)
{
	unsigned int i;
	u32 hash = 0;

	for (i = 0; i < words; i++) {
		u64 window = (u64)be32_to_cpu(key[i]) << 32 |
			     be32_to_cpu(key[i + 1]);
		unsigned long bits = be32_to_cpu(data[i]);

		/* Only as many steps as bits are set: half as many as in a loop
		 * over all bits, and a third less time.
		 */
		for (; bits; bits &= bits - 1)
			hash ^= window >> (__ffs(bits) + 1);
	}
	return hash;
}

/* Returns the protocol of a frame, behind any VLAN tags, and the offset of its
 * header; 0 if there is none. The guest finds the tags in the data, and sees
 * the same header behind them. skb->protocol depends on the sender.
 */
static __be16 hash_find_protocol(const struct sk_buff *skb,
				 unsigned int *offset)
{
	unsigned int at = offsetof(struct ethhdr, h_proto);
	unsigned int tags;
	__be16 proto;

	for (tags = 0; tags <= VLAN_TAGS_MAX; tags++, at += VLAN_HLEN) {
		if (skb_copy_bits(skb, at, &proto, sizeof(proto)))
			return 0;
		if (!eth_type_vlan(proto)) {
			*offset = at + sizeof(proto);
			return proto;
		}
	}
	return 0;
}

/* The source and destination ports, adjacent as they are hashed. */
static void hash_read_ports(const struct sk_buff *skb, unsigned int at,
			    struct flow *flow)
{
	__be32 *ports = &flow->data[flow->words];

	flow->has_ports = !skb_copy_bits(skb, at, ports, sizeof(*ports));
}

/* Fragments are not hashed by ports, not even the first one, which has them:
 * all fragments of a packet belong on one queue.
 */
static bool hash_read_ipv4(const struct sk_buff *skb, unsigned int at,
			   struct flow *flow)
{
	struct iphdr ip;

	if (skb_copy_bits(skb, at, &ip, sizeof(ip)) || ip.version != 4 ||
	    ip.ihl < 5)
		return false;
	flow->type = _XEN_NETIF_CTRL_HASH_TYPE_IPV4;
	flow->tcp_type = _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP;
	flow->words = IPV4_WORDS;
	flow->data[0] = ip.saddr;
	flow->data[1] = ip.daddr;
	if (ip.protocol == IPPROTO_TCP && !ip_is_fragment(&ip))
		hash_read_ports(skb, at + ip.ihl * 4, flow);
	return true;
}

/* TCP has to follow the IPv6 header directly, as netif.h says. Behind extension
 * headers, which can be thousands, it is hashed by addresses alone. So are
 * fragments, since they have such a header.
 */
static bool hash_read_ipv6(const struct sk_buff *skb, unsigned int at,
			   struct flow *flow)
{
	struct ipv6hdr ip;

	if (skb_copy_bits(skb, at, &ip, sizeof(ip)) || ip.version != 6)
		return false;
	flow->type = _XEN_NETIF_CTRL_HASH_TYPE_IPV6;
	flow->tcp_type = _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
	flow->words = IPV6_WORDS;
	memcpy(&flow->data[0], &ip.saddr, sizeof(ip.saddr));
	memcpy(&flow->data[IPV6_WORDS / 2], &ip.daddr, sizeof(ip.daddr));
	if (ip.nexthdr == IPPROTO_TCP)
		hash_read_ports(skb, at + sizeof(ip), flow);
	return true;
}

static bool hash_read_flow(const struct sk_buff *skb, struct flow *flow)
{
	unsigned int at;

	flow->has_ports = false;
	switch (hash_find_protocol(skb, &at)) {
	case htons(ETH_P_IP):
		return hash_read_ipv4(skb, at, flow);
	case htons(ETH_P_IPV6):
		return hash_read_ipv6(skb, at, flow);
	default:
		return false;
	}
}

/**
 * xenvif_hash_skb - compute the hash of a packet
 * @hash: the guest's settings
 * @skb: the packet, its data beginning with the Ethernet header
 * @value: set to the hash of the most fields that the guest wants and the
 *	packet has, on success
 *
 * Context: any; @hash stays valid, by RCU or otherwise.
 * Return: false if the guest wants no hash of such a packet.
 */
bool xenvif_hash_skb(const struct xenvif_hash *hash, const struct sk_buff *skb,
		     struct xenvif_hash_value *value)
{
	struct flow flow;

	if (!xenvif_hash_wanted(hash) || !hash_read_flow(skb, &flow))
		return false;

	if (flow.has_ports && (hash->flags & BIT(flow.tcp_type))) {
		value->type = flow.tcp_type;
		flow.words++;
	} else if (hash->flags & BIT(flow.type)) {
		value->type = flow.type;
	} else {
		return false;
	}
	value->value = xenvif_toeplitz(hash->key, flow.data, flow.words);
	return true;
}

/**
 * xenvif_hash_queue - choose the queue for a hash
 * @hash: the guest's settings
 * @value: hash of the packet
 * @num_queues: number of queues, 1 or more; it may differ from the number when
 *	the table was set
 *
 * Context: any; @hash stays valid, by RCU or otherwise.
 * Return: the queue's number, less than @num_queues.
 */
unsigned int xenvif_hash_queue(const struct xenvif_hash *hash, u32 value,
			       unsigned int num_queues)
{
	if (hash->mapping_size)
		value = hash->mapping[value % hash->mapping_size];
	return value % num_queues;
}
