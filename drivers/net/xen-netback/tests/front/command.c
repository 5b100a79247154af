// SPDX-License-Identifier: GPL-2.0
/*
 * Commands are words separated by blanks, one command a line. Numbers are those
 * of C, 0x and 0 in front included; HEX is two digits a byte. Tx and Rx are the
 * guest's directions, as in netif.h.
 *
 * rings QUEUES [split] [ctrl]      make rings and write their keys
 * free                             take them back: "free pages N in-use N"
 * state N                          show a state (enum xenbus_state)
 * flap COUNT STATE UNTIL           show Closed, and when the other end does so
 *                                  STATE until that is in UNTIL, COUNT times
 *                                  and without waiting for it: "flaps done"
 * events                           "events Q tx N rx N", or "events Q both N";
 *                                  "events ctrl N"
 *
 * fill Q PAGE OFFSET HEX           bytes into a Tx data page
 * tx Q ID FLAGS PAGE OFFSET SIZE   put a request; PAGE may be gREF, any grant
 * extra Q TYPE FLAGS [HEX]         put an extra info
 * raw Q HEX                        put 12 bytes, whatever they are
 * push Q [silent]                  show what was put
 * answers Q [COUNT]                take answers: "tx Q ID STATUS" each
 *
 * post Q COUNT                     post Rx requests
 * received Q [BYTES [PACKETS]]     take what came: "rx Q ID OFFSET FLAGS STATUS
 *                                  HEX" with at most so many bytes of each, and
 *                                  "extra Q TYPE FLAGS HEX"
 *
 * ref Q tx|rx PAGE                 "ref Q tx|rx PAGE GRANT" of a data page
 * notify Q tx|rx                   an event, whether there is cause or not
 * prod Q tx|rx VALUE               show any index; what was put counts as shown
 *
 * ctrl TYPE [D0 [D1 [D2]]]         a control message and its answer, "ctrl TYPE
 *                                  STATUS DATA"; pN is the grant of data page N
 * ctrlput TYPE [D0 [D1 [D2]]]      the same without waiting
 * ctrlanswers                      take the answers that are there
 * cfill PAGE OFFSET HEX            bytes into a control data page
 * cref PAGE                        "cref PAGE GRANT" of one
 * notify ctrl | prod ctrl VALUE    as for queues
 *
 * flood Q COUNT                    send what was put since the last push COUNT
 *                                  times, or until it is ended if that is 0;
 *                                  says "flood Q done" when all is answered
 * take Q                           post and take what comes, until it is ended
 * calm Q                           end both: "flood Q sent N ok N error N
 *                                  dropped N null N", "take Q packets N bytes N
 *                                  errors N", "take Q extra TYPE count N"
 *
 * answers and received wait at most 5 s if they are told how much to await, and
 * fail if less has come. Whatever the other end does against the interface's
 * rules is told as "wrong ...".
 */

#include "command.h"

#include <linux/err.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/slab.h>
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

static int do_rings(struct front *front, int words, char **word)
{
	unsigned int flags = 0;
	u32 queues;
	int err, i;

	err = front_parse(word[0], FRONT_QUEUES_MAX, &queues);
	if (err)
		return err;
	for (i = 1; i < words; i++) {
		if (!strcmp(word[i], "split"))
			flags |= FRONT_RINGS_SPLIT;
		else if (!strcmp(word[i], "ctrl"))
			flags |= FRONT_RINGS_CTRL;
		else
			return -EINVAL;
	}
	return queues ? front_rings_create(front, queues, flags) : -ERANGE;
}

static int do_free(struct front *front, int words, char **word)
{
	front_rings_free(front);
	return 0;
}

static int do_state(struct front *front, int words, char **word)
{
	u32 state;
	int err = front_parse(word[0], XenbusStateReconfigured, &state);

	return err ?: front_set_state(front, state);
}

static int do_flap(struct front *front, int words, char **word)
{
	u32 count, state, until;
	int err;

	err = front_parse(word[0], INT_MAX, &count);
	if (!err)
		err = front_parse(word[1], XenbusStateReconfigured, &state);
	if (!err)
		err = front_parse(word[2], XenbusStateReconfigured, &until);
	if (err)
		return err;
	mutex_lock(&front->flap_lock);
	if (!count || front->flaps) {
		err = -EBUSY;
	} else {
		front->flap_state = state;
		front->flap_until = until;
		front->flaps = count;
		err = front_set_state(front, XenbusStateClosed);
	}
	mutex_unlock(&front->flap_lock);
	return err;
}

static int do_events(struct front *front, int words, char **word)
{
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

static int do_fill(struct front *front, int words, char **word)
{
	struct front_queue *queue;
	u32 page;
	int err;

	/* Also below a flood, which does not own the bytes. */
	err = front_find_queue(front, word[0], &queue);
	if (!err)
		err = front_parse(word[1], FRONT_SLOTS - 1, &page);
	if (!err)
		err = front_tx_page(&queue->tx, page);
	return err ?: front_fill_page(queue->tx.page[page].page, word + 2);
}

/* The word PAGE of a request. */
static int parse_ref(struct front_tx *tx, const char *word, grant_ref_t *ref)
{
	u32 page;
	int err;

	if (*word == 'g')
		return front_parse(word + 1, U32_MAX, ref);
	err = front_parse(word, FRONT_SLOTS - 1, &page);
	if (!err)
		err = front_tx_page(tx, page);
	if (!err)
		*ref = tx->page[page].ref;
	return err;
}

static int do_tx(struct front *front, int words, char **word)
{
	struct front_tx_slot slot = { .kind = FRONT_TX_REQUEST };
	u32 id, flags, offset, size;
	struct front_tx *tx;
	int err;

	err = front_find_tx(front, word[0], &tx);
	if (!err)
		err = front_parse(word[1], U16_MAX, &id);
	if (!err)
		err = front_parse(word[2], U16_MAX, &flags);
	if (!err)
		err = parse_ref(tx, word[3], &slot.request.gref);
	if (!err)
		err = front_parse(word[4], U16_MAX, &offset);
	if (!err)
		err = front_parse(word[5], U16_MAX, &size);
	if (err)
		return err;
	slot.request.id = id;
	slot.request.flags = flags;
	slot.request.offset = offset;
	slot.request.size = size;
	return front_tx_put(tx, &slot);
}

static int do_extra(struct front *front, int words, char **word)
{
	struct front_tx_slot slot = { .kind = FRONT_TX_EXTRA };
	struct xen_netif_extra_info extra = {};
	struct front_tx *tx;
	u32 type, flags;
	int ret;

	ret = front_find_tx(front, word[0], &tx);
	if (!ret)
		ret = front_parse(word[1], U8_MAX, &type);
	if (!ret)
		ret = front_parse(word[2], U8_MAX, &flags);
	if (!ret && words > 3)
		ret = front_parse_hex(word[3], &extra.u, sizeof(extra.u));
	if (ret < 0)
		return ret;
	extra.type = type;
	extra.flags = flags;
	memcpy(&slot.request, &extra, sizeof(extra));
	return front_tx_put(tx, &slot);
}

static int do_raw(struct front *front, int words, char **word)
{
	struct front_tx_slot slot = { .kind = FRONT_TX_RAW };
	struct front_tx *tx;
	int ret;

	ret = front_find_tx(front, word[0], &tx);
	if (ret)
		return ret;
	ret = front_parse_hex(word[1], &slot.request, sizeof(slot.request));
	if (ret < 0)
		return ret;
	return front_tx_put(tx, &slot);
}

static int do_push(struct front *front, int words, char **word)
{
	struct front_tx *tx;
	int err;

	err = front_find_tx(front, word[0], &tx);
	if (err)
		return err;
	if (words == 1)
		front_tx_push(tx);
	else if (!strcmp(word[1], "silent"))
		front_tx_push_silently(tx);
	else
		return -EINVAL;
	return 0;
}

static unsigned int tell_answers(struct front_tx *tx)
{
	struct xen_netif_tx_response rsp;
	unsigned int count = 0;

	/* No more than that have been asked for. */
	while (count < FRONT_SLOTS && front_tx_answer(tx, &rsp)) {
		front_log(&tx->front->log, "tx %u %u %d", tx->id, rsp.id,
			  rsp.status);
		count++;
	}
	return count;
}

static int do_answers(struct front *front, int words, char **word)
{
	long left = FRONT_PATIENCE;
	struct front_queue *queue;
	u32 want = 0, got = 0;
	struct front_tx *tx;
	int err;

	err = front_find_tx(front, word[0], &tx);
	if (!err && words > 1)
		err = front_parse(word[1], FRONT_SLOTS, &want);
	if (err)
		return err;
	queue = container_of(tx, struct front_queue, tx);
	for (;;) {
		got += tell_answers(tx);
		if (front_tx_arm(tx))
			continue;
		if (got >= want)
			return 0;
		left = wait_event_interruptible_timeout(queue->wait,
							front_tx_answered(tx),
							left);
		if (left <= 0)
			return left ?: -ETIMEDOUT;
	}
}

/* --------------------------------- Rx -------------------------------- */

static int do_post(struct front *front, int words, char **word)
{
	struct front_rx *rx;
	u32 count;
	int err;

	err = front_find_rx(front, word[0], &rx);
	if (!err)
		err = front_parse(word[1], FRONT_SLOTS, &count);
	return err ?: front_rx_post(rx, count);
}

/* The bytes are wiped: what the other end does not write next time is not to
 * look like what it should.
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

static int do_received(struct front *front, int words, char **word)
{
	u32 bytes = 0, want = 0, got = 0;
	long left = FRONT_PATIENCE;
	struct front_queue *queue;
	struct front_rx *rx;
	int err;

	err = front_find_rx(front, word[0], &rx);
	if (!err && words > 1)
		err = front_parse(word[1], XEN_PAGE_SIZE, &bytes);
	if (!err && words > 2)
		err = front_parse(word[2], FRONT_SLOTS, &want);
	if (err)
		return err;
	queue = container_of(rx, struct front_queue, rx);
	for (;;) {
		got += tell_packets(rx, bytes);
		if (front_rx_arm(rx))
			continue;
		if (got >= want)
			return 0;
		left = wait_event_interruptible_timeout(queue->wait,
							front_rx_received(rx),
							left);
		if (left <= 0)
			return left ?: -ETIMEDOUT;
	}
}

/* -------------------------- either direction ------------------------- */

static int do_ref(struct front *front, int words, char **word)
{
	struct front_queue *queue;
	struct front_grant *grant;
	u32 page;
	int err;

	err = front_find_queue(front, word[0], &queue);
	if (!err)
		err = front_parse(word[2], FRONT_SLOTS - 1, &page);
	if (err)
		return err;
	if (!strcmp(word[1], "tx")) {
		err = front_tx_page(&queue->tx, page);
		grant = &queue->tx.page[page];
	} else if (!strcmp(word[1], "rx")) {
		err = front_rx_page(&queue->rx, page);
		grant = &queue->rx.page[page];
	} else {
		return -EINVAL;
	}
	if (!err)
		front_log(&front->log, "ref %u %s %u %u", queue->id, word[1],
			  page, grant->ref);
	return err;
}

static int do_notify(struct front *front, int words, char **word)
{
	struct front_queue *queue;
	int err;

	if (words == 1) {
		if (strcmp(word[0], "ctrl"))
			return -EINVAL;
		if (!front->ctrl)
			return -ENXIO;
		notify_remote_via_irq(front->ctrl->channel.irq);
		return 0;
	}
	err = front_find_queue(front, word[0], &queue);
	if (err)
		return err;
	if (!strcmp(word[1], "tx"))
		notify_remote_via_irq(queue->tx.channel->irq);
	else if (!strcmp(word[1], "rx"))
		notify_remote_via_irq(queue->rx.channel->irq);
	else
		return -EINVAL;
	return 0;
}

static int claim_ctrl(struct front *front, const char *word)
{
	struct front_ctrl *ctrl;
	u32 prod;
	int err = front_find_ctrl(front, &ctrl);

	if (!err)
		err = front_parse(word, U32_MAX, &prod);
	if (!err)
		front_ctrl_claim(ctrl, prod);
	return err;
}

static int do_prod(struct front *front, int words, char **word)
{
	struct front_tx *tx;
	struct front_rx *rx;
	u32 prod;
	int err;

	if (words == 2)
		return strcmp(word[0], "ctrl") ? -EINVAL :
						 claim_ctrl(front, word[1]);
	err = front_parse(word[2], U32_MAX, &prod);
	if (err)
		return err;
	if (!strcmp(word[1], "tx")) {
		err = front_find_tx(front, word[0], &tx);
		if (!err)
			front_tx_claim(tx, prod);
	} else if (!strcmp(word[1], "rx")) {
		err = front_find_rx(front, word[0], &rx);
		if (!err)
			front_rx_claim(rx, prod);
	} else {
		return -EINVAL;
	}
	return err;
}

/* ---------------------------- control ring --------------------------- */

static int do_cfill(struct front *front, int words, char **word)
{
	struct front_ctrl *ctrl;
	u32 page;
	int err;

	err = front_find_ctrl(front, &ctrl);
	if (!err)
		err = front_parse(word[0], FRONT_CTRL_PAGES - 1, &page);
	if (!err)
		err = front_ctrl_page(ctrl, page);
	return err ?: front_fill_page(ctrl->page[page].page, word + 1);
}

static int do_cref(struct front *front, int words, char **word)
{
	struct front_ctrl *ctrl;
	u32 page;
	int err;

	err = front_find_ctrl(front, &ctrl);
	if (!err)
		err = front_parse(word[0], FRONT_CTRL_PAGES - 1, &page);
	if (!err)
		err = front_ctrl_page(ctrl, page);
	if (!err)
		front_log(&front->log, "cref %u %u", page,
			  ctrl->page[page].ref);
	return err;
}

static int parse_data(struct front_ctrl *ctrl, const char *word, u32 *value)
{
	u32 page;
	int err;

	if (*word != 'p')
		return front_parse(word, U32_MAX, value);
	err = front_parse(word + 1, FRONT_CTRL_PAGES - 1, &page);
	if (!err)
		err = front_ctrl_page(ctrl, page);
	if (!err)
		*value = ctrl->page[page].ref;
	return err;
}

static int do_ctrlput(struct front *front, int words, char **word)
{
	struct front_ctrl *ctrl;
	u32 data[3] = {};
	int err, i;
	u32 type;

	err = front_find_ctrl(front, &ctrl);
	if (!err)
		err = front_parse(word[0], U16_MAX, &type);
	for (i = 1; !err && i < words; i++)
		err = parse_data(ctrl, word[i], &data[i - 1]);
	return err ?: front_ctrl_put(ctrl, type, data);
}

static int do_ctrl(struct front *front, int words, char **word)
{
	int err = do_ctrlput(front, words, word);

	return err ?: front_ctrl_await(front->ctrl);
}

static int do_ctrlanswers(struct front *front, int words, char **word)
{
	unsigned int count = 0;
	struct front_ctrl *ctrl;
	int err = front_find_ctrl(front, &ctrl);

	if (err)
		return err;
	while (count < FRONT_CTRL_SLOTS && front_ctrl_answer(ctrl))
		count++;
	return 0;
}

/* ------------------------------ threads ------------------------------ */

static int do_flood(struct front *front, int words, char **word)
{
	struct front_tx *tx;
	u32 count;
	int err;

	err = front_find_tx(front, word[0], &tx);
	if (!err)
		err = front_parse(word[1], U32_MAX, &count);
	return err ?: front_flood_start(container_of(tx, struct front_queue,
						     tx), count);
}

static int do_take(struct front *front, int words, char **word)
{
	struct front_rx *rx;
	int err = front_find_rx(front, word[0], &rx);

	return err ?: front_take_start(container_of(rx, struct front_queue,
						    rx));
}

static int do_calm(struct front *front, int words, char **word)
{
	struct front_queue *queue;
	int err = front_find_queue(front, word[0], &queue);

	if (err)
		return err;
	front_flood_stop(queue);
	front_take_stop(queue);
	return 0;
}

/* ------------------------------- table ------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct front *front, int words, char **word);
	int min;	/* words after the name */
	int max;
} commands[] = {
	{ "answers", do_answers, 1, 2 },
	{ "calm", do_calm, 1, 1 },
	{ "cfill", do_cfill, 3, 3 },
	{ "cref", do_cref, 1, 1 },
	{ "ctrl", do_ctrl, 1, 4 },
	{ "ctrlanswers", do_ctrlanswers, 0, 0 },
	{ "ctrlput", do_ctrlput, 1, 4 },
	{ "events", do_events, 0, 0 },
	{ "extra", do_extra, 3, 4 },
	{ "fill", do_fill, 4, 4 },
	{ "flap", do_flap, 3, 3 },
	{ "flood", do_flood, 2, 2 },
	{ "free", do_free, 0, 0 },
	{ "notify", do_notify, 1, 2 },
	{ "post", do_post, 2, 2 },
	{ "prod", do_prod, 2, 3 },
	{ "push", do_push, 1, 2 },
	{ "raw", do_raw, 2, 2 },
	{ "received", do_received, 1, 3 },
	{ "ref", do_ref, 3, 3 },
	{ "rings", do_rings, 1, 3 },
	{ "state", do_state, 1, 1 },
	{ "take", do_take, 1, 1 },
	{ "tx", do_tx, 6, 6 },
};

static int run_words(struct front *front, int words, char **word)
{
	unsigned int i;

	if (!words)
		return 0;
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, word[0]))
			continue;
		if (words - 1 < commands[i].min || words - 1 > commands[i].max)
			return -EINVAL;
		return commands[i].run(front, words - 1, word + 1);
	}
	return -EOPNOTSUPP;
}

static int run_line(struct front *front, const char *line)
{
	char **word;
	int words;
	int err;

	word = argv_split(GFP_KERNEL, line, &words);
	if (!word)
		return -ENOMEM;
	err = run_words(front, words, word);
	argv_free(word);
	if (err)
		dev_notice(&front->xdev->dev, "%pe: %.60s\n", ERR_PTR(err),
			   line);
	return err;
}

/**
 * front_command - carry out commands
 * @front: the frontend
 * @text: the commands, a line each; it is changed
 *
 * The first one that fails is the last one, and told in the kernel's log.
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
