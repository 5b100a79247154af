/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue: one pair of rings shared with a guest, its event channels and the
 * packets that wait for the guest. Tx and Rx are the guest's directions, as in
 * netif.h.
 */
#ifndef _XEN_NETBACK_QUEUE_H
#define _XEN_NETBACK_QUEUE_H

#include <linux/cache.h>
#include <linux/if.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/u64_stats_sync.h>

#include <xen/interface/event_channel.h>
#include <xen/interface/io/netif.h>

#include "lane_share.h"
#include "tx_inflight.h"

struct xen_netbk;
struct xen_netif;

/* What may wait for a guest that does not take its packets: half a ring of
 * 64 KiB packets, and a bound on what a guest that has stopped can pin
 * (XSA-392). Twice as much made TCP from this domain dearer, by 6 %. Bytes of
 * memory (skb->truesize), not of data: who sends may be a guest as well and
 * choose packets that take much of one for little of the other.
 */
#define XENVIF_RX_QUEUE_BYTES (512 * 1024)
#define XENVIF_RX_QUEUE_PACKETS 1024

/**
 * enum netbk_stop - why a visit to a queue took no more packets
 * @NETBK_STOP_EMPTY: there are none, or the guest is broken
 * @NETBK_STOP_NEED: guest Rx: the guest has posted too little for the next one,
 *	or for one that stalled the queue
 * @NETBK_STOP_LIMIT: the guest has had what it may have for now
 * @NETBK_STOP_INFLIGHT: guest Tx: the host still holds as much of the guest's
 *	packets as it may
 * @NETBK_STOP_CREDIT: it is the others' turn
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
 * struct netbk_turn - a queue's place in the line for one direction's worker
 * @inbox: on the lane's inbox, from netbk_schedule() until the worker
 *	looks
 * @line: on the worker's own list
 * @served: on the list of those that the running round has visited
 * @share: of the lane
 * @lap: of the lane, in which the queue had its last share
 * @stop: how the last visit ended
 * @state: bit %NETBK_TURN_TAKEN is set while the queue is on any list or being
 *	served; who sets it may put the queue on the inbox
 * @ready: since when it has had work, in ns of the monotonic clock; 0 if that
 *	is not known (lane_gap.c)
 *
 * All but @ready in one cache line: that is for who takes the turn only while
 * gaps are measured.
 */
struct netbk_turn {
	struct llist_node inbox;
	struct list_head line;
	struct list_head served;
	struct netbk_share share;
	unsigned int lap;
	enum netbk_stop stop;
	unsigned long state;
#define NETBK_TURN_TAKEN 0
	u64 ready;
};

/**
 * enum xenvif_count - what is counted of each direction of a queue
 * @XENVIF_PACKETS: packets handed to the stack, or copied into the guest's pages
 * @XENVIF_BYTES: their bytes
 * @XENVIF_ERRORS: Tx: packets the guest got wrong; Rx: packets of which a copy
 *	failed
 * @XENVIF_DROPPED: packets lost for want of memory; Rx: and those that the guest
 *	left waiting too long
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

/* Bits of struct xenvif_queue.events. */
enum xenvif_event_bits {
	XENVIF_EOI_TX,		/* the Tx channel awaits its EOI */
	XENVIF_EOI_RX,		/* the Rx channel awaits its EOI */
	XENVIF_EOI_COMMON,	/* the channel of both awaits its EOI */
	XENVIF_TX_HONEST,	/* requests were taken since the last EOI */
	XENVIF_RX_HONEST,	/* requests were posted since the last EOI */
	XENVIF_COMMON_HONEST,	/* one of the two, when the event came */
	XENVIF_RX_STARVED,	/* too few slots, for the head packet mostly */
	XENVIF_RX_DRAIN,	/* it has waited too long */
	XENVIF_TX_INFLIGHT,	/* awaits that the host frees packets */
	XENVIF_TX_LIMITED,	/* awaits that the guest may send more */
	XENVIF_RX_LIMITED,	/* awaits that the guest may get more */
};

/**
 * struct xenvif_queue - a pair of rings
 * @netif: I: whose queue it is
 * @netbk: P: the group that serves it, NULL if none does
 * @id: I: index in the netif, number in xenstore
 * @domid: I: the guest
 * @tx_irq: C: the Tx event channel's, 0 if not bound
 * @rx_irq: C: the Rx event channel's, the same as @tx_irq if there is one for
 *	both
 * @name: C: vifX.Y-qN
 * @tx_irq_name: C: vifX.Y-qN-tx, seen in /proc/interrupts
 * @rx_irq_name: C: vifX.Y-qN-rx
 * @events: A: enum xenvif_event_bits
 * @rx_prod_seen: E: the guest's req_prod at the last event
 * @tx_turn: T: place in the Tx lane's line
 * @tx: the Tx ring; C: where it is, T: indices
 * @tx_active: T: the last round that visited it found requests
 * @inflight: packets of the guest that the host holds, tx_inflight.c
 * @tx_stats: S: by the Tx lane
 * @rx_turn: R: place in the Rx lane's line
 * @rx: the Rx ring; C: where it is, R: indices
 * @rx_headroom: R: of the netif, as the last visit found it
 * @rx_backlog: R: packets taken from @rx_queue, next to be copied
 * @rx_waiting: R: the head of @rx_backlog waits for the guest to post
 * @rx_waiting_since: R: in jiffies; read racily by the drain timer
 * @rx_stuck: R: no packet was taken since the first that had to wait
 * @rx_stuck_since: R: since then, in jiffies
 * @rx_stuck_need: R: requests that the last one to wait needs, or needed
 * @drain_timer: looks after a queue that is starved, rx_stall.c
 * @rx_stats: S: by the Rx lane
 * @rx_queue: L: packets for the guest
 * @rx_queued_bytes: L: bytes in @rx_queue, @rx_backlog and the running batch
 * @rx_queued_packets: L: packets there
 * @rx_dropped: S: packets refused, by ndo_start_xmit
 * @rx_dropped_syncp: for readers of @rx_dropped on 32-bit machines
 * @placed: P: in the group's @queues
 * @pinned: P: to group @pin, by hand; kept when the queue leaves it
 * @pin: P: number of that group
 * @stays_until: P: a move by load before this many jiffies is too early
 * @load: P: its part of the group's load, by @spent
 * @spent_seen: P: what it had been charged at the last look, both directions
 * @spent: P: average of that between two looks
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
 * S: one writer, who is named; readers use the u64_stats_sync
 */
struct xenvif_queue {
	/* Read-mostly. */
	struct xen_netif *netif;
	struct xen_netbk __rcu *netbk;
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
	bool tx_active;
	struct xenvif_inflight inflight;
	struct xenvif_stats tx_stats;

	/* Dirtied by the Rx lane. */
	struct netbk_turn rx_turn ____cacheline_aligned_in_smp;
	struct xen_netif_rx_back_ring rx;
	unsigned int rx_headroom;
	struct sk_buff_head rx_backlog;
	bool rx_waiting;
	bool rx_stuck;
	unsigned int rx_stuck_need;
	unsigned long rx_waiting_since;
	unsigned long rx_stuck_since;
	struct timer_list drain_timer;
	struct xenvif_stats rx_stats;

	/* Dirtied by those who send to the guest. */
	struct sk_buff_head rx_queue ____cacheline_aligned_in_smp;
	unsigned int rx_queued_bytes;
	unsigned int rx_queued_packets;
	u64_stats_t rx_dropped;
	struct u64_stats_sync rx_dropped_syncp;

	/* Dirtied by placement, some times a second. */
	struct list_head placed ____cacheline_aligned_in_smp;
	bool pinned;
	unsigned int pin;
	unsigned long stays_until;
	unsigned int load;
	unsigned int spent_seen;
	unsigned int spent;
};

/**
 * struct xenvif_ring_refs - how a frontend says where a queue's rings are
 * @tx_ref: grant of the Tx ring's page
 * @rx_ref: grant of the Rx ring's page
 * @tx_evtchn: the frontend's event channel for Tx
 * @rx_evtchn: and for Rx; the same number if there is one for both
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
