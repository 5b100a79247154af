/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue: one pair of rings shared with a guest, its event channels and the
 * packets that wait for the guest.
 */
#ifndef _XEN_NETBACK_QUEUE_H
#define _XEN_NETBACK_QUEUE_H

#include <linux/cache.h>
#include <linux/if.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/u64_stats_sync.h>

#include <xen/interface/event_channel.h>
#include <xen/interface/io/netif.h>

#include "lane_share.h"
#include "tx_inflight.h"

struct xen_netbk;
struct xen_netif;

/* Bounds on packets that wait for a guest (XSA-392). Half a ring of 64 KiB
 * packets; twice as much made TCP from this domain 6 % dearer. The bound on
 * memory is for senders that choose packets with much memory and little data.
 * It is four times as high, since network cards that use a page for each frame
 * make packets of three times their data.
 */
#define XENVIF_RX_QUEUE_BYTES SZ_512K
#define XENVIF_RX_QUEUE_MEMORY SZ_2M
#define XENVIF_RX_QUEUE_PACKETS 1024

/**
 * enum netbk_stop - why a visit to a queue took no more packets
 * @NETBK_STOP_EMPTY: there are none, or the guest is broken
 * @NETBK_STOP_NEED: guest Rx: the guest has posted too little for the next one,
 *	or for the one with which the queue stalled
 * @NETBK_STOP_LIMIT: the rate of the vif is used up for now
 * @NETBK_STOP_INFLIGHT: guest Tx: the host still holds as much of the guest's
 *	packets as it may
 * @NETBK_STOP_CREDIT: the queue's share is used up
 * @NETBK_STOP_ROOM: the batch is full
 */
enum netbk_stop {
	NETBK_STOP_EMPTY,
	NETBK_STOP_NEED,
	NETBK_STOP_LIMIT,
	NETBK_STOP_INFLIGHT,
	NETBK_STOP_CREDIT,
	NETBK_STOP_ROOM,
};

/**
 * struct netbk_turn - the right to put a queue on a lane's lists
 * @inbox: entry in the lane's inbox, from netbk_schedule() until the worker
 *	takes it
 * @line: entry in the lane's line
 * @served: entry in the list of queues that the current round has visited
 * @share: the queue's share in the lane
 * @lap: the lap of the lane in which the queue had its last quantum
 * @stop: how the last visit ended, enum netbk_stop
 * @noted: the turn is on the list of @charged; set by the lane's worker,
 *	cleared by the look that takes it off
 * @state: bit %NETBK_TURN_TAKEN is set while the queue is on any list or is
 *	visited; the context that sets it may put the queue on the inbox
 * @ready: time since which the queue has had work, in ns of the monotonic
 *	clock; 0 if not known (lane_gap.c)
 * @charged: entry in the list of the lane's turns charged since the last look
 * @party: the share of its guest, used if the queue is the lead
 * @overrun: what packets of its guest took lately, used if the queue is the
 *	lead; guest Tx alone
 *
 * All up to @state are in one cache line; the others are in the next, followed
 * by the indices of the ring. The context that takes the turn writes @ready,
 * and only while gaps are measured.
 */
struct netbk_turn {
	struct llist_node inbox;
	struct list_head line;
	struct list_head served;
	struct netbk_share share;
	unsigned int lap;
	u8 stop;
	bool noted;
	unsigned long state;
#define NETBK_TURN_TAKEN 0
	u64 ready;
	struct llist_node charged;
	struct netbk_party party;
	struct netbk_overrun overrun;
};

/**
 * enum xenvif_count - what is counted of each direction of a queue
 * @XENVIF_PACKETS: packets handed to the stack, or copied to the guest
 * @XENVIF_BYTES: their bytes
 * @XENVIF_ERRORS: packets of which a copy failed; Tx: also packets that the
 *	guest got wrong
 * @XENVIF_DROPPED: packets lost for want of memory; Tx: also those that come
 *	while the net device is down, or that a closing guest has left; Rx: also
 *	packets that waited too long, or whose queue is stalled or goes down
 * @XENVIF_GSO_CSUM_FIXUPS: Tx: GSO packets that came without a blank checksum
 * @XENVIF_COUNTS: how many there are
 */
enum xenvif_count {
	XENVIF_PACKETS,
	XENVIF_BYTES,
	XENVIF_ERRORS,
	XENVIF_DROPPED,
	XENVIF_GSO_CSUM_FIXUPS,
	XENVIF_COUNTS,
};

/**
 * struct xenvif_stats - the counters of one direction of a queue
 * @syncp: for readers on 32-bit machines
 * @count: the counters, by enum xenvif_count
 */
struct xenvif_stats {
	struct u64_stats_sync syncp;
	u64_stats_t count[XENVIF_COUNTS];
};

/**
 * struct xenvif_queued - what a number of packets amounts to
 * @packets: the number
 * @bytes: bytes of the packets (skb->len)
 * @memory: bytes of memory that they take (skb->truesize)
 */
struct xenvif_queued {
	unsigned int packets;
	unsigned int bytes;
	unsigned int memory;
};

/* Bits of struct xenvif_queue.events. */
enum xenvif_event_bits {
	XENVIF_EOI_TX,		/* the Tx channel awaits its EOI */
	XENVIF_EOI_RX,		/* the Rx channel awaits its EOI */
	XENVIF_EOI_COMMON,	/* the channel of both awaits its EOI */
	XENVIF_TX_HONEST,	/* requests were taken since the last EOI */
	XENVIF_RX_HONEST,	/* requests were posted since the last EOI */
	XENVIF_COMMON_HONEST,	/* one of the two, when the event came */
	XENVIF_RX_STARVED,	/* too few slots, mostly for the head packet */
	XENVIF_RX_LATE,		/* the head has waited long, rx_backlog.c */
	XENVIF_TX_INFLIGHT,	/* waits for the host to free packets */
	XENVIF_TX_LIMITED,	/* waits until the guest may send more */
	XENVIF_RX_LIMITED,	/* waits until the guest may get more */
};

/**
 * struct xenvif_queue - a pair of rings
 * @netif: I: the netif that it belongs to
 * @netbk: P: the group that serves it, NULL if none does
 * @lead: P: a queue of the netif on the same group, one for all of them there,
 *	perhaps this one; read racily by workers
 * @id: I: index in the netif, number in xenstore
 * @domid: I: the guest
 * @tx_irq: C: interrupt of the Tx event channel, 0 if not bound
 * @rx_irq: C: interrupt of the Rx event channel; @tx_irq if both directions
 *	share a channel
 * @name: C: vifX.Y-qN
 * @tx_irq_name: C: vifX.Y-qN-tx, seen in /proc/interrupts
 * @rx_irq_name: C: vifX.Y-qN-rx
 * @events: A: enum xenvif_event_bits
 * @rx_prod_seen: E: the guest's req_prod at the last event
 * @tx_turn: T: turn in the Tx lane
 * @tx: the Tx ring; C: its address, T: its indices
 * @tx_pushed: T: the index up to which Tx responses are pushed; the guest can
 *	write the ring's
 * @tx_active: T: the last round that visited it found requests
 * @inflight: packets of the guest that the host holds, tx_inflight.c
 * @tx_stats: S: by the Tx lane
 * @rx_turn: R: turn in the Rx lane
 * @rx: the Rx ring; C: its address, R: its indices
 * @rx_pushed: R: the same of Rx responses
 * @rx_headroom: R: bytes of headroom, as the last visit found them in the netif
 * @rx_backlog: R: packets taken from @rx_queue, next to be copied
 * @rx_vain: R: the last visit took nothing and dropped nothing
 * @rx_due: R: time at which a starved queue is looked at again, in jiffies;
 *	read racily by @drain_timer
 * @rx_lacks_since: R: time since which the guest has lacked room for the head,
 *	less the waits for the rate; in jiffies, 0 if it does not (rx_backlog.c)
 * @rx_lacks_from: R: time at which that count began, in jiffies
 * @rx_limited_at: R: time at which the rate ended the last visit, in jiffies;
 *	0 if something else did
 * @rx_stuck: R: no packet was taken since the first that had to wait
 * @rx_stuck_since: R: start of that, in jiffies
 * @rx_stuck_need: R: requests that the last packet to wait needs or needed
 * @drain_timer: visits a queue that stays starved, rx_backlog.c
 * @rx_stats: S: by the Rx lane
 * @rx_queue: L: packets for the guest
 * @rx_queued: L: packets in @rx_queue, @rx_backlog and the current batch
 * @rx_dropped: S: packets refused, by ndo_start_xmit
 * @rx_dropped_syncp: for readers of @rx_dropped on 32-bit machines
 * @placed: P: entry in the group's list @queues
 * @pinned: P: put on group @pin by hand; kept when the queue leaves it
 * @pin: P: number of that group
 * @stays_until: P: time before which load does not move it, in jiffies
 * @charged: P: entry in a list of queues charged lately (group_load.c)
 * @looked: P: number of the look that has computed @spent
 * @spent_seen: P: cost charged to it up to that look, both directions, in
 *	instructions
 * @spent: P: average cost charged between two looks, in instructions; later
 *	looks halve it without writing it
 *
 * Lives as long as the net device, so that statistics may be read at any time.
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * C: set while connecting, when neither worker nor interrupt can see the queue;
 *    constant until disconnected
 * P: written under the placement mutex (group.c); @netbk is read under RCU
 * A: atomic bit operations
 * E: the interrupt handler of the Rx channel alone
 * T: the worker of the group's Tx lane alone
 * R: the worker of the group's Rx lane alone
 * L: @rx_queue.lock
 * S: the named writer; readers use the u64_stats_sync
 */
struct xenvif_queue {
	/* Read-mostly. */
	struct xen_netif *netif;
	struct xen_netbk __rcu *netbk;
	struct xenvif_queue *lead;
	unsigned int id;
	domid_t domid;
	unsigned int tx_irq;
	unsigned int rx_irq;
	char name[IFNAMSIZ + 6];
	char tx_irq_name[IFNAMSIZ + 9];
	char rx_irq_name[IFNAMSIZ + 9];
	unsigned long events;
	RING_IDX rx_prod_seen;

	/* Dirtied by the Tx lane. */
	struct netbk_turn tx_turn ____cacheline_aligned_in_smp;
	struct xen_netif_tx_back_ring tx;
	RING_IDX tx_pushed;
	bool tx_active;
	struct xenvif_inflight inflight;
	struct xenvif_stats tx_stats;

	/* Dirtied by the Rx lane. */
	struct netbk_turn rx_turn ____cacheline_aligned_in_smp;
	struct xen_netif_rx_back_ring rx;
	RING_IDX rx_pushed;
	unsigned int rx_headroom;
	struct sk_buff_head rx_backlog;
	unsigned long rx_due;
	bool rx_vain;
	bool rx_stuck;
	unsigned int rx_stuck_need;
	unsigned long rx_stuck_since;
	unsigned long rx_lacks_since;
	unsigned long rx_lacks_from;
	unsigned long rx_limited_at;
	struct timer_list drain_timer;
	struct xenvif_stats rx_stats;

	/* Dirtied by senders to the guest. */
	struct sk_buff_head rx_queue ____cacheline_aligned_in_smp;
	struct xenvif_queued rx_queued;
	u64_stats_t rx_dropped;
	struct u64_stats_sync rx_dropped_syncp;

	/* Dirtied by placement, a few times a second. */
	struct list_head placed ____cacheline_aligned_in_smp;
	struct list_head charged;
	bool pinned;
	unsigned int pin;
	unsigned long stays_until;
	u64 looked;
	unsigned int spent_seen;
	unsigned int spent;
};

/**
 * struct xenvif_ring_refs - a frontend's grants and event channels for a queue
 * @tx_ref: grant of the Tx ring's page
 * @rx_ref: grant of the Rx ring's page
 * @tx_evtchn: the frontend's event channel for Tx
 * @rx_evtchn: the one for Rx; @tx_evtchn if both directions share it
 */
struct xenvif_ring_refs {
	grant_ref_t tx_ref;
	grant_ref_t rx_ref;
	evtchn_port_t tx_evtchn;
	evtchn_port_t rx_evtchn;
};

void xenvif_queue_init(struct xenvif_queue *queue, struct xen_netif *netif,
		       unsigned int id);
int xenvif_queue_connect(struct xenvif_queue *queue,
			 const struct xenvif_ring_refs *refs);
void xenvif_queue_disconnect(struct xenvif_queue *queue);
void xenvif_queue_start(struct xenvif_queue *queue);
void xenvif_queue_set_cpu(struct xenvif_queue *queue, unsigned int cpu);
void xenvif_queue_stop(struct xenvif_queue *queue);

#endif /* _XEN_NETBACK_QUEUE_H */
