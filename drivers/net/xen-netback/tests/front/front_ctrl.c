// SPDX-License-Identifier: GPL-2.0

#include "front_ctrl.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <xen/events.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include "front.h"

/* Marks a type in asked[], since 0 is a valid type. */
#define ASKED 0x10000

static int init_ctrl(struct front_ctrl *ctrl)
{
	struct xenbus_device *xdev = ctrl->front->xdev;
	struct xen_netif_ctrl_sring *sring;
	int err;

	init_waitqueue_head(&ctrl->wait);
	err = front_grant_make(&ctrl->shared, xdev->otherend_id,
			       FRONT_READ_WRITE);
	if (err)
		return err;
	sring = page_address(ctrl->shared.page);
	XEN_FRONT_RING_INIT(&ctrl->ring, sring, XEN_PAGE_SIZE);
	snprintf(ctrl->channel.name, sizeof(ctrl->channel.name),
		 "front-%s-ctrl", dev_name(&xdev->dev));
	return front_channel_open(&ctrl->channel, xdev, &ctrl->wait);
}

/**
 * front_ctrl_create - create a control ring
 * @front: its frontend
 *
 * Context: a command, may sleep.
 * Return: the ring or a negative error.
 */
struct front_ctrl *front_ctrl_create(struct front *front)
{
	struct front_ended ended = {};
	struct front_ctrl *ctrl;
	int err;

	ctrl = kzalloc_obj(*ctrl);
	if (!ctrl)
		return ERR_PTR(-ENOMEM);
	ctrl->front = front;
	err = init_ctrl(ctrl);
	if (err) {
		front_ctrl_free(ctrl, &ended);
		return ERR_PTR(err);
	}
	return ctrl;
}

/**
 * front_ctrl_free - free a control ring and its pages
 * @ctrl: a ring that no command uses
 * @ended: counts the pages
 *
 * Context: a command, or remove; may sleep.
 */
void front_ctrl_free(struct front_ctrl *ctrl, struct front_ended *ended)
{
	unsigned int i;

	front_channel_close(&ctrl->channel);
	front_grant_end(&ctrl->shared, ended);
	for (i = 0; i < FRONT_CTRL_PAGES; i++)
		front_grant_end(&ctrl->page[i], ended);
	kfree(ctrl);
}

/**
 * front_ctrl_page - create a data page unless it exists
 * @ctrl: the ring
 * @page: the page's number, below %FRONT_CTRL_PAGES
 *
 * Context: a command, may sleep.
 * Return: 0 or a negative error.
 */
int front_ctrl_page(struct front_ctrl *ctrl, unsigned int page)
{
	return front_grant_make(&ctrl->page[page],
				ctrl->front->xdev->otherend_id,
				FRONT_READ_WRITE);
}

/**
 * front_ctrl_put - send a message, with an event if the backend wants one
 * @ctrl: the ring
 * @type: type of the message
 * @data: its three words
 *
 * Context: a command.
 * Return: 0, or -ENOSPC if the ring is full.
 */
int front_ctrl_put(struct front_ctrl *ctrl, u16 type, const u32 *data)
{
	RING_IDX prod = ctrl->ring.req_prod_pvt;
	struct xen_netif_ctrl_request *req;
	u16 id = prod % FRONT_CTRL_SLOTS;
	bool notify;

	if (prod - ctrl->ring.rsp_cons >= RING_SIZE(&ctrl->ring))
		return -ENOSPC;
	req = RING_GET_REQUEST(&ctrl->ring, prod);
	req->id = id;
	req->type = type;
	memcpy(req->data, data, sizeof(req->data));
	ctrl->asked[id] = ASKED | type;
	ctrl->ring.req_prod_pvt = prod + 1;
	ctrl->shown = prod + 1;
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&ctrl->ring, notify);
	if (notify)
		notify_remote_via_irq(ctrl->channel.irq);
	return 0;
}

/**
 * front_ctrl_claim - show the backend any producer index
 * @ctrl: the ring
 * @prod: the index
 *
 * Context: a command.
 */
void front_ctrl_claim(struct front_ctrl *ctrl, RING_IDX prod)
{
	ctrl->shown = prod;
	WRITE_ONCE(ctrl->ring.sring->req_prod, prod);
}

static unsigned int nr_answers(const struct front_ctrl *ctrl)
{
	return READ_ONCE(ctrl->ring.sring->rsp_prod) - ctrl->ring.rsp_cons;
}

/* Neither more than the ring holds nor more than was asked for. */
static bool possible(const struct front_ctrl *ctrl, unsigned int answers)
{
	return answers <= RING_SIZE(&ctrl->ring) &&
	       answers <= ctrl->shown - ctrl->ring.rsp_cons;
}

static bool answered(const struct front_ctrl *ctrl)
{
	unsigned int answers = nr_answers(ctrl);

	return answers && possible(ctrl, answers);
}

/* As answered(), and logs an impossible index as wrong, once. */
static bool judge_index(struct front_ctrl *ctrl)
{
	unsigned int answers = nr_answers(ctrl);
	bool right = possible(ctrl, answers);

	if (!right && !ctrl->overrun)
		front_log(&ctrl->front->log, "wrong ctrl answers %u asked %u",
			  answers, ctrl->shown - ctrl->ring.rsp_cons);
	ctrl->overrun = !right;
	return right && answers;
}

/**
 * front_ctrl_answer - take a response and log it
 * @ctrl: the ring
 *
 * A response without a request is logged as wrong.
 *
 * Context: a command, may sleep.
 * Return: true if there was one.
 */
bool front_ctrl_answer(struct front_ctrl *ctrl)
{
	struct xen_netif_ctrl_response rsp;
	struct front_log *log = &ctrl->front->log;

	if (!judge_index(ctrl))
		return false;
	virt_rmb();	/* read the response after its index */
	RING_COPY_RESPONSE(&ctrl->ring, ctrl->ring.rsp_cons, &rsp);
	ctrl->ring.rsp_cons++;

	if (rsp.id >= FRONT_CTRL_SLOTS ||
	    ctrl->asked[rsp.id] != (ASKED | rsp.type)) {
		front_log(log, "wrong ctrl id %u type %u", rsp.id, rsp.type);
		return true;
	}
	ctrl->asked[rsp.id] = 0;
	front_log(log, "ctrl %u %u %u", rsp.type, rsp.status, rsp.data);
	return true;
}

static bool arm(struct front_ctrl *ctrl)
{
	ctrl->ring.sring->rsp_event = ctrl->ring.rsp_cons + 1;
	virt_mb();	/* show rsp_event before reading rsp_prod again */
	return judge_index(ctrl);
}

/**
 * front_ctrl_await - wait for the responses to all messages and log them
 * @ctrl: the ring
 *
 * Context: a command, may sleep.
 * Return: 0, -ETIMEDOUT after %FRONT_PATIENCE, or -ERESTARTSYS.
 */
int front_ctrl_await(struct front_ctrl *ctrl)
{
	long left = FRONT_PATIENCE;

	while (ctrl->ring.rsp_cons != ctrl->ring.req_prod_pvt) {
		if (front_ctrl_answer(ctrl) || arm(ctrl))
			continue;
		left = wait_event_interruptible_timeout(ctrl->wait,
							answered(ctrl), left);
		if (left <= 0)
			return left ?: -ETIMEDOUT;
	}
	return 0;
}
