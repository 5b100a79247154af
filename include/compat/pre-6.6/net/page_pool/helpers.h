/* SPDX-License-Identifier: GPL-2.0 */
/* Before 6.6 the page pool had one header for types and helpers. */
#include <net/page_pool.h>
