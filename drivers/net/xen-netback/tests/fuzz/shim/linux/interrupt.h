/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_INTERRUPT_H
#define _SHIM_LINUX_INTERRUPT_H

typedef int irqreturn_t;

#define IRQ_HANDLED 1
#define disable_irq(irq) ((void)(irq))

#endif /* _SHIM_LINUX_INTERRUPT_H */
