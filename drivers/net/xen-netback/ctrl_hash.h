/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hashes of packets by which a guest wants them spread over its queues
 * (receive-side scaling). What a guest may ask for is described in netif.h;
 * status is that of its control messages, XEN_NETIF_CTRL_STATUS_*.
 */
#ifndef _XEN_NETBACK_CTRL_HASH_H
#define _XEN_NETBACK_CTRL_HASH_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

struct sk_buff;

/* A key is used up by the longest input, 36 bytes of an IPv6 flow, and by the
 * 32 bits that are taken for the last bit of it.
 */
#define XENVIF_HASH_KEY_BYTES 40
#define XENVIF_HASH_KEY_WORDS (XENVIF_HASH_KEY_BYTES / 4)

/* Entries of the table by which hashes become queues. */
#define XENVIF_HASH_MAPPING_MAX 128

/**
 * struct xenvif_hash - how a guest wants its packets hashed
 * @algorithm: XEN_NETIF_CTRL_HASH_ALGORITHM_*
 * @flags: XEN_NETIF_CTRL_HASH_TYPE_* that it wants
 * @key: of the hash, in network order; bytes that it did not give are zero
 * @mapping_size: entries of @mapping in use, 0 if hashes become queues modulo
 *	the number of queues
 * @mapping: number of the queue for each
 * @rcu: for who frees it
 *
 * One field for all: written while nobody else knows the struct, constant as
 * soon as packets are hashed by it. To change it is to replace it.
 */
struct xenvif_hash {
	u32 algorithm;
	u32 flags;
	__be32 key[XENVIF_HASH_KEY_WORDS];
	unsigned int mapping_size;
	u16 mapping[XENVIF_HASH_MAPPING_MAX];
	struct rcu_head rcu;
};

/**
 * xenvif_hash_wanted - does a guest want any packet hashed?
 * @hash: what it has set so far
 *
 * Context: any.
 * Return: false if queues are for us to choose.
 */
static inline bool xenvif_hash_wanted(const struct xenvif_hash *hash)
{
	return hash->algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_NONE &&
	       hash->flags;
}

/**
 * struct xenvif_hash_value - the hash of a packet
 * @value: the hash
 * @type: what it was taken of, _XEN_NETIF_CTRL_HASH_TYPE_*
 */
struct xenvif_hash_value {
	u32 value;
	u8 type;
};

/* What a guest sets. */
u32 xenvif_hash_set_algorithm(struct xenvif_hash *hash, u32 algorithm);
u32 xenvif_hash_get_flags(const struct xenvif_hash *hash, u32 *flags);
u32 xenvif_hash_set_flags(struct xenvif_hash *hash, u32 flags);
u32 xenvif_hash_check_key(u32 size);
u32 xenvif_hash_set_key(struct xenvif_hash *hash, const void *key, u32 size);
u32 xenvif_hash_set_mapping_size(struct xenvif_hash *hash, u32 size);
u32 xenvif_hash_check_mapping(const struct xenvif_hash *hash, u32 first,
			      u32 nr);
u32 xenvif_hash_set_mapping(struct xenvif_hash *hash, u32 first, u32 nr,
			    const u32 *entries, unsigned int num_queues);

/* What its packets get. */
u32 xenvif_toeplitz(const __be32 *key, const __be32 *data, unsigned int words);
bool xenvif_hash_skb(const struct xenvif_hash *hash, const struct sk_buff *skb,
		     struct xenvif_hash_value *value);
unsigned int xenvif_hash_queue(const struct xenvif_hash *hash, u32 value,
			       unsigned int num_queues);

#endif /* _XEN_NETBACK_CTRL_HASH_H */
