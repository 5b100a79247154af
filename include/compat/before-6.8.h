/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.8 adds ethtool_puts(). */
#ifndef _XEN_NETBACK_BEFORE_6_8_H
#define _XEN_NETBACK_BEFORE_6_8_H

#include <linux/ethtool.h>
#include <linux/string.h>

static inline void compat_ethtool_puts(u8 **data, const char *name)
{
	strscpy(*data, name, ETH_GSTRING_LEN);
	*data += ETH_GSTRING_LEN;
}

#define ethtool_puts compat_ethtool_puts

#endif /* _XEN_NETBACK_BEFORE_6_8_H */
