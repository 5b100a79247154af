// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of ctrl.c, which includes this file: messages on a ring that no guest
 * shares, but for those that refer to a guest's page.
 */

#include <kunit/test.h>

#define CTRL_CASE(fn, says) { .run_case = fn, .name = says }

#define CTRL_TEST_ID 0xa500

/* A few messages before the indices wrap. */
#define CTRL_TEST_START 0xfffffffbU

/**
 * struct ctrl_state - what a case works on
 * @netif: of the ring, not connected
 * @ctrl: with a ring, without an event
 * @ring: the guest's view of it
 * @broken: the netif was found to be broken
 */
struct ctrl_state {
	struct xen_netif netif;
	struct xenvif_ctrl ctrl;
	struct xen_netif_ctrl_sring *ring;
	bool broken;
};

static void note_broken(struct work_struct *work)
{
	struct xen_netif *netif = container_of(work, struct xen_netif,
					       broken_work);

	container_of(netif, struct ctrl_state, netif)->broken = true;
}

static int ctrl_test_init(struct kunit *test)
{
	struct ctrl_state *state = kunit_kzalloc(test, sizeof(*state),
						 GFP_KERNEL);
	struct xen_netif_ctrl_sring *ring = kunit_kzalloc(test, XEN_PAGE_SIZE,
							  GFP_KERNEL);

	if (!state || !ring)
		return -ENOMEM;
	SHARED_RING_INIT(ring);
	ring->req_prod = CTRL_TEST_START;
	ring->rsp_prod = CTRL_TEST_START;
	state->ring = ring;
	INIT_WORK(&state->netif.broken_work, note_broken);
	xenvif_ctrl_init(&state->ctrl, &state->netif);
	BACK_RING_ATTACH(&state->ctrl.ring, ring, CTRL_TEST_START,
			 XEN_PAGE_SIZE);
	state->ctrl.num_queues = 4;
	state->ctrl.buffer = kzalloc(BUFFER_BYTES, GFP_KERNEL);
	test->priv = state;
	return state->ctrl.buffer ? 0 : -ENOMEM;
}

static void ctrl_test_exit(struct kunit *test)
{
	struct ctrl_state *state = test->priv;

	if (!state)
		return;
	/* It is no mapping of a guest's. */
	state->ctrl.ring.sring = NULL;
	xenvif_ctrl_disconnect(&state->ctrl);
	cancel_work_sync(&state->netif.broken_work);
	test->priv = NULL;
}

static const struct xenvif_hash *hash_of(const struct ctrl_state *state)
{
	return rcu_dereference_protected(state->ctrl.hash, true);
}

static void post(struct ctrl_state *state, u16 type, u32 data0, u32 data1,
		 u32 data2)
{
	RING_IDX prod = state->ring->req_prod++;
	struct xen_netif_ctrl_request *req =
		RING_GET_REQUEST(&state->ctrl.ring, prod);

	/* All of the slot, which is longer than a response. */
	memset(req, 0xee, sizeof(*req));
	req->id = CTRL_TEST_ID + prod;
	req->type = type;
	req->data[0] = data0;
	req->data[1] = data1;
	req->data[2] = data2;
}

static void answer_posted(struct kunit *test)
{
	struct ctrl_state *state = test->priv;
	struct xenvif_ctrl *ctrl = &state->ctrl;

	KUNIT_ASSERT_TRUE(test,
			  ctrl_answer_batch(ctrl, state->ring->req_prod -
					     ctrl->ring.req_cons));
	KUNIT_EXPECT_EQ(test, ctrl->ring.req_cons, state->ring->req_prod);
	KUNIT_EXPECT_EQ(test, ctrl->ring.rsp_prod_pvt, state->ring->req_prod);
}

/* The response to the message that was posted as number @nr. */
static const struct xen_netif_ctrl_response *response(struct kunit *test,
						      unsigned int nr,
						      u16 type)
{
	struct ctrl_state *state = test->priv;
	RING_IDX at = CTRL_TEST_START + nr;
	const struct xen_netif_ctrl_response *rsp =
		RING_GET_RESPONSE(&state->ctrl.ring, at);

	KUNIT_EXPECT_EQ(test, rsp->id, (u16)(CTRL_TEST_ID + at));
	KUNIT_EXPECT_EQ(test, rsp->type, type);
	return rsp;
}

static void expect_status(struct kunit *test, unsigned int nr, u16 type,
			  u32 status, u32 data)
{
	const struct xen_netif_ctrl_response *rsp = response(test, nr, type);

	KUNIT_EXPECT_EQ(test, rsp->status, status);
	KUNIT_EXPECT_EQ(test, rsp->data, data);
}

/* One message, one response; @nr counts them in a case. */
static void expect_answer(struct kunit *test, unsigned int nr,
			  const struct xen_netif_ctrl_request *req, u32 status)
{
	post(test->priv, req->type, req->data[0], req->data[1], req->data[2]);
	answer_posted(test);
	expect_status(test, nr, req->type, status, 0);
}

static void choose_toeplitz(struct kunit *test)
{
	post(test->priv, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
	     XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ, 0, 0);
}

/* ------------------------------ messages ----------------------------- */

/* As a frontend sets up, across the wrap of the indices. */
static void ctrl_test_set_up(struct kunit *test)
{
	struct ctrl_state *state = test->priv;
	const struct xenvif_hash *hash;
	unsigned int nr;

	KUNIT_EXPECT_NULL(test, hash_of(state));
	choose_toeplitz(test);
	post(state, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, 0, 0, 0);
	post(state, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, 5, 0, 0);
	post(state, XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE, 0, 0, 0);
	for (nr = 1; nr <= 9; nr++)
		post(state, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, nr, 0,
		     0);
	answer_posted(test);

	expect_status(test, 0, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
		      XEN_NETIF_CTRL_STATUS_SUCCESS, 0);
	expect_status(test, 1, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS,
		      XEN_NETIF_CTRL_STATUS_SUCCESS, 15);
	expect_status(test, 2, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS,
		      XEN_NETIF_CTRL_STATUS_SUCCESS, 0);
	expect_status(test, 3, XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE,
		      XEN_NETIF_CTRL_STATUS_SUCCESS, 128);
	for (nr = 1; nr <= 9; nr++)
		expect_status(test, 3 + nr,
			      XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE,
			      XEN_NETIF_CTRL_STATUS_SUCCESS, 0);

	hash = hash_of(state);
	KUNIT_ASSERT_NOT_NULL(test, hash);
	KUNIT_EXPECT_EQ(test, hash->algorithm,
			(u32)XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	KUNIT_EXPECT_EQ(test, hash->flags, 5U);
	KUNIT_EXPECT_EQ(test, hash->mapping_size, 9U);
	KUNIT_EXPECT_EQ(test, state->ctrl.messages, 13UL);
	KUNIT_EXPECT_EQ(test, state->ctrl.refused, 0UL);
}

/* A later batch goes on from what an earlier one has set, in another copy. */
static void ctrl_test_replace(struct kunit *test)
{
	struct ctrl_state *state = test->priv;
	const struct xenvif_hash *first;

	choose_toeplitz(test);
	answer_posted(test);
	first = hash_of(state);
	KUNIT_ASSERT_NOT_NULL(test, first);

	post(state, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, 3, 0, 0);
	answer_posted(test);
	KUNIT_EXPECT_PTR_NE(test, hash_of(state), first);
	KUNIT_EXPECT_EQ(test, hash_of(state)->algorithm,
			(u32)XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	KUNIT_EXPECT_EQ(test, hash_of(state)->mapping_size, 3U);
}

/* Questions and refused messages leave everything as it was. */
static void ctrl_test_unchanged(struct kunit *test)
{
	struct ctrl_state *state = test->priv;
	const struct xenvif_hash *before;

	post(state, XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE, 0, 0, 0);
	post(state, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, 0, 0, 0);
	post(state, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, 1, 0, 0);
	answer_posted(test);
	expect_status(test, 1, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS,
		      XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED, 0);
	expect_status(test, 2, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS,
		      XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED, 0);
	KUNIT_EXPECT_NULL(test, hash_of(state));
	KUNIT_EXPECT_EQ(test, state->ctrl.refused, 2UL);

	choose_toeplitz(test);
	answer_posted(test);
	before = hash_of(state);
	post(state, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, 0, 0, 0);
	post(state, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, 16, 0, 0);
	answer_posted(test);
	KUNIT_EXPECT_PTR_EQ(test, hash_of(state), before);
}

static void ctrl_test_unknown(struct kunit *test)
{
	static const u16 types[] = {
		XEN_NETIF_CTRL_TYPE_INVALID, 8, 9, 10, 11, 0xffff,
	};
	struct ctrl_state *state = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		const struct xen_netif_ctrl_request req = { .type = types[i] };

		expect_answer(test, i, &req,
			      XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED);
	}
	KUNIT_EXPECT_NULL(test, hash_of(state));
}

/* Sizes are refused before anything is copied: with what status shows it, since
 * these grants would not.
 */
static void ctrl_test_sizes(struct kunit *test)
{
	static const struct {
		struct xen_netif_ctrl_request req;
		u32 status;
	} messages[] = {
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_KEY,
		    .data = { 0, 41, 0 } },
		  XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_KEY,
		    .data = { 0, 0xffffffff, 0 } },
		  XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_KEY },
		  XEN_NETIF_CTRL_STATUS_SUCCESS },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE,
		    .data = { 129, 0, 0 } },
		  XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING,
		    .data = { 0, 1, 0 } },
		  XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING,
		    .data = { 0, 129, 0 } },
		  XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING,
		    .data = { 0, 0x20, 0xfffffff0 } },
		  XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING },
		  XEN_NETIF_CTRL_STATUS_SUCCESS },
		{ { .type = XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
		    .data = { 2, 0, 0 } },
		  XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		expect_answer(test, i, &messages[i].req, messages[i].status);
}

static void ctrl_test_full(struct kunit *test)
{
	struct ctrl_state *state = test->priv;
	unsigned int nr, size = RING_SIZE(&state->ctrl.ring);

	for (nr = 0; nr < size; nr++)
		post(state, nr, 0, 0, 0);
	answer_posted(test);
	for (nr = 0; nr < size; nr++)
		response(test, nr, nr);
}

/* ------------------------------- events ------------------------------ */

static void ctrl_test_impossible(struct kunit *test)
{
	static const u32 ahead[] = { 1, 0x7fffff00, 0xfffffeff };
	struct ctrl_state *state = test->priv;
	struct xenvif_ctrl *ctrl = &state->ctrl;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ahead); i++) {
		state->broken = false;
		clear_bit(XENVIF_BROKEN, &state->netif.state);
		state->ring->req_prod = CTRL_TEST_START +
					RING_SIZE(&ctrl->ring) + ahead[i];
		ctrl_serve(&ctrl->work.work);
		flush_work(&state->netif.broken_work);
		KUNIT_EXPECT_TRUE(test, state->broken);
		KUNIT_EXPECT_EQ(test, ctrl->ring.req_cons, CTRL_TEST_START);
		KUNIT_EXPECT_EQ(test, state->ring->rsp_prod, CTRL_TEST_START);
	}
}

static void ctrl_test_broken(struct kunit *test)
{
	struct ctrl_state *state = test->priv;
	struct xenvif_ctrl *ctrl = &state->ctrl;

	choose_toeplitz(test);
	set_bit(XENVIF_BROKEN, &state->netif.state);
	ctrl_serve(&ctrl->work.work);
	KUNIT_EXPECT_EQ(test, ctrl->ring.req_cons, CTRL_TEST_START);
	KUNIT_EXPECT_NULL(test, hash_of(state));
}

static void ctrl_test_disconnect(struct kunit *test)
{
	struct ctrl_state *state = test->priv;

	choose_toeplitz(test);
	answer_posted(test);
	KUNIT_EXPECT_NOT_NULL(test, hash_of(state));
	state->ctrl.ring.sring = NULL;
	xenvif_ctrl_disconnect(&state->ctrl);
	KUNIT_EXPECT_NULL(test, hash_of(state));
	KUNIT_EXPECT_NULL(test, state->ctrl.buffer);
	xenvif_ctrl_disconnect(&state->ctrl);
	KUNIT_EXPECT_NULL(test, hash_of(state));
}

static struct kunit_case ctrl_cases[] = {
	CTRL_CASE(ctrl_test_set_up,
		  "a batch of messages applies every setting"),
	CTRL_CASE(ctrl_test_replace,
		  "a later batch keeps the settings of earlier ones"),
	CTRL_CASE(ctrl_test_unchanged,
		  "queries and refused messages change no setting"),
	CTRL_CASE(ctrl_test_unknown, "unknown messages are not supported"),
	CTRL_CASE(ctrl_test_sizes,
		  "sizes are checked before anything is copied"),
	CTRL_CASE(ctrl_test_full, "a full ring is answered at once"),
	CTRL_CASE(ctrl_test_impossible,
		  "an impossible number of messages breaks the netif"),
	CTRL_CASE(ctrl_test_broken,
		  "messages of a broken netif are not served"),
	CTRL_CASE(ctrl_test_disconnect,
		  "disconnecting frees all settings of a guest"),
	{}
};

static struct kunit_suite ctrl_suite = {
	.name = "xen-netback-ctrl",
	.init = ctrl_test_init,
	.exit = ctrl_test_exit,
	.test_cases = ctrl_cases,
};

kunit_test_suites(&ctrl_suite);
