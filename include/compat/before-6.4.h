/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.4 adds dev_kfree_skb_any_reason(). Where interrupts are off, this one
 * loses the reason.
 */
#ifndef _XEN_NETBACK_BEFORE_6_4_H
#define _XEN_NETBACK_BEFORE_6_4_H

#include <linux/netdevice.h>
#include <linux/preempt.h>

static inline void compat_kfree_skb_any_reason(struct sk_buff *skb,
					       enum skb_drop_reason reason)
{
	if (in_hardirq() || irqs_disabled())
		dev_kfree_skb_irq(skb);
	else
		kfree_skb_reason(skb, reason);
}

#define dev_kfree_skb_any_reason compat_kfree_skb_any_reason

#endif /* _XEN_NETBACK_BEFORE_6_4_H */
