// SPDX-License-Identifier: GPL-2.0
/*
 * The command language. A command is a line of words separated by blanks. Q is
 * the number of a queue; numbers are written as in C, also with 0x or 0 in
 * front; HEX is two digits a byte. Responses are logged in the file log of the
 * frontend's debugfs folder, errors in the kernel's log.
 *
 * rings QUEUES [split] [ctrl]    create rings and write their xenstore keys
 * free                           free them; logs "free pages N in-use N"
 * state STATE                    write a state (enum xenbus_state)
 * flap COUNT STATE UNTIL         COUNT times: write Closed, wait for the
 *                                backend's Closed, write STATE, wait for its
 *                                UNTIL. Returns at once and logs "flaps done"
 * events                         log how many events came: "events Q tx N rx N"
 *                                or "events Q both N", and "events ctrl N"
 *
 * fill Q PAGE OFFSET HEX         write bytes into a Tx data page
 * tx Q ID FLAGS PAGE OFFSET SIZE put a request; gREF instead of PAGE stands for
 *                                any grant reference
 * extra Q TYPE FLAGS [HEX]       put an extra info
 * raw Q HEX                      put a slot of 12 arbitrary bytes
 * push Q [silent]                show the backend what was put, with an event
 *                                if it wants one; silent: without an event
 * answers Q [COUNT]              take responses, COUNT or more; logs "tx Q ID
 *                                STATUS" for each
 *
 * post Q COUNT                   post Rx requests
 * received Q [BYTES [PACKETS]]   take responses, of PACKETS packets or more;
 *                                logs "rx Q ID OFFSET FLAGS STATUS HEX" for
 *                                each, with its first BYTES bytes, and "extra Q
 *                                TYPE FLAGS HEX" for each extra info
 *
 * ref Q tx|rx PAGE               log "ref Q tx|rx PAGE REF" of a data page
 * notify Q tx|rx                 send an event, even a needless one
 * prod Q tx|rx VALUE             show the backend any producer index; what was
 *                                put counts as shown
 *
 * ctrl TYPE [D0 [D1 [D2]]]       send a control message and wait for its
 *                                response; logs "ctrl TYPE STATUS DATA". pPAGE
 *                                stands for the grant of a control data page
 * ctrlput TYPE [D0 [D1 [D2]]]    send a control message
 * ctrlanswers                    take the responses that are there
 * cfill PAGE OFFSET HEX          write bytes into a control data page
 * cref PAGE                      log "cref PAGE REF" of a control data page
 * notify ctrl                    send an event, even a needless one
 * prod ctrl VALUE                show the backend any producer index
 *
 * flood Q COUNT                  send what was put since the last push COUNT
 *                                times, or until "calm" if COUNT is 0; logs
 *                                "flood Q done" after the last response
 * take Q                         post requests and take responses until "calm"
 * echo Q                         return each UDP datagram in one slot to its
 *                                sender until "calm"; posts requests, takes
 *                                responses
 * calm Q                         end these; logs "flood Q sent N ok N error N
 *                                dropped N null N", "take Q packets N bytes N
 *                                errors N", "take Q extra TYPE count N" and
 *                                "echo Q packets N others N refused N"
 *
 * If they are given a number, answers and received wait for it, and fail after
 * 5 s. What the backend does against the rules of the interface is logged as
 * "wrong ...".
 */

#include "command.h"

#include <linux/err.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include <xen/events.h>
#include <xen/page.h>
#include <xen/xenbus.h>

#include "front.h"
#include "front_ctrl.h"
#include "front_queue.h"
#include "rings.h"
#include "words.h"

/* ------------------------------- device ------------------------------ */

static int do_rings(struct front_args *args)
{
	return front_rings_create(args->front, args->value[0],
				  args->value[1] | args->value[2]);
}

static int do_free(struct front_args *args)
{
	front_rings_free(args->front);
	return 0;
}

static int do_state(struct front_args *args)
{
	return front_set_state(args->front, args->value[0]);
}

static int do_flap(struct front_args *args)
{
	struct front *front = args->front;
	int err;

	mutex_lock(&front->flap_lock);
	if (front->flaps) {
		err = front_refuse(args, -EBUSY, "%u flaps are still to come",
				   front->flaps);
	} else {
		front->flap_state = args->value[1];
		front->flap_until = args->value[2];
		front->flaps = args->value[0];
		err = front_set_state(front, XenbusStateClosed);
	}
	mutex_unlock(&front->flap_lock);
	return err;
}

static int do_events(struct front_args *args)
{
	struct front *front = args->front;
	unsigned int i;

	for (i = 0; i < front->nr_queues; i++) {
		struct front_channel *tx = front->queue[i]->tx.channel;
		struct front_channel *rx = front->queue[i]->rx.channel;

		if (tx == rx)
			front_log(&front->log, "events %u both %u", i,
				  atomic_read(&tx->events));
		else
			front_log(&front->log, "events %u tx %u rx %u", i,
				  atomic_read(&tx->events),
				  atomic_read(&rx->events));
	}
	if (front->ctrl)
		front_log(&front->log, "events ctrl %u",
			  atomic_read(&front->ctrl->channel.events));
	return 0;
}

/* --------------------------------- Tx -------------------------------- */

/* Allowed while a thread owns the ring, which need not own the bytes. */
static int do_fill(struct front_args *args)
{
	/* The last two arguments are OFFSET and HEX. */
	u32 offset = args->value[args->nr - 2];

	if (offset + args->nr_bytes > XEN_PAGE_SIZE)
		return front_refuse(args, -E2BIG,
				    "HEX of %u bytes at OFFSET %u (valid: at most %lu bytes)",
				    args->nr_bytes, offset,
				    XEN_PAGE_SIZE - offset);
	memcpy(page_address(args->grant->page) + offset, args->bytes,
	       args->nr_bytes);
	return 0;
}

static int do_tx(struct front_args *args)
{
	const struct front_tx_slot slot = {
		.kind = FRONT_TX_REQUEST,
		.request = {
			.id = args->value[1],
			.flags = args->value[2],
			.gref = args->value[3],
			.offset = args->value[4],
			.size = args->value[5],
		},
	};

	return front_tx_put(&args->queue->tx, &slot);
}

static int do_extra(struct front_args *args)
{
	struct front_tx_slot slot = { .kind = FRONT_TX_EXTRA };
	struct xen_netif_extra_info extra = {
		.type = args->value[1],
		.flags = args->value[2],
	};

	memcpy(&extra.u, args->bytes, args->nr_bytes);
	memcpy(&slot.request, &extra, sizeof(extra));
	return front_tx_put(&args->queue->tx, &slot);
}

static int do_raw(struct front_args *args)
{
	struct front_tx_slot slot = { .kind = FRONT_TX_RAW };

	memcpy(&slot.request, args->bytes, args->nr_bytes);
	return front_tx_put(&args->queue->tx, &slot);
}

static int do_push(struct front_args *args)
{
	if (args->nr > 1)
		front_tx_push_silently(&args->queue->tx);
	else
		front_tx_push(&args->queue->tx);
	return 0;
}

static unsigned int tell_answers(struct front_tx *tx)
{
	struct xen_netif_tx_response rsp;
	unsigned int count = 0;

	/* The bound: as many as a ring has requests. */
	while (count < FRONT_SLOTS && front_tx_answer(tx, &rsp)) {
		front_log(&tx->front->log, "tx %u %u %d", tx->id, rsp.id,
			  rsp.status);
		count++;
	}
	return count;
}

static int do_answers(struct front_args *args)
{
	struct front_queue *queue = args->queue;
	struct front_tx *tx = &queue->tx;
	long left = FRONT_PATIENCE;
	unsigned int got = 0;

	for (;;) {
		got += tell_answers(tx);
		if (front_tx_arm(tx))
			continue;
		if (got >= args->value[1])
			return 0;
		left = wait_event_interruptible_timeout(queue->wait,
							front_tx_answered(tx),
							left);
		if (left <= 0)
			return left ?: -ETIMEDOUT;
	}
}

/* --------------------------------- Rx -------------------------------- */

static int do_post(struct front_args *args)
{
	return front_rx_post(&args->queue->rx, args->value[1]);
}

/* Wipes the bytes, so that data of this packet cannot pass for data that the
 * backend fails to write next time.
 */
static void tell_data(struct front_rx *rx, const struct front_rx_piece *piece,
		      unsigned int bytes)
{
	const struct xen_netif_rx_response *rsp = &piece->rsp;
	char *hex;

	bytes = min(bytes, piece->len);
	hex = kzalloc(2 * bytes + 1, GFP_KERNEL);
	if (hex && bytes)
		bin2hex(hex, piece->data, bytes);
	front_log(&rx->front->log, "rx %u %u %u 0x%x %d %s", rx->id, rsp->id,
		  rsp->offset, rsp->flags, rsp->status, hex ?: "");
	kfree(hex);
	if (piece->data)
		memset(piece->data, 0, piece->len);
}

static unsigned int tell_packets(struct front_rx *rx, unsigned int bytes)
{
	struct front_rx_piece piece;
	unsigned int packets = 0;

	while (packets < FRONT_SLOTS && front_rx_receive(rx, &piece)) {
		if (piece.extra)
			front_log(&rx->front->log, "extra %u %u 0x%x %*phN",
				  rx->id, piece.info.type, piece.info.flags,
				  (int)sizeof(piece.info.u), &piece.info.u);
		else
			tell_data(rx, &piece, bytes);
		packets += piece.last;
	}
	return packets;
}

static int do_received(struct front_args *args)
{
	struct front_queue *queue = args->queue;
	struct front_rx *rx = &queue->rx;
	long left = FRONT_PATIENCE;
	unsigned int got = 0;

	for (;;) {
		got += tell_packets(rx, args->value[1]);
		if (front_rx_arm(rx))
			continue;
		if (got >= args->value[2])
			return 0;
		left = wait_event_interruptible_timeout(queue->wait,
							front_rx_received(rx),
							left);
		if (left <= 0)
			return left ?: -ETIMEDOUT;
	}
}

/* -------------------------- either direction ------------------------- */

static int do_ref(struct front_args *args)
{
	front_log(&args->front->log, "ref %u %s %u %u", args->queue->id,
		  args->rx ? "rx" : "tx", args->value[2], args->grant->ref);
	return 0;
}

static int do_notify(struct front_args *args)
{
	const struct front_queue *queue = args->queue;

	notify_remote_via_irq(args->rx ? queue->rx.channel->irq :
					 queue->tx.channel->irq);
	return 0;
}

static int do_prod(struct front_args *args)
{
	int err = front_require_ring(args, args->rx);

	if (err)
		return err;
	if (args->rx)
		front_rx_claim(&args->queue->rx, args->value[2]);
	else
		front_tx_claim(&args->queue->tx, args->value[2]);
	return 0;
}

/* ---------------------------- control ring --------------------------- */

static int do_ctrl_notify(struct front_args *args)
{
	notify_remote_via_irq(args->front->ctrl->channel.irq);
	return 0;
}

static int do_ctrl_prod(struct front_args *args)
{
	front_ctrl_claim(args->front->ctrl, args->value[1]);
	return 0;
}

static int do_cref(struct front_args *args)
{
	front_log(&args->front->log, "cref %u %u", args->value[0],
		  args->grant->ref);
	return 0;
}

static int do_ctrlput(struct front_args *args)
{
	return front_ctrl_put(args->front->ctrl, args->value[0],
			      &args->value[1]);
}

static int do_ctrl(struct front_args *args)
{
	int err = do_ctrlput(args);

	return err ?: front_ctrl_await(args->front->ctrl);
}

static int do_ctrlanswers(struct front_args *args)
{
	unsigned int count = 0;

	while (count < FRONT_CTRL_SLOTS && front_ctrl_answer(args->front->ctrl))
		count++;
	return 0;
}

/* ------------------------------ threads ------------------------------ */

static int do_flood(struct front_args *args)
{
	return front_flood_start(args->queue, args->value[1]);
}

static int do_take(struct front_args *args)
{
	return front_take_start(args->queue);
}

static int do_echo(struct front_args *args)
{
	int err = front_require_ring(args, true);

	return err ?: front_echo_start(args->queue);
}

static int do_calm(struct front_args *args)
{
	front_flood_stop(args->queue);
	front_take_stop(args->queue);
	front_echo_stop(args->queue);
	return 0;
}

/* ------------------------------- table ------------------------------- */

#define NUMBER(name, max) { name, FRONT_NUMBER, 0, max }
#define U8(name) NUMBER(name, U8_MAX)
#define U16(name) NUMBER(name, U16_MAX)
#define U32(name) NUMBER(name, U32_MAX)
#define STATE(name) NUMBER(name, XenbusStateReconfigured)
#define SLOTS(name) NUMBER(name, FRONT_SLOTS)
#define OFFSET NUMBER("OFFSET", XEN_PAGE_SIZE)
#define WORD(words) { words, FRONT_WORD }
#define DIRECTION { "tx|rx", FRONT_DIRECTION }
#define HEX(max) { "HEX", FRONT_HEX, 0, max }
#define QUEUE { "Q", FRONT_QUEUE }
#define TX_QUEUE { "Q", FRONT_TX_QUEUE }
#define RX_QUEUE { "Q", FRONT_RX_QUEUE }
#define PAGE { "PAGE", FRONT_PAGE, 0, FRONT_SLOTS - 1 }
#define REF { "PAGE|gREF", FRONT_REF, 0, FRONT_SLOTS - 1 }
#define CTRL_PAGE { "PAGE", FRONT_PAGE, 0, FRONT_CTRL_PAGES - 1 }
#define DATA(name) { name, FRONT_DATA, 0, U32_MAX }

/* Two rows of a name differ in their numbers of arguments. */
static const struct command {
	const char *name;
	int (*run)(struct front_args *args);
	unsigned int min;	/* arguments that are not optional */
	struct front_arg arg[FRONT_ARGS_MAX];
	bool ctrl;		/* needs a control ring */
} commands[] = {
	{ "answers", do_answers, 1, { TX_QUEUE, SLOTS("COUNT") } },
	{ "calm", do_calm, 1, { QUEUE } },
	{ "cfill", do_fill, 3,
	  { CTRL_PAGE, OFFSET, HEX(XEN_PAGE_SIZE) }, true },
	{ "cref", do_cref, 1, { CTRL_PAGE }, true },
	{ "ctrl", do_ctrl, 1,
	  { U16("TYPE"), DATA("D0"), DATA("D1"), DATA("D2") }, true },
	{ "ctrlanswers", do_ctrlanswers, 0, {}, true },
	{ "ctrlput", do_ctrlput, 1,
	  { U16("TYPE"), DATA("D0"), DATA("D1"), DATA("D2") }, true },
	{ "echo", do_echo, 1, { TX_QUEUE } },
	{ "events", do_events },
	{ "extra", do_extra, 3, { TX_QUEUE, U8("TYPE"), U8("FLAGS"),
	  HEX(sizeof_field(struct xen_netif_extra_info, u)) } },
	{ "fill", do_fill, 4, { QUEUE, PAGE, OFFSET, HEX(XEN_PAGE_SIZE) } },
	{ "flap", do_flap, 3, { { "COUNT", FRONT_NUMBER, 1, INT_MAX },
	  STATE("STATE"), STATE("UNTIL") } },
	{ "flood", do_flood, 2, { TX_QUEUE, U32("COUNT") } },
	{ "free", do_free },
	{ "notify", do_ctrl_notify, 1, { WORD("ctrl") }, true },
	{ "notify", do_notify, 2, { QUEUE, DIRECTION } },
	{ "post", do_post, 2, { RX_QUEUE, SLOTS("COUNT") } },
	{ "prod", do_ctrl_prod, 2, { WORD("ctrl"), U32("VALUE") }, true },
	{ "prod", do_prod, 3, { QUEUE, DIRECTION, U32("VALUE") } },
	{ "push", do_push, 1, { TX_QUEUE, WORD("silent") } },
	{ "raw", do_raw, 2, { TX_QUEUE,
	  HEX(sizeof(struct xen_netif_tx_request)) } },
	{ "received", do_received, 1, { RX_QUEUE,
	  NUMBER("BYTES", XEN_PAGE_SIZE), SLOTS("PACKETS") } },
	{ "ref", do_ref, 3, { QUEUE, DIRECTION, PAGE } },
	{ "rings", do_rings, 1, { { "QUEUES", FRONT_NUMBER, 1,
	  FRONT_QUEUES_MAX }, WORD("split|ctrl"), WORD("split|ctrl") } },
	{ "state", do_state, 1, { STATE("STATE") } },
	{ "take", do_take, 1, { RX_QUEUE } },
	{ "tx", do_tx, 6, { TX_QUEUE, U16("ID"), U16("FLAGS"), REF,
	  U16("OFFSET"), U16("SIZE") } },
};

static unsigned int max_args(const struct command *command)
{
	unsigned int nr = 0;

	while (nr < FRONT_ARGS_MAX && command->arg[nr].name)
		nr++;
	return nr;
}

/* Names the valid forms of the command, or all commands if it is unknown. */
static int refuse_command(struct front_args *args)
{
	const struct command *command;
	char text[256] = "";
	unsigned int i, arg;
	size_t len = 0;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		command = &commands[i];
		if (strcmp(command->name, args->name))
			continue;
		len += scnprintf(text + len, sizeof(text) - len, "%s%s",
				 len ? ", " : "", command->name);
		for (arg = 0; arg < max_args(command); arg++)
			len += scnprintf(text + len, sizeof(text) - len,
					 arg < command->min ? " %s" : " [%s]",
					 command->arg[arg].name);
	}
	if (len)
		return front_refuse(args, -EINVAL, "%u arguments (valid: %s)",
				    args->nr, text);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		len += scnprintf(text + len, sizeof(text) - len, " %s",
				 commands[i].name);
	return front_refuse(args, -EOPNOTSUPP, "unknown command (valid:%s)",
			    text);
}

static const struct command *find_command(const struct front_args *args)
{
	const struct command *command;

	for (command = commands; command < commands + ARRAY_SIZE(commands);
	     command++)
		if (!strcmp(command->name, args->name) &&
		    args->nr >= command->min &&
		    args->nr <= max_args(command))
			return command;
	return NULL;
}

static int run_words(struct front_args *args, char **word)
{
	const struct command *command = find_command(args);
	unsigned int i;
	int err = 0;

	if (!command)
		return refuse_command(args);
	if (command->ctrl && !args->front->ctrl)
		return front_refuse(args, -ENXIO,
				    "no control ring, \"rings QUEUES ctrl\" creates one");
	for (i = 0; !err && i < args->nr; i++)
		err = front_parse(args, &command->arg[i], word[i],
				  &args->value[i]);
	return err ?: command->run(args);
}

static int run_line(struct front *front, const char *line)
{
	struct front_args args = { .front = front };
	char **word;
	int words;
	int err = 0;

	word = argv_split(GFP_KERNEL, line, &words);
	if (!word)
		return -ENOMEM;
	if (words) {
		args.name = word[0];
		args.nr = words - 1;
		err = run_words(&args, word + 1);
	}
	if (err && !args.refused)
		front_refuse(&args, err, "%pe in \"%.60s\"", ERR_PTR(err),
			     line);
	argv_free(word);
	return err;
}

/**
 * front_command - execute commands
 * @front: the frontend
 * @text: the commands, one a line; is modified
 *
 * Stops at the first command that fails, and logs the reason.
 *
 * Context: process, may sleep; not after the folder in debugfs is removed.
 * Return: 0 or a negative error.
 */
int front_command(struct front *front, char *text)
{
	char *line;
	int err = 0;

	mutex_lock(&front->lock);
	while (!err && (line = strsep(&text, "\n")))
		err = run_line(front, line);
	mutex_unlock(&front->lock);
	return err;
}
