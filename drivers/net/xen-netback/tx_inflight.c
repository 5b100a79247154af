// SPDX-License-Identifier: GPL-2.0
/*
 * The bound on what the host holds of a guest's packets.
 *
 * A guest is answered as soon as its packets are copied, so its ring does not
 * bound what the host holds. A guest that sends 64 KiB packets to a slow uplink
 * would fill the uplink's queue, which counts packets, with a thousand of them:
 * 68 MB of the host's memory and seconds of delay for the uplink's other users.
 *
 * So each queue has a socket, as a tap device has, that owns the packets from
 * the time they are planned until they are freed. Its sk_wmem_alloc counts
 * their memory, on whatever CPU they are freed; skb_segment() and GRO know how
 * to keep that right. A queue at its bound leaves requests on the ring, and a
 * timer has it look again. So the guest's own flow control works as it does
 * with a network card: its sockets see that packets have not been sent.
 *
 * The bound of a queue is the parameter tx_inflight_kib. A packet is taken
 * while less than that is in flight, so the last one may exceed it by its size.
 * The queues of a netif share NETIF_QUEUES bounds: more queues give a guest
 * more CPUs, and not more of an uplink's queue. A queue that has less than its
 * part of these in flight may always go on, so that none is shut out. In the
 * worst case, when other queues were first, a netif therefore holds less than
 * 2 * NETIF_QUEUES bounds.
 *
 * Routed packets
 *
 * The IP layer takes packets from their owners when it receives them. What is
 * for this host itself then belongs to a socket with a bound of its own, and
 * must not be counted here: one that nobody reads would stop the queue. What is
 * forwarded, however, may end in an uplink's queue. A hook where packets leave
 * the IP layers gives those back to the queue, after NAT and security modules
 * have seen them without an owner. It knows the queue because all this happens
 * within the call that hands a packet to the stack: the queue whose packets are
 * being delivered on this CPU is the one they come from.
 *
 * Clones
 *
 * A bridge gives all ports but one a clone without an owner: of a broadcast, of
 * a packet to an address it does not know, and, while it is promiscuous, of
 * each packet that it forwards. A hook where packets leave a bridge gives these
 * to the queue as well. Clones to other vifs are left out. They share one
 * packet's data, and each vif has a bound on what waits for its guest; if they
 * counted, three guests that take nothing could stop a fourth one that asks all
 * of them.
 *
 * What is not counted
 *
 *   - packets that go on in a later softirq or on another CPU before they are
 *     routed or bridged: by RPS, veth pairs, tunnels, NFQUEUE, internal ports
 *     of Open vSwitch;
 *   - clones that Open vSwitch and tc's mirror make of a packet;
 *   - of the segments of a packet all but the last, which has the whole charge;
 *   - packets for another guest that has let some wait for 100 ms: the bounds
 *     of that guest's queue hold for them (rx_backlog.c);
 *   - what netem delays, and what IPsec sends, which would report errors to the
 *     owner instead of to the sender.
 *
 * On PREEMPT_RT another softirq may run on this CPU while packets are handed to
 * the stack, and what it forwards is counted as well.
 *
 * Lifetime
 *
 * A packet may outlive the queue, the net device and this module. sock_put()
 * leaves a socket with packets to the last of them, and also to the last
 * reference, which netem has packets hold instead of counting. Nothing of the
 * socket refers to this module: its struct proto is UDP's, which is part of the
 * kernel. It is never bound, hashed or given to a process, and takes no packet.
 */

#include "tx_inflight.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/percpu.h>
#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <linux/time64.h>

#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/udp.h>

#include "lane_run.h"
#include "params.h"
#include "queue.h"
#include "vif.h"

/* The bound of a netif, in bounds of a queue. */
#define NETIF_QUEUES 4

/* Time that a queue at its bound is left alone: short enough for a fast device
 * to stay busy with the bytes that are left, and longer while nothing is freed.
 */
#define PAUSE_MIN_NS (50 * NSEC_PER_USEC)
#define PAUSE_MAX_NS NSEC_PER_MSEC

/* The queue whose packets this CPU hands to the stack, with BH disabled. */
static DEFINE_PER_CPU(struct xenvif_queue *, inflight_source);

/**
 * xenvif_inflight_bytes - count the bytes of a queue that the host holds
 * @queue: the queue
 *
 * Context: any.
 * Return: bytes of memory (skb->truesize).
 */
unsigned int xenvif_inflight_bytes(const struct xenvif_queue *queue)
{
	return sk_wmem_alloc_get(queue->inflight.sk);
}

static bool inflight_netif_open(const struct xen_netif *netif,
				unsigned int bound)
{
	unsigned int num_queues = READ_ONCE(netif->num_queues);
	unsigned int id;
	u64 bytes = 0;

	for (id = 0; id < num_queues; id++)
		bytes += xenvif_inflight_bytes(&netif->queues[id]);
	return bytes < (u64)NETIF_QUEUES * bound;
}

/**
 * xenvif_inflight_open - check whether a queue may send another packet
 * @queue: the queue
 *
 * Only a queue with more in flight than its part of the netif's bound looks at
 * the other queues, so that it usually shares no cache line with them.
 *
 * Context: the worker of the Tx lane, BH disabled.
 * Return: true if so, whatever the packet's size.
 */
bool xenvif_inflight_open(const struct xenvif_queue *queue)
{
	const struct xen_netif *netif = queue->netif;
	unsigned int bound = netbk_param(tx_inflight_kib) * SZ_1K;
	unsigned int bytes = xenvif_inflight_bytes(queue);

	if (likely(bytes * READ_ONCE(netif->num_queues) <
		   NETIF_QUEUES * bound && bytes < bound))
		return true;
	return bytes < bound && inflight_netif_open(netif, bound);
}

/**
 * xenvif_inflight_pause - have a queue visited again after a fixed time
 * @queue: a queue whose turn has been released, and whose bit
 *	%XENVIF_TX_INFLIGHT in @events has been set after that
 * @ns: the time
 *
 * The timer fires after the bit is set, clears it and schedules the queue, so a
 * producer that sees the bit may leave the queue alone.
 *
 * Context: the worker of the Tx lane, BH disabled.
 */
void xenvif_inflight_pause(struct xenvif_queue *queue, u64 ns)
{
	hrtimer_start(&queue->inflight.timer, ns_to_ktime(ns),
		      HRTIMER_MODE_REL_SOFT);
}

/**
 * xenvif_inflight_wait - have a queue visited again soon
 * @queue: a queue at its bound, in the state that xenvif_inflight_pause() wants
 *
 * The pause is short as long as packets are freed between two waits, and grows
 * while none is.
 *
 * Context: the worker of the Tx lane, BH disabled.
 */
void xenvif_inflight_wait(struct xenvif_queue *queue)
{
	struct xenvif_inflight *inflight = &queue->inflight;
	unsigned int freed = inflight->charged - xenvif_inflight_bytes(queue);

	if (freed != inflight->freed)
		inflight->pause_ns = PAUSE_MIN_NS;
	else
		inflight->pause_ns = clamp_t(unsigned int,
					     2 * inflight->pause_ns,
					     PAUSE_MIN_NS, PAUSE_MAX_NS);
	inflight->freed = freed;
	xenvif_inflight_pause(queue, inflight->pause_ns);
}

static enum hrtimer_restart inflight_timer_fired(struct hrtimer *timer)
{
	struct xenvif_queue *queue = container_of(timer, struct xenvif_queue,
						  inflight.timer);

	if (test_and_clear_bit(XENVIF_TX_INFLIGHT, &queue->events))
		netbk_schedule_at_home(queue, NETBK_TX);
	return HRTIMER_NORESTART;
}

static void inflight_charge(struct xenvif_queue *queue, struct sk_buff *skb)
{
	skb_set_owner_w(skb, queue->inflight.sk);
	queue->inflight.charged += skb->truesize;
}

/**
 * xenvif_inflight_own - count a packet until it is freed
 * @queue: the queue that it comes from
 * @skb: the packet, without an owner
 *
 * Context: the worker of the Tx lane, BH disabled; before the stack sees it.
 */
void xenvif_inflight_own(struct xenvif_queue *queue, struct sk_buff *skb)
{
	inflight_charge(queue, skb);
	skb_prepare_for_gro(skb);
}

/**
 * xenvif_inflight_begin - set the source of packets that this CPU delivers
 * @queue: the queue they come from
 *
 * Context: the worker of the Tx lane, BH disabled until after
 * xenvif_inflight_end().
 */
void xenvif_inflight_begin(struct xenvif_queue *queue)
{
	__this_cpu_write(inflight_source, queue);
}

/**
 * xenvif_inflight_end - clear the source of packets that this CPU delivers
 *
 * Context: as xenvif_inflight_begin().
 */
void xenvif_inflight_end(void)
{
	__this_cpu_write(inflight_source, NULL);
}

/**
 * xenvif_inflight_init - create the owner of a queue's packets
 * @queue: the queue, of a net device that is not registered
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int xenvif_inflight_init(struct xenvif_queue *queue)
{
	struct xenvif_inflight *inflight = &queue->inflight;

	hrtimer_setup(&inflight->timer, inflight_timer_fired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	inflight->sk = sk_alloc(&init_net, PF_INET, GFP_KERNEL, &udp_prot, 1);
	if (!inflight->sk)
		return -ENOMEM;
	sock_init_data(NULL, inflight->sk);
	/* It gets no packets, such as copies with timestamps. */
	inflight->sk->sk_rcvbuf = 0;
	/* No callback for each packet that is freed: the timer looks. */
	sock_set_flag(inflight->sk, SOCK_USE_WRITE_QUEUE);
	return 0;
}

/**
 * xenvif_inflight_deinit - release the owner of a queue's packets
 * @queue: the queue, which no longer sends; xenvif_inflight_init() may have
 *	failed
 *
 * Context: process.
 */
void xenvif_inflight_deinit(struct xenvif_queue *queue)
{
	if (queue->inflight.sk)
		sock_put(queue->inflight.sk);
	queue->inflight.sk = NULL;
}

/**
 * xenvif_inflight_stop - end a queue's wait
 * @queue: a queue that no worker knows, so that the timer is not set again
 *
 * Its packets in flight stay counted.
 *
 * Context: process, may sleep.
 */
void xenvif_inflight_stop(struct xenvif_queue *queue)
{
	hrtimer_cancel(&queue->inflight.timer);
	clear_bit(XENVIF_TX_INFLIGHT, &queue->events);
}

/* ----------------- routed packets and a bridge's clones -------------- */

#if IS_ENABLED(CONFIG_NETFILTER)

/* IPsec reports errors to the owner of a packet instead of to its sender. */
static bool inflight_may_own(const struct sk_buff *skb)
{
	return !skb->sk && skb_dst(skb) && !dst_xfrm(skb_dst(skb));
}

static bool inflight_is_vif(const struct xenvif_queue *queue,
			    const struct net_device *dev)
{
	return dev->netdev_ops == queue->netif->dev->netdev_ops;
}

/* br_netfilter calls this for what a bridge forwards: the port is the packet's
 * device then, and the bridge the one it leaves by.
 */
static unsigned int inflight_forwarded(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct xenvif_queue *queue = this_cpu_read(inflight_source);

	if (queue && inflight_may_own(skb) &&
	    (skb->dev == state->out || !inflight_is_vif(queue, skb->dev)))
		inflight_charge(queue, skb);
	return NF_ACCEPT;
}

static unsigned int __maybe_unused
inflight_bridged(void *priv, struct sk_buff *skb,
		 const struct nf_hook_state *state)
{
	struct xenvif_queue *queue = this_cpu_read(inflight_source);

	if (queue && !skb->sk && !inflight_is_vif(queue, state->out))
		inflight_charge(queue, skb);
	return NF_ACCEPT;
}

static const struct nf_hook_ops inflight_hooks[] = {
#if IS_ENABLED(CONFIG_NETFILTER_FAMILY_BRIDGE)
	{
		.hook = inflight_bridged,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_POST_ROUTING,
		.priority = NF_BR_PRI_LAST,
	},
#endif
	{
		.hook = inflight_forwarded,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP_PRI_LAST,
	},
	{
		.hook = inflight_forwarded,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP6_PRI_LAST,
	},
};

static int __net_init inflight_net_init(struct net *net)
{
	return nf_register_net_hooks(net, inflight_hooks,
				     ARRAY_SIZE(inflight_hooks));
}

static void __net_exit inflight_net_exit(struct net *net)
{
	nf_unregister_net_hooks(net, inflight_hooks,
				ARRAY_SIZE(inflight_hooks));
}

static struct pernet_operations inflight_net_ops = {
	.init = inflight_net_init,
	.exit = inflight_net_exit,
};

/**
 * xenvif_inflight_register - count routed and cloned packets, in all namespaces
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error code.
 */
int xenvif_inflight_register(void)
{
	return register_pernet_subsys(&inflight_net_ops);
}

/**
 * xenvif_inflight_unregister - stop counting routed and cloned packets
 *
 * Context: process, may sleep.
 */
void xenvif_inflight_unregister(void)
{
	unregister_pernet_subsys(&inflight_net_ops);
}

#endif /* CONFIG_NETFILTER */

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/tx_inflight_kunit.c"
#endif
