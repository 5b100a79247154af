/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_BITS_H
#define _SHIM_LINUX_BITS_H

#define BITS_PER_BYTE 8
#define BIT(nr) (1UL << (nr))

#endif /* _SHIM_LINUX_BITS_H */
