// SPDX-License-Identifier: GPL-2.0
/*
 * While one of these threads exists, it owns the ring of its direction, and
 * commands for that ring are refused. A flood that has sent everything sleeps
 * until it is stopped.
 */

#include "flood.h"

#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <xen/xenbus.h>

#include "front.h"
#include "front_queue.h"

/* ------------------------------- flood ------------------------------- */

static bool flood_sends(const struct front_flood *flood)
{
	return !flood->count || flood->sent < flood->count;
}

/* Puts whole templates only: a push never shows a part of one. */
static bool send(struct front_queue *queue)
{
	struct front_flood *flood = &queue->flood;
	bool sent = false;
	unsigned int i;

	while (flood_sends(flood) &&
	       front_tx_room(&queue->tx) >= flood->nr_slots) {
		for (i = 0; i < flood->nr_slots; i++)
			front_tx_put(&queue->tx, &flood->slot[i]);
		flood->sent++;
		sent = true;
	}
	if (sent)
		front_tx_push(&queue->tx);
	return sent;
}

static void count_answer(struct front_flood *flood, s16 status)
{
	switch (status) {
	case XEN_NETIF_RSP_OKAY:
		flood->ok++;
		break;
	case XEN_NETIF_RSP_NULL:
		flood->null++;
		break;
	case XEN_NETIF_RSP_DROPPED:
		flood->dropped++;
		break;
	default:
		flood->error++;
		break;
	}
}

static bool count_answers(struct front_queue *queue)
{
	struct xen_netif_tx_response rsp;
	bool any = false;

	while (front_tx_answer(&queue->tx, &rsp)) {
		count_answer(&queue->flood, rsp.status);
		any = true;
	}
	return any;
}

static bool all_answered(const struct front_queue *queue)
{
	return queue->tx.ring.rsp_cons == queue->tx.ring.req_prod_pvt;
}

static bool flood_done(const struct front_queue *queue)
{
	return !flood_sends(&queue->flood) && all_answered(queue);
}

/* Waits up to a second, so that the counts of requests and responses add up. */
static void await_rest(struct front_queue *queue)
{
	long left = HZ;

	while (left > 0 && !all_answered(queue)) {
		if (count_answers(queue) || front_tx_arm(&queue->tx))
			continue;
		left = wait_event_timeout(queue->wait,
					  front_tx_answered(&queue->tx), left);
	}
}

static int flood_worker(void *data)
{
	struct front_queue *queue = data;

	while (!kthread_should_stop() && !flood_done(queue)) {
		bool busy = send(queue);

		busy |= count_answers(queue);
		cond_resched();
		if (busy || front_tx_arm(&queue->tx))
			continue;
		wait_event_interruptible(queue->wait, kthread_should_stop() ||
					 front_tx_answered(&queue->tx));
	}
	if (flood_done(queue))
		front_log(&queue->front->log, "flood %u done", queue->id);
	else
		await_rest(queue);
	wait_event_interruptible(queue->wait, kthread_should_stop());
	return 0;
}

/* Moves the slots that were put and not pushed from the ring to the flood. */
static void take_template(struct front_queue *queue)
{
	struct front_flood *flood = &queue->flood;
	struct front_tx *tx = &queue->tx;

	memset(flood, 0, sizeof(*flood));
	memcpy(flood->slot, tx->fresh, sizeof(flood->slot));
	flood->nr_slots = tx->nr_fresh;
	tx->ring.req_prod_pvt -= tx->nr_fresh;
	tx->nr_fresh = 0;
}

/**
 * front_flood_start - send what was put since the last push repeatedly
 * @queue: the queue
 * @count: how often, 0 for until it is stopped
 *
 * Context: a command, may sleep.
 * Return: 0, -ENODATA if nothing was put, or another negative error.
 */
int front_flood_start(struct front_queue *queue, u32 count)
{
	struct task_struct *task;

	if (!queue->tx.nr_fresh)
		return -ENODATA;
	task = kthread_create(flood_worker, queue, "front-flood-%u", queue->id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	take_template(queue);
	queue->flood.count = count;
	queue->flood.task = task;
	wake_up_process(task);
	return 0;
}

/**
 * front_flood_stop - stop sending and log the counts
 * @queue: the queue
 *
 * Context: a command, or remove; may sleep.
 */
void front_flood_stop(struct front_queue *queue)
{
	struct front_flood *flood = &queue->flood;

	if (!flood->task)
		return;
	kthread_stop(flood->task);
	flood->task = NULL;
	front_log(&queue->front->log,
		  "flood %u sent %llu ok %llu error %llu dropped %llu null %llu",
		  queue->id, flood->sent, flood->ok, flood->error,
		  flood->dropped, flood->null);
}

/* -------------------------------- take ------------------------------- */

static void count_piece(struct front_take *take,
			const struct front_rx_piece *piece)
{
	if (piece->extra) {
		unsigned int type = piece->info.type;

		take->extras[type < XEN_NETIF_EXTRA_TYPE_MAX ? type : 0]++;
	} else if (piece->rsp.status < 0) {
		take->failed = true;
	}
	take->bytes += piece->len;
	if (!piece->last)
		return;
	if (take->failed)
		take->errors++;
	else
		take->packets++;
	take->failed = false;
}

static bool count_pieces(struct front_queue *queue)
{
	struct front_rx_piece piece;
	bool any = false;

	while (front_rx_receive(&queue->rx, &piece)) {
		count_piece(&queue->take, &piece);
		any = true;
	}
	return any;
}

static int take_worker(void *data)
{
	struct front_queue *queue = data;

	while (!kthread_should_stop()) {
		bool busy = count_pieces(queue);
		unsigned int room = front_rx_room(&queue->rx);

		/* May fail for lack of memory: continue with fewer. */
		if (room)
			front_rx_post(&queue->rx, room);
		cond_resched();
		if (busy || front_rx_arm(&queue->rx))
			continue;
		wait_event_interruptible(queue->wait, kthread_should_stop() ||
					 front_rx_received(&queue->rx));
	}
	return 0;
}

/**
 * front_take_start - start to receive packets
 * @queue: the queue
 *
 * Context: a command, may sleep.
 * Return: 0 or a negative error.
 */
int front_take_start(struct front_queue *queue)
{
	struct front_take *take = &queue->take;
	struct task_struct *task;

	task = kthread_create(take_worker, queue, "front-take-%u", queue->id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	memset(take, 0, sizeof(*take));
	take->task = task;
	wake_up_process(task);
	return 0;
}

/**
 * front_take_stop - stop receiving and log the counts
 * @queue: the queue
 *
 * Context: a command, or remove; may sleep.
 */
void front_take_stop(struct front_queue *queue)
{
	struct front_log *log = &queue->front->log;
	struct front_take *take = &queue->take;
	unsigned int type;

	if (!take->task)
		return;
	kthread_stop(take->task);
	take->task = NULL;
	front_log(log, "take %u packets %llu bytes %llu errors %llu",
		  queue->id, take->packets, take->bytes, take->errors);
	for (type = 0; type < ARRAY_SIZE(take->extras); type++)
		if (take->extras[type])
			front_log(log, "take %u extra %u count %llu",
				  queue->id, type, take->extras[type]);
}
