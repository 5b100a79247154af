/* SPDX-License-Identifier: GPL-2.0 */
/* How busy groups and their queues are. */
#ifndef _XEN_NETBACK_GROUP_LOAD_H
#define _XEN_NETBACK_GROUP_LOAD_H

#include <linux/list.h>
#include <linux/types.h>

struct xen_netbk;
struct xenvif_queue;

/* Loads are in thousandths of a CPU. */
#define NETBK_LOAD_FULL 1000

/* Queues charged between the last two looks, by their @charged. */
extern struct list_head netbk_load_charged;

void netbk_load_begin(struct xenvif_queue *queue);
void netbk_load_shift(const struct xenvif_queue *queue, struct xen_netbk *from,
		      struct xen_netbk *to);
void netbk_load_end(struct xenvif_queue *queues, unsigned int nr,
		    const unsigned long *groups);
unsigned int netbk_load_of(const struct xenvif_queue *queue);
bool netbk_load_look(u64 now, u64 ns);
void netbk_load_forget(u64 now);
unsigned int netbk_load_around(const struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_GROUP_LOAD_H */
