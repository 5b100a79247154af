/* SPDX-License-Identifier: GPL-2.0 */
/* On which CPUs groups are, as CPUs come and go. */
#ifndef _XEN_NETBACK_GROUP_AFFINITY_H
#define _XEN_NETBACK_GROUP_AFFINITY_H

int netbk_affinity_start(void);
void netbk_affinity_stop(void);

#endif /* _XEN_NETBACK_GROUP_AFFINITY_H */
