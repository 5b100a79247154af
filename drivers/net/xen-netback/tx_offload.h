/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checksums, segments and hashes that a guest asks the stack for.
 */
#ifndef _XEN_NETBACK_TX_OFFLOAD_H
#define _XEN_NETBACK_TX_OFFLOAD_H

struct sk_buff;
struct xenvif_tx_desc;

int netbk_tx_offload(struct sk_buff *skb, const struct xenvif_tx_desc *desc);
unsigned int netbk_tx_wire_bytes(const struct sk_buff *skb, unsigned int len);

#endif /* _XEN_NETBACK_TX_OFFLOAD_H */
