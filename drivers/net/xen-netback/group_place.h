/* SPDX-License-Identifier: GPL-2.0 */
/* Which group serves which queue. */
#ifndef _XEN_NETBACK_GROUP_PLACE_H
#define _XEN_NETBACK_GROUP_PLACE_H

#include <linux/types.h>

struct xen_netbk;
struct xen_netif;
struct xenvif_queue;

typedef void (*netbk_visit_fn)(struct xenvif_queue *queue,
			       const struct xen_netbk *netbk, void *data);

void netbk_add_netif(struct xen_netif *netif);
void netbk_remove_netif(struct xen_netif *netif);
void netbk_move_queue(struct xenvif_queue *queue, struct xen_netbk *to);
int netbk_pin_queue(struct xenvif_queue *queue, unsigned int index);
void netbk_unpin_queue(struct xenvif_queue *queue);
int netbk_group_of_queue(const struct xenvif_queue *queue);
void netbk_bind_queue(struct xenvif_queue *queue,
		      const struct xen_netbk *netbk, void *unused);
void netbk_visit_placed(netbk_visit_fn visit, void *data);

#endif /* _XEN_NETBACK_GROUP_PLACE_H */
