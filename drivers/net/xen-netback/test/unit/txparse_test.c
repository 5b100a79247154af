// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of txparse.c: what a guest may put on its Tx ring, and what it may try.
 * Each test is a KTAP line that says what is proven.
 */

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "txparse.h"

#include <xen/page.h>

#define FATAL_SLOTS 20
#define RING_SLOTS 256

static struct xen_netif_tx_sring *sring;
static struct xen_netif_tx_back_ring ring;
static struct xenvif_tx_slot slot[FATAL_SLOTS + 1];
static struct xenvif_tx_desc desc;
static unsigned int prod;
static int tests, failures;

static void check(bool good, const char *format, ...)
{
	va_list args;

	failures += !good;
	printf("%sok %d - txparse: ", good ? "" : "not ", ++tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* ---- the guest's side ---- */

static void reset(RING_IDX start)
{
	memset(sring, 0, XEN_PAGE_SIZE);
	BACK_RING_ATTACH(&ring, sring, start, XEN_PAGE_SIZE);
	prod = start;
}

static struct xen_netif_tx_request *put(u16 flags, u16 offset, u16 size)
{
	struct xen_netif_tx_request *req = RING_GET_REQUEST(&ring, prod);

	req->gref = prod;
	req->offset = offset;
	req->flags = flags;
	req->id = prod;
	req->size = size;
	prod++;
	return req;
}

static struct xen_netif_extra_info *put_extra(u8 type, u8 flags)
{
	struct xen_netif_extra_info *extra;

	extra = (struct xen_netif_extra_info *)RING_GET_REQUEST(&ring, prod++);
	memset(extra, 0, sizeof(*extra));
	extra->type = type;
	extra->flags = flags;
	return extra;
}

static void put_gso(u8 type, u16 size)
{
	struct xen_netif_extra_info *extra;

	extra = put_extra(XEN_NETIF_EXTRA_TYPE_GSO, 0);
	extra->u.gso.type = type;
	extra->u.gso.size = size;
}

/* A packet of one slot of 100 bytes and @more of 10. */
static void put_chain(unsigned int more)
{
	unsigned int i;

	put(more ? XEN_NETTXF_more_data : 0, 0, 100 + 10 * more);
	for (i = 1; i <= more; i++)
		put(i < more ? XEN_NETTXF_more_data : 0, 0, 10);
}

static enum xenvif_tx_verdict parse(void)
{
	return xenvif_tx_parse(&ring, prod - ring.req_cons, FATAL_SLOTS, &desc,
			       slot);
}

/* ---- well-formed packets ---- */

static void test_single(void)
{
	reset(0);
	put(XEN_NETTXF_csum_blank, 200, 60);
	check(parse() == XENVIF_TX_PACKET && desc.len == 60 &&
	      desc.nr_slots == 1 && !desc.nr_extras && !desc.gso_size &&
	      desc.flags == XEN_NETTXF_csum_blank && slot[0].offset == 200 &&
	      slot[0].size == 60 && ring.req_cons == 1,
	      "a packet of one slot");
}

static void test_first_size(void)
{
	reset(0);
	put(XEN_NETTXF_more_data, 0, 3000);
	put(XEN_NETTXF_more_data, 0, 1000);
	put(0, 96, 1900);
	check(parse() == XENVIF_TX_PACKET && desc.len == 3000 &&
	      slot[0].size == 100 && slot[1].size == 1000 &&
	      slot[2].size == 1900 && slot[2].id == 2 && desc.nr_slots == 3,
	      "the first slot holds what the others leave of the packet");
}

static void test_gso(void)
{
	reset(0);
	put(XEN_NETTXF_extra_info, 0, 2000);
	put_gso(XEN_NETIF_GSO_TYPE_TCPV6, 1400);
	check(parse() == XENVIF_TX_PACKET && desc.gso_size == 1400 &&
	      desc.gso_type == XEN_NETIF_GSO_TYPE_TCPV6 &&
	      desc.nr_extras == 1 && ring.req_cons == 2,
	      "GSO information follows the first slot");

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 2000);
	put_extra(XEN_NETIF_EXTRA_TYPE_HASH, XEN_NETIF_EXTRA_FLAG_MORE);
	put_gso(XEN_NETIF_GSO_TYPE_TCPV4, 1000);
	check(parse() == XENVIF_TX_PACKET && desc.gso_size == 1000 &&
	      desc.nr_extras == 2, "extra information comes in chains");
}

static void test_wrap(void)
{
	reset(0xfffffffe);
	put_chain(5);
	check(parse() == XENVIF_TX_PACKET && desc.nr_slots == 6 &&
	      ring.req_cons == 4 && slot[5].gref == 3,
	      "a packet across the wrap of the indices");
}

static void test_zero_slot(void)
{
	reset(0);
	put(XEN_NETTXF_more_data, 0, 60);
	put(XEN_NETTXF_more_data, 0, 0);
	put(0, 0, 0);
	check(parse() == XENVIF_TX_PACKET && slot[0].size == 60 &&
	      !slot[1].size && desc.nr_slots == 3,
	      "slots without data are taken along (XSA-448)");
}

static void test_short_first(void)
{
	reset(0);
	put(XEN_NETTXF_more_data, 4093, 60);
	put(0, 0, 57);
	check(parse() == XENVIF_TX_PACKET && slot[0].size == 3,
	      "a header may begin just before the end of a page");
}

static void test_pseudo(void)
{
	reset(0);
	put(XEN_NETTXF_extra_info, 0, 0);
	put_extra(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 0);
	check(parse() == XENVIF_TX_PSEUDO && desc.nr_slots == 1 &&
	      desc.nr_extras == 1, "a multicast request carries no packet");
}

/* ---- limits of slots ---- */

static void test_slot_limits(void)
{
	unsigned int more;
	bool good;

	reset(0);
	put_chain(18);
	check(parse() == XENVIF_TX_PACKET && desc.nr_slots == 19,
	      "18 slots beyond the first are served");

	for (good = true, more = 19; more <= 20; more++) {
		reset(0);
		put_chain(more);
		good &= parse() == XENVIF_TX_BAD && desc.nr_slots == more + 1 &&
			ring.req_cons == prod;
	}
	check(good, "19 and 20 slots beyond the first are taken and refused");

	reset(0);
	put_chain(21);
	check(parse() == XENVIF_TX_FATAL,
	      "a 21st slot beyond the first is fatal");
}

/* ---- what a hostile guest tries ---- */

static void test_fatal(void)
{
	reset(0);
	put(0, 4000, 97);
	check(parse() == XENVIF_TX_FATAL, "a slot across a page is fatal");

	reset(0);
	put(XEN_NETTXF_more_data, 0, 5000);
	put(0, 4000, 97);
	check(parse() == XENVIF_TX_FATAL, "so is a later slot across a page");

	reset(0);
	put(XEN_NETTXF_more_data, 0, 200);
	check(parse() == XENVIF_TX_FATAL, "slots that never come are fatal");

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 200);
	check(parse() == XENVIF_TX_FATAL,
	      "extra information that never comes is fatal");

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 200);
	put_extra(XEN_NETIF_EXTRA_TYPE_MAX, 0);
	check(parse() == XENVIF_TX_FATAL, "unknown extra information is fatal");

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 200);
	put_gso(XEN_NETIF_GSO_TYPE_TCPV4, 0);
	check(parse() == XENVIF_TX_FATAL, "a GSO size of 0 is fatal");

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 200);
	put_gso(77, 100);
	check(parse() == XENVIF_TX_FATAL, "an unknown GSO type is fatal");
}

static void test_refused(void)
{
	reset(0);
	put(0, 0, 13);
	check(parse() == XENVIF_TX_BAD && desc.nr_slots == 1,
	      "13 bytes are no Ethernet frame");

	reset(0);
	put(XEN_NETTXF_more_data, 0, 100);
	put(XEN_NETTXF_more_data, 0, 101);
	put(0, 0, 10);
	check(parse() == XENVIF_TX_BAD && desc.nr_slots == 3 &&
	      ring.req_cons == 3,
	      "slots that hold more than the packet are consumed and refused");

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 2000);
	put_gso(XEN_NETIF_GSO_TYPE_TCPV4, 1);
	check(parse() == XENVIF_TX_BAD,
	      "segments of one byte are refused");
}

static void test_long_chain(void)
{
	unsigned int i;

	reset(0);
	put(XEN_NETTXF_extra_info, 0, 60);
	for (i = 1; i < RING_SLOTS; i++)
		put_extra(XEN_NETIF_EXTRA_TYPE_HASH,
			  XEN_NETIF_EXTRA_FLAG_MORE);
	check(parse() == XENVIF_TX_FATAL && ring.req_cons == RING_SLOTS,
	      "a chain of extra information ends with the ring");
}

/* ---- random rings, changed by a second CPU while they are read ---- */

static atomic_bool stop;

static void *scribble(void *unused)
{
	unsigned int seed = 42;

	while (!atomic_load(&stop)) {
		u8 *byte = (u8 *)&sring->ring[0] +
			   rand_r(&seed) % (RING_SLOTS * 12);

		__atomic_store_n(byte, (u8)rand_r(&seed), __ATOMIC_RELAXED);
	}
	return NULL;
}

static bool sound(enum xenvif_tx_verdict verdict, RING_IDX before)
{
	unsigned int i, sum = 0;

	if (verdict == XENVIF_TX_FATAL)
		return desc.reason;
	if (ring.req_cons - before != (RING_IDX)desc.nr_slots + desc.nr_extras)
		return false;
	if (verdict != XENVIF_TX_PACKET)
		return verdict == XENVIF_TX_PSEUDO || desc.reason;
	if (desc.nr_slots > 19 || desc.len < 14)
		return false;
	for (i = 0; i < desc.nr_slots; i++) {
		sum += slot[i].size;
		if (slot[i].offset + slot[i].size > 4096)
			return false;
	}
	return sum == desc.len;
}

/* Mostly legal fields, so that long packets come about. */
static void put_random(unsigned int *seed)
{
	u16 flags = rand_r(seed) % 4 ? XEN_NETTXF_more_data : 0;
	unsigned int first = rand_r(seed) % 8 == 0;

	if (rand_r(seed) % 16 == 0)
		flags |= XEN_NETTXF_extra_info;
	put(flags, rand_r(seed) % 100, first ? rand_r(seed) : 50);
}

static void test_random(unsigned int rounds, bool race)
{
	unsigned int seed = 1, round, packets = 0, verdicts[4] = { 0 };
	bool good = true;
	pthread_t other;

	atomic_store(&stop, false);
	if (race)
		pthread_create(&other, NULL, scribble, NULL);
	for (round = 0; good && round < rounds; round++) {
		enum xenvif_tx_verdict verdict = XENVIF_TX_PACKET;

		reset(rand_r(&seed));
		while (prod - ring.req_cons < RING_SLOTS)
			put_random(&seed);
		while (good && verdict != XENVIF_TX_FATAL &&
		       ring.req_cons != prod) {
			RING_IDX before = ring.req_cons;

			verdict = parse();
			good = sound(verdict, before);
			verdicts[verdict]++;
			packets++;
		}
	}
	atomic_store(&stop, true);
	if (race)
		pthread_join(other, NULL);

	/* A verdict never met would mean that the rings are too dull. */
	good &= verdicts[XENVIF_TX_PACKET] && verdicts[XENVIF_TX_BAD] &&
		verdicts[XENVIF_TX_FATAL];
	check(good, "%u random rings%s: what is accepted fits page and packet",
	      rounds, race ? " with a second CPU writing (XSA-155)" : "");
	printf("# %u packets: %u good, %u pseudo, %u bad, %u fatal\n", packets,
	       verdicts[0], verdicts[1], verdicts[2], verdicts[3]);
}

int main(void)
{
	sring = aligned_alloc(XEN_PAGE_SIZE, XEN_PAGE_SIZE);
	if (!sring)
		return 1;

	puts("KTAP version 1");
	test_single();
	test_first_size();
	test_gso();
	test_wrap();
	test_zero_slot();
	test_short_first();
	test_pseudo();
	test_slot_limits();
	test_fatal();
	test_refused();
	test_long_chain();
	test_random(20000, false);
	test_random(20000, true);
	printf("1..%d\n", tests);
	free(sring);
	return failures ? 1 : 0;
}
