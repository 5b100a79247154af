/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.3 gives the uevent callback of a xenbus driver a constant device.
 * The driver's callback loses that "const" where it is defined.
 */
#ifndef _XEN_NETBACK_BEFORE_6_3_H
#define _XEN_NETBACK_BEFORE_6_3_H

#define COMPAT_NOT_const
#define netback_uevent(xdev, env) netback_uevent(COMPAT_NOT_##xdev, env)

#endif /* _XEN_NETBACK_BEFORE_6_3_H */
