/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_FUZZ_LINUX_MM_H
#define _SHIM_FUZZ_LINUX_MM_H

#include_next <linux/mm.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define offset_in_page(ptr) ((unsigned long)(ptr) & (PAGE_SIZE - 1))

#endif /* _SHIM_FUZZ_LINUX_MM_H */
