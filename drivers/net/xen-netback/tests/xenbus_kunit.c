// SPDX-License-Identifier: GPL-2.0
/* Tests of xenbus.c, which includes this file: hotplug scripts. */

#include <kunit/test.h>

#define XENBUS_CASE(fn, says) { .run_case = fn, .name = says }

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
	XENBUS_CASE(script_has_name,
		    "only a script with a name holds packets back"),
	{}
};

static struct kunit_suite xenbus_suite = {
	.name = "xen-netback-xenbus",
	.test_cases = xenbus_cases,
};

kunit_test_suites(&xenbus_suite);
