/* SPDX-License-Identifier: GPL-2.0 */
/* How often a frontend may have the backend do something. */
#ifndef _XEN_NETBACK_XENBUS_ALLOWANCE_H
#define _XEN_NETBACK_XENBUS_ALLOWANCE_H

#include <linux/types.h>

#include "bucket.h"

/**
 * struct xenvif_allowance - how often a frontend may have something done
 * @bucket: a token for each time
 * @told: the log says that the frontend is limited, until @bucket is full again
 *
 * The lock of the containing struct guards all of it.
 */
struct xenvif_allowance {
	struct netbk_bucket bucket;
	bool told;
};

void xenvif_allowance_init(struct xenvif_allowance *allowance,
			   const struct netbk_rate *rate, unsigned int at_once);
bool xenvif_allow(struct xenvif_allowance *allowance);
unsigned long xenvif_allowance_wait(const struct xenvif_allowance *allowance);
bool xenvif_allowance_tell(struct xenvif_allowance *allowance);

#endif /* _XEN_NETBACK_XENBUS_ALLOWANCE_H */
