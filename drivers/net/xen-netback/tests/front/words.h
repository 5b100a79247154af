/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the words of a command stand for.
 */
#ifndef _XEN_NETBACK_FRONT_WORDS_H
#define _XEN_NETBACK_FRONT_WORDS_H

#include <linux/types.h>

struct front;
struct front_ctrl;
struct front_queue;
struct front_rx;
struct front_tx;
struct page;

int front_parse(const char *word, u32 limit, u32 *value);
int front_parse_hex(const char *word, void *bytes, size_t size);
int front_fill_page(struct page *page, char **word);

int front_find_queue(struct front *front, const char *word,
		     struct front_queue **queue);
int front_find_tx(struct front *front, const char *word, struct front_tx **tx);
int front_find_rx(struct front *front, const char *word, struct front_rx **rx);
int front_find_ctrl(struct front *front, struct front_ctrl **ctrl);

#endif /* _XEN_NETBACK_FRONT_WORDS_H */
