/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tx and Rx are the guest's directions in all of this driver, as in Xen's
 * netif.h.
 */
#ifndef _XEN_NETBACK_DIR_H
#define _XEN_NETBACK_DIR_H

/**
 * enum netbk_dir - a direction, the guest's
 * @NETBK_TX: from the guest
 * @NETBK_RX: to the guest
 * @NETBK_DIRS: how many there are
 */
enum netbk_dir {
	NETBK_TX,
	NETBK_RX,
	NETBK_DIRS,
};

#endif /* _XEN_NETBACK_DIR_H */
