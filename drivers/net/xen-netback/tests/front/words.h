/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words after a command's name, its arguments, as a table describes them.
 */
#ifndef _XEN_NETBACK_FRONT_WORDS_H
#define _XEN_NETBACK_FRONT_WORDS_H

#include <linux/compiler.h>
#include <linux/types.h>

struct front;
struct front_grant;
struct front_queue;

#define FRONT_ARGS_MAX 6

/**
 * enum front_kind - what an argument stands for
 * @FRONT_NUMBER: a number, written as in C
 * @FRONT_WORD: one of the words in its name, which "|" separates; its value is
 *	BIT(0) for the first of them
 * @FRONT_DIRECTION: tx or rx
 * @FRONT_HEX: bytes, two digits each
 * @FRONT_QUEUE: number of a queue
 * @FRONT_TX_QUEUE: the same, whose Tx ring no thread owns
 * @FRONT_RX_QUEUE: the same, whose Rx ring no thread owns
 * @FRONT_PAGE: number of a data page, which is created if needed: of the queue
 *	and direction named before (Tx if none is), or of the control ring
 * @FRONT_REF: such a page, for its grant reference, or g and any reference
 * @FRONT_DATA: any number, or p and such a page, for its grant reference
 */
enum front_kind {
	FRONT_NUMBER,
	FRONT_WORD,
	FRONT_DIRECTION,
	FRONT_HEX,
	FRONT_QUEUE,
	FRONT_TX_QUEUE,
	FRONT_RX_QUEUE,
	FRONT_PAGE,
	FRONT_REF,
	FRONT_DATA,
};

/**
 * struct front_arg - describes an argument
 * @name: what messages call it
 * @kind: what it stands for
 * @min: smallest valid number
 * @max: largest valid number, or most bytes
 *
 * Constant.
 */
struct front_arg {
	const char *name;
	enum front_kind kind;
	u32 min;
	u32 max;
};

/**
 * struct front_args - the arguments of a command
 * @front: the frontend that executes the command
 * @name: the command's name
 * @nr: number of arguments
 * @value: of each argument: a number or a grant reference, or 0
 * @queue: the queue named
 * @rx: the direction named is Rx
 * @grant: the data page named
 * @bytes: the bytes named
 * @nr_bytes: number of @bytes
 * @refused: a message has said why the command fails
 *
 * Zeroed before it is parsed. Belongs to the command.
 */
struct front_args {
	struct front *front;
	const char *name;
	unsigned int nr;
	u32 value[FRONT_ARGS_MAX];
	struct front_queue *queue;
	bool rx;
	struct front_grant *grant;
	const void *bytes;
	u32 nr_bytes;
	bool refused;
};

__printf(3, 4) int front_refuse(struct front_args *args, int err,
				const char *format, ...);
int front_parse(struct front_args *args, const struct front_arg *arg,
		char *word, u32 *value);
int front_require_ring(struct front_args *args, bool rx);

#endif /* _XEN_NETBACK_FRONT_WORDS_H */
