// SPDX-License-Identifier: GPL-2.0
/*
 * Target ctrl: an input is what a guest does to its control ring and to the
 * page that its messages refer to.
 *
 * 1 byte: queues, of at most 64; 4 bytes: index of the first message; then
 * steps, each a byte and what it needs.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <linux/byteorder.h>

#define virt_mb() do { } while (0)	/* there is one thread */
#define virt_wmb() do { } while (0)	/* there is one thread */
#define virt_rmb() do { } while (0)	/* there is one thread */

/* Of a netif, what the control ring uses. */
#define _XEN_NETBACK_VIF_H
#include <linux/netdevice.h>
#include <xen/interface/xen.h>

enum { XENVIF_BROKEN };

struct xenbus_device;

struct xen_netif {
	domid_t domid;
	unsigned long state;
	struct net_device *dev;
	struct xenbus_device *xdev;
};

#include "../../ctrl.c"
#include <linux/skbuff.h>

#define MESSAGES_MAX 128
#define STATUS_MAX XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW

/**
 * struct ctrl_state - a guest with a control ring
 * @netif: its interface
 * @ctrl: the backend's end
 * @sring: the shared page
 * @posted: the messages that wait for an answer, by their place in the ring
 * @entry: 32-bit words of the page that messages refer to
 * @refused: messages that were answered with an error
 */
struct ctrl_state {
	struct xen_netif netif;
	struct xenvif_ctrl ctrl;
	struct xen_netif_ctrl_sring *sring;
	struct xen_netif_ctrl_request posted[MESSAGES_MAX];
	u32 entry[XEN_PAGE_SIZE / sizeof(u32)];
	unsigned long refused;
};

static struct ctrl_state state;

/* ------------------------ what is around the ring -------------------- */

int HYPERVISOR_grant_table_op(unsigned int cmd, void *uop, unsigned int count)
{
	struct gnttab_copy *op = uop;
	u8 *to = (u8 *)(op->dest.u.gmfn << XEN_PAGE_SHIFT) + op->dest.offset;

	fuzz_expect(cmd == GNTTABOP_copy && count == 1,
		    "a message is one copy");
	fuzz_expect(op->source.domid == state.netif.domid &&
		    op->flags == GNTCOPY_source_gref,
		    "a copy is out of a page that the guest granted");
	fuzz_expect(op->source.offset + op->len <= XEN_PAGE_SIZE,
		    "a copy stays within the guest's page");
	op->status = op->source.u.ref % 8 == 7 ? GNTST_bad_gntref : GNTST_okay;
	if (op->status == GNTST_okay)
		memcpy(to, (u8 *)state.entry + op->source.offset, op->len);
	return op->source.u.ref % 64 == 63 ? -EFAULT : 0;
}

void xenvif_set_broken(struct xen_netif *netif, const char *reason)
{
	set_bit(XENVIF_BROKEN, &netif->state);
}

int xenvif_ring_map(struct xen_netif *netif, grant_ref_t ref, const char *what,
		    unsigned int size, struct xenvif_ring_page *page)
{
	page->sring = state.sring;
	page->rsp_prod = state.sring->rsp_prod;
	return 0;
}

void xenvif_ring_unmap(struct xen_netif *netif, void *sring)
{
}

int bind_interdomain_evtchn_to_irqhandler_lateeoi(struct xenbus_device *xdev,
						  evtchn_port_t port,
						  irqreturn_t (*fn)(int irq,
								    void *data),
						  unsigned long flags,
						  const char *name, void *data)
{
	return 1;
}

void unbind_from_irqhandler(unsigned int irq, void *data)
{
}

void xen_irq_lateeoi(unsigned int irq, unsigned int flags)
{
}

void notify_remote_via_irq(int irq)
{
}

/* Packets are hashed by another target. */
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	return -EFAULT;
}

/* ------------------------------ settings ----------------------------- */

static void check_settings(const struct xenvif_hash *hash)
{
	unsigned int i;

	fuzz_expect(hash->algorithm == XEN_NETIF_CTRL_HASH_ALGORITHM_NONE ||
		    hash->algorithm == XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
		    "the algorithm is a known one");
	fuzz_expect(hash->flags < 16, "the hash types are known ones");
	fuzz_expect(hash->mapping_size <= XENVIF_HASH_MAPPING_MAX,
		    "the table is not longer than its memory");
	for (i = 0; i < XENVIF_HASH_MAPPING_MAX; i++)
		fuzz_expect(hash->mapping[i] < state.ctrl.num_queues,
			    "an entry of the table is a queue");
	for (i = hash->mapping_size; i < XENVIF_HASH_MAPPING_MAX; i++)
		fuzz_expect(!hash->mapping[i],
			    "nothing is written behind the table's end");
}

static void check_queue(const struct xenvif_hash *hash, u32 value, u8 queues)
{
	queues = queues ?: 1;
	fuzz_expect(xenvif_hash_queue(hash, value, queues) < queues,
		    "a packet goes to a queue that there is");
}

/* ------------------------------ messages ----------------------------- */

static unsigned int waiting(void)
{
	return state.sring->req_prod - state.ctrl.ring.req_cons;
}

static void post(struct fuzz_input *in)
{
	RING_IDX prod = state.sring->req_prod;
	struct xen_netif_ctrl_request req = {
		.id = fuzz_u8(in),
		.type = fuzz_u8(in),
		.data = { fuzz_u32(in), fuzz_u32(in), fuzz_u32(in) },
	};

	if (waiting() >= MESSAGES_MAX)
		return;
	*RING_GET_REQUEST(&state.ctrl.ring, prod) = req;
	state.posted[prod % MESSAGES_MAX] = req;
	state.sring->req_prod = prod + 1;
}

static void check_response(RING_IDX at)
{
	const struct xen_netif_ctrl_response *rsp =
		RING_GET_RESPONSE(&state.ctrl.ring, at);
	const struct xen_netif_ctrl_request *req =
		&state.posted[at % MESSAGES_MAX];

	fuzz_expect(rsp->id == req->id && rsp->type == req->type,
		    "a response has id and type of its message");
	fuzz_expect(rsp->status <= STATUS_MAX, "a status is a known one");
	fuzz_expect(!rsp->data || (rsp->status ==
		    XEN_NETIF_CTRL_STATUS_SUCCESS && ctrl_only_asks(req->type)),
		    "a response has data only if it was asked for some");
	state.refused += rsp->status != XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/* What was refused has changed nothing, and a question changes nothing. */
static void check_unchanged(const struct xenvif_hash *was, RING_IDX at)
{
	const struct xen_netif_ctrl_response *rsp =
		RING_GET_RESPONSE(&state.ctrl.ring, at);
	static const struct xenvif_hash nothing;

	if (rsp->status == XEN_NETIF_CTRL_STATUS_SUCCESS &&
	    !ctrl_only_asks(rsp->type))
		return;
	fuzz_expect(!memcmp(was, state.ctrl.hash ?: &nothing, sizeof(*was)),
		    "a message that is refused changes nothing");
}

static void serve(void)
{
	struct xenvif_hash was = {};
	RING_IDX begin = state.ctrl.ring.req_cons, at;
	unsigned int nr = waiting();
	unsigned long messages = state.ctrl.messages;
	bool broken = test_bit(XENVIF_BROKEN, &state.netif.state);

	if (state.ctrl.hash)
		was = *state.ctrl.hash;
	state.ctrl.work.work.func(&state.ctrl.work.work);
	if (broken || nr > MESSAGES_MAX) {
		fuzz_expect(test_bit(XENVIF_BROKEN, &state.netif.state) &&
			    state.ctrl.messages == messages,
			    "impossible indices end the guest's service");
		return;
	}
	if (state.ctrl.ring.req_cons == begin && nr) {
		fuzz_expect(state.ctrl.messages == messages,
			    "without memory nothing is answered");
		return;
	}
	fuzz_expect(state.ctrl.ring.req_cons == begin + nr &&
		    state.sring->rsp_prod == begin + nr &&
		    state.ctrl.messages == messages + nr,
		    "each message has one response");
	for (at = begin; at != begin + nr; at++)
		check_response(at);
	fuzz_expect(state.ctrl.refused == state.refused,
		    "messages that are refused are counted");
	if (nr == 1)
		check_unchanged(&was, begin);
	if (state.ctrl.hash)
		check_settings(state.ctrl.hash);
}

/* Words of the page that messages refer to: numbers of queues, or nearly. */
static void write_page(struct fuzz_input *in)
{
	u8 at = fuzz_u8(in) % 160, nr = fuzz_u8(in) % 64, step = fuzz_u8(in);
	u16 first = fuzz_u16(in);
	unsigned int i;

	for (i = 0; i < nr; i++)
		state.entry[at + i] = first + i * step;
}

static void step(struct fuzz_input *in)
{
	switch (fuzz_u8(in) % 8) {
	case 0:
	case 1:
		serve();
		break;
	case 2:
		write_page(in);
		break;
	case 3:
		if (state.ctrl.hash)
			check_queue(state.ctrl.hash, fuzz_u32(in), fuzz_u8(in));
		break;
	case 4:
		fuzz_fail_alloc(fuzz_u8(in) % 4);
		break;
	case 5:
		/* An index that no honest guest has. */
		if (fuzz_u8(in) == 255)
			state.sring->req_prod += fuzz_u32(in);
		break;
	default:
		post(in);
		break;
	}
}

void fuzz_one(struct fuzz_input *in)
{
	RING_IDX start;

	memset(&state, 0, sizeof(state));
	state.netif.domid = 7;
	state.netif.dev = &(struct net_device){ .name = "vif7.0" };
	state.sring = calloc(1, XEN_PAGE_SIZE);
	if (!state.sring)
		abort();
	xenvif_ctrl_init(&state.ctrl, &state.netif);
	state.ctrl.num_queues = 1 + fuzz_u8(in) % 64;
	start = fuzz_u32(in);
	state.sring->req_prod = start;
	state.sring->rsp_prod = start;
	if (xenvif_ctrl_connect(&state.ctrl, 1, 1, state.ctrl.num_queues))
		abort();
	while (in->left)
		step(in);
	fuzz_fail_alloc(0);
	serve();
	xenvif_ctrl_disconnect(&state.ctrl);
	free(state.sring);
}
