/* SPDX-License-Identifier: GPL-2.0 */
/* Since Linux 6.3 the uevent callback of a xenbus driver takes a const device.
 * The macros remove "const" from the definition of the driver's callback.
 */
#ifndef _XEN_NETBACK_BEFORE_6_3_H
#define _XEN_NETBACK_BEFORE_6_3_H

#define COMPAT_NOT_const
#define netback_uevent(xdev, env) netback_uevent(COMPAT_NOT_##xdev, env)

#endif /* _XEN_NETBACK_BEFORE_6_3_H */
