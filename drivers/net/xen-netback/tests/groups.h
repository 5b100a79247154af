/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of where queues are: groups whose workers work, and queues.
 */
#ifndef _XEN_NETBACK_TEST_GROUPS_H
#define _XEN_NETBACK_TEST_GROUPS_H

struct kunit;
struct kunit_suite;
struct xen_netif;

int netbk_test_groups_init(struct kunit_suite *suite);
void netbk_test_groups_exit(struct kunit_suite *suite);
struct xen_netif *netbk_test_netif(struct kunit *test, unsigned int nr);

#endif /* _XEN_NETBACK_TEST_GROUPS_H */
