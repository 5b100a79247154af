// SPDX-License-Identifier: GPL-2.0

#include "xenbus_node.h"

#include <linux/compiler.h>

#include <xen/xenbus.h>

/**
 * xenvif_node_is_ours - whether a backend's folder in xenstore is still its own
 * @xdev: the backend's device
 * @xbt: what the folder is looked at in: a transaction, or %XBT_NIL
 *
 * A toolstack may have removed it, and may even have written another one of the
 * same name, which begins as Initialising. Xenbus may know before the state
 * shows it.
 *
 * Context: process, may sleep.
 * Return: false if the folder is gone, or another device's.
 */
bool xenvif_node_is_ours(const struct xenbus_device *xdev,
			 struct xenbus_transaction xbt)
{
	/* First, since a state is noted here after xenstore has it. */
	enum xenbus_state own = READ_ONCE(xdev->state);
	int state;

	if (xenbus_scanf(xbt, xdev->nodename, "state", "%d", &state) != 1)
		return false;
	if (state == XenbusStateInitialising && own != XenbusStateInitialising)
		return false;
	return xenbus_read_driver_state(xdev, xdev->nodename) !=
	       XenbusStateUnknown;
}
