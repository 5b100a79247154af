/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_FUZZ_XEN_PAGE_H
#define _SHIM_FUZZ_XEN_PAGE_H

#include_next <xen/page.h>

/* The frame of an address is a part of it. */
#define virt_to_gfn(ptr) ((unsigned long)(ptr) >> XEN_PAGE_SHIFT)

#endif /* _SHIM_FUZZ_XEN_PAGE_H */
