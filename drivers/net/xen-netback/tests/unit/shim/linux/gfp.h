/* SPDX-License-Identifier: GPL-2.0 */
/* Memory is memory here; pages are in linux/mm.h. */
#ifndef _SHIM_LINUX_GFP_H
#define _SHIM_LINUX_GFP_H

#define GFP_KERNEL 0

#endif /* _SHIM_LINUX_GFP_H */
