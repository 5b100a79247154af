/* SPDX-License-Identifier: GPL-2.0 */
/* The direction of packets: of the guest, not of the net device (vif.h). */
#ifndef _XEN_NETBACK_DIR_H
#define _XEN_NETBACK_DIR_H

/**
 * enum netbk_dir - name the guest's directions
 * @NETBK_TX: from the guest
 * @NETBK_RX: to the guest
 * @NETBK_DIRS: number of directions
 */
enum netbk_dir {
	NETBK_TX,
	NETBK_RX,
	NETBK_DIRS,
};

#endif /* _XEN_NETBACK_DIR_H */
