/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packets of a queue that the host still holds.
 */
#ifndef _XEN_NETBACK_TX_INFLIGHT_H
#define _XEN_NETBACK_TX_INFLIGHT_H

#include <linux/hrtimer.h>
#include <linux/kconfig.h>
#include <linux/types.h>

struct sk_buff;
struct sock;
struct xenvif_queue;

/**
 * struct xenvif_inflight - the packets of a queue that the host still holds
 * @sk: I: their owner; sk_wmem_alloc counts their memory (skb->truesize)
 * @timer: wakes the queue after @pause_ns while it is at the bound
 * @pause_ns: T: until the queue is looked at again
 * @charged: T: bytes that have ever been in flight, modulo 2^32
 * @freed: T: those of them that were freed when @timer was last set
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * T: the worker of the group's Tx lane alone
 */
struct xenvif_inflight {
	struct sock *sk;
	struct hrtimer timer;
	unsigned int pause_ns;
	unsigned int charged;
	unsigned int freed;
};

int xenvif_inflight_init(struct xenvif_queue *queue);
void xenvif_inflight_deinit(struct xenvif_queue *queue);
void xenvif_inflight_stop(struct xenvif_queue *queue);

/* For the Tx lane's round, in its worker. */
bool xenvif_inflight_open(const struct xenvif_queue *queue);
void xenvif_inflight_wait(struct xenvif_queue *queue);
void xenvif_inflight_pause(struct xenvif_queue *queue, u64 ns);
void xenvif_inflight_own(struct xenvif_queue *queue, struct sk_buff *skb);
void xenvif_inflight_begin(struct xenvif_queue *queue);
void xenvif_inflight_end(void);

unsigned int xenvif_inflight_bytes(const struct xenvif_queue *queue);

#if IS_ENABLED(CONFIG_NETFILTER)
int xenvif_inflight_register(void);
void xenvif_inflight_unregister(void);
#else
static inline int xenvif_inflight_register(void)
{
	return 0;
}

static inline void xenvif_inflight_unregister(void)
{
}
#endif

#endif /* _XEN_NETBACK_TX_INFLIGHT_H */
