/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the commands and the other end have said since somebody last asked.
 */
#ifndef _XEN_NETBACK_FRONT_LOG_H
#define _XEN_NETBACK_FRONT_LOG_H

#include <linux/compiler.h>
#include <linux/mutex.h>
#include <linux/types.h>

/**
 * struct front_log - lines to be read once
 * @lock: serialises writers and the reader
 * @text: L: %FRONT_LOG_BYTES, not terminated
 * @used: L: bytes of it
 * @lost: L: lines that did not fit
 *
 * Every field carries the rule it is guarded by:
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
