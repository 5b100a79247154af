/* SPDX-License-Identifier: GPL-2.0 */
/* Tests allocate by way of KUnit alone. */
#include <linux/gfp.h>
