/* SPDX-License-Identifier: GPL-2.0 */
/* What a file shows is of no interest here. */
#ifndef _SHIM_LINUX_SEQ_FILE_H
#define _SHIM_LINUX_SEQ_FILE_H

struct seq_file;

static inline void seq_printf(struct seq_file *m, const char *fmt, ...)
{
}

#endif /* _SHIM_LINUX_SEQ_FILE_H */
