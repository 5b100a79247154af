/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.4 takes the conversions from and to hex out of kernel.h. */
#include <linux/kernel.h>
