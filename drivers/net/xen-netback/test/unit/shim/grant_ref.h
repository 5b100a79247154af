/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In front of everything: of the interface of grants the rings need the number
 * of a grant alone, and the rest would draw in the kernel.
 */
#define __XEN_PUBLIC_GRANT_TABLE_H__
#include <linux/types.h>
typedef __u32 grant_ref_t;
