/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of both directions: where the bytes of a packet lie in our memory,
 * and whether a copy names that place.
 */
#ifndef _XEN_NETBACK_TEST_LOCAL_H
#define _XEN_NETBACK_TEST_LOCAL_H

struct gnttab_copy_ptr;
struct kunit;
struct sk_buff;

void netbk_test_expect_local(struct kunit *test, const struct sk_buff *skb,
			     unsigned int at, unsigned int len,
			     const struct gnttab_copy_ptr *ptr);

#endif /* _XEN_NETBACK_TEST_LOCAL_H */
