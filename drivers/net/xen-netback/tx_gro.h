/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Joins the TCP segments that a guest sends before the stack sees them.
 */
#ifndef _XEN_NETBACK_TX_GRO_H
#define _XEN_NETBACK_TX_GRO_H

#include <linux/netdevice.h>

/**
 * struct netbk_gro - a group's context for joining packets
 * @dev: I: owns @napi, and nothing else
 * @napi: T: the stack's lists of packets that may be joined
 * @open: T: @napi is taken, and may have packets that the stack has not seen
 * @polled: T: when @napi was last scheduled, in jiffies
 *
 * Every field carries the rule it is guarded by:
 *
 * I: set before the group is reachable, constant afterwards
 * T: the worker of the Tx lane alone
 */
struct netbk_gro {
	struct net_device *dev;
	struct napi_struct napi;
	bool open;
	unsigned long polled;
};

int netbk_gro_init(struct netbk_gro *gro);
void netbk_gro_deinit(struct netbk_gro *gro);
void netbk_gro_receive(struct netbk_gro *gro, struct sk_buff *skb);
void netbk_gro_flush(struct netbk_gro *gro);
void netbk_gro_poll(struct netbk_gro *gro);

#endif /* _XEN_NETBACK_TX_GRO_H */
