/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All rings of a frontend, and their xenstore keys.
 */
#ifndef _XEN_NETBACK_FRONT_RINGS_H
#define _XEN_NETBACK_FRONT_RINGS_H

struct front;

/* Options of front_rings_create(). */
#define FRONT_RINGS_SPLIT 0x1	/* an event channel for each direction */
#define FRONT_RINGS_CTRL 0x2	/* a control ring */

int front_rings_create(struct front *front, unsigned int queues,
		       unsigned int flags);
void front_rings_free(struct front *front);

#endif /* _XEN_NETBACK_FRONT_RINGS_H */
