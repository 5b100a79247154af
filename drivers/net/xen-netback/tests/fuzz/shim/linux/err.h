/* SPDX-License-Identifier: GPL-2.0 */
/* Errors as pointers, which the unit tests have no use for. */
#ifndef _SHIM_FUZZ_LINUX_ERR_H
#define _SHIM_FUZZ_LINUX_ERR_H

#include <errno.h>
#include <stdbool.h>

#define MAX_ERRNO 4095
#define ERR_PTR(err) ((void *)(long)(err))
#define PTR_ERR(ptr) ((long)(ptr))
#define IS_ERR(ptr) ((unsigned long)(ptr) >= (unsigned long)-MAX_ERRNO)
#define IS_ERR_OR_NULL(ptr) (!(ptr) || IS_ERR(ptr))

#endif /* _SHIM_FUZZ_LINUX_ERR_H */
