/* SPDX-License-Identifier: GPL-2.0 */
/* A target has what xenstore contains. */
#ifndef _SHIM_XEN_XENBUS_H
#define _SHIM_XEN_XENBUS_H

#include <linux/types.h>

struct xenbus_device {
	const char *otherend;
};

struct xenbus_transaction {
	u32 id;
};

#define XBT_NIL ((struct xenbus_transaction){ 0 })

unsigned int xenbus_read_unsigned(const char *dir, const char *node,
				  unsigned int otherwise);
int xenbus_scanf(struct xenbus_transaction xbt, const char *dir,
		 const char *node, const char *fmt, ...);
int xenbus_gather(struct xenbus_transaction xbt, const char *dir, ...);
void xenbus_dev_fatal(struct xenbus_device *xdev, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* _SHIM_XEN_XENBUS_H */
