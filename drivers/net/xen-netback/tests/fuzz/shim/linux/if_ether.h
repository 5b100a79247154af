/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_FUZZ_LINUX_IF_ETHER_H
#define _SHIM_FUZZ_LINUX_IF_ETHER_H

#include <linux/types.h>

#define ETH_ALEN 6
#define ETH_HLEN 14
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD

struct ethhdr {
	u8 h_dest[ETH_ALEN];
	u8 h_source[ETH_ALEN];
	__be16 h_proto;
} __attribute__((packed));

#endif /* _SHIM_FUZZ_LINUX_IF_ETHER_H */
