/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control ring: messages by which a guest sets how packets for it are
 * spread over its queues (netif.h, "Control messages").
 */
#ifndef _XEN_NETBACK_CTRL_H
#define _XEN_NETBACK_CTRL_H

#include <linux/if.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include <xen/grant_table.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/io/netif.h>

#include "ctrl_hash.h"

struct seq_file;
struct xen_netif;

/**
 * struct xenvif_ctrl - a guest's control ring
 * @netif: I: the netif that it belongs to
 * @num_queues: C: number of the guest's queues
 * @buffer: C: copy of what a message refers to in a page of the guest
 * @ring: C: its address, W: its indices
 * @irq: C: interrupt of the event channel, 0 if not bound; read racily by its
 *	handler
 * @name: C: vifX.Y-ctrl, seen in /proc/interrupts
 * @events: A: bit %XENVIF_CTRL_EOI is set while the channel awaits its EOI
 * @honest: W: messages were taken since the last EOI
 * @served: W: time of the last batch, in jiffies; read racily by the handler
 * @work: answers messages
 * @hash: W: the guest's settings, NULL if there are none; read under RCU
 * @messages: W: answered since the net device was created; read racily
 * @refused: W: those of them that did not succeed; read racily
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * C: set while connecting, before @work runs; constant until disconnected
 * A: atomic bit operations
 * W: @work alone, or a context that has made sure that it does not run
 */
struct xenvif_ctrl {
	struct xen_netif *netif;
	unsigned int num_queues;
	void *buffer;
	struct xen_netif_ctrl_back_ring ring;
	unsigned int irq;
	char name[IFNAMSIZ + 5];
	unsigned long events;
#define XENVIF_CTRL_EOI 0
	bool honest;
	unsigned long served;
	struct delayed_work work;
	struct xenvif_hash __rcu *hash;
	unsigned long messages;
	unsigned long refused;
};

/**
 * xenvif_ctrl_hash - get a guest's hash settings
 * @ctrl: the guest's control ring; it may be disconnected
 *
 * Context: any, under rcu_read_lock().
 * Return: the settings, valid until rcu_read_unlock(), or NULL if the guest has
 * none.
 */
static inline const struct xenvif_hash *
xenvif_ctrl_hash(const struct xenvif_ctrl *ctrl)
{
	return rcu_dereference(ctrl->hash);
}

void xenvif_ctrl_init(struct xenvif_ctrl *ctrl, struct xen_netif *netif);
int xenvif_ctrl_connect(struct xenvif_ctrl *ctrl, grant_ref_t ref,
			evtchn_port_t evtchn, unsigned int num_queues);
void xenvif_ctrl_disconnect(struct xenvif_ctrl *ctrl);
void xenvif_ctrl_show(struct seq_file *m, const struct xenvif_ctrl *ctrl);

#endif /* _XEN_NETBACK_CTRL_H */
