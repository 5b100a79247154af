// SPDX-License-Identifier: GPL-2.0

#include "front_rx.h"

#include <linux/mm.h>
#include <linux/string.h>

#include <xen/events.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include "channel.h"
#include "front.h"

/**
 * front_rx_init - initialise an Rx ring without requests
 * @rx: the ring, zeroed
 * @front: its frontend
 * @id: number of the queue
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error; needs front_rx_deinit() in either case.
 */
int front_rx_init(struct front_rx *rx, struct front *front, unsigned int id)
{
	struct xen_netif_rx_sring *sring;
	int err;

	rx->front = front;
	rx->id = id;
	err = front_grant_make(&rx->shared, front->xdev->otherend_id,
			       FRONT_READ_WRITE);
	if (err)
		return err;
	sring = page_address(rx->shared.page);
	XEN_FRONT_RING_INIT(&rx->ring, sring, XEN_PAGE_SIZE);
	return 0;
}

/**
 * front_rx_deinit - free an Rx ring and its pages
 * @rx: a ring without commands and threads that use it
 * @ended: counts the pages
 *
 * Context: process, may sleep.
 */
void front_rx_deinit(struct front_rx *rx, struct front_ended *ended)
{
	unsigned int i;

	front_grant_end(&rx->shared, ended);
	for (i = 0; i < FRONT_SLOTS; i++)
		front_grant_end(&rx->page[i], ended);
}

/**
 * front_rx_page - create a data page unless it exists
 * @rx: the ring
 * @page: the page's number, below %FRONT_SLOTS
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int front_rx_page(struct front_rx *rx, unsigned int page)
{
	return front_grant_make(&rx->page[page], rx->front->xdev->otherend_id,
				FRONT_READ_WRITE);
}

/**
 * front_rx_room - count the requests that can be posted
 * @rx: the ring
 *
 * Context: the ring's owner.
 * Return: number of free slots.
 */
unsigned int front_rx_room(const struct front_rx *rx)
{
	/* Wraps below 0 if an index was claimed and responses to it taken. */
	unsigned int used = rx->ring.req_prod_pvt - rx->ring.rsp_cons;

	return used > RING_SIZE(&rx->ring) ? 0 : RING_SIZE(&rx->ring) - used;
}

static int put(struct front_rx *rx)
{
	RING_IDX prod = rx->ring.req_prod_pvt;
	struct xen_netif_rx_request *req;
	unsigned int slot = prod % FRONT_SLOTS;
	int err;

	if (!front_rx_room(rx))
		return -ENOSPC;
	err = front_rx_page(rx, slot);
	if (err)
		return err;
	req = RING_GET_REQUEST(&rx->ring, prod);
	req->id = slot;
	req->pad = 0;
	req->gref = rx->page[slot].ref;
	rx->ring.req_prod_pvt = prod + 1;
	return 0;
}

/**
 * front_rx_post - post requests, with an event if the backend wants one
 * @rx: the ring
 * @count: number of requests
 *
 * Context: the ring's owner, may sleep.
 * Return: 0, or a negative error after posting fewer.
 */
int front_rx_post(struct front_rx *rx, unsigned int count)
{
	bool notify;
	int err = 0;

	while (!err && count--)
		err = put(rx);
	rx->shown = rx->ring.req_prod_pvt;
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&rx->ring, notify);
	if (notify)
		notify_remote_via_irq(rx->channel->irq);
	return err;
}

/**
 * front_rx_claim - show the backend any producer index
 * @rx: the ring
 * @prod: the index
 *
 * Context: the ring's owner.
 */
void front_rx_claim(struct front_rx *rx, RING_IDX prod)
{
	rx->shown = prod;
	WRITE_ONCE(rx->ring.sring->req_prod, prod);
}

static unsigned int nr_responses(const struct front_rx *rx)
{
	return READ_ONCE(rx->ring.sring->rsp_prod) - rx->ring.rsp_cons;
}

/* Neither more than the ring holds nor more than was posted. */
static bool possible(const struct front_rx *rx, unsigned int responses)
{
	return responses <= RING_SIZE(&rx->ring) &&
	       responses <= rx->shown - rx->ring.rsp_cons;
}

/**
 * front_rx_received - check for responses
 * @rx: the ring
 *
 * Context: the ring's owner.
 * Return: true if a response can be taken.
 */
bool front_rx_received(const struct front_rx *rx)
{
	unsigned int responses = nr_responses(rx);

	return responses && possible(rx, responses);
}

/* As front_rx_received(), and logs an impossible index as wrong, once. */
static bool judge_index(struct front_rx *rx)
{
	unsigned int responses = nr_responses(rx);
	bool right = possible(rx, responses);

	if (!right && !rx->overrun)
		front_log(&rx->front->log, "wrong rx %u responses %u posted %u",
			  rx->id, responses, rx->shown - rx->ring.rsp_cons);
	rx->overrun = !right;
	return right && responses;
}

static void take_extra(struct front_rx *rx, struct front_rx_piece *piece)
{
	piece->extra = true;
	memcpy(&piece->info, RING_GET_RESPONSE(&rx->ring, rx->ring.rsp_cons),
	       sizeof(piece->info));
	if (!piece->info.type ||
	    piece->info.type >= XEN_NETIF_EXTRA_TYPE_MAX)
		front_log(&rx->front->log, "wrong rx %u extra type %u", rx->id,
			  piece->info.type);
	rx->in_extras = piece->info.flags & XEN_NETIF_EXTRA_FLAG_MORE;
}

/* Finds the bytes of a response; a range beyond the page is logged as wrong. */
static void find_data(struct front_rx *rx, struct front_rx_piece *piece)
{
	unsigned int slot = rx->ring.rsp_cons % FRONT_SLOTS;
	const struct xen_netif_rx_response *rsp = &piece->rsp;

	if (rsp->status <= 0 || !rx->page[slot].page)
		return;
	if (rsp->offset + rsp->status > XEN_PAGE_SIZE) {
		front_log(&rx->front->log, "wrong rx %u offset %u status %d",
			  rx->id, rsp->offset, rsp->status);
		return;
	}
	piece->data = page_address(rx->page[slot].page) + rsp->offset;
	piece->len = rsp->status;
}

static void take_response(struct front_rx *rx, struct front_rx_piece *piece)
{
	unsigned int slot = rx->ring.rsp_cons % FRONT_SLOTS;
	struct xen_netif_rx_response *rsp = &piece->rsp;

	RING_COPY_RESPONSE(&rx->ring, rx->ring.rsp_cons, rsp);
	if (rsp->id != slot)
		front_log(&rx->front->log, "wrong rx %u slot %u id %u", rx->id,
			  slot, rsp->id);
	if (rx->in_packet && rsp->flags & XEN_NETRXF_extra_info)
		front_log(&rx->front->log, "wrong rx %u late extra info",
			  rx->id);
	find_data(rx, piece);
	rx->more_data = rsp->flags & XEN_NETRXF_more_data;
	rx->in_extras = rsp->flags & XEN_NETRXF_extra_info;
}

/**
 * front_rx_receive - take the response in one slot
 * @rx: the ring
 * @piece: set to the response, with data that the next post of the slot reuses
 *
 * Violations of the interface are logged as wrong.
 *
 * Context: the ring's owner, may sleep.
 * Return: true if there was a response.
 */
bool front_rx_receive(struct front_rx *rx, struct front_rx_piece *piece)
{
	memset(piece, 0, sizeof(*piece));
	if (!judge_index(rx))
		return false;
	virt_rmb();	/* read the response after its index */
	if (rx->in_extras)
		take_extra(rx, piece);
	else
		take_response(rx, piece);
	rx->in_packet = rx->in_extras || rx->more_data;
	piece->last = !rx->in_packet;
	rx->ring.rsp_cons++;
	return true;
}

/**
 * front_rx_arm - ask for an event with the next response
 * @rx: the ring
 *
 * Context: the ring's owner, may sleep.
 * Return: true if there is a response already.
 */
bool front_rx_arm(struct front_rx *rx)
{
	rx->ring.sring->rsp_event = rx->ring.rsp_cons + 1;
	virt_mb();	/* show rsp_event before reading rsp_prod again */
	return judge_index(rx);
}
