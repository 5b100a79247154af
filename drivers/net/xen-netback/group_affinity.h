/* SPDX-License-Identifier: GPL-2.0 */
/* CPUs of groups during CPU hotplug. */
#ifndef _XEN_NETBACK_GROUP_AFFINITY_H
#define _XEN_NETBACK_GROUP_AFFINITY_H

int netbk_affinity_start(void);
void netbk_affinity_stop(void);

#endif /* _XEN_NETBACK_GROUP_AFFINITY_H */
