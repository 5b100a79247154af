/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines for the reader of the file log.
 */
#ifndef _XEN_NETBACK_FRONT_LOG_H
#define _XEN_NETBACK_FRONT_LOG_H

#include <linux/compiler.h>
#include <linux/mutex.h>
#include <linux/types.h>

/**
 * struct front_log - lines that are read once
 * @lock: serialises writers and the reader
 * @text: L: %FRONT_LOG_BYTES, not terminated
 * @used: L: bytes used of @text
 * @lost: L: number of lines that did not fit
 *
 * The letter names what guards a field:
 *
 * L: @lock
 */
struct front_log {
	struct mutex lock;	/* of text, used, lost */
	char *text;
	size_t used;
	unsigned int lost;
};

int front_log_init(struct front_log *log);
void front_log_deinit(struct front_log *log);
__printf(2, 3) void front_log(struct front_log *log, const char *format, ...);
char *front_log_take(struct front_log *log, size_t *size);

#endif /* _XEN_NETBACK_FRONT_LOG_H */
