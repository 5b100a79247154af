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
 * @netif: I: whose it is
 * @num_queues: C: queues the guest has
 * @buffer: C: what a message refers to is copied to, from a page of the guest
 * @ring: C: where it is, W: indices
 * @irq: C: the event channel's, 0 if not bound; read racily by its handler
 * @name: C: vifX.Y-ctrl, seen in /proc/interrupts
 * @events: A: bit %XENVIF_CTRL_EOI is set while the channel awaits its EOI
 * @honest: W: messages were taken since the last EOI
 * @served: W: when that was last, in jiffies; read racily by the handler
 * @work: answers messages
 * @hash: W: what they have set, NULL as long as that is nothing; read under
 *	RCU
 * @messages: W: answered since the net device came; read racily
 * @refused: W: those of them that did not succeed; read racily
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the net device is registered, constant afterwards
 * C: set while connecting, before @work runs; constant until disconnected
 * A: atomic bit operations
 * W: @work alone, or whoever has made sure that it does not run
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
 * xenvif_ctrl_hash - how a guest wants packets hashed
 * @ctrl: of the guest; it may be disconnected
 *
 * Context: any, under rcu_read_lock().
 * Return: that, valid until rcu_read_unlock(), or NULL if it is all the same to
 * the guest.
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
