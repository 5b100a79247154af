// SPDX-License-Identifier: GPL-2.0
/*
 * Checks what a guest asks the stack to do to a packet, before the stack, or a
 * device that the packet leaves by, relies on it.
 *
 * If the checksum or the segments of a packet are left to the host, its headers
 * have to be complete and linear within the first TX_HEADERS_MAX bytes behind
 * the Ethernet header. Devices that segment packets have little room for the
 * length of the headers, and some fail if it overflows. Without a bound a guest
 * could also make the host walk 64 KiB of IPv6 extension headers, or repeat
 * headers in each segment that are longer than its data.
 *
 * Up to two VLAN tags may come before the network header.
 */

#include "tx_offload.h"

#include <linux/errno.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <net/ipv6.h>

#include <xen/interface/io/netif.h>

#include "tx_parse.h"

/* IPv4 and TCP with all of their options and two tags take 128 bytes. */
#define TX_HEADERS_MAX 192

#define TX_TAGS_MAX 2

/* No packet is cut into smaller segments than this for its device's MTU. */
#define TX_SEGMENT_MIN 64

/**
 * struct tx_headers - the places of a packet's headers, from skb->data on
 * @protocol: of the network header, ETH_P_IP or ETH_P_IPV6
 * @network: bytes in front of the network header, which are VLAN tags
 * @transport: bytes in front of the transport header
 * @nexthdr: IPPROTO_* of the transport header
 */
struct tx_headers {
	__be16 protocol;
	unsigned int network;
	unsigned int transport;
	u8 nexthdr;
};

/* Makes so many bytes linear; pointers into the packet change. */
static bool tx_pull_headers(struct sk_buff *skb, unsigned int len)
{
	return len <= TX_HEADERS_MAX && pskb_may_pull(skb, len);
}

static int tx_skip_tags(struct sk_buff *skb, struct tx_headers *headers)
{
	const struct vlan_hdr *tag;
	unsigned int i;

	headers->protocol = skb->protocol;
	headers->network = 0;
	for (i = 0; eth_type_vlan(headers->protocol); i++) {
		if (i == TX_TAGS_MAX ||
		    !tx_pull_headers(skb, headers->network + VLAN_HLEN))
			return -EPROTO;
		tag = (const void *)(skb->data + headers->network);
		headers->protocol = tag->h_vlan_encapsulated_proto;
		headers->network += VLAN_HLEN;
	}
	return 0;
}

static int tx_skip_ipv4(struct sk_buff *skb, struct tx_headers *headers)
{
	const struct iphdr *ip;

	if (!tx_pull_headers(skb, headers->network + sizeof(*ip)))
		return -EPROTO;
	ip = (const void *)(skb->data + headers->network);
	if (ip->version != 4 || ip->ihl < 5)
		return -EPROTO;
	headers->transport = headers->network + 4 * ip->ihl;
	headers->nexthdr = ip->protocol;
	return 0;
}

static unsigned int tx_extension_len(const struct ipv6_opt_hdr *extension,
				     u8 kind)
{
	if (kind == NEXTHDR_FRAGMENT)
		return sizeof(struct frag_hdr);
	if (kind == NEXTHDR_AUTH)
		return ipv6_authlen(extension);
	return ipv6_optlen(extension);
}

static int tx_skip_ipv6(struct sk_buff *skb, struct tx_headers *headers)
{
	const struct ipv6_opt_hdr *extension;
	const struct ipv6hdr *ip;
	unsigned int at = headers->network + sizeof(*ip);
	u8 kind;

	if (!tx_pull_headers(skb, at))
		return -EPROTO;
	ip = (const void *)(skb->data + headers->network);
	if (ip->version != 6)
		return -EPROTO;
	kind = ip->nexthdr;
	while (ipv6_ext_hdr(kind)) {
		if (!tx_pull_headers(skb, at + sizeof(*extension)))
			return -EPROTO;
		extension = (const void *)(skb->data + at);
		at += tx_extension_len(extension, kind);
		kind = extension->nexthdr;
	}
	headers->transport = at;
	headers->nexthdr = kind;
	return 0;
}

/* The whole transport header, with its options. */
static int tx_pull_transport(struct sk_buff *skb,
			     const struct tx_headers *headers)
{
	unsigned int at = headers->transport;
	const struct tcphdr *tcp;

	if (headers->nexthdr == IPPROTO_UDP)
		return tx_pull_headers(skb, at + sizeof(struct udphdr)) ?
			0 : -EPROTO;
	if (headers->nexthdr != IPPROTO_TCP ||
	    !tx_pull_headers(skb, at + sizeof(*tcp)))
		return -EPROTO;
	tcp = (const void *)(skb->data + at);
	if (tcp->doff < 5 || !tx_pull_headers(skb, at + 4 * tcp->doff))
		return -EPROTO;
	return 0;
}

static int tx_find_headers(struct sk_buff *skb, struct tx_headers *headers)
{
	int err = tx_skip_tags(skb, headers);

	if (err)
		return err;
	if (headers->protocol == htons(ETH_P_IP))
		err = tx_skip_ipv4(skb, headers);
	else if (headers->protocol == htons(ETH_P_IPV6))
		err = tx_skip_ipv6(skb, headers);
	else
		err = -EPROTO;
	return err ?: tx_pull_transport(skb, headers);
}

/* Devices and the stack's own segmentation rely on the guest's GSO fields, so
 * the protocol and the header are checked. A packet that fits one segment
 * becomes an ordinary packet. Segments are no longer than the device's MTU: a
 * guest that assumes a larger one has its packets cut smaller.
 */
static int tx_set_gso(struct sk_buff *skb, const struct xenvif_tx_desc *desc,
		      const struct tx_headers *headers)
{
	bool v4 = desc->gso_type == XEN_NETIF_GSO_TYPE_TCPV4;
	unsigned int header = skb_transport_offset(skb) + tcp_hdrlen(skb);
	unsigned int mtu = READ_ONCE(skb->dev->mtu);
	unsigned int size = desc->gso_size;

	if (headers->protocol != htons(v4 ? ETH_P_IP : ETH_P_IPV6) ||
	    headers->nexthdr != IPPROTO_TCP || header >= skb->len)
		return -EPROTO;
	if (size + header - headers->network > mtu)
		size = max_t(int, mtu - (header - headers->network),
			     min_t(int, size, TX_SEGMENT_MIN));
	if (skb->len - header <= size)
		return 0;

	/* DODGY: nothing else has been checked. */
	skb_shinfo(skb)->gso_size = size;
	skb_shinfo(skb)->gso_type = SKB_GSO_DODGY |
				    (v4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6);
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(skb->len - header, size);
	return 0;
}

/* skb_checksum_setup() wants the network header at skb->data. */
static int tx_setup_checksum(struct sk_buff *skb, bool recalculate,
			     const struct tx_headers *headers)
{
	__be16 protocol = skb->protocol;
	int err;

	if (likely(!headers->network))
		return skb_checksum_setup(skb, recalculate);
	__skb_pull(skb, headers->network);
	skb_reset_network_header(skb);
	skb->protocol = headers->protocol;
	err = skb_checksum_setup(skb, recalculate);
	skb->protocol = protocol;
	__skb_push(skb, headers->network);
	skb_reset_network_header(skb);
	return err;
}

/* Segments get their checksums from a blank one, so a GSO packet that came with
 * a complete checksum is blanked.
 */
static int tx_set_checksum(struct sk_buff *skb,
			   const struct xenvif_tx_desc *desc,
			   struct tx_headers *headers)
{
	bool blank = desc->flags & XEN_NETTXF_csum_blank;
	int err;

	if (!blank && !desc->gso_size) {
		if (desc->flags & XEN_NETTXF_data_validated)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		return 0;
	}
	err = tx_find_headers(skb, headers);
	if (err)
		return err;
	skb->ip_summed = CHECKSUM_PARTIAL;
	return tx_setup_checksum(skb, !blank, headers);
}

/* The guest's hash saves the stack the computation of another one. */
static void tx_set_hash(struct sk_buff *skb, const struct xenvif_tx_desc *desc)
{
	const unsigned int ports = XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP |
				   XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;

	if (unlikely(desc->hash_types))
		skb_set_hash(skb, desc->hash,
			     desc->hash_types & ports ? PKT_HASH_TYPE_L4 :
							PKT_HASH_TYPE_L3);
}

/**
 * netbk_tx_offload - prepare the offloads that a guest asks for
 * @skb: the packet, as eth_type_trans() leaves it, its network header set
 * @desc: the guest's description of it
 *
 * Context: the worker of the Tx lane, BH disabled.
 * Return: 0, or a negative error if the packet's headers contradict @desc.
 */
int netbk_tx_offload(struct sk_buff *skb, const struct xenvif_tx_desc *desc)
{
	struct tx_headers headers;
	int err;

	tx_set_hash(skb, desc);
	err = tx_set_checksum(skb, desc, &headers);
	if (!err && desc->gso_size)
		err = tx_set_gso(skb, desc, &headers);
	return err;
}

/**
 * netbk_tx_wire_bytes - compute the bytes that leave the host for a packet
 * @skb: the packet, after netbk_tx_offload()
 * @len: bytes of the packet, with the Ethernet header
 *
 * Context: any.
 * Return: bytes of all its segments, each with its headers.
 */
unsigned int netbk_tx_wire_bytes(const struct sk_buff *skb, unsigned int len)
{
	unsigned int header;

	if (!skb_is_gso(skb))
		return len;
	header = ETH_HLEN + skb_transport_offset(skb) + tcp_hdrlen(skb);
	return len + (skb_shinfo(skb)->gso_segs - 1) * header;
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/tx_offload_kunit.c"
#endif
