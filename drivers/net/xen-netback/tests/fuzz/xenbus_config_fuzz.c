// SPDX-License-Identifier: GPL-2.0
/*
 * Target xenbus_config: an input is text, what a frontend has in xenstore.
 *
 * The first line has the number of queues offered, and the number of the
 * allocation that fails or 0. Each other line is "key value".
 */

#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../xenbus_config.c"

#define KEYS_MAX 512
#define LINE_MAX_BYTES 96
#define FRONT "/local/domain/7/device/vif/0"

/**
 * struct store_key - a node of the frontend's folder
 * @line: its name and value
 * @value: its value, in @line
 * @read: it was read
 */
struct store_key {
	char line[LINE_MAX_BYTES];
	const char *value;
	bool read;
};

static struct store_key keys[KEYS_MAX];
static unsigned int nr_keys, nr_fatal;

/* Returns the value of a node, NULL if there is none. */
static const char *store_read(const char *dir, const char *node)
{
	char path[LINE_MAX_BYTES];
	unsigned int i;

	fuzz_expect(!strncmp(dir, FRONT, strlen(FRONT)),
		    "a configuration is read in the frontend's folder");
	dir += strlen(FRONT);
	snprintf(path, sizeof(path), "%s%s%s", *dir ? dir + 1 : "",
		 *dir ? "/" : "", node);
	for (i = 0; i < nr_keys; i++) {
		if (strcmp(keys[i].line, path))
			continue;
		fuzz_expect(!keys[i].read, "each key is read once");
		keys[i].read = true;
		return keys[i].value;
	}
	return NULL;
}

/* As the kernel's sscanf() reads %u: an optional space, digits, modulo 2^32. */
static bool scan_unsigned(const char *text, unsigned int *value)
{
	u64 number = 0;

	while (*text == ' ' || *text == '\t')
		text++;
	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + *text - '0';
	*value = number;
	return true;
}

int xenbus_scanf(struct xenbus_transaction xbt, const char *dir,
		 const char *node, const char *fmt, ...)
{
	const char *text = store_read(dir, node);
	va_list args;
	bool found;

	fuzz_expect(!strcmp(fmt, "%u"), "values are numbers without sign");
	if (!text)
		return -ENOENT;
	va_start(args, fmt);
	found = scan_unsigned(text, va_arg(args, unsigned int *));
	va_end(args);
	return found ? 1 : -ERANGE;
}

unsigned int xenbus_read_unsigned(const char *dir, const char *node,
				  unsigned int otherwise)
{
	unsigned int value;

	return xenbus_scanf(XBT_NIL, dir, node, "%u", &value) == 1 ?
	       value : otherwise;
}

int xenbus_gather(struct xenbus_transaction xbt, const char *dir, ...)
{
	const char *node, *fmt, *text;
	va_list args;
	int err = 0;

	va_start(args, dir);
	while (!err && (node = va_arg(args, const char *))) {
		fmt = va_arg(args, const char *);
		fuzz_expect(!strcmp(fmt, "%u"),
			    "values are numbers without sign");
		text = store_read(dir, node);
		if (!text)
			err = -ENOENT;
		else if (!scan_unsigned(text, va_arg(args, unsigned int *)))
			err = -EINVAL;
	}
	va_end(args);
	return err;
}

void xenbus_dev_fatal(struct xenbus_device *xdev, int err, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	nr_fatal++;
}

/* The value of a number in the folder, as given there. */
static bool number_of(const char *key, unsigned int *value)
{
	unsigned int i;

	for (i = 0; i < nr_keys; i++) {
		if (!strcmp(keys[i].line, key))
			return scan_unsigned(keys[i].value, value);
	}
	return false;
}

static void check_ref(const struct xenvif_config *config, unsigned int id,
		      const char *name, unsigned int ref)
{
	char key[LINE_MAX_BYTES];
	unsigned int value;

	if (config->num_queues == 1)
		snprintf(key, sizeof(key), "%s", name);
	else
		snprintf(key, sizeof(key), "queue-%u/%s", id, name);
	fuzz_expect(number_of(key, &value) && value == ref,
		    "a queue has the references of its own folder");
}

static void check_event(const struct xenvif_config *config, unsigned int id)
{
	const struct xenvif_ring_refs *refs = &config->refs[id];

	if (refs->tx_evtchn == refs->rx_evtchn)
		return;
	check_ref(config, id, "event-channel-tx", refs->tx_evtchn);
	check_ref(config, id, "event-channel-rx", refs->rx_evtchn);
}

static void check_config(const struct xenvif_config *config,
			 unsigned int max_queues)
{
	unsigned int value, id;

	fuzz_expect(config->num_queues >= 1 &&
		    config->num_queues <= max_queues,
		    "a frontend gets no more queues than it was offered");
	fuzz_expect(config->rx_headroom <= XEN_PAGE_SIZE - ETH_HLEN,
		    "headroom leaves room for an Ethernet header");
	fuzz_expect(!(config->offloads & ~(NETIF_F_SG | NETIF_F_TSO |
		    NETIF_F_TSO6 | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM)),
		    "offloads are known ones");
	fuzz_expect(number_of("request-rx-copy", &value) && value,
		    "a frontend without request-rx-copy is refused");
	if (config->has_ctrl) {
		fuzz_expect(number_of("ctrl-ring-ref", &value) &&
			    value == config->ctrl_ref,
			    "the control ring is the one of the store");
		fuzz_expect(number_of("event-channel-ctrl", &value) &&
			    value == config->ctrl_evtchn,
			    "a control ring has an event channel");
	}
	for (id = 0; id < config->num_queues; id++) {
		check_ref(config, id, "tx-ring-ref", config->refs[id].tx_ref);
		check_ref(config, id, "rx-ring-ref", config->refs[id].rx_ref);
		check_event(config, id);
	}
}

/* A line without a value is a node that is empty. */
static void fill_store(struct fuzz_input *in)
{
	for (nr_keys = 0; nr_keys < KEYS_MAX; nr_keys++) {
		struct store_key *key = &keys[nr_keys];
		char *space;

		key->read = false;
		key->value = "";
		if (!fuzz_line(in, key->line, sizeof(key->line)))
			break;
		space = strchr(key->line, ' ');
		if (space) {
			*space = '\0';
			key->value = space + 1;
		}
	}
}

void fuzz_one(struct fuzz_input *in)
{
	struct xenbus_device xdev = { .otherend = FRONT };
	unsigned int max_queues, fails;
	struct xenvif_config *config;
	char line[LINE_MAX_BYTES];

	if (!fuzz_line(in, line, sizeof(line)) ||
	    sscanf(line, "%u %u", &max_queues, &fails) != 2)
		return;
	max_queues = clamp_t(unsigned int, max_queues, 1, 64);
	fill_store(in);
	nr_fatal = 0;
	fuzz_fail_alloc(fails);
	config = xenvif_config_read(&xdev, max_queues);
	if (IS_ERR(config)) {
		fuzz_expect(nr_fatal == 1, "an error is reported once");
		return;
	}
	fuzz_expect(config && !nr_fatal, "what succeeds reports no error");
	check_config(config, max_queues);
	kfree(config);
}
