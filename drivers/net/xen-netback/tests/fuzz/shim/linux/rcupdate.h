/* SPDX-License-Identifier: GPL-2.0 */
/* A grace period takes no time: there are no readers but the writer. */
#ifndef _SHIM_LINUX_RCUPDATE_H
#define _SHIM_LINUX_RCUPDATE_H

#include <linux/slab.h>

#define rcu_read_lock() do { } while (0)
#define rcu_read_unlock() do { } while (0)
#define rcu_dereference(ptr) (ptr)
#define rcu_dereference_protected(ptr, cond) ((void)(cond), (ptr))
#define rcu_replace_pointer(ptr, with, cond)	\
	({					\
		typeof(ptr) rcu_old = (ptr);	\
						\
		(void)(cond);			\
		(ptr) = (with);			\
		rcu_old;			\
	})
#define kfree_rcu(ptr, field) kfree(ptr)

#endif /* _SHIM_LINUX_RCUPDATE_H */
