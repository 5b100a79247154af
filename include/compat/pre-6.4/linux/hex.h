/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.4 moves the hexadecimal conversions from kernel.h to a new header. */
#include <linux/kernel.h>
