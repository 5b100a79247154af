/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_XEN_EVENTS_H
#define _SHIM_XEN_EVENTS_H

#include <linux/interrupt.h>
#include <linux/types.h>

#include <xen/interface/event_channel.h>

struct xenbus_device;

#define XEN_EOI_FLAG_SPURIOUS 1

int bind_interdomain_evtchn_to_irqhandler_lateeoi(struct xenbus_device *xdev,
						  evtchn_port_t port,
						  irqreturn_t (*fn)(int irq,
								    void *data),
						  unsigned long flags,
						  const char *name, void *data);
void unbind_from_irqhandler(unsigned int irq, void *data);
void xen_irq_lateeoi(unsigned int irq, unsigned int flags);
void notify_remote_via_irq(int irq);

#endif /* _SHIM_XEN_EVENTS_H */
