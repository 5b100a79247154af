// SPDX-License-Identifier: GPL-2.0
/*
 * While the thread exists, it owns both rings of its queue. It answers as a
 * small guest does: what has arrived is returned with one push, and the pages
 * of the Rx ring are posted again with another.
 */

#include "echo.h"

#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/udp.h>
#include <linux/wait.h>

#include <net/ip.h>

#include <xen/xenbus.h>

#include "front.h"
#include "front_queue.h"

struct datagram {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
} __packed;

static bool echo_is_datagram(const struct front_rx_piece *piece, bool whole)
{
	const struct datagram *frame = piece->data;

	return whole && !piece->extra && piece->last &&
	       piece->len >= sizeof(*frame) &&
	       is_unicast_ether_addr(frame->eth.h_dest) &&
	       frame->eth.h_proto == htons(ETH_P_IP) && frame->ip.ihl == 5 &&
	       frame->ip.protocol == IPPROTO_UDP && !ip_is_fragment(&frame->ip);
}

/* Checksums stay right, a blank one's part, too: both are sums. */
static void echo_turn(struct datagram *frame)
{
	u8 mac[ETH_ALEN] __aligned(2);

	ether_addr_copy(mac, frame->eth.h_dest);
	ether_addr_copy(frame->eth.h_dest, frame->eth.h_source);
	ether_addr_copy(frame->eth.h_source, mac);
	swap(frame->ip.saddr, frame->ip.daddr);
	swap(frame->udp.source, frame->udp.dest);
}

/* There is room on the ring, and so a page, unless the backend has answered one
 * request twice.
 */
static void echo_put(struct front_queue *queue,
		     const struct front_rx_piece *piece)
{
	struct front_echo *echo = &queue->echo;
	struct front_tx *tx = &queue->tx;
	struct front_tx_slot slot = { .kind = FRONT_TX_REQUEST };
	unsigned int page;
	void *frame;

	page = find_first_zero_bit(echo->used, FRONT_SLOTS);
	if (page == FRONT_SLOTS) {
		echo->others++;
		return;
	}
	__set_bit(page, echo->used);
	frame = page_address(tx->page[page].page);
	memcpy(frame, piece->data, piece->len);
	echo_turn(frame);
	slot.request.id = page;
	slot.request.gref = tx->page[page].ref;
	slot.request.size = piece->len;
	if (piece->rsp.flags & XEN_NETRXF_csum_blank)
		slot.request.flags = XEN_NETTXF_csum_blank |
				     XEN_NETTXF_data_validated;
	front_tx_put(tx, &slot);
	echo->packets++;
}

static bool echo_answers(struct front_queue *queue)
{
	struct xen_netif_tx_response rsp;
	bool any = false;

	while (front_tx_answer(&queue->tx, &rsp)) {
		if (rsp.id < FRONT_SLOTS)
			__clear_bit(rsp.id, queue->echo.used);
		if (rsp.status != XEN_NETIF_RSP_OKAY)
			queue->echo.refused++;
		any = true;
	}
	return any;
}

/* Returns what has arrived, as far as the Tx ring has room. */
static bool echo_packets(struct front_queue *queue)
{
	struct front_rx *rx = &queue->rx;
	struct front_rx_piece piece;
	bool whole = !rx->in_packet;
	bool any = false;

	while (front_tx_room(&queue->tx) && front_rx_receive(rx, &piece)) {
		if (echo_is_datagram(&piece, whole))
			echo_put(queue, &piece);
		else if (piece.last)
			queue->echo.others++;
		whole = piece.last;
		any = true;
	}
	if (queue->tx.nr_fresh)
		front_tx_push(&queue->tx);
	return any;
}

/* True if there is work after all. Packets without room wait for answers. */
static bool echo_arm(struct front_queue *queue)
{
	bool busy = front_tx_arm(&queue->tx);

	return front_tx_room(&queue->tx) ?
	       front_rx_arm(&queue->rx) || busy : busy;
}

static bool echo_has_work(const struct front_queue *queue)
{
	return front_tx_answered(&queue->tx) ||
	       (front_tx_room(&queue->tx) && front_rx_received(&queue->rx));
}

/* Waits up to a second, so that the next owner finds an empty ring. */
static void echo_await_rest(struct front_queue *queue)
{
	struct front_tx *tx = &queue->tx;
	long left = HZ;

	while (left > 0 && front_tx_room(tx) < FRONT_SLOTS) {
		if (echo_answers(queue) || front_tx_arm(tx))
			continue;
		left = wait_event_timeout(queue->wait, front_tx_answered(tx),
					  left);
	}
}

static int echo_worker(void *data)
{
	struct front_queue *queue = data;

	while (!kthread_should_stop()) {
		bool busy = echo_answers(queue);
		unsigned int room;

		busy |= echo_packets(queue);
		room = front_rx_room(&queue->rx);
		/* May fail for lack of memory: continue with fewer. */
		if (room)
			front_rx_post(&queue->rx, room);
		cond_resched();
		if (busy || echo_arm(queue))
			continue;
		wait_event_interruptible(queue->wait, kthread_should_stop() ||
					 echo_has_work(queue));
	}
	echo_await_rest(queue);
	return 0;
}

/**
 * front_echo_start - start to return packets
 * @queue: a queue whose rings have no owner and no slots in use
 *
 * Context: a command, may sleep.
 * Return: 0, -EBUSY if Tx slots are in use, or another negative error.
 */
int front_echo_start(struct front_queue *queue)
{
	struct front_echo *echo = &queue->echo;
	struct task_struct *task;
	unsigned int page;
	int err = 0;

	if (front_tx_room(&queue->tx) < FRONT_SLOTS)
		return -EBUSY;
	for (page = 0; !err && page < FRONT_SLOTS; page++)
		err = front_tx_page(&queue->tx, page);
	if (err)
		return err;
	task = kthread_create(echo_worker, queue, "front-echo-%u", queue->id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	memset(echo, 0, sizeof(*echo));
	echo->task = task;
	wake_up_process(task);
	return 0;
}

/**
 * front_echo_stop - stop returning packets and log the counts
 * @queue: the queue
 *
 * Context: a command, or remove; may sleep.
 */
void front_echo_stop(struct front_queue *queue)
{
	struct front_echo *echo = &queue->echo;

	if (!echo->task)
		return;
	kthread_stop(echo->task);
	echo->task = NULL;
	front_log(&queue->front->log,
		  "echo %u packets %llu others %llu refused %llu", queue->id,
		  echo->packets, echo->others, echo->refused);
}
