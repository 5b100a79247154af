// SPDX-License-Identifier: GPL-2.0
/*
 * Target hash: an input is a packet for a guest that wants it hashed.
 *
 * 1 byte: hash types; 40 bytes: key; then the frame.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../../ctrl_hash.c"

#define FRAME_MAX 256

static u8 *frame;
static unsigned int frame_len;

/* The frame is in memory of its own size, so that ASan sees any other byte. */
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	fuzz_expect(offset >= 0 && len > 0, "bytes of a packet are asked for");
	if ((unsigned int)offset + len > skb->len)
		return -EFAULT;
	memcpy(to, frame + offset, len);
	return 0;
}

/* As its definition has it: the key moves by a bit for each bit of the data. */
static u32 toeplitz_by_bits(const u8 *key, const u8 *data, unsigned int bytes)
{
	unsigned int bit, i;
	u32 hash = 0;

	for (bit = 0; bit < bytes * 8; bit++) {
		if (!(data[bit / 8] & 0x80 >> bit % 8))
			continue;
		for (i = 0; i < 32; i++) {
			unsigned int at = bit + i;

			if (key[at / 8] & 0x80 >> at % 8)
				hash ^= 0x80000000U >> i;
		}
	}
	return hash;
}

/* Addresses and ports behind the tags, found in another way. */
static unsigned int flow_of(u8 type, u8 *data)
{
	bool ports = type == _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP ||
		     type == _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
	bool v4 = type == _XEN_NETIF_CTRL_HASH_TYPE_IPV4 ||
		  type == _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP;
	unsigned int addresses = v4 ? 8 : 32, ip = ETH_HLEN, tags, after;

	for (tags = 0; tags < 2; tags++) {
		const u8 *proto = frame + ip - 2;

		if ((proto[0] == 0x81 && proto[1] == 0x00) ||
		    (proto[0] == 0x88 && proto[1] == 0xa8))
			ip += 4;
	}
	fuzz_expect(frame[ip] >> 4 == (v4 ? 4 : 6),
		    "what is hashed is of the version that its type says");
	after = ip + (v4 ? (frame[ip] & 15) * 4 : 40);
	fuzz_expect(ip + (v4 ? 20 : 40) <= frame_len,
		    "what is hashed lies within the packet");
	memcpy(data, frame + ip + (v4 ? 12 : 8), addresses);
	if (!ports)
		return addresses;
	fuzz_expect(after + 4 <= frame_len, "ports lie within the packet");
	fuzz_expect(frame[ip + (v4 ? 9 : 6)] == 6, "only TCP's are hashed");
	fuzz_expect(!v4 || !((frame[ip + 6] & 0x3f) | frame[ip + 7]),
		    "no fragment's are hashed");
	memcpy(data + addresses, frame + after, 4);
	return addresses + 4;
}

void fuzz_one(struct fuzz_input *in)
{
	struct xenvif_hash hash = {
		.algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
	};
	struct xenvif_hash_value value = { .type = 0xff };
	struct sk_buff skb = {};
	u8 data[40] = {};
	unsigned int len;

	if (xenvif_hash_set_flags(&hash, fuzz_u8(in)))
		return;
	fuzz_take(in, hash.key, sizeof(hash.key));
	frame_len = min_t(size_t, in->left, FRAME_MAX);
	frame = malloc(frame_len ?: 1);
	if (!frame)
		abort();
	fuzz_take(in, frame, frame_len);
	skb.len = frame_len;
	if (xenvif_hash_skb(&hash, &skb, &value)) {
		fuzz_expect(value.type < 4 && (hash.flags & BIT(value.type)),
			    "a hash is of a type that the guest wants");
		len = flow_of(value.type, data);
		fuzz_expect(value.value == toeplitz_by_bits((u8 *)hash.key,
							    data, len),
			    "a hash is Toeplitz's of addresses and ports");
	}
	free(frame);
}
