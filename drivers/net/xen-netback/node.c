// SPDX-License-Identifier: GPL-2.0

#include "node.h"

#include <xen/xenbus.h>

/**
 * xenvif_node_is_ours - whether a backend's folder in xenstore is still its own
 * @xdev: the backend's device, which has shown a state since it was probed
 *
 * A toolstack may have removed it, and may even have written another one of the
 * same name, which begins as Initialising.
 *
 * Context: process, may sleep.
 * Return: false if the folder is gone, or another device's.
 */
bool xenvif_node_is_ours(const struct xenbus_device *xdev)
{
	switch (xenbus_read_driver_state(xdev, xdev->nodename)) {
	case XenbusStateUnknown:
	case XenbusStateInitialising:
		return false;
	default:
		return true;
	}
}
