// SPDX-License-Identifier: GPL-2.0
/*
 * Xen network backend driver: see
 * Documentation/networking/device_drivers/virtual/xen-netback.rst.
 */

#include <linux/module.h>
#include <xen/xen.h>

#include "debugfs.h"
#include "group.h"
#include "group_affinity.h"
#include "group_balance.h"
#include "params.h"
#include "tx_inflight.h"
#include "xenbus.h"

/* The order of start; the end is in reverse. Each step uses those before it:
 *
 * 1. Groups. Their workers are there and have no work. They call
 *    netbk_balance_wake() after each run, which does nothing before 3.
 * 2. Affinity binds the groups to their CPUs before a queue is placed, and
 *    again when CPUs come and go. It uses the groups until it is stopped.
 * 3. Balancing looks at the groups and moves their queues. It waits for a look
 *    that is under way when it is stopped.
 * 4. Hooks charge forwarded packets to queues, of which there are none yet.
 * 5. Debugfs shows the groups.
 * 6. Xenbus creates vifs, with queues that are placed on groups.
 *
 * When xenbus has ended no netif exists, and no group has a queue: balancing
 * and affinity may still run, but find no queue to move or bind. A worker may
 * still run until netbk_groups_deinit() has waited for it. If it then calls
 * netbk_balance_wake(), that finds balancing stopped.
 */
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
	err = netbk_affinity_start();
	if (err)
		goto end_groups;
	netbk_balance_start();
	err = xenvif_inflight_register();
	if (err)
		goto end_balance;
	netbk_debugfs_init();

	err = xenvif_xenbus_init();
	if (err)
		goto end_debugfs;
	return 0;

end_debugfs:
	netbk_debugfs_deinit();
	xenvif_inflight_unregister();
end_balance:
	netbk_balance_stop();
	netbk_affinity_stop();
end_groups:
	netbk_groups_deinit();
	return err;
}
module_init(netback_init);

static void __exit netback_exit(void)
{
	xenvif_xenbus_deinit();
	netbk_debugfs_deinit();
	xenvif_inflight_unregister();
	netbk_balance_stop();
	netbk_affinity_stop();
	netbk_groups_deinit();
}
module_exit(netback_exit);

MODULE_DESCRIPTION("Xen backend network device module");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:vif");
#ifdef XEN_NETBACK_VERSION
MODULE_VERSION(XEN_NETBACK_VERSION);
#endif
