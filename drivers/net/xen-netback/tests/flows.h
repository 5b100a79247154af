/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows of which the hashes are published, and packets of them, for tests of
 * hashing.
 */
#ifndef _XEN_NETBACK_TEST_FLOWS_H
#define _XEN_NETBACK_TEST_FLOWS_H

#include <linux/types.h>

#include "../ctrl_hash.h"

struct sk_buff;

#define NETBK_FRAME_MAX 192
#define NETBK_FLOWS 8

/**
 * struct netbk_flow - a flow of which the hashes are known
 * @version: of IP
 * @saddr: source address, of which IPv4 uses 4 bytes
 * @daddr: destination address, likewise
 * @sport: source port
 * @dport: destination port
 * @hash: of the addresses
 * @tcp_hash: of addresses and ports
 */
struct netbk_flow {
	u8 version;
	u8 saddr[16];
	u8 daddr[16];
	u16 sport;
	u16 dport;
	u32 hash;
	u32 tcp_hash;
};

/**
 * struct netbk_frame - a packet that grows as it is written
 * @len: bytes
 * @data: these
 */
struct netbk_frame {
	unsigned int len;
	u8 data[NETBK_FRAME_MAX];
};

extern const u8 netbk_flows_key[XENVIF_HASH_KEY_BYTES];
extern const struct netbk_flow netbk_flows[NETBK_FLOWS];

u8 *netbk_frame_put(struct netbk_frame *frame, unsigned int len);
void netbk_frame_u16(struct netbk_frame *frame, u16 value);
void netbk_frame_bytes(struct netbk_frame *frame, const void *bytes,
		       unsigned int len);
void netbk_frame_begin(struct netbk_frame *frame);
void netbk_frame_tag(struct netbk_frame *frame, u16 protocol);
void netbk_frame_ipv4(struct netbk_frame *frame, const struct netbk_flow *flow,
		      u8 protocol, u8 options, u16 offset);
void netbk_frame_ipv6(struct netbk_frame *frame, const struct netbk_flow *flow,
		      u8 next);
void netbk_frame_ports(struct netbk_frame *frame,
		       const struct netbk_flow *flow);
void netbk_frame_packet(struct netbk_frame *frame,
			const struct netbk_flow *flow, u8 protocol);
void netbk_frame_tcp(struct netbk_frame *frame, const struct netbk_flow *flow);
struct sk_buff *netbk_frame_skb(const struct netbk_frame *frame,
				unsigned int linear);

#endif /* _XEN_NETBACK_TEST_FLOWS_H */
