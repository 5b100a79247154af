/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_MINMAX_H
#define _SHIM_LINUX_MINMAX_H

#define min(x, y) ((x) < (y) ? (x) : (y))
#define min_t(type, x, y) min((type)(x), (type)(y))
#define max(x, y) ((x) > (y) ? (x) : (y))
#define max_t(type, x, y) max((type)(x), (type)(y))
#define clamp(x, low, high) min(max(x, low), high)
#define clamp_t(type, x, low, high) clamp((type)(x), (type)(low), (type)(high))

#endif /* _SHIM_LINUX_MINMAX_H */
