// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of tx_parse.c: what a guest may put on its Tx ring, and what it may
 * try. They need neither Xen nor a kernel: tests/unit runs them in user space
 * too.
 */

#include "../tx_parse.h"

#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <xen/interface/io/ring.h>
#include <xen/page.h>

#include "guest_tx.h"

/* Random rings. In a kernel that watches every access to memory, on a machine
 * that is emulated, a ring takes some hundred times as long.
 */
#ifdef __KERNEL__
#define ROUNDS 500
#else
#define ROUNDS 20000
#endif

#define TXPARSE_CASE(fn, says) { .run_case = fn, .name = says }

static int txparse_init(struct kunit *test)
{
	struct netbk_guest_tx *tx;

	tx = kunit_kzalloc(test, sizeof(*tx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tx);
	tx->sring = kunit_kzalloc(test, XEN_PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tx->sring);
	netbk_guest_restart(tx, 0);
	test->priv = tx;
	return 0;
}

static enum xenvif_tx_verdict parse(struct netbk_guest_tx *tx)
{
	return xenvif_tx_parse(&tx->ring, tx->prod - tx->ring.req_cons,
			       NETBK_TEST_FATAL_SLOTS, &tx->desc, tx->slot);
}

/* ------------------------ well-formed packets ------------------------ */

static void single(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_csum_blank, 200, 60);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.len, 60);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_slots, 1);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_extras, 0);
	KUNIT_EXPECT_EQ(test, tx->desc.gso_size, 0);
	KUNIT_EXPECT_EQ(test, tx->desc.flags, XEN_NETTXF_csum_blank);
	KUNIT_EXPECT_EQ(test, tx->slot[0].offset, 200);
	KUNIT_EXPECT_EQ(test, tx->slot[0].size, 60);
	KUNIT_EXPECT_EQ(test, tx->ring.req_cons, 1);
}

static void first_size(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 3000);
	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 1000);
	netbk_guest_put(tx, 0, 96, 1900);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.len, 3000);
	KUNIT_ASSERT_EQ(test, tx->desc.nr_slots, 3);
	KUNIT_EXPECT_EQ(test, tx->slot[0].size, 100);
	KUNIT_EXPECT_EQ(test, tx->slot[1].size, 1000);
	KUNIT_EXPECT_EQ(test, tx->slot[2].size, 1900);
	KUNIT_EXPECT_EQ(test, tx->slot[2].offset, 96);
	KUNIT_EXPECT_EQ(test, tx->slot[2].id, 2);
}

static void gso(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 2000);
	netbk_guest_gso(tx, XEN_NETIF_GSO_TYPE_TCPV6, 1400);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.gso_size, 1400);
	KUNIT_EXPECT_EQ(test, tx->desc.gso_type, XEN_NETIF_GSO_TYPE_TCPV6);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_extras, 1);
	KUNIT_EXPECT_EQ(test, tx->ring.req_cons, 2);
}

/* None is defined, so that a frontend can't mean anything by one. */
static void gso_features(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;
	struct xen_netif_extra_info *extra;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 2000);
	extra = netbk_guest_extra(tx, XEN_NETIF_EXTRA_TYPE_GSO, 0);
	extra->u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
	extra->u.gso.size = 1400;
	extra->u.gso.features = 0xffff;
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.gso_size, 1400);
}

static void extra_chain(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 2000);
	netbk_guest_extra(tx, XEN_NETIF_EXTRA_TYPE_HASH,
			  XEN_NETIF_EXTRA_FLAG_MORE);
	netbk_guest_gso(tx, XEN_NETIF_GSO_TYPE_TCPV4, 1000);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.gso_size, 1000);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_extras, 2);
}

static void index_wrap(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_restart(tx, 0xfffffffe);
	netbk_guest_chain(tx, 5);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_ASSERT_EQ(test, tx->desc.nr_slots, 6);
	KUNIT_EXPECT_EQ(test, tx->ring.req_cons, 4);
	KUNIT_EXPECT_EQ(test, tx->slot[0].gref, 0xfffffffe);
	KUNIT_EXPECT_EQ(test, tx->slot[5].gref, 3);
}

static void empty_slots(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 60);
	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 0);
	netbk_guest_put(tx, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_ASSERT_EQ(test, tx->desc.nr_slots, 3);
	KUNIT_EXPECT_EQ(test, tx->slot[0].size, 60);
	KUNIT_EXPECT_EQ(test, tx->slot[1].size, 0);
	KUNIT_EXPECT_EQ(test, tx->slot[2].size, 0);
}

static void short_first(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 4093, 60);
	netbk_guest_put(tx, 0, 0, 57);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->slot[0].size, 3);
}

static void put_mcast(struct netbk_guest_tx *tx, u8 type, u8 flags, u8 last)
{
	struct xen_netif_extra_info *extra;

	extra = netbk_guest_extra(tx, type, flags);
	extra->u.mcast.addr[0] = 0x33;
	extra->u.mcast.addr[5] = last;
}

static void pseudo(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 0);
	put_mcast(tx, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 0, 7);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PSEUDO);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_slots, 1);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_extras, 1);
	KUNIT_EXPECT_EQ(test, tx->desc.mcasts, BIT(XENVIF_TX_MCAST_ADD));
	KUNIT_EXPECT_EQ(test, tx->desc.mcast_addr[XENVIF_TX_MCAST_ADD][0],
			0x33);
	KUNIT_EXPECT_EQ(test, tx->desc.mcast_addr[XENVIF_TX_MCAST_ADD][5], 7);
}

static void pseudo_both(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 0);
	put_mcast(tx, XEN_NETIF_EXTRA_TYPE_MCAST_DEL,
		  XEN_NETIF_EXTRA_FLAG_MORE, 1);
	put_mcast(tx, XEN_NETIF_EXTRA_TYPE_MCAST_ADD,
		  XEN_NETIF_EXTRA_FLAG_MORE, 2);
	put_mcast(tx, XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 0, 3);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PSEUDO);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_extras, 3);
	KUNIT_EXPECT_EQ(test, tx->desc.mcasts,
			BIT(XENVIF_TX_MCAST_ADD) | BIT(XENVIF_TX_MCAST_DEL));
	KUNIT_EXPECT_EQ(test, tx->desc.mcast_addr[XENVIF_TX_MCAST_ADD][5], 2);
	KUNIT_EXPECT_EQ(test, tx->desc.mcast_addr[XENVIF_TX_MCAST_DEL][5], 3);
}

static void put_hash(struct netbk_guest_tx *tx, u8 type, u8 algorithm)
{
	struct xen_netif_extra_info *extra;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 100);
	extra = netbk_guest_extra(tx, XEN_NETIF_EXTRA_TYPE_HASH, 0);
	extra->u.hash.type = type;
	extra->u.hash.algorithm = algorithm;
	extra->u.hash.value[0] = 0x11;
	extra->u.hash.value[1] = 0x22;
	extra->u.hash.value[2] = 0x33;
	extra->u.hash.value[3] = 0x94;
}

static void hash(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	put_hash(tx, _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP,
		 XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.hash_types,
			XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP);
	KUNIT_EXPECT_EQ(test, tx->desc.hash, 0x94332211);
}

/* A shift by a type of the guest's choice goes nowhere. */
static void hash_unknown(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	put_hash(tx, 4, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	put_hash(tx, 255, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	put_hash(tx, 0, 2);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.hash_types, 0);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.hash_types, 0);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.hash_types, 0);
}

/* --------------------------- limits of slots ------------------------- */

static void most_slots(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_chain(tx, 18);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_slots, 19);
}

static void refused_slots(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;
	unsigned int more;

	for (more = 19; more <= NETBK_TEST_FATAL_SLOTS; more++) {
		netbk_guest_restart(tx, 0);
		netbk_guest_chain(tx, more);
		KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_BAD);
		KUNIT_EXPECT_EQ(test, tx->desc.nr_slots, more + 1);
		KUNIT_EXPECT_EQ(test, tx->ring.req_cons, tx->prod);
	}
}

static void fatal_slots(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_chain(tx, NETBK_TEST_FATAL_SLOTS + 1);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

/* --------------------- what a hostile guest tries -------------------- */

static void first_crosses(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, 0, 4000, 97);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void later_crosses(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 5000);
	netbk_guest_put(tx, 0, 4000, 97);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void slots_missing(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 200);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void extra_missing(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 200);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void extra_unknown(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 200);
	netbk_guest_extra(tx, XEN_NETIF_EXTRA_TYPE_MAX, 0);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void gso_size_zero(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 200);
	netbk_guest_gso(tx, XEN_NETIF_GSO_TYPE_TCPV4, 0);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void gso_unknown(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 200);
	netbk_guest_gso(tx, 77, 100);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
}

static void too_short(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, 0, 0, ETH_HLEN - 1);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_BAD);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_slots, 1);
}

static void too_full(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 100);
	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 101);
	netbk_guest_put(tx, 0, 0, 10);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_BAD);
	KUNIT_EXPECT_EQ(test, tx->desc.nr_slots, 3);
	KUNIT_EXPECT_EQ(test, tx->ring.req_cons, 3);

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 100);
	netbk_guest_put(tx, 0, 0, 101);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_BAD);
	KUNIT_EXPECT_EQ(test, tx->ring.req_cons, 5);
}

/* All bytes may be in the slots after the first. */
static void empty_first(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_more_data, 0, 100);
	netbk_guest_put(tx, 0, 0, 100);
	KUNIT_ASSERT_EQ(test, parse(tx), XENVIF_TX_PACKET);
	KUNIT_EXPECT_EQ(test, tx->slot[0].size, 0);
	KUNIT_EXPECT_EQ(test, tx->slot[1].size, 100);
}

static void gso_size_tiny(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 2000);
	netbk_guest_gso(tx, XEN_NETIF_GSO_TYPE_TCPV4, 1);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_BAD);
}

/* Five pages. */
static enum xenvif_tx_verdict parse_gso_pages(struct kunit *test, u16 gso_size)
{
	struct netbk_guest_tx *tx = test->priv;
	unsigned int i;

	netbk_guest_put(tx, XEN_NETTXF_extra_info | XEN_NETTXF_more_data, 0,
			5 * XEN_PAGE_SIZE);
	netbk_guest_gso(tx, XEN_NETIF_GSO_TYPE_TCPV4, gso_size);
	for (i = 0; i < 4; i++)
		netbk_guest_put(tx, i < 3 ? XEN_NETTXF_more_data : 0, 0,
				XEN_PAGE_SIZE);
	return parse(tx);
}

static void gso_segs_most(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_gso_pages(test, 10), XENVIF_TX_PACKET);
}

static void gso_segs_too_many(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_gso_pages(test, 9), XENVIF_TX_BAD);
}

static void endless_extras(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;
	unsigned int i;

	netbk_guest_put(tx, XEN_NETTXF_extra_info, 0, 60);
	for (i = 1; i < NETBK_TEST_RING_SLOTS; i++)
		netbk_guest_extra(tx, XEN_NETIF_EXTRA_TYPE_HASH,
				  XEN_NETIF_EXTRA_FLAG_MORE);
	KUNIT_EXPECT_EQ(test, parse(tx), XENVIF_TX_FATAL);
	KUNIT_EXPECT_EQ(test, tx->ring.req_cons, NETBK_TEST_RING_SLOTS);
}

/* ------- random rings, changed by a second CPU while they are read ---- */

static int scribble(void *data)
{
	struct netbk_guest_tx *tx = data;
	const size_t start = offsetof(struct xen_netif_tx_sring, ring);
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 42);
	while (!kthread_should_stop()) {
		for (i = 0; i < 1000; i++) {
			u32 random = prandom_u32_state(&rnd);
			u8 *byte = (u8 *)tx->sring + start +
				   (random >> 8) % (XEN_PAGE_SIZE - start);

			WRITE_ONCE(*byte, (u8)random);
		}
		WRITE_ONCE(tx->scribbled, true);
		cond_resched();
	}
	return 0;
}

/* Says what is wrong with an accepted packet, NULL if nothing is. */
static const char *complaint(const struct netbk_guest_tx *tx,
			     enum xenvif_tx_verdict verdict, RING_IDX before)
{
	const struct xenvif_tx_desc *desc = &tx->desc;
	unsigned int i, sum = 0;

	if (verdict == XENVIF_TX_FATAL)
		return desc->reason ? NULL : "fatal without a reason";
	if (tx->ring.req_cons - before != desc->nr_slots + desc->nr_extras)
		return "not all requests that were read get an answer";
	if (verdict == XENVIF_TX_BAD)
		return desc->reason ? NULL : "bad without a reason";
	if (verdict == XENVIF_TX_PSEUDO)
		return NULL;

	if (desc->nr_slots > XEN_NETIF_NR_SLOTS_MIN + 1)
		return "too many slots";
	if (desc->len < ETH_HLEN)
		return "no Ethernet header";
	for (i = 0; i < desc->nr_slots; i++) {
		sum += tx->slot[i].size;
		if (tx->slot[i].offset + tx->slot[i].size > XEN_PAGE_SIZE)
			return "a slot crosses its page";
	}
	return sum == desc->len ? NULL : "the slots do not make up the packet";
}

/* Mostly legal fields, so that long packets come about. */
static void put_random(struct netbk_guest_tx *tx, struct rnd_state *rnd)
{
	u32 random = prandom_u32_state(rnd);
	u16 flags = random % 4 ? XEN_NETTXF_more_data : 0;
	bool first = (random >> 2) % 8 == 0;

	if ((random >> 5) % 16 == 0)
		flags |= XEN_NETTXF_extra_info;
	netbk_guest_put(tx, flags, (random >> 9) % 100,
			first ? prandom_u32_state(rnd) : 50);
}

static const char *parse_random(struct netbk_guest_tx *tx,
				struct rnd_state *rnd,
				unsigned int *verdicts)
{
	enum xenvif_tx_verdict verdict = XENVIF_TX_PACKET;
	const char *wrong = NULL;

	netbk_guest_restart(tx, prandom_u32_state(rnd));
	while (tx->prod - tx->ring.req_cons < NETBK_TEST_RING_SLOTS)
		put_random(tx, rnd);

	while (!wrong && verdict != XENVIF_TX_FATAL &&
	       tx->ring.req_cons != tx->prod) {
		RING_IDX before = tx->ring.req_cons;

		verdict = parse(tx);
		wrong = complaint(tx, verdict, before);
		verdicts[verdict]++;
	}
	return wrong;
}

static void parse_rounds(struct kunit *test)
{
	unsigned int verdicts[XENVIF_TX_FATAL + 1] = {};
	struct netbk_guest_tx *tx = test->priv;
	const char *wrong = NULL;
	struct rnd_state rnd;
	unsigned int round;

	prandom_seed_state(&rnd, 1);
	for (round = 0; !wrong && round < ROUNDS; round++) {
		wrong = parse_random(tx, &rnd, verdicts);
		cond_resched();
	}
	KUNIT_EXPECT_NULL_MSG(test, wrong, "in ring %u: %s", round, wrong);

	/* A verdict never met would mean that the rings are too dull. */
	KUNIT_EXPECT_NE(test, verdicts[XENVIF_TX_PACKET], 0);
	KUNIT_EXPECT_NE(test, verdicts[XENVIF_TX_BAD], 0);
	KUNIT_EXPECT_NE(test, verdicts[XENVIF_TX_FATAL], 0);
	kunit_info(test, "%u rings: %u packets, %u pseudo, %u bad, %u fatal\n",
		   round, verdicts[XENVIF_TX_PACKET],
		   verdicts[XENVIF_TX_PSEUDO], verdicts[XENVIF_TX_BAD],
		   verdicts[XENVIF_TX_FATAL]);
}

static void random_rings(struct kunit *test)
{
	parse_rounds(test);
}

static void racing_rings(struct kunit *test)
{
	struct netbk_guest_tx *tx = test->priv;
	struct task_struct *other;

	other = kthread_run(scribble, tx, "txparse-scribble");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	while (!READ_ONCE(tx->scribbled))
		cond_resched();
	/* Nothing in here may leave the case, or the page goes too early. */
	parse_rounds(test);
	kthread_stop(other);
}

static struct kunit_case txparse_cases[] = {
	TXPARSE_CASE(single, "a packet of one slot is accepted"),
	TXPARSE_CASE(first_size,
		     "the first slot has the size that the others leave"),
	TXPARSE_CASE(gso, "a GSO extra info follows the first slot"),
	TXPARSE_CASE(gso_features, "GSO features are ignored"),
	TXPARSE_CASE(extra_chain, "extra infos may be chained"),
	TXPARSE_CASE(index_wrap,
		     "a packet may cross the wrap of the ring indices"),
	TXPARSE_CASE(empty_slots, "slots of 0 bytes are accepted (XSA-448)"),
	TXPARSE_CASE(short_first,
		     "a header may begin just before the end of a page"),
	TXPARSE_CASE(pseudo, "a multicast request carries no packet"),
	TXPARSE_CASE(pseudo_both,
		     "the last multicast request of each kind counts"),
	TXPARSE_CASE(hash, "the hash in an extra info is passed on"),
	TXPARSE_CASE(hash_unknown,
		     "a hash of an unknown type or algorithm is ignored"),
	TXPARSE_CASE(most_slots, "18 slots beyond the first are served"),
	TXPARSE_CASE(refused_slots,
		     "19 and 20 slots beyond the first are an error"),
	TXPARSE_CASE(fatal_slots, "a 21st slot beyond the first is fatal"),
	TXPARSE_CASE(first_crosses, "a first slot across a page is fatal"),
	TXPARSE_CASE(later_crosses, "a later slot across a page is fatal"),
	TXPARSE_CASE(slots_missing,
		     "slots that are announced and missing are fatal"),
	TXPARSE_CASE(extra_missing,
		     "extra infos that are announced and missing are fatal"),
	TXPARSE_CASE(extra_unknown, "an unknown extra info is fatal"),
	TXPARSE_CASE(gso_size_zero, "a GSO size of 0 is fatal"),
	TXPARSE_CASE(gso_unknown, "an unknown GSO type is fatal"),
	TXPARSE_CASE(too_short, "a packet of 13 bytes is refused"),
	TXPARSE_CASE(too_full,
		     "slots that hold more than the packet are refused"),
	TXPARSE_CASE(empty_first, "the first slot may be empty"),
	TXPARSE_CASE(gso_size_tiny, "a GSO size of 1 is refused"),
	TXPARSE_CASE(gso_segs_most, "2048 segments are accepted"),
	TXPARSE_CASE(gso_segs_too_many, "more than 2048 segments are refused"),
	TXPARSE_CASE(endless_extras,
		     "a chain of extra infos that fills the ring is fatal"),
	TXPARSE_CASE(random_rings,
		     "packets accepted from random rings are valid"),
	TXPARSE_CASE(racing_rings,
		     "packets stay valid while another CPU writes (XSA-155)"),
	{}
};

static struct kunit_suite txparse_suite = {
	.name = "xen-netback-txparse",
	.init = txparse_init,
	.test_cases = txparse_cases,
};

kunit_test_suites(&txparse_suite);
