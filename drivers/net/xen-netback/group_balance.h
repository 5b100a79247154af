/* SPDX-License-Identifier: GPL-2.0 */
/* When groups are looked at, and whether moving a queue would pay. */
#ifndef _XEN_NETBACK_GROUP_BALANCE_H
#define _XEN_NETBACK_GROUP_BALANCE_H

unsigned int netbk_balance_gain(unsigned int from, unsigned int to,
				unsigned int queue);

void netbk_balance_start(void);
void netbk_balance_wake(void);
void netbk_balance_stop(void);

#endif /* _XEN_NETBACK_GROUP_BALANCE_H */
