/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.15 lets modules assert that CPU hotplug is held off. */
#ifndef _XEN_NETBACK_BEFORE_6_15_H
#define _XEN_NETBACK_BEFORE_6_15_H

#include <linux/cpu.h>

#define lockdep_assert_cpus_held() do { } while (0)

#endif /* _XEN_NETBACK_BEFORE_6_15_H */
