// SPDX-License-Identifier: GPL-2.0

#include "groups.h"

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/netdevice.h>

#include <xen/interface/io/ring.h>
#include <xen/page.h>

#include "../group.h"
#include "../group_affinity.h"
#include "../group_balance.h"
#include "../queue.h"
#include "../vif.h"

static bool groups_are_ours;

/**
 * netbk_test_groups_init - have groups, of which no other suite takes notice
 * @suite: a suite that needs them
 *
 * Some kernels run the suites of a module before the module's own start.
 *
 * Return: 0 or a negative error.
 */
int netbk_test_groups_init(struct kunit_suite *suite)
{
	int err;

	if (netbk_groups_count())
		return 0;
	err = netbk_groups_init(netbk_balance_wake);
	if (err)
		return err;
	err = netbk_affinity_start();
	if (err)
		netbk_groups_deinit();
	groups_are_ours = !err;
	return err;
}

/**
 * netbk_test_groups_exit - end groups that netbk_test_groups_init() has made
 * @suite: the suite
 */
void netbk_test_groups_exit(struct kunit_suite *suite)
{
	if (groups_are_ours) {
		netbk_affinity_stop();
		netbk_groups_deinit();
	}
	groups_are_ours = false;
}

/**
 * netbk_test_netif - make a guest's interface whose rings are empty
 * @test: the running case
 * @nr: number of queues
 *
 * Return: the netif, not placed, freed after the case.
 */
struct xen_netif *netbk_test_netif(struct kunit *test, unsigned int nr)
{
	struct xen_netif *netif = kunit_kzalloc(test, sizeof(*netif),
						GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, netif);
	netif->queues = kunit_kzalloc(test, nr * sizeof(*netif->queues),
				      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, netif->queues);
	/* Who reads the table of queues meanwhile asks for its name. */
	netif->dev = kunit_kzalloc(test, sizeof(*netif->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, netif->dev);
	netif->num_queues = nr;
	for (i = 0; i < nr; i++) {
		struct xenvif_queue *queue = &netif->queues[i];
		void *tx = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
		void *rx = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, tx);
		KUNIT_ASSERT_NOT_NULL(test, rx);
		xenvif_queue_init(queue, netif, i);
		BACK_RING_ATTACH(&queue->tx,
				 (struct xen_netif_tx_sring *)tx, 0,
				 XEN_PAGE_SIZE);
		BACK_RING_ATTACH(&queue->rx,
				 (struct xen_netif_rx_sring *)rx, 0,
				 XEN_PAGE_SIZE);
	}
	netif->weight = NETBK_WEIGHT_DEFAULT;
	return netif;
}
