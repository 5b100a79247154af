/* SPDX-License-Identifier: GPL-2.0 */
/* The xenbus driver: probe and removal of vifs. */
#ifndef _XEN_NETBACK_XENBUS_H
#define _XEN_NETBACK_XENBUS_H

int xenvif_xenbus_init(void);
void xenvif_xenbus_deinit(void);

#endif /* _XEN_NETBACK_XENBUS_H */
