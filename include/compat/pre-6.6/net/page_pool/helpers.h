/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.6 splits the header of page pools into types and helpers. */
#include <net/page_pool.h>
