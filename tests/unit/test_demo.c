/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The demonstration dealership can be made at any moment: nothing in its files is refused as wrong,
 * few bookings find no seat, and what stands afterwards is sound. */

#include "fleet/claim_need.h"
#include "server/demo.h"
#include "tests/lib/check.h"
#include "tests/lib/demo_env.h"

struct found {
	int status[BOOKING_EXPIRED + 1];
	int all, at_risk, with_value;
	int forgotten; /* promised for a day that is over, and nothing became of it */
	int claims[CLAIM_WITHDRAWN + 1];
	int light[LIGHT_READY + 1]; /* of lines of loans that are over for two weeks */
	uint32_t missing;	    /* bits of findings among them */
};

static void count_claims(struct view *v, struct arena *a, struct found *f)
{
	struct key prefix = key_row_prefix(ROW_CLAIM);
	struct cursor c;

	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct warranty_claim claim;
		struct str id;
		size_t at = prefix.n;
		assert_true(key_take_text(c.key, &at, &id));
		assert_true(warranty_claim_get(v, arena_copy(a, id), &claim));
		f->claims[claim.status]++;
		arena_reset(a);
	}
	cursor_close(&c);
}

/* What the auditor of a past month would see. */
static void count_lights(struct demo_env *e, const char *site, struct found *f)
{
	struct claim_filter filter = {.site = str_from(site),
		.span = {{0}, {e->still.now.s - 14 * 86400}}};
	struct claim_place place = {.len = 0};

	while (!place.over) {
		struct claim_lines lines;
		assert_true(claim_lines_page(&lines, demo_env_look(e), &filter, &place));
		for (uint32_t i = 0; i < lines.len; i++) {
			f->light[claim_line_light(lines.line[i])]++;
			if (lines.line[i]->asked)
				f->missing |= lines.line[i]->findings;
		}
		demo_env_look_end(e);
	}
}

static void count_bookings(
	struct view *v, struct arena *a, struct instant now, struct found *f)
{
	struct key prefix = key_row_prefix(ROW_BOOKING);
	struct cursor c;

	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct booking b;
		struct str id;
		uint64_t rev;
		size_t at = prefix.n;
		assert_true(key_take_text(c.key, &at, &id));
		assert_true(booking_get(v, arena_copy(a, id), &b, &rev));
		f->all++;
		f->status[b.status]++;
		f->at_risk += b.at_risk;
		f->forgotten += booking_is_promise(b.status) && b.until.s < now.s - 86400;
		f->with_value += json_int_at(json_get(b.doc, "terms"), "value_minor", 0) > 0;
		arena_reset(a);
	}
	cursor_close(&c);
}

static void say(void *context, const char *line)
{
	(void)context;
	print_error("# %s\n", line);
}

static void fill_at(const char *now, struct found *found)
{
	struct report report = {.say = say};
	struct demo_env e;
	char why[400] = "";
	int code;

	memset(found, 0, sizeof *found);
	demo_env_open(&e, now);
	code = demo_fill(e.fleet, &e.still.env, why, sizeof why);
	if (code != 0)
		fail_msg("%d: %s", code, why);
	print_message("# %s: %s\n", now, why);
	count_bookings(demo_env_look(&e), &e.arena, e.still.now, found);
	count_claims(&e.view, &e.arena, found);
	demo_env_look_end(&e);
	count_lights(&e, "LYO", found);
	count_lights(&e, "DUB", found);
	print_message("# light: %d ready, %d open, %d late; claims: %d complete, %d exported, %d "
		      "accepted, %d charged back\n",
		found->light[LIGHT_READY], found->light[LIGHT_OPEN], found->light[LIGHT_LATE],
		found->claims[CLAIM_COMPLETE], found->claims[CLAIM_EXPORTED],
		found->claims[CLAIM_ACCEPTED], found->claims[CLAIM_CHARGED_BACK]);
	assert_int_equal(fleet_audit_verify(e.fleet, &report), 0);
	assert_int_equal(fleet_audit_replay(e.fleet, &report), 0);
	demo_env_close(&e);
}

/* A Tuesday morning in spring, the clocks having gone forward two days before. */
static void on_a_working_morning(void **state)
{
	struct found f;

	(void)state;
	fill_at("2026-03-31T08:10:00Z", &f);
	assert_in_range(f.all, 2050, 2400);
	assert_int_equal(f.at_risk, 0);
	assert_int_equal(f.forgotten, 0);
	assert_in_range(f.status[BOOKING_OUT], 10, 45);
	assert_in_range(f.status[BOOKING_RETURNED], 1400, 1800);
	assert_in_range(f.status[BOOKING_BOOKED], 250, 600);
	assert_in_range(f.status[BOOKING_CANCELLED], 60, 200);
	assert_in_range(f.status[BOOKING_NO_SHOW], 15, 100);
	assert_in_range(f.with_value, f.all / 4, f.all);
	/* Most cases of past weeks are complete, some lack something; claims are at each step. */
	assert_in_range(
		f.light[LIGHT_READY], 3 * (f.light[LIGHT_OPEN] + f.light[LIGHT_LATE]), 2000);
	assert_in_range(f.light[LIGHT_OPEN], 5, 200);
	assert_in_range(f.light[LIGHT_LATE], 5, 200);
	assert_true(f.missing & 1u << AUD03_AGREEMENT_UNSIGNED);
	assert_true(f.missing & 1u << AUD06_BEFORE_RO_OPEN);
	assert_true(f.missing & 1u << AUD12_NO_MATCHING_RO_LINE);
	assert_in_range(f.claims[CLAIM_COMPLETE], 50, 1000);
	assert_in_range(f.claims[CLAIM_EXPORTED], 50, 1000);
	assert_in_range(f.claims[CLAIM_ACCEPTED], 50, 1000);
	assert_in_range(f.claims[CLAIM_CHARGED_BACK], 5, 100);
	assert_int_equal(f.claims[CLAIM_DRAFT], 0);
}

/* A Sunday between the years: W is the last working day before the holidays. */
static void on_a_sunday(void **state)
{
	struct found f;

	(void)state;
	fill_at("2027-12-26T20:00:00Z", &f);
	assert_in_range(f.all, 2050, 2400);
	assert_int_equal(f.at_risk, 0);
	assert_int_equal(f.forgotten, 0);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(on_a_working_morning),
		cmocka_unit_test(on_a_sunday),
	};
	const struct CMUnitTest quick[] = {cmocka_unit_test(on_a_working_morning)};

	/* The second takes as long as the first and finds other days only: tests/run --long. */
	return getenv("RELAIS_LONG") ? cmocka_run_group_tests(all, NULL, NULL)
				     : cmocka_run_group_tests(quick, NULL, NULL);
}
