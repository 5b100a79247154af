/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_SYSFS_H
#define _SHIM_LINUX_SYSFS_H

#include <stdio.h>

#define PAGE_TEXT 4096
#define sysfs_emit(buffer, ...) snprintf(buffer, PAGE_TEXT, __VA_ARGS__)

#endif /* _SHIM_LINUX_SYSFS_H */
