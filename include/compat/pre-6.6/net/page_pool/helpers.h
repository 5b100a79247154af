/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.6 parts the header of the page pool into types and helpers. */
#include <net/page_pool.h>
