/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_JIFFIES_H
#define _SHIM_LINUX_JIFFIES_H

#define msecs_to_jiffies(ms) ((unsigned long)(ms))

static const unsigned long jiffies = 1000;

#endif /* _SHIM_LINUX_JIFFIES_H */
