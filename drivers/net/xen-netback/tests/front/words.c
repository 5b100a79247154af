// SPDX-License-Identifier: GPL-2.0

#include "words.h"

#include <linux/bits.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <xen/xenbus.h>

#include "front.h"
#include "front_ctrl.h"
#include "front_queue.h"

/**
 * front_refuse - log why a command fails
 * @args: of the command
 * @err: a negative error
 * @format: the message, without the command's name and without an end of line
 *
 * Context: any.
 * Return: @err.
 */
int front_refuse(struct front_args *args, int err, const char *format, ...)
{
	struct va_format message = { .fmt = format };
	va_list list;

	va_start(list, format);
	message.va = &list;
	dev_notice(&args->front->xdev->dev, "%.40s: %pV\n", args->name,
		   &message);
	va_end(list);
	args->refused = true;
	return err;
}

/**
 * front_require_ring - check that no thread owns a ring of the queue named
 * @args: of the command
 * @rx: the Rx ring, otherwise the Tx ring
 *
 * Context: a command.
 * Return: 0, or -EBUSY, which is logged.
 */
int front_require_ring(struct front_args *args, bool rx)
{
	const struct front_queue *queue = args->queue;
	const char *owner;

	if (queue->echo.task)
		owner = "echo";
	else if (rx ? queue->take.task : queue->flood.task)
		owner = rx ? "take" : "flood";
	else
		return 0;
	return front_refuse(args, -EBUSY,
			    "\"%s\" owns the %s ring of queue %u, \"calm\" ends it",
			    owner, rx ? "Rx" : "Tx", queue->id);
}

static int parse_number(struct front_args *args, const struct front_arg *arg,
			const char *word, u32 *value)
{
	int err = kstrtou32(word, 0, value);

	if (!err && *value >= arg->min && *value <= arg->max)
		return 0;
	return front_refuse(args, err ?: -ERANGE,
			    "invalid %s \"%.40s\" (valid: %u-%u)", arg->name,
			    word, arg->min, arg->max);
}

static int parse_word(struct front_args *args, const struct front_arg *arg,
		      const char *word, u32 *value)
{
	const char *name = arg->name;
	size_t len = strlen(word);

	for (*value = BIT(0); *name; *value <<= 1) {
		size_t end = strcspn(name, "|");

		if (end == len && !memcmp(name, word, len))
			return 0;
		name += end;
		name += *name == '|';
	}
	return front_refuse(args, -EINVAL, "invalid word \"%.40s\" (valid: %s)",
			    word, arg->name);
}

/* Decodes in place: a byte is written after its digits are read. */
static int parse_hex(struct front_args *args, const struct front_arg *arg,
		     char *word)
{
	size_t digits = strlen(word);

	args->bytes = word;
	args->nr_bytes = digits / 2;
	if (digits % 2 == 0 && args->nr_bytes <= arg->max &&
	    strspn(word, "0123456789abcdefABCDEF") == digits)
		return hex2bin((u8 *)word, word, args->nr_bytes);
	return front_refuse(args, -EINVAL,
			    "invalid %s \"%.40s\", %zu digits (valid: two digits a byte, 0-%u bytes)",
			    arg->name, word, digits, arg->max);
}

static int parse_queue(struct front_args *args, const struct front_arg *arg,
		       const char *word)
{
	struct front *front = args->front;
	const struct front_arg queue = {
		.name = arg->name,
		.max = front->nr_queues - 1,
	};
	u32 id;
	int err;

	lockdep_assert_held(&front->lock);
	if (!front->nr_queues)
		return front_refuse(args, -ENXIO,
				    "no %s \"%.40s\", \"rings\" creates queues",
				    arg->name, word);
	err = parse_number(args, &queue, word, &id);
	if (!err)
		args->queue = front->queue[id];
	return err;
}

static int parse_page(struct front_args *args, const struct front_arg *arg,
		      const char *word, u32 *value)
{
	struct front_queue *queue = args->queue;
	struct front_ctrl *ctrl = args->front->ctrl;
	int err = parse_number(args, arg, word, value);

	if (err)
		return err;
	if (!queue) {
		args->grant = &ctrl->page[*value];
		return front_ctrl_page(ctrl, *value);
	}
	if (args->rx) {
		args->grant = &queue->rx.page[*value];
		return front_rx_page(&queue->rx, *value);
	}
	args->grant = &queue->tx.page[*value];
	return front_tx_page(&queue->tx, *value);
}

static int parse_page_ref(struct front_args *args, const struct front_arg *arg,
			  const char *word, u32 *value)
{
	int err = parse_page(args, arg, word, value);

	if (!err)
		*value = args->grant->ref;
	return err;
}

/* One of the two is marked by a letter. */
static int parse_ref(struct front_args *args, const struct front_arg *arg,
		     const char *word, u32 *value)
{
	static const struct front_arg any = { "gREF", .max = U32_MAX };

	if (*word == 'g')
		return parse_number(args, &any, word + 1, value);
	return parse_page_ref(args, arg, word, value);
}

static int parse_data(struct front_args *args, const struct front_arg *arg,
		      const char *word, u32 *value)
{
	static const struct front_arg page = {
		"pPAGE", .max = FRONT_CTRL_PAGES - 1,
	};

	if (*word == 'p')
		return parse_page_ref(args, &page, word + 1, value);
	return parse_number(args, arg, word, value);
}

/**
 * front_parse - parse an argument
 * @args: receives what is named; of a command without a queue, the control ring
 *	exists
 * @arg: describes the argument
 * @word: the argument; bytes are decoded in place
 * @value: set to its value
 *
 * Context: a command, may sleep.
 * Return: 0 or a negative error.
 */
int front_parse(struct front_args *args, const struct front_arg *arg,
		char *word, u32 *value)
{
	int err;

	switch (arg->kind) {
	case FRONT_NUMBER:
		return parse_number(args, arg, word, value);
	case FRONT_WORD:
		return parse_word(args, arg, word, value);
	case FRONT_DIRECTION:
		err = parse_word(args, arg, word, value);
		args->rx = *value == BIT(1);
		return err;
	case FRONT_HEX:
		return parse_hex(args, arg, word);
	case FRONT_QUEUE:
		return parse_queue(args, arg, word);
	case FRONT_TX_QUEUE:
	case FRONT_RX_QUEUE:
		return parse_queue(args, arg, word) ?:
		       front_require_ring(args, arg->kind == FRONT_RX_QUEUE);
	case FRONT_PAGE:
		return parse_page(args, arg, word, value);
	case FRONT_REF:
		return parse_ref(args, arg, word, value);
	case FRONT_DATA:
		return parse_data(args, arg, word, value);
	}
	return -EINVAL;
}
