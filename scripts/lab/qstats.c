// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the counters of a device's queues, a line "DIRECTION QUEUE COUNTER VALUE"
 * for each. They come from the netdev family of generic netlink, on Linux 6.10 and
 * later. Packages of older releases have neither the header of that family nor a
 * tool for it.
 */
#include "qstats.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Numbers from netdev.yaml. */
#define CMD_QSTATS_GET	12
#define ATTR_IFINDEX	1
#define ATTR_QUEUE_TYPE	2
#define ATTR_QUEUE_ID	3
#define ATTR_SCOPE	4
#define SCOPE_QUEUE	1

static const struct {
	int type;
	const char *name;
} counters[] = {
	{ 8, "packets" }, { 9, "bytes" }, { 10, "packets" }, { 11, "bytes" },
	{ 12, "alloc-fail" }, { 13, "hw-drops" }, { 24, "hw-drops" },
	{ 25, "hw-drop-errors" },
};

struct message {
	struct nlmsghdr header;
	struct genlmsghdr generic;
	char attributes[64];
};

static void add(struct message *message, int type, const void *data, int size)
{
	struct nlattr *attr = (void *)((char *)message +
				       NLMSG_ALIGN(message->header.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attr + NLA_HDRLEN, data, size);
	message->header.nlmsg_len += NLA_ALIGN(attr->nla_len);
}

static struct message begin(int family, int flags, int command)
{
	struct message message = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
			.nlmsg_type = family,
			.nlmsg_flags = NLM_F_REQUEST | flags,
		},
		.generic = { .cmd = command, .version = 1 },
	};

	return message;
}

/* Sends a request, and calls @each with the attributes of every answer. Returns 0,
 * or -1 with errno set.
 */
static int ask(int fd, const struct message *message,
	       void (*each)(const struct nlattr *attr, int size, void *data),
	       void *data)
{
	static char answer[65536];
	struct nlmsghdr *header;
	int size, head;

	if (send(fd, message, message->header.nlmsg_len, 0) < 0)
		return -1;
	for (;;) {
		size = recv(fd, answer, sizeof(answer), 0);
		if (size < 0)
			return -1;
		for (header = (void *)answer; NLMSG_OK(header, size);
		     header = NLMSG_NEXT(header, size)) {
			if (header->nlmsg_type == NLMSG_ERROR) {
				errno = -((struct nlmsgerr *)
					  NLMSG_DATA(header))->error;
				return errno ? -1 : 0;
			}
			if (header->nlmsg_type == NLMSG_DONE)
				return 0;
			head = NLMSG_LENGTH(GENL_HDRLEN);
			each((void *)((char *)header + head),
			     header->nlmsg_len - head, data);
			if (!(message->header.nlmsg_flags & NLM_F_DUMP))
				return 0;
		}
	}
}

static const void *find(const struct nlattr *attr, int size, int type)
{
	while (size >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return (const char *)attr + NLA_HDRLEN;
		size -= NLA_ALIGN(attr->nla_len);
		attr = (void *)((char *)attr + NLA_ALIGN(attr->nla_len));
	}
	return NULL;
}

static void note_family(const struct nlattr *attr, int size, void *data)
{
	const unsigned short *id = find(attr, size, CTRL_ATTR_FAMILY_ID);

	if (id)
		*(unsigned short *)data = *id;
}

/* A value has 4 or 8 bytes: the kernel uses the shorter form if the value fits. */
static unsigned long long value_of(const void *data)
{
	const struct nlattr *attr = (void *)((char *)data - NLA_HDRLEN);
	unsigned long long large;
	unsigned int small;

	memcpy(&small, data, sizeof(small));
	if (attr->nla_len - NLA_HDRLEN == sizeof(small))
		return small;
	memcpy(&large, data, sizeof(large));
	return large;
}

static void tell_queue(const struct nlattr *attr, int size, void *unused)
{
	const unsigned int *type = find(attr, size, ATTR_QUEUE_TYPE);
	const unsigned int *id = find(attr, size, ATTR_QUEUE_ID);
	const void *value;
	unsigned int i;

	(void)unused;
	if (!type || !id)
		return;
	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		value = find(attr, size, counters[i].type);
		if (value)
			printf("%s %u %s %llu\n", *type ? "tx" : "rx", *id,
			       counters[i].name, value_of(value));
	}
}

int tell_qstats(const char *device)
{
	unsigned long long scope = SCOPE_QUEUE;
	struct message message = begin(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	unsigned int index = if_nametoindex(device);
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	unsigned short family = 0;

	add(&message, CTRL_ATTR_FAMILY_NAME, "netdev", sizeof("netdev"));
	if (fd < 0 || !index || ask(fd, &message, note_family, &family))
		return -1;
	message = begin(family, NLM_F_DUMP, CMD_QSTATS_GET);
	add(&message, ATTR_IFINDEX, &index, sizeof(index));
	add(&message, ATTR_SCOPE, &scope, sizeof(scope));
	return ask(fd, &message, tell_queue, NULL);
}
