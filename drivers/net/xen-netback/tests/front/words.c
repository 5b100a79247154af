// SPDX-License-Identifier: GPL-2.0

#include "words.h"

#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <xen/page.h>

#include "front.h"
#include "front_queue.h"

/**
 * front_parse - read a number
 * @word: the number, as in C
 * @limit: the largest that will do
 * @value: set to it
 *
 * Context: any.
 * Return: 0 or a negative error.
 */
int front_parse(const char *word, u32 limit, u32 *value)
{
	int err = kstrtou32(word, 0, value);

	if (err)
		return err;
	return *value <= limit ? 0 : -ERANGE;
}

/**
 * front_parse_hex - read bytes
 * @word: two digits a byte
 * @bytes: where to put them
 * @size: how many at most
 *
 * Context: any.
 * Return: their number or a negative error.
 */
int front_parse_hex(const char *word, void *bytes, size_t size)
{
	size_t digits = strlen(word);

	if (digits % 2)
		return -EINVAL;
	if (digits / 2 > size)
		return -E2BIG;
	return hex2bin(bytes, word, digits / 2) ?: digits / 2;
}

/**
 * front_fill_page - put bytes into a page
 * @page: the page
 * @word: two words, the offset and the bytes
 *
 * Context: any.
 * Return: 0 or a negative error.
 */
int front_fill_page(struct page *page, char **word)
{
	u32 offset;
	int ret;

	ret = front_parse(word[0], XEN_PAGE_SIZE, &offset);
	if (ret)
		return ret;
	ret = front_parse_hex(word[1], page_address(page) + offset,
			      XEN_PAGE_SIZE - offset);
	return ret < 0 ? ret : 0;
}

/**
 * front_find_queue - find a queue
 * @front: the frontend
 * @word: the queue's number
 * @queue: set to it
 *
 * Context: a command.
 * Return: 0 or a negative error.
 */
int front_find_queue(struct front *front, const char *word,
		     struct front_queue **queue)
{
	u32 id;
	int err;

	lockdep_assert_held(&front->lock);
	err = front_parse(word, FRONT_QUEUES_MAX - 1, &id);
	if (err)
		return err;
	if (id >= front->nr_queues)
		return -ENXIO;
	*queue = front->queue[id];
	return 0;
}

/**
 * front_find_tx - find a queue's Tx ring, to use it
 * @front: the frontend
 * @word: the queue's number
 * @tx: set to the ring
 *
 * Context: a command.
 * Return: 0, -EBUSY if a thread owns the ring, or another negative error.
 */
int front_find_tx(struct front *front, const char *word, struct front_tx **tx)
{
	struct front_queue *queue;
	int err = front_find_queue(front, word, &queue);

	if (err)
		return err;
	if (queue->flood.task)
		return -EBUSY;
	*tx = &queue->tx;
	return 0;
}

/**
 * front_find_rx - find a queue's Rx ring, to use it
 * @front: the frontend
 * @word: the queue's number
 * @rx: set to the ring
 *
 * Context: a command.
 * Return: 0, -EBUSY if a thread owns the ring, or another negative error.
 */
int front_find_rx(struct front *front, const char *word, struct front_rx **rx)
{
	struct front_queue *queue;
	int err = front_find_queue(front, word, &queue);

	if (err)
		return err;
	if (queue->take.task)
		return -EBUSY;
	*rx = &queue->rx;
	return 0;
}

/**
 * front_find_ctrl - find the control ring
 * @front: the frontend
 * @ctrl: set to the ring
 *
 * Context: a command.
 * Return: 0, or -ENXIO if there is none.
 */
int front_find_ctrl(struct front *front, struct front_ctrl **ctrl)
{
	lockdep_assert_held(&front->lock);
	*ctrl = front->ctrl;
	return *ctrl ? 0 : -ENXIO;
}
