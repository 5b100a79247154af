// SPDX-License-Identifier: GPL-2.0
/*
 * The dom0 side of Xen's paravirtual network: see
 * Documentation/networking/device_drivers/virtual/xen-netback.rst.
 */

#include <linux/module.h>
#include <xen/xen.h>

#include "debugfs.h"
#include "group.h"
#include "group_balance.h"
#include "params.h"
#include "xenbus.h"

static int __init netback_init(void)
{
	int err;

	if (!xen_domain())
		return -ENODEV;

	err = netbk_params_init();
	if (err)
		return err;
	err = netbk_groups_init(netbk_balance_wake);
	if (err)
		return err;
	netbk_debugfs_init();

	err = xenvif_xenbus_init();
	if (err)
		goto fail;
	return 0;

fail:
	netbk_debugfs_deinit();
	netbk_groups_deinit();
	return err;
}
module_init(netback_init);

static void __exit netback_exit(void)
{
	xenvif_xenbus_deinit();
	netbk_debugfs_deinit();
	netbk_groups_deinit();
}
module_exit(netback_exit);

MODULE_DESCRIPTION("Xen backend network device module");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:vif");
#ifdef XEN_NETBACK_VERSION
MODULE_VERSION(XEN_NETBACK_VERSION);
#endif
