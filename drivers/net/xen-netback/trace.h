/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints. Tx and Rx are the guest's directions, as in netif.h. Their names
 * and fields are in Documentation/ABI/testing/tracepoints-xen-netback.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_netback

#if !defined(_XEN_NETBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _XEN_NETBACK_TRACE_H

#include <linux/if.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "gap.h"
#include "group.h"
#include "lane.h"
#include "netif.h"
#include "queue.h"

TRACE_DEFINE_ENUM(NETBK_TX);
TRACE_DEFINE_ENUM(NETBK_RX);

#define show_dir(dir) \
	__print_symbolic(dir, { NETBK_TX, "tx" }, { NETBK_RX, "rx" })

TRACE_EVENT(netbk_run,
	TP_PROTO(const struct netbk_lane *lane, unsigned int packets, u64 ns),
	TP_ARGS(lane, packets, ns),

	TP_STRUCT__entry(
		__field(unsigned int, group)
		__field(unsigned int, dir)
		__field(unsigned int, packets)
		__field(u64, ns)
	),

	TP_fast_assign(
		__entry->group = lane->netbk->index;
		__entry->dir = lane->dir;
		__entry->packets = packets;
		__entry->ns = ns;
	),

	TP_printk("group=%u dir=%s packets=%u ns=%llu",
		  __entry->group, show_dir(__entry->dir), __entry->packets,
		  __entry->ns)
);

TRACE_EVENT_FN(netbk_serve,
	TP_PROTO(const struct netbk_lane *lane,
		 const struct xenvif_queue *queue, u64 gap),
	TP_ARGS(lane, queue, gap),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(unsigned int, group)
		__field(unsigned int, dir)
		__field(u64, gap)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(queue->netif->dev),
			    IFNAMSIZ);
		__entry->queue = queue->id;
		__entry->group = lane->netbk->index;
		__entry->dir = lane->dir;
		__entry->gap = gap;
	),

	TP_printk("vif=%s queue=%u group=%u dir=%s gap=%llu",
		  __entry->vif, __entry->queue, __entry->group,
		  show_dir(__entry->dir), __entry->gap),

	netbk_gap_use, netbk_gap_unuse
);

TRACE_EVENT(netbk_move,
	TP_PROTO(const struct xenvif_queue *queue, const struct xen_netbk *from,
		 const struct xen_netbk *to),
	TP_ARGS(queue, from, to),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(unsigned int, from)
		__field(unsigned int, to)
		__field(bool, by_hand)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(queue->netif->dev),
			    IFNAMSIZ);
		__entry->queue = queue->id;
		__entry->from = from->index;
		__entry->to = to->index;
		__entry->by_hand = queue->pinned;
	),

	TP_printk("vif=%s queue=%u from=%u to=%u by_hand=%d",
		  __entry->vif, __entry->queue, __entry->from, __entry->to,
		  __entry->by_hand)
);

#endif /* _XEN_NETBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
