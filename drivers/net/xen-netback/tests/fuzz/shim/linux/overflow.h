/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_OVERFLOW_H
#define _SHIM_LINUX_OVERFLOW_H

#define struct_size(ptr, member, nr) \
	(sizeof(*(ptr)) + sizeof((ptr)->member[0]) * (size_t)(nr))

#endif /* _SHIM_LINUX_OVERFLOW_H */
