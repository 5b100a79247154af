/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bound on how long packets wait for a guest that posts no room for them. Rx
 * is the guest's direction, as in netif.h.
 */
#ifndef _XEN_NETBACK_DRAIN_H
#define _XEN_NETBACK_DRAIN_H

#include <linux/types.h>

struct xenvif_queue;

unsigned long xenvif_drain_timeout(bool rx_notify);
void xenvif_drain_init(struct xenvif_queue *queue);
void xenvif_drain_later(struct xenvif_queue *queue);
void xenvif_drain_stop(struct xenvif_queue *queue);

#endif /* _XEN_NETBACK_DRAIN_H */
