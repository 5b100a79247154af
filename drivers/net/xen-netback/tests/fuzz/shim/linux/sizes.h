/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_SIZES_H
#define _SHIM_LINUX_SIZES_H

#define SZ_512K 0x80000
#define SZ_2M 0x200000

#endif /* _SHIM_LINUX_SIZES_H */
