/* SPDX-License-Identifier: GPL-2.0 */
/* Each is a bit of its own here. */
#ifndef _SHIM_LINUX_NETDEV_FEATURES_H
#define _SHIM_LINUX_NETDEV_FEATURES_H

#include <linux/types.h>

#define NETIF_F_SG 0x01ULL
#define NETIF_F_TSO 0x02ULL
#define NETIF_F_TSO6 0x04ULL
#define NETIF_F_IP_CSUM 0x08ULL
#define NETIF_F_IPV6_CSUM 0x10ULL

#endif /* _SHIM_LINUX_NETDEV_FEATURES_H */
