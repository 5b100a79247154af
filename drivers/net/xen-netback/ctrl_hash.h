/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hashes by which a guest has its packets spread over its queues (receive-side
 * scaling). netif.h describes what a guest may set; a status is that of its
 * control messages, XEN_NETIF_CTRL_STATUS_*.
 */
#ifndef _XEN_NETBACK_CTRL_HASH_H
#define _XEN_NETBACK_CTRL_HASH_H

#include <linux/types.h>

#include <xen/interface/io/netif.h>

struct sk_buff;

/* The longest input, 36 bytes of an IPv6 flow, uses the whole key: its last bit
 * takes 32 bits.
 */
#define XENVIF_HASH_KEY_BYTES 40
#define XENVIF_HASH_KEY_WORDS (XENVIF_HASH_KEY_BYTES / 4)

/* Entries of the table that maps hashes to queues. */
#define XENVIF_HASH_MAPPING_MAX 128

/**
 * struct xenvif_hash - a guest's hash settings
 * @algorithm: XEN_NETIF_CTRL_HASH_ALGORITHM_*
 * @flags: XEN_NETIF_CTRL_HASH_TYPE_* that it wants
 * @key: key in network order; bytes that the guest did not set are zero
 * @mapping_size: number of entries of @mapping in use; if 0, the queue is the
 *	hash modulo the number of queues
 * @mapping: number of the queue for each entry
 * @rcu: for kfree_rcu()
 *
 * Written before it is published, constant afterwards: new settings replace it.
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
 * xenvif_hash_wanted - check whether a guest wants hashes
 * @hash: the guest's settings
 *
 * Context: any.
 * Return: true if so; false if the guest leaves the choice of queues to the
 * host.
 */
static inline bool xenvif_hash_wanted(const struct xenvif_hash *hash)
{
	return hash->algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_NONE &&
	       hash->flags;
}

/**
 * struct xenvif_hash_value - the hash of a packet
 * @value: the hash
 * @type: fields that were hashed, _XEN_NETIF_CTRL_HASH_TYPE_*
 */
struct xenvif_hash_value {
	u32 value;
	u8 type;
};

/* Settings of a guest. */
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

/* Hashes of its packets. */
u32 xenvif_toeplitz(const __be32 *key, const __be32 *data, unsigned int words);
bool xenvif_hash_skb(const struct xenvif_hash *hash, const struct sk_buff *skb,
		     struct xenvif_hash_value *value);
unsigned int xenvif_hash_queue(const struct xenvif_hash *hash, u32 value,
			       unsigned int num_queues);

#endif /* _XEN_NETBACK_CTRL_HASH_H */
