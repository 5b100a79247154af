// SPDX-License-Identifier: GPL-2.0

#include "xenbus_node.h"

#include <linux/compiler.h>

#include <xen/xenbus.h>

/**
 * xenvif_node_is_ours - check whether a backend still owns its folder
 * @xdev: the backend's device
 * @xbt: a transaction, or %XBT_NIL
 *
 * The toolstack may have removed the folder in xenstore, and may even have
 * written one of the same name for another device, which starts with state
 * Initialising. Xenbus may know this before the state shows it.
 *
 * Context: process, may sleep.
 * Return: false if the folder is gone or belongs to another device.
 */
bool xenvif_node_is_ours(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt)
{
	/* First, since xenbus sets it after it has written to xenstore. */
	enum xenbus_state own = READ_ONCE(xdev->state);
	int state;

	if (xenbus_scanf(xbt, xdev->nodename, "state", "%d", &state) != 1)
		return false;
	if (state == XenbusStateInitialising && own != XenbusStateInitialising)
		return false;
	return xenbus_read_driver_state(xdev, xdev->nodename) !=
	       XenbusStateUnknown;
}
