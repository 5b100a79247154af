/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_NET_IP_H
#define _SHIM_NET_IP_H

#include <linux/byteorder.h>
#include <linux/ip.h>

static inline bool ip_is_fragment(const struct iphdr *ip)
{
	/* More fragments, or an offset. */
	return ip->frag_off & htons(0x3fff);
}

#endif /* _SHIM_NET_IP_H */
