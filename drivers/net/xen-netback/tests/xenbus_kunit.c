// SPDX-License-Identifier: GPL-2.0
/* Tests of xenbus.c, which includes this file: price of answers, scripts. */

#include <kunit/test.h>

#define XENBUS_CASE(fn, says) { .run_case = fn, .name = says }

static const enum xenbus_state own_states[] = {
	XenbusStateInitialising, XenbusStateInitWait, XenbusStateConnected,
	XenbusStateClosing, XenbusStateClosed,
};

/* Where netback_follow() leads. */
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
	struct netback_device nb = {};
	unsigned int i, frontend;

	for (i = 0; i < ARRAY_SIZE(own_states); i++) {
		nb.state = own_states[i];
		for (frontend = 0; frontend <= XenbusStateReconfigured + 1;
		     frontend++) {
			enum xenbus_state goal = goal_of(nb.state, frontend);

			if (!netback_is_free(&nb, frontend))
				continue;
			KUNIT_EXPECT_TRUE_MSG(test, goal == nb.state ||
					      goal == XenbusStateClosed ||
					      goal == XenbusStateConnected ||
					      nb.state == XenbusStateConnected,
					      "%u to %u", nb.state, frontend);
			if (nb.state == XenbusStateClosed)
				KUNIT_EXPECT_EQ(test, goal, XenbusStateClosed);
		}
	}
}

static void way_down_is_free(struct kunit *test)
{
	struct netback_device nb = { .state = XenbusStateConnected };

	KUNIT_EXPECT_TRUE(test, netback_is_free(&nb, XenbusStateInitialising));
	KUNIT_EXPECT_TRUE(test, netback_is_free(&nb, XenbusStateClosing));
	KUNIT_EXPECT_TRUE(test, netback_is_free(&nb, XenbusStateClosed));
	KUNIT_EXPECT_TRUE(test, netback_is_free(&nb, XenbusStateUnknown));
	KUNIT_EXPECT_FALSE(test, netback_is_free(&nb, XenbusStateConnected));
	KUNIT_EXPECT_FALSE(test,
			   netback_is_free(&nb, XenbusStateReconfiguring));
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

static void script_has_name(struct kunit *test)
{
	struct netback_device nb = {};

	KUNIT_EXPECT_FALSE(test, netback_has_script(&nb));
	nb.script = "";
	KUNIT_EXPECT_FALSE(test, netback_has_script(&nb));
	nb.script = "/etc/xen/scripts/vif-bridge";
	KUNIT_EXPECT_TRUE(test, netback_has_script(&nb));
}

static struct kunit_case xenbus_cases[] = {
	XENBUS_CASE(free_answers_end,
		    "a frontend cannot go round by answers that are free"),
	XENBUS_CASE(way_down_is_free,
		    "a frontend that leaves Connected is followed at once"),
	XENBUS_CASE(allowance_ends,
		    "answers are limited, and come again with time"),
	XENBUS_CASE(script_has_name,
		    "a script is awaited only if the toolstack names one"),
	{}
};

static struct kunit_suite xenbus_suite = {
	.name = "xen-netback-xenbus",
	.test_cases = xenbus_cases,
};

kunit_test_suites(&xenbus_suite);
