/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints. Documentation/ABI/testing/tracepoints-xen-netback describes
 * their names and fields.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_netback

#if !defined(_XEN_NETBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _XEN_NETBACK_TRACE_H

#include <linux/if.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include <xen/interface/io/xenbus.h>

#include "fault.h"
#include "group.h"
#include "lane.h"
#include "queue.h"
#include "vif.h"

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

TRACE_EVENT(netbk_serve,
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
		  show_dir(__entry->dir), __entry->gap)
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

TRACE_DEFINE_ENUM(NETBK_DROP_REQUEST);
TRACE_DEFINE_ENUM(NETBK_DROP_HEADER);
TRACE_DEFINE_ENUM(NETBK_DROP_COPY);
TRACE_DEFINE_ENUM(NETBK_DROP_MEMORY);
TRACE_DEFINE_ENUM(NETBK_DROP_MULTICAST);
TRACE_DEFINE_ENUM(NETBK_DROP_DOWN);
TRACE_DEFINE_ENUM(NETBK_DROP_STALLED);
TRACE_DEFINE_ENUM(NETBK_DROP_SIZE);
TRACE_DEFINE_ENUM(NETBK_DROP_FULL);
TRACE_DEFINE_ENUM(NETBK_DROP_TIMEOUT);

#define show_drop(why) \
	__print_symbolic(why, \
		{ NETBK_DROP_REQUEST, "request" }, \
		{ NETBK_DROP_HEADER, "header" }, \
		{ NETBK_DROP_COPY, "copy" }, \
		{ NETBK_DROP_MEMORY, "memory" }, \
		{ NETBK_DROP_MULTICAST, "multicast" }, \
		{ NETBK_DROP_DOWN, "down" }, \
		{ NETBK_DROP_STALLED, "stalled" }, \
		{ NETBK_DROP_SIZE, "size" }, \
		{ NETBK_DROP_FULL, "full" }, \
		{ NETBK_DROP_TIMEOUT, "timeout" })

TRACE_EVENT(netbk_drop,
	TP_PROTO(const struct xenvif_queue *queue, enum netbk_dir dir,
		 enum netbk_drop why),
	TP_ARGS(queue, dir, why),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(unsigned int, dir)
		__field(unsigned int, why)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(queue->netif->dev),
			    IFNAMSIZ);
		__entry->queue = queue->id;
		__entry->dir = dir;
		__entry->why = why;
	),

	TP_printk("vif=%s queue=%u dir=%s why=%s",
		  __entry->vif, __entry->queue, show_dir(__entry->dir),
		  show_drop(__entry->why))
);

TRACE_EVENT(netbk_copy_failed,
	TP_PROTO(const struct xenvif_queue *queue, enum netbk_dir dir,
		 int status),
	TP_ARGS(queue, dir, status),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(unsigned int, dir)
		__field(int, status)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(queue->netif->dev),
			    IFNAMSIZ);
		__entry->queue = queue->id;
		__entry->dir = dir;
		__entry->status = status;
	),

	TP_printk("vif=%s queue=%u dir=%s status=%d",
		  __entry->vif, __entry->queue, show_dir(__entry->dir),
		  __entry->status)
);

TRACE_EVENT(netbk_stall,
	TP_PROTO(const struct xenvif_queue *queue, bool stalled),
	TP_ARGS(queue, stalled),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, queue)
		__field(bool, stalled)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(queue->netif->dev),
			    IFNAMSIZ);
		__entry->queue = queue->id;
		__entry->stalled = stalled;
	),

	TP_printk("vif=%s queue=%u stalled=%d",
		  __entry->vif, __entry->queue, __entry->stalled)
);

TRACE_EVENT(netbk_limit,
	TP_PROTO(const struct xen_netif *netif, enum netbk_dir dir, u64 ns),
	TP_ARGS(netif, dir, ns),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, dir)
		__field(u64, ns)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(netif->dev), IFNAMSIZ);
		__entry->dir = dir;
		__entry->ns = ns;
	),

	TP_printk("vif=%s dir=%s ns=%llu",
		  __entry->vif, show_dir(__entry->dir), __entry->ns)
);

/* The end whose state has changed. */
#define NETBK_BACKEND 0
#define NETBK_FRONTEND 1

TRACE_DEFINE_ENUM(XenbusStateUnknown);
TRACE_DEFINE_ENUM(XenbusStateInitialising);
TRACE_DEFINE_ENUM(XenbusStateInitWait);
TRACE_DEFINE_ENUM(XenbusStateInitialised);
TRACE_DEFINE_ENUM(XenbusStateConnected);
TRACE_DEFINE_ENUM(XenbusStateClosing);
TRACE_DEFINE_ENUM(XenbusStateClosed);
TRACE_DEFINE_ENUM(XenbusStateReconfiguring);
TRACE_DEFINE_ENUM(XenbusStateReconfigured);

#define show_xenbus_state(state) \
	__print_symbolic(state, \
		{ XenbusStateUnknown, "unknown" }, \
		{ XenbusStateInitialising, "initialising" }, \
		{ XenbusStateInitWait, "initwait" }, \
		{ XenbusStateInitialised, "initialised" }, \
		{ XenbusStateConnected, "connected" }, \
		{ XenbusStateClosing, "closing" }, \
		{ XenbusStateClosed, "closed" }, \
		{ XenbusStateReconfiguring, "reconfiguring" }, \
		{ XenbusStateReconfigured, "reconfigured" })

TRACE_EVENT(netbk_state,
	TP_PROTO(const struct xen_netif *netif, unsigned int end,
		 enum xenbus_state state),
	TP_ARGS(netif, end, state),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__field(unsigned int, end)
		__field(unsigned int, state)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(netif->dev), IFNAMSIZ);
		__entry->end = end;
		__entry->state = state;
	),

	TP_printk("vif=%s end=%s state=%s", __entry->vif,
		  __entry->end == NETBK_BACKEND ? "back" : "front",
		  show_xenbus_state(__entry->state))
);

TRACE_EVENT(netbk_broken,
	TP_PROTO(const struct xen_netif *netif, const char *reason),
	TP_ARGS(netif, reason),

	TP_STRUCT__entry(
		__array(char, vif, IFNAMSIZ)
		__array(char, reason, 64)
	),

	TP_fast_assign(
		strscpy_pad(__entry->vif, netdev_name(netif->dev), IFNAMSIZ);
		strscpy_pad(__entry->reason, reason, sizeof(__entry->reason));
	),

	TP_printk("vif=%s reason=%s", __entry->vif, __entry->reason)
);

#endif /* _XEN_NETBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
