/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transactions of xenstore, for the driver and its test frontend.
 */
#ifndef _XEN_NETBACK_XENBUS_TRANSACT_H
#define _XEN_NETBACK_XENBUS_TRANSACT_H

#include <linux/errno.h>

#include <xen/xenbus.h>

/**
 * xenvif_transact - write to xenstore in one transaction
 * @write: writes, and may be called several times
 * @data: passed to it
 *
 * Context: process, may sleep.
 * Return: 0, or a negative error of @write or xenstore with nothing written.
 */
static inline int xenvif_transact(int (*write)(void *data,
					       struct xenbus_transaction xbt),
				  void *data)
{
	struct xenbus_transaction xbt;
	int err;

	do {
		err = xenbus_transaction_start(&xbt);
		if (err)
			return err;
		err = write(data, xbt);
		if (err) {
			xenbus_transaction_end(xbt, 1);
			return err;
		}
		err = xenbus_transaction_end(xbt, 0);
	} while (err == -EAGAIN);
	return err;
}

#endif /* _XEN_NETBACK_XENBUS_TRANSACT_H */
