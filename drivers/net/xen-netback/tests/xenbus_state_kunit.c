// SPDX-License-Identifier: GPL-2.0
/* Tests of xenbus_state.c, which includes this file: the price of answers. */

#include <kunit/test.h>
#include <linux/ktime.h>

#define STATE_CASE(fn, says) { .run_case = fn, .name = says }

static const enum xenbus_state own_states[] = {
	XenbusStateInitialising, XenbusStateInitWait, XenbusStateConnected,
	XenbusStateClosing, XenbusStateClosed,
};

/* Where state_follow() leads. */
static enum xenbus_state goal_of(enum xenbus_state own,
				 enum xenbus_state frontend)
{
	switch (frontend) {
	case XenbusStateInitialising:
		return XenbusStateInitWait;
	case XenbusStateInitialised:
		return own;
	case XenbusStateConnected:
		return XenbusStateConnected;
	case XenbusStateReconfiguring:
		return own == XenbusStateInitWait ? XenbusStateConnected : own;
	case XenbusStateClosed:
	case XenbusStateUnknown:
		return XenbusStateClosed;
	default:
		return XenbusStateClosing;
	}
}

/* Then any sequence of states has a bounded part that is free: one way down for
 * each connection, and one into Closed for each answer that was paid for.
 */
static void free_answers_end(struct kunit *test)
{
	struct xenvif_backend backend = {};
	unsigned int i, frontend;

	for (i = 0; i < ARRAY_SIZE(own_states); i++) {
		backend.state = own_states[i];
		for (frontend = 0; frontend <= XenbusStateReconfigured + 1;
		     frontend++) {
			enum xenbus_state goal;

			goal = goal_of(backend.state, frontend);
			if (!state_is_free(&backend, frontend))
				continue;
			KUNIT_EXPECT_TRUE_MSG(test, goal == backend.state ||
					      goal == XenbusStateClosed ||
					      goal == XenbusStateConnected ||
					      backend.state ==
						XenbusStateConnected,
					      "%u to %u", backend.state,
					      frontend);
			if (backend.state == XenbusStateClosed)
				KUNIT_EXPECT_EQ(test, goal, XenbusStateClosed);
		}
	}
}

static void way_down_is_free(struct kunit *test)
{
	struct xenvif_backend backend = { .state = XenbusStateConnected };

	KUNIT_EXPECT_TRUE(test,
			  state_is_free(&backend, XenbusStateInitialising));
	KUNIT_EXPECT_TRUE(test, state_is_free(&backend, XenbusStateClosing));
	KUNIT_EXPECT_TRUE(test, state_is_free(&backend, XenbusStateClosed));
	KUNIT_EXPECT_TRUE(test, state_is_free(&backend, XenbusStateUnknown));
	KUNIT_EXPECT_FALSE(test, state_is_free(&backend, XenbusStateConnected));
	KUNIT_EXPECT_FALSE(test,
			   state_is_free(&backend, XenbusStateReconfiguring));
}

static void allowance_ends(struct kunit *test)
{
	struct xenvif_allowance allowance = {};
	unsigned int i;

	xenvif_allowance_init(&allowance, &answer_rate, ANSWERS_AT_ONCE);
	/* For a bucket filled later than now, no time passes. */
	allowance.bucket.filled += 3600ULL * NSEC_PER_SEC;
	for (i = 0; i < ANSWERS_AT_ONCE; i++)
		KUNIT_EXPECT_TRUE(test, xenvif_allow(&allowance));
	KUNIT_EXPECT_FALSE(test, xenvif_allow(&allowance));
	allowance.bucket.filled = ktime_get_ns() - NSEC_PER_SEC;
	KUNIT_EXPECT_TRUE(test, xenvif_allow(&allowance));
}

static struct kunit_case state_cases[] = {
	STATE_CASE(free_answers_end,
		   "a frontend cannot go round by answers that are free"),
	STATE_CASE(way_down_is_free,
		   "a frontend that leaves Connected is followed at once"),
	STATE_CASE(allowance_ends,
		   "answers are limited, and come again with time"),
	{}
};

static struct kunit_suite state_suite = {
	.name = "xen-netback-state",
	.test_cases = state_cases,
};

kunit_test_suites(&state_suite);
