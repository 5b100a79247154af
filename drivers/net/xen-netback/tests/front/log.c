// SPDX-License-Identifier: GPL-2.0

#include "log.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

/* A ring full of pages in hexadecimal is eight times as much: a test that logs
 * so many bytes reads the log more often.
 */
#define FRONT_LOG_BYTES SZ_256K

/* Reserved for the line that says how many lines are lost. */
#define FRONT_LOG_TAIL 32

/**
 * front_log_init - initialise an empty log
 * @log: the log
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int front_log_init(struct front_log *log)
{
	mutex_init(&log->lock);
	log->used = 0;
	log->lost = 0;
	log->text = vmalloc(FRONT_LOG_BYTES);
	return log->text ? 0 : -ENOMEM;
}

/**
 * front_log_deinit - free a log
 * @log: a log without writers and readers
 *
 * Context: process, may sleep.
 */
void front_log_deinit(struct front_log *log)
{
	vfree(log->text);
}

/**
 * front_log - add a line
 * @log: the log
 * @format: the line, without its end
 *
 * A line that does not fit is counted as lost, and so are all lines after it:
 * the lines that a reader gets have no gap.
 *
 * Context: process, may sleep.
 */
void front_log(struct front_log *log, const char *format, ...)
{
	size_t room;
	va_list args;
	size_t len;

	mutex_lock(&log->lock);
	room = FRONT_LOG_BYTES - FRONT_LOG_TAIL - log->used;
	va_start(args, format);
	len = vsnprintf(log->text + log->used, room, format, args);
	va_end(args);
	if (len >= room || log->lost) {
		log->lost++;
	} else {
		log->used += len;
		log->text[log->used++] = '\n';
	}
	mutex_unlock(&log->lock);
}

/**
 * front_log_take - take all lines out of a log
 * @log: the log
 * @size: set to the number of bytes
 *
 * Context: process, may sleep.
 * Return: the text, to be freed with vfree(), or a negative error.
 */
char *front_log_take(struct front_log *log, size_t *size)
{
	char *fresh = vmalloc(FRONT_LOG_BYTES);
	char *text;

	if (!fresh)
		return ERR_PTR(-ENOMEM);

	mutex_lock(&log->lock);
	text = log->text;
	*size = log->used;
	if (log->lost)
		*size += scnprintf(text + *size, FRONT_LOG_TAIL,
				   "lost %u lines\n", log->lost);
	log->text = fresh;
	log->used = 0;
	log->lost = 0;
	mutex_unlock(&log->lock);
	return text;
}
