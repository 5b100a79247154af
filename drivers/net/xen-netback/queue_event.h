/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events, both ways. Responses are pushed and a guest is notified once for each
 * queue and batch. A guest's event is acknowledged (EOI) when the work it asked
 * for is done. An event without work is flagged as spurious, so that Xen's
 * event core slows its sender down (XSA-332).
 */
#ifndef _XEN_NETBACK_QUEUE_EVENT_H
#define _XEN_NETBACK_QUEUE_EVENT_H

#include <linux/irqreturn.h>
#include <linux/types.h>

#include "dir.h"

struct xenvif_queue;

bool xenvif_push_tx(struct xenvif_queue *queue);
bool xenvif_push_rx(struct xenvif_queue *queue);
bool xenvif_arm_tx(struct xenvif_queue *queue);
bool xenvif_arm_rx(struct xenvif_queue *queue, unsigned int need);
void xenvif_eoi(struct xenvif_queue *queue, enum netbk_dir dir);
void xenvif_eoi_common(struct xenvif_queue *queue);

irqreturn_t xenvif_tx_interrupt(int irq, void *queue);
irqreturn_t xenvif_rx_interrupt(int irq, void *queue);
irqreturn_t xenvif_common_interrupt(int irq, void *queue);

#endif /* _XEN_NETBACK_QUEUE_EVENT_H */
