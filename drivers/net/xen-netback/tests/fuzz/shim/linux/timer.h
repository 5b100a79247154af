/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_TIMER_H
#define _SHIM_LINUX_TIMER_H

struct timer_list {
	unsigned long expires;
};

#endif /* _SHIM_LINUX_TIMER_H */
