// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of queue_event.c: what a guest that writes the indices of responses may
 * change.
 */

#include <kunit/test.h>
#include <linux/gfp.h>

#include <xen/page.h>

#define EVENT_CASE(fn, says) { .run_case = fn, .name = says }

static struct xenvif_queue *event_queue(struct kunit *test)
{
	struct xenvif_queue *queue;
	void *tx, *rx;

	queue = kunit_kzalloc(test, sizeof(*queue), GFP_KERNEL);
	tx = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
	rx = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
	if (!queue || !tx || !rx)
		return NULL;
	BACK_RING_ATTACH(&queue->tx, (struct xen_netif_tx_sring *)tx, 0,
			 XEN_PAGE_SIZE);
	BACK_RING_ATTACH(&queue->rx, (struct xen_netif_rx_sring *)rx, 0,
			 XEN_PAGE_SIZE);
	/* It wants no event for a long time. */
	queue->tx.sring->rsp_event = 100;
	queue->rx.sring->rsp_event = 100;
	return queue;
}

/* The guest's index says that the response is there already. */
static void event_push_anyway(struct kunit *test)
{
	struct xenvif_queue *queue = event_queue(test);

	KUNIT_ASSERT_NOT_NULL(test, queue);
	queue->tx.rsp_prod_pvt = 1;
	queue->tx.sring->rsp_prod = 1;
	KUNIT_EXPECT_FALSE(test, xenvif_push_tx(queue));
	KUNIT_EXPECT_EQ(test, queue->tx_pushed, 1);
	queue->rx.rsp_prod_pvt = 1;
	queue->rx.sring->rsp_prod = 1;
	KUNIT_EXPECT_FALSE(test, xenvif_push_rx(queue));
	KUNIT_EXPECT_EQ(test, queue->rx_pushed, 1);
}

/* There is none, but the guest's index says that there is. */
static void event_push_none(struct kunit *test)
{
	struct xenvif_queue *queue = event_queue(test);

	KUNIT_ASSERT_NOT_NULL(test, queue);
	queue->tx.sring->rsp_prod = 7;
	KUNIT_EXPECT_FALSE(test, xenvif_push_tx(queue));
	KUNIT_EXPECT_EQ(test, queue->tx.sring->rsp_prod, 7);
	queue->rx.sring->rsp_prod = 7;
	KUNIT_EXPECT_FALSE(test, xenvif_push_rx(queue));
	KUNIT_EXPECT_EQ(test, queue->rx.sring->rsp_prod, 7);
}

static struct kunit_case event_cases[] = {
	EVENT_CASE(event_push_anyway,
		   "responses are pushed although the guest moved the index"),
	EVENT_CASE(event_push_none,
		   "a moved index brings no push without a response"),
	{}
};

static struct kunit_suite event_suite = {
	.name = "xen-netback-queue-event",
	.test_cases = event_cases,
};

kunit_test_suites(&event_suite);
