/* SPDX-License-Identifier: GPL-2.0 */
/* How busy groups and their queues are. */
#ifndef _XEN_NETBACK_GROUP_LOAD_H
#define _XEN_NETBACK_GROUP_LOAD_H

#include <linux/types.h>

struct xen_netbk;
struct xenvif_queue;

/* Loads are in thousandths of a CPU. */
#define NETBK_LOAD_FULL 1000

void netbk_load_begin(struct xenvif_queue *queue);
void netbk_load_shift(const struct xenvif_queue *queue, struct xen_netbk *from,
		      struct xen_netbk *to);
bool netbk_load_look(u64 now, u64 ns);
void netbk_load_forget(u64 now);
unsigned int netbk_load_around(const struct xen_netbk *netbk);

#endif /* _XEN_NETBACK_GROUP_LOAD_H */
