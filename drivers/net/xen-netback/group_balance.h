/* SPDX-License-Identifier: GPL-2.0 */
/* Queues move to other groups by their load. */
#ifndef _XEN_NETBACK_GROUP_BALANCE_H
#define _XEN_NETBACK_GROUP_BALANCE_H

void netbk_balance_start(void);
void netbk_balance_wake(void);
void netbk_balance_stop(void);

#endif /* _XEN_NETBACK_GROUP_BALANCE_H */
