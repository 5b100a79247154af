// SPDX-License-Identifier: GPL-2.0
/*
 * Target bucket: an input is a rate as text, up to the end of its line, and
 * what becomes of a bucket with it, an operation at a time.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../../bucket.c"

/* Tokens of the largest packet. */
#define LEAST 65536

/* An allowance is kept to times at which no clock of a machine will be. */
#define TIME_MAX (U64_MAX >> 4)

/**
 * struct bucket_model - a bucket and what should be in it
 * @bucket: the bucket
 * @now: time, in ns
 * @since: time from which the model counts, in whole steps of the bucket
 * @left: tokens in it at @since
 * @part: part of a token at @since
 * @passed: tokens taken since
 * @overdrawn: of them, taken by packets that did not ask
 * @spilt: it was full since, so that tokens were lost
 */
struct bucket_model {
	struct netbk_bucket bucket;
	u64 now;
	u64 since;
	s64 left;
	u32 part;
	s64 passed;
	s64 overdrawn;
	bool spilt;
};

static void model_restart(struct bucket_model *model)
{
	model->since = model->bucket.filled;
	model->left = model->bucket.left;
	model->part = model->bucket.part;
	model->passed = 0;
	model->overdrawn = 0;
	model->spilt = false;
}

static void check_bounds(const struct bucket_model *model)
{
	const struct netbk_bucket *bucket = &model->bucket;

	fuzz_expect(bucket->left <= bucket->depth, "a bucket is at most full");
	fuzz_expect(bucket->left >= -NETBK_DEBT_MAX, "debts are bounded");
	fuzz_expect(bucket->part < bucket->rate.period_us,
		    "a part of a token is less than a token");
	fuzz_expect(bucket->depth >= LEAST, "the largest packet fits");
	fuzz_expect(bucket->filled <= model->now && model->now -
		    bucket->filled < NSEC_PER_USEC,
		    "a bucket is filled up to now, in whole microseconds");
}

/* In parts of a token, of which @rate.period_us make one. */
static __int128 parts_of(const struct netbk_bucket *bucket, s64 left, u32 part)
{
	return (__int128)left * bucket->rate.period_us + part;
}

static void check_amounts(const struct bucket_model *model)
{
	const struct netbk_bucket *bucket = &model->bucket;
	u64 us = (bucket->filled - model->since) / NSEC_PER_USEC;
	__int128 come = (__int128)us * bucket->rate.amount;
	__int128 full = parts_of(bucket, bucket->depth, 0);
	__int128 should = parts_of(bucket, model->left, model->part) + come -
			  parts_of(bucket, model->passed, 0);

	fuzz_expect(parts_of(bucket, model->passed - model->overdrawn, 0) <=
		    full + come + parts_of(bucket, LEAST, 0),
		    "no more passes than depth, rate x time and one packet");
	fuzz_expect(parts_of(bucket, bucket->left, bucket->part) <= should,
		    "a bucket gets no more than its rate brings");
	fuzz_expect(model->spilt ||
		    parts_of(bucket, bucket->left, bucket->part) == should,
		    "a bucket that was never full loses nothing");
}

static void fill(struct bucket_model *model, u64 ns)
{
	u64 us = ns / NSEC_PER_USEC;

	if (model->now + ns > TIME_MAX)
		return;
	model->now += ns;
	netbk_bucket_fill(&model->bucket, model->now);
	if (model->bucket.left == model->bucket.depth || us >= U32_MAX)
		model->spilt = true;
}

/* Another CPU's clock may be behind: time does not go back. */
static void fill_early(struct bucket_model *model, u64 ns)
{
	struct netbk_bucket was = model->bucket;

	netbk_bucket_fill(&model->bucket,
			  was.filled - min_t(u64, ns, was.filled));
	fuzz_expect(!memcmp(&was, &model->bucket, sizeof(was)),
		    "an earlier time changes nothing");
}

static void charge(struct bucket_model *model, u32 tokens, bool asks)
{
	if (asks && !netbk_bucket_left(&model->bucket))
		return;
	netbk_bucket_charge(&model->bucket, tokens);
	model->passed += tokens;
	if (!asks)
		model->overdrawn += tokens;
}

static void check_opens(const struct bucket_model *model)
{
	u64 opens = netbk_bucket_opens(&model->bucket);
	u64 wait = opens - model->bucket.filled;
	struct netbk_bucket then = model->bucket;

	fuzz_expect(opens >= model->bucket.filled &&
		    wait <= (u64)U32_MAX * NSEC_PER_USEC,
		    "a bucket opens within 71 minutes");
	fuzz_expect(!wait == netbk_bucket_left(&model->bucket),
		    "a bucket is open if tokens are left");
	if (!wait || wait == (u64)U32_MAX * NSEC_PER_USEC)
		return;
	netbk_bucket_fill(&then, opens);
	fuzz_expect(netbk_bucket_left(&then), "a bucket opens when it says");
	then = model->bucket;
	netbk_bucket_fill(&then, opens - NSEC_PER_USEC);
	fuzz_expect(!netbk_bucket_left(&then), "and not before");
}

/* The rate is what the text says, or as near as 32 bits come to it. */
static void check_rate(const char *text, const struct netbk_rate *rate,
		       bool valid)
{
	unsigned int shift = 0;
	char *end;
	u64 amount, period;

	if (!valid) {
		fuzz_expect(!rate->amount, "an invalid rate is no limit");
		return;
	}
	amount = strtoull(text, &end, 10);
	fuzz_expect(*end == ',' || *end == '\n', "a rate has two numbers");
	period = strtoull(strchr(text, ',') + 1, NULL, 10);
	fuzz_expect(!amount || (period && period <= U32_MAX),
		    "the period of a limit has 32 bits and is not 0");
	while (amount >> shift > U32_MAX)
		shift++;
	if (!rate->amount) {
		fuzz_expect(!amount || !(period >> shift),
			    "a limit is lost only if it is 2^32 in a microsecond");
		return;
	}
	fuzz_expect(rate->amount == amount >> shift &&
		    rate->period_us == period >> shift && rate->period_us,
		    "a rate is the one of the text");
}

static bool take_rate(struct fuzz_input *in, struct netbk_rate *rate)
{
	char text[64];
	bool valid;

	if (!fuzz_line(in, text, sizeof(text) - 1))
		return false;
	if (strlen(text) % 2)
		strcat(text, "\n");
	valid = netbk_rate_parse(text, rate);
	check_rate(text, rate, valid);
	return valid && rate->amount;
}

static void set_rate(struct bucket_model *model, const struct netbk_rate *rate)
{
	bool had = netbk_bucket_limits(&model->bucket);

	netbk_bucket_set(&model->bucket, rate, LEAST, model->now);
	fuzz_expect(had || !model->bucket.left,
		    "a bucket that gets a limit begins empty");
	model_restart(model);
}

void fuzz_one(struct fuzz_input *in)
{
	struct bucket_model model = { .now = 1 };
	struct netbk_rate rate;

	if (!take_rate(in, &rate))
		return;
	set_rate(&model, &rate);
	while (in->left) {
		switch (fuzz_u8(in) % 8) {
		case 0:
			fill(&model, fuzz_u16(in));
			break;
		case 1:
			fill(&model, (u64)fuzz_u32(in) * fuzz_u8(in));
			break;
		case 2:
			fill(&model, (u64)fuzz_u32(in) << fuzz_u8(in) % 16);
			break;
		case 3:
			fill_early(&model, fuzz_u32(in));
			break;
		case 4:
		case 5:
			charge(&model, fuzz_u16(in), true);
			break;
		case 6:
			charge(&model, fuzz_u16(in), false);
			break;
		case 7:
			if (take_rate(in, &rate))
				set_rate(&model, &rate);
			break;
		}
		/* Up to now, which every user of a bucket does first. */
		fill(&model, 0);
		check_bounds(&model);
		check_amounts(&model);
		check_opens(&model);
	}
}
