/* SPDX-License-Identifier: GPL-2.0 */
/* Files of a vif in sysfs: /sys/class/net/vifX.Y/netback. */
#ifndef _XEN_NETBACK_VIF_SYSFS_H
#define _XEN_NETBACK_VIF_SYSFS_H

extern const struct attribute_group xenvif_sysfs_group;

#endif /* _XEN_NETBACK_VIF_SYSFS_H */
