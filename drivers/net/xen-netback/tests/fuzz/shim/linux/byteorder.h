/* SPDX-License-Identifier: GPL-2.0 */
/* Constants, too, as labels of a switch. */
#ifndef _SHIM_LINUX_BYTEORDER_H
#define _SHIM_LINUX_BYTEORDER_H

#include <asm/byteorder.h>

#undef htons
#define htons(x) __cpu_to_be16(x)
#define cpu_to_le32(x) __cpu_to_le32(x)
#define be32_to_cpu(x) __be32_to_cpu(x)
#define cpu_to_be32(x) __cpu_to_be32(x)

#endif /* _SHIM_LINUX_BYTEORDER_H */
