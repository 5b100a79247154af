/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_FUZZ_TIME64_H
#define _SHIM_FUZZ_TIME64_H

#include_next <linux/time64.h>

#define MSEC_PER_SEC 1000L

#endif /* _SHIM_FUZZ_TIME64_H */
