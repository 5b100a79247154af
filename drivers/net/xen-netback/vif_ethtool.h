/* SPDX-License-Identifier: GPL-2.0 */
/* Ethtool operations of a netif. */
#ifndef _XEN_NETBACK_VIF_ETHTOOL_H
#define _XEN_NETBACK_VIF_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops xenvif_ethtool_ops;

#endif /* _XEN_NETBACK_VIF_ETHTOOL_H */
