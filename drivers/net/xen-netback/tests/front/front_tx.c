// SPDX-License-Identifier: GPL-2.0

#include "front_tx.h"

#include <linux/mm.h>

#include <xen/events.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include "channel.h"
#include "front.h"

/**
 * front_tx_init - initialise a Tx ring
 * @tx: the ring, zeroed
 * @front: its frontend
 * @id: number of the queue
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error; needs front_tx_deinit() in either case.
 */
int front_tx_init(struct front_tx *tx, struct front *front, unsigned int id)
{
	struct xen_netif_tx_sring *sring;
	int err;

	tx->front = front;
	tx->id = id;
	err = front_grant_make(&tx->shared, front->xdev->otherend_id,
			       FRONT_READ_WRITE);
	if (err)
		return err;
	sring = page_address(tx->shared.page);
	XEN_FRONT_RING_INIT(&tx->ring, sring, XEN_PAGE_SIZE);
	return 0;
}

/**
 * front_tx_deinit - free a Tx ring and its pages
 * @tx: a ring without commands and threads that use it
 * @ended: counts the pages
 *
 * Context: process, may sleep.
 */
void front_tx_deinit(struct front_tx *tx, struct front_ended *ended)
{
	unsigned int i;

	front_grant_end(&tx->shared, ended);
	for (i = 0; i < FRONT_SLOTS; i++)
		front_grant_end(&tx->page[i], ended);
}

/**
 * front_tx_page - create a data page unless it exists
 * @tx: the ring
 * @page: the page's number, below %FRONT_SLOTS
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error.
 */
int front_tx_page(struct front_tx *tx, unsigned int page)
{
	return front_grant_make(&tx->page[page], tx->front->xdev->otherend_id,
				FRONT_READ_ONLY);
}

/**
 * front_tx_room - count the slots that can be put
 * @tx: the ring
 *
 * Context: the ring's owner.
 * Return: number of free slots.
 */
unsigned int front_tx_room(const struct front_tx *tx)
{
	/* Wraps below 0 if an index was claimed and responses to it taken. */
	unsigned int used = tx->ring.req_prod_pvt - tx->ring.rsp_cons;

	if (used > RING_SIZE(&tx->ring))
		used = RING_SIZE(&tx->ring);
	return min_t(unsigned int, RING_SIZE(&tx->ring) - used,
		     FRONT_SLOTS - tx->nr_fresh);
}

/**
 * front_tx_put - fill a slot, and show it to the backend with the next push
 * @tx: the ring
 * @slot: the slot's contents
 *
 * Context: the ring's owner.
 * Return: 0, or -ENOSPC if the ring is full.
 */
int front_tx_put(struct front_tx *tx, const struct front_tx_slot *slot)
{
	if (!front_tx_room(tx))
		return -ENOSPC;
	*RING_GET_REQUEST(&tx->ring, tx->ring.req_prod_pvt) = slot->request;
	tx->ring.req_prod_pvt++;
	tx->fresh[tx->nr_fresh++] = *slot;
	return 0;
}

/* Responses mostly come in the order of requests, so a search that begins at
 * the ring's index ends at once.
 */
static struct front_tx_slot *find_asked(struct front_tx *tx, RING_IDX start,
					enum front_tx_kind kind)
{
	unsigned int i;

	for (i = 0; i < FRONT_SLOTS; i++) {
		struct front_tx_slot *slot;

		slot = &tx->asked[(start + i) % FRONT_SLOTS];
		if (slot->kind == kind)
			return slot;
	}
	return NULL;
}

static struct front_tx_slot *find_request(struct front_tx *tx, u16 id)
{
	unsigned int i;

	for (i = 0; i < FRONT_SLOTS; i++) {
		struct front_tx_slot *slot;

		slot = &tx->asked[(tx->ring.rsp_cons + i) % FRONT_SLOTS];
		if (slot->kind == FRONT_TX_REQUEST && slot->request.id == id)
			return slot;
	}
	return NULL;
}

/* Expects responses to what was put. No place is left only if the backend has
 * sent wrong responses; then the response to the slot is logged as wrong, too.
 */
static void ask(struct front_tx *tx)
{
	RING_IDX first = tx->ring.req_prod_pvt - tx->nr_fresh;
	unsigned int i;

	for (i = 0; i < tx->nr_fresh; i++) {
		struct front_tx_slot *slot;

		slot = find_asked(tx, first + i, FRONT_TX_NONE);
		if (slot)
			*slot = tx->fresh[i];
	}
	tx->nr_fresh = 0;
}

/**
 * front_tx_push - show the backend what was put, with an event if it wants one
 * @tx: the ring
 *
 * Context: the ring's owner.
 */
void front_tx_push(struct front_tx *tx)
{
	bool notify;

	ask(tx);
	tx->shown = tx->ring.req_prod_pvt;
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&tx->ring, notify);
	if (notify)
		notify_remote_via_irq(tx->channel->irq);
}

/**
 * front_tx_push_silently - show the backend what was put, without an event
 * @tx: the ring
 *
 * Context: the ring's owner.
 */
void front_tx_push_silently(struct front_tx *tx)
{
	ask(tx);
	tx->shown = tx->ring.req_prod_pvt;
	RING_PUSH_REQUESTS(&tx->ring);
}

/**
 * front_tx_claim - show the backend any producer index
 * @tx: the ring
 * @prod: the index
 *
 * Context: the ring's owner.
 */
void front_tx_claim(struct front_tx *tx, RING_IDX prod)
{
	ask(tx);
	tx->shown = prod;
	virt_wmb();	/* show the slots before their index */
	WRITE_ONCE(tx->ring.sring->req_prod, prod);
}

static unsigned int nr_answers(const struct front_tx *tx)
{
	return READ_ONCE(tx->ring.sring->rsp_prod) - tx->ring.rsp_cons;
}

/* Neither more than the ring holds nor more than was asked for. */
static bool possible(const struct front_tx *tx, unsigned int answers)
{
	return answers <= RING_SIZE(&tx->ring) &&
	       answers <= tx->shown - tx->ring.rsp_cons;
}

/**
 * front_tx_answered - check for responses
 * @tx: the ring
 *
 * Context: the ring's owner.
 * Return: true if a response can be taken.
 */
bool front_tx_answered(const struct front_tx *tx)
{
	unsigned int answers = nr_answers(tx);

	return answers && possible(tx, answers);
}

/* As front_tx_answered(), and logs an impossible index as wrong, once. */
static bool judge_index(struct front_tx *tx)
{
	unsigned int answers = nr_answers(tx);
	bool right = possible(tx, answers);

	if (!right && !tx->overrun)
		front_log(&tx->front->log, "wrong tx %u answers %u asked %u",
			  tx->id, answers, tx->shown - tx->ring.rsp_cons);
	tx->overrun = !right;
	return right && answers;
}

/* Finds a slot that the response may belong to. Extra infos have no id, so the
 * id of a response to one means nothing.
 */
static struct front_tx_slot *match(struct front_tx *tx,
				   const struct xen_netif_tx_response *rsp)
{
	struct front_tx_slot *slot;

	if (rsp->status == XEN_NETIF_RSP_NULL)
		slot = find_asked(tx, tx->ring.rsp_cons, FRONT_TX_EXTRA);
	else
		slot = find_request(tx, rsp->id);
	return slot ?: find_asked(tx, tx->ring.rsp_cons, FRONT_TX_RAW);
}

/**
 * front_tx_answer - take a response
 * @tx: the ring
 * @rsp: set to the response
 *
 * A response without a request is logged as wrong.
 *
 * Context: the ring's owner, may sleep.
 * Return: true if there was a response.
 */
bool front_tx_answer(struct front_tx *tx, struct xen_netif_tx_response *rsp)
{
	struct front_tx_slot *slot;

	if (!judge_index(tx))
		return false;
	virt_rmb();	/* read the response after its index */
	RING_COPY_RESPONSE(&tx->ring, tx->ring.rsp_cons, rsp);

	slot = match(tx, rsp);
	if (slot)
		slot->kind = FRONT_TX_NONE;
	else
		front_log(&tx->front->log, "wrong tx %u id %u status %d",
			  tx->id, rsp->id, rsp->status);
	tx->ring.rsp_cons++;
	return true;
}

/**
 * front_tx_arm - ask for an event with the next response
 * @tx: the ring
 *
 * Context: the ring's owner, may sleep.
 * Return: true if there is a response already.
 */
bool front_tx_arm(struct front_tx *tx)
{
	tx->ring.sring->rsp_event = tx->ring.rsp_cons + 1;
	virt_mb();	/* show rsp_event before reading rsp_prod again */
	return judge_index(tx);
}
