// SPDX-License-Identifier: GPL-2.0
/*
 * Messages are rare and never urgent, but a guest may send as many as it can.
 * So an event only queues a work, which answers at most one full ring, 128
 * messages, every 5 ms. Each costs at most a grant copy: some 200 us a ring.
 * The work is short and waits for nothing, so the system's workqueue is enough.
 *
 * A batch of messages changes a draft, a copy of the settings by which packets
 * are hashed. The draft replaces the settings before the guest sees the
 * responses. So a guest can make one outdated copy for each batch wait for the
 * end of a grace period.
 */

#include "ctrl.h"

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <xen/events.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/io/ring.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include <asm/xen/hypercall.h>

#include "fault.h"
#include "queue_ring.h"
#include "vif.h"

/* The largest object that a message refers to: the mapping table. */
#define BUFFER_BYTES (XENVIF_HASH_MAPPING_MAX * sizeof(u32))

/* Least time between two batches, in jiffies. */
#define BATCH_INTERVAL ((long)msecs_to_jiffies(5))

/* ------------------------------ messages ----------------------------- */

/* Copies @len bytes, at most %BUFFER_BYTES, from the start of a page that the
 * guest has granted. Unlike gnttab_batch_copy() this does not wait for a page
 * that Xen has paged out: otherwise the guest could block the work, and any
 * context that waits for the work.
 */
static bool ctrl_fetch(struct xenvif_ctrl *ctrl, grant_ref_t ref,
		       unsigned int len)
{
	struct gnttab_copy op = {
		.source.u.ref = ref,
		.source.domid = ctrl->netif->domid,
		.dest.u.gmfn = virt_to_gfn(ctrl->buffer),
		.dest.offset = xen_offset_in_page(ctrl->buffer),
		.dest.domid = DOMID_SELF,
		.len = len,
		.flags = GNTCOPY_source_gref,
	};

	return !HYPERVISOR_grant_table_op(GNTTABOP_copy, &op, 1) &&
	       op.status == GNTST_okay;
}

static u32 ctrl_set_key(struct xenvif_ctrl *ctrl, struct xenvif_hash *draft,
			grant_ref_t ref, u32 size)
{
	u32 status = xenvif_hash_check_key(size);

	if (status != XEN_NETIF_CTRL_STATUS_SUCCESS)
		return status;
	if (size && !ctrl_fetch(ctrl, ref, size))
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	return xenvif_hash_set_key(draft, ctrl->buffer, size);
}

static u32 ctrl_set_mapping(struct xenvif_ctrl *ctrl, struct xenvif_hash *draft,
			    grant_ref_t ref, u32 first, u32 nr)
{
	u32 status = xenvif_hash_check_mapping(draft, first, nr);

	if (status != XEN_NETIF_CTRL_STATUS_SUCCESS)
		return status;
	if (nr && !ctrl_fetch(ctrl, ref, nr * sizeof(u32)))
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	return xenvif_hash_set_mapping(draft, first, nr, ctrl->buffer,
				       ctrl->num_queues);
}

/* Returns the status; @data is the answer to a query. */
static u32 ctrl_handle(struct xenvif_ctrl *ctrl, struct xenvif_hash *draft,
		       const struct xen_netif_ctrl_request *req, u32 *data)
{
	switch (req->type) {
	case XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM:
		return xenvif_hash_set_algorithm(draft, req->data[0]);
	case XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS:
		return xenvif_hash_get_flags(draft, data);
	case XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS:
		return xenvif_hash_set_flags(draft, req->data[0]);
	case XEN_NETIF_CTRL_TYPE_SET_HASH_KEY:
		return ctrl_set_key(ctrl, draft, req->data[0], req->data[1]);
	case XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE:
		*data = XENVIF_HASH_MAPPING_MAX;
		return XEN_NETIF_CTRL_STATUS_SUCCESS;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE:
		return xenvif_hash_set_mapping_size(draft, req->data[0]);
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING:
		return ctrl_set_mapping(ctrl, draft, req->data[0], req->data[2],
					req->data[1]);
	default:
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	}
}

static bool ctrl_only_asks(u16 type)
{
	return type == XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS ||
	       type == XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE;
}

/* Returns whether the draft has changed. */
static bool ctrl_answer(struct xenvif_ctrl *ctrl, struct xenvif_hash *draft)
{
	struct xen_netif_ctrl_response rsp = {};
	struct xen_netif_ctrl_request req;
	bool success;

	RING_COPY_REQUEST(&ctrl->ring, ctrl->ring.req_cons, &req);
	ctrl->ring.req_cons++;

	rsp.id = req.id;
	rsp.type = req.type;
	rsp.status = ctrl_handle(ctrl, draft, &req, &rsp.data);
	*RING_GET_RESPONSE(&ctrl->ring, ctrl->ring.rsp_prod_pvt) = rsp;
	ctrl->ring.rsp_prod_pvt++;

	success = rsp.status == XEN_NETIF_CTRL_STATUS_SUCCESS;
	WRITE_ONCE(ctrl->messages, ctrl->messages + 1);
	WRITE_ONCE(ctrl->refused, ctrl->refused + !success);
	return success && !ctrl_only_asks(req.type);
}

/* Whether the caller may use fields with the letter W: it is the work, or the
 * work does not run.
 */
static bool ctrl_is_callers(struct xenvif_ctrl *ctrl)
{
	return current_work() == &ctrl->work.work ||
	       !work_busy(&ctrl->work.work);
}

/* Replaces the settings by which packets are hashed; NULL for no hash. */
static void ctrl_publish(struct xenvif_ctrl *ctrl, struct xenvif_hash *hash)
{
	struct xenvif_hash *old;

	old = rcu_replace_pointer(ctrl->hash, hash, ctrl_is_callers(ctrl));
	if (old)
		kfree_rcu(old, rcu);
}

static struct xenvif_hash *ctrl_make_draft(struct xenvif_ctrl *ctrl)
{
	const struct xenvif_hash *now =
		rcu_dereference_protected(ctrl->hash, ctrl_is_callers(ctrl));

	return now ? kmemdup(now, sizeof(*now), GFP_KERNEL) :
		     kzalloc_obj(struct xenvif_hash);
}

/* Answers @nr messages; the guest does not see the responses yet. Returns false
 * if memory is short; no message has been taken then.
 */
static bool ctrl_answer_batch(struct xenvif_ctrl *ctrl, unsigned int nr)
{
	struct xenvif_hash *draft = ctrl_make_draft(ctrl);
	bool changed = false;

	if (!draft)
		return false;
	for (; nr; nr--)
		changed |= ctrl_answer(ctrl, draft);
	if (changed)
		ctrl_publish(ctrl, draft);
	else
		kfree(draft);
	ctrl->honest = true;
	return true;
}

/* ------------------------------- events ------------------------------ */

static void ctrl_push(struct xenvif_ctrl *ctrl)
{
	bool notify;

	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&ctrl->ring, notify);
	if (notify)
		notify_remote_via_irq(ctrl->irq);
}

/* Serves the ring at once, or when the last batch is long enough ago. */
static void ctrl_serve_soon(struct xenvif_ctrl *ctrl)
{
	long wait = READ_ONCE(ctrl->served) + BATCH_INTERVAL - jiffies;

	schedule_delayed_work(&ctrl->work, clamp(wait, 0L, BATCH_INTERVAL));
}

/* An event that came with a message counts as honest, once, whether the message
 * was taken before or after the event came. An event without one is flagged, so
 * that Xen's event core slows its sender down (XSA-332).
 */
static void ctrl_late_eoi(struct xenvif_ctrl *ctrl)
{
	if (!test_and_clear_bit(XENVIF_CTRL_EOI, &ctrl->events))
		return;
	xen_irq_lateeoi(ctrl->irq,
			ctrl->honest ? 0 : XEN_EOI_FLAG_SPURIOUS);
	ctrl->honest = false;
}

static void ctrl_serve(struct work_struct *work)
{
	struct xenvif_ctrl *ctrl = container_of(to_delayed_work(work),
						struct xenvif_ctrl, work);
	unsigned int nr;
	bool more = true;

	if (test_bit(XENVIF_BROKEN, &ctrl->netif->state))
		return;
	nr = READ_ONCE(ctrl->ring.sring->req_prod) - ctrl->ring.req_cons;
	if (nr > RING_SIZE(&ctrl->ring)) {
		xenvif_set_broken(ctrl->netif,
				  "impossible number of control requests");
		return;
	}
	virt_rmb();	/* requests are read after the index that covers them */

	WRITE_ONCE(ctrl->served, jiffies);
	if (!nr || ctrl_answer_batch(ctrl, nr)) {
		ctrl_push(ctrl);
		RING_FINAL_CHECK_FOR_REQUESTS(&ctrl->ring, more);
	}
	if (more)
		ctrl_serve_soon(ctrl);
	else
		ctrl_late_eoi(ctrl);
}

/* While the channel is being bound, ctrl->irq is not set yet; the ring is
 * served afterwards anyway.
 */
static irqreturn_t ctrl_interrupt(int irq, void *data)
{
	struct xenvif_ctrl *ctrl = data;

	if (unlikely(!READ_ONCE(ctrl->irq))) {
		xen_irq_lateeoi(irq, 0);
		return IRQ_HANDLED;
	}
	set_bit(XENVIF_CTRL_EOI, &ctrl->events);
	ctrl_serve_soon(ctrl);
	return IRQ_HANDLED;
}

/* ------------------------- connect, disconnect ----------------------- */

static int ctrl_map_ring(struct xenvif_ctrl *ctrl, grant_ref_t ref)
{
	struct xenvif_ring_page page;
	int err;

	err = xenvif_ring_map(ctrl->netif, ref, "control",
			      __CONST_RING_SIZE(xen_netif_ctrl, XEN_PAGE_SIZE),
			      &page);
	if (err)
		return err;
	BACK_RING_ATTACH(&ctrl->ring, (struct xen_netif_ctrl_sring *)page.sring,
			 page.rsp_prod, XEN_PAGE_SIZE);
	return 0;
}

/* Named after its vif, as the interrupts of queues are. */
static int ctrl_bind_event(struct xenvif_ctrl *ctrl, evtchn_port_t evtchn)
{
	int ret;

	snprintf(ctrl->name, sizeof(ctrl->name), "%s-ctrl",
		 ctrl->netif->dev->name);
	ret = bind_interdomain_evtchn_to_irqhandler_lateeoi(ctrl->netif->xdev,
							    evtchn,
							    ctrl_interrupt, 0,
							    ctrl->name, ctrl);
	if (ret < 0)
		return ret;
	WRITE_ONCE(ctrl->irq, ret);
	return 0;
}

/**
 * xenvif_ctrl_init - initialise a control ring that is not connected
 * @ctrl: zeroed memory
 * @netif: the netif that it belongs to
 *
 * Context: any; before the net device is registered.
 */
void xenvif_ctrl_init(struct xenvif_ctrl *ctrl, struct xen_netif *netif)
{
	ctrl->netif = netif;
	INIT_DELAYED_WORK(&ctrl->work, ctrl_serve);
}

/**
 * xenvif_ctrl_connect - map the ring, bind its event and answer messages
 * @ctrl: not connected
 * @ref: grant of the ring's page
 * @evtchn: the frontend's event channel
 * @num_queues: number of queues that the guest will have
 *
 * On failure, xenvif_ctrl_disconnect() undoes what was done.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int xenvif_ctrl_connect(struct xenvif_ctrl *ctrl, grant_ref_t ref,
			evtchn_port_t evtchn, unsigned int num_queues)
{
	int err;

	ctrl->num_queues = num_queues;
	ctrl->events = 0;
	ctrl->honest = false;
	ctrl->served = jiffies - BATCH_INTERVAL;
	/* The size is a power of two, so the buffer is aligned to it: no copy
	 * into it crosses a page.
	 */
	BUILD_BUG_ON_NOT_POWER_OF_2(BUFFER_BYTES);
	ctrl->buffer = kmalloc(BUFFER_BYTES, GFP_KERNEL);
	if (!ctrl->buffer)
		return -ENOMEM;

	err = ctrl_map_ring(ctrl, ref);
	if (err)
		return err;
	err = ctrl_bind_event(ctrl, evtchn);
	if (err)
		return err;
	/* For messages that a former backend has left. */
	ctrl_serve_soon(ctrl);
	return 0;
}

/**
 * xenvif_ctrl_disconnect - undo xenvif_ctrl_connect(), in whole or in part, and
 * discard the guest's settings
 * @ctrl: connected or not
 *
 * 1. Without events only the work itself queues the work, and while it is being
 *    cancelled it can't.
 * 2. The work uses the interrupt's number, so the interrupt is unbound only
 *    after it, when no other channel can be mistaken for this one.
 * 3. Contexts that hash packets may still use the settings they have found,
 *    which are freed after a grace period.
 *
 * Each pointer is cleared with the thing it points to, so that a second call
 * finds nothing to do. The work may have found the guest to be broken: wait for
 * the netif's broken_work after this, not before.
 *
 * Context: process, may sleep.
 */
void xenvif_ctrl_disconnect(struct xenvif_ctrl *ctrl)
{
	if (ctrl->irq)
		disable_irq(ctrl->irq);
	cancel_delayed_work_sync(&ctrl->work);
	if (ctrl->irq)
		unbind_from_irqhandler(ctrl->irq, ctrl);
	ctrl->irq = 0;

	xenvif_ring_unmap(ctrl->netif, ctrl->ring.sring);
	ctrl->ring.sring = NULL;
	kfree(ctrl->buffer);
	ctrl->buffer = NULL;
	ctrl_publish(ctrl, NULL);
}

/* ------------------------------- show -------------------------------- */

static void ctrl_show_types(struct seq_file *m, u32 flags)
{
	static const char * const names[] = {
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV4] = "ipv4",
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP] = "ipv4+tcp",
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV6] = "ipv6",
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP] = "ipv6+tcp",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (flags & BIT(i))
			seq_printf(m, "type %s\n", names[i]);
	}
}

static void ctrl_show_hash(struct seq_file *m, const struct xenvif_hash *hash)
{
	bool none = hash->algorithm == XEN_NETIF_CTRL_HASH_ALGORITHM_NONE;
	unsigned int i;

	seq_printf(m, "algorithm %s\n", none ? "none" : "toeplitz");
	ctrl_show_types(m, hash->flags);
	seq_printf(m, "key %*phN\n", XENVIF_HASH_KEY_BYTES, hash->key);
	seq_printf(m, "mapping_size %u\n", hash->mapping_size);
	for (i = 0; i < hash->mapping_size; i++)
		seq_printf(m, "mapping %u %u\n", i, hash->mapping[i]);
}

/**
 * xenvif_ctrl_show - print the guest's settings, one on each line
 * @m: the file to print to
 * @ctrl: the guest's control ring, connected or not
 *
 * Context: process.
 */
void xenvif_ctrl_show(struct seq_file *m, const struct xenvif_ctrl *ctrl)
{
	static const struct xenvif_hash nothing;
	const struct xenvif_hash *hash;

	seq_printf(m, "messages %lu\n", READ_ONCE(ctrl->messages));
	seq_printf(m, "refused %lu\n", READ_ONCE(ctrl->refused));
	rcu_read_lock();
	hash = xenvif_ctrl_hash(ctrl);
	ctrl_show_hash(m, hash ?: &nothing);
	rcu_read_unlock();
}

#if IS_ENABLED(CONFIG_XEN_NETDEV_BACKEND_KUNIT_TEST)
#include "tests/ctrl_kunit.c"
#endif
