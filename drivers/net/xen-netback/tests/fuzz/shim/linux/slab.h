/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations fail when a target wants them to. */
#ifndef _SHIM_FUZZ_LINUX_SLAB_H
#define _SHIM_FUZZ_LINUX_SLAB_H

#include <linux/string.h>
#include <linux/types.h>

void *fuzz_alloc(size_t size);
char *kasprintf(gfp_t gfp, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void kfree(const void *ptr);

#define kmalloc(size, gfp) fuzz_alloc(size)
#define kzalloc(size, gfp) fuzz_alloc(size)
#define kzalloc_obj(type) ((type *)fuzz_alloc(sizeof(type)))

static inline void *kmemdup(const void *from, size_t size, gfp_t gfp)
{
	void *to = fuzz_alloc(size);

	return to ? memcpy(to, from, size) : NULL;
}

#endif /* _SHIM_FUZZ_LINUX_SLAB_H */
