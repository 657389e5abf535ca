/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The loan agreement: the same state makes the same bytes, what was shown is what is signed and
 * kept, whatever changes afterwards; nothing in it can be anything but text.
 */

#include "fleet/agreement.h"
#include "fleet/embed.h"
#include "fleet/ink.h"
#include "fleet/qr.h"
#include "fleet/words.h"
#include "tests/lib/dealership.h"

#define SAID "\"fuel_percent\":80,\"keys\":1,\"odometer_km\":15230"
#define DRAWN "\"signature\":{\"path\":\"M1 2 L3 4\"}"

static struct dealership w;
static struct str booking;

static int set_up(void **state)
{
	(void)state;
	dealer_open(&w);
	booking = dealer_book(&w, DEALER_VIN, "C1", "loaner_brand", "grecale",
		"2026-03-16T09:00:00+01:00", "2026-03-18T17:00:00+01:00", OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dealer_close(&w);
	return 0;
}

/* The page as it would be now; in the dealership's arena. */
static struct str page_with(const char *said, const char *language)
{
	struct view v;
	struct txn t;
	struct booking b;
	uint64_t rev;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(booking_get(&v, booking, &b, &rev));
	struct str page = agreement_page(&v, &b,
		arena_json(&w.arena, arena_copy(&w.arena, str_from(said)), NULL),
		agreement_language(&v, &b, str_from(language)));
	fleet_look_end(&v);
	assert_true(page.n > 1000);
	return arena_copy(&w.arena, page);
}

static struct str sha256_of(struct str bytes)
{
	struct hash hash = hash_of(bytes);
	char hex[HASH_TEXT];

	return arena_copy(&w.arena, hash_print(&hash, hex));
}

/* `said`: the members before "sha256", with a comma behind them, or "". */
static struct command *sign(struct str sha256, const char *said, const char *key)
{
	struct str body =
		arena_printf(&w.arena, "{%s\"sha256\":\"%.*s\"," DRAWN "}", said, STR_FMT(sha256));

	return dealer_do(&w, VERB_BOOKING_SIGN, "LYO", booking.p, body.p, key);
}

static struct str kept(const char *member, const char *kind)
{
	struct json agreement = json_get(dealer_row(&w, ROW_BOOKING, booking), "agreement");
	struct view v;
	struct txn t;
	struct attachment a;
	struct str bytes;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(attachment_get(&v, json_str_at(agreement, member), &a));
	assert_str(a.kind, kind);
	assert_int_equal(attachment_open(&v, &a, &bytes), ATTACHED_WHOLE);
	fleet_look_end(&v);
	return bytes;
}

static void assert_says(struct str page, const char *text)
{
	if (!strstr(page.p, text))
		fail_msg("no \"%s\" in %.*s", text, STR_FMT(page));
}

/* ---- the page ---- */

static void the_same_state_the_same_bytes(void **state)
{
	static const char *const languages[] = {"fr", "en", "it"};
	struct str pages[ARRAY_LEN(languages)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		pages[i] = page_with("{" SAID "}", languages[i]);
		assert_says(pages[i], arena_printf(&w.arena, "<html lang=\"%s\">", languages[i]).p);
		assert_says(pages[i], "16/03/2026 09:00");
		assert_says(pages[i], "15230");
		assert_says(pages[i], "LYO-0000");
		assert_null(strstr(pages[i].p, "<script"));
		assert_null(strstr(pages[i].p, "http"));
	}
	assert_false(str_eq(pages[0], pages[1]));
	dealer_at(&w, "2026-03-10T12:00:00+01:00"); /* later, after a restart: still the same */
	dealer_reopen(&w);
	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		assert_true(str_eq(page_with("{" SAID "}", languages[i]), pages[i]));
	assert_false(str_eq(page_with("{}", "fr"), pages[0]));
	/* no such language: the customer's, else the site's */
	assert_says(page_with("{}", "xx"), "<html lang=\"fr\">");
}

static void what_people_type_is_text(void **state)
{
	struct str page = page_with("{\"damages\":[\"<script>alert(1)</script>\",\"<!--ink-->\"],"
				    "\"drivers\":[{\"name\":\"A & \\\"B\\\" <b>\"}]}",
		"en");

	(void)state;
	assert_null(strstr(page.p, "<script"));
	assert_says(page, "&lt;script&gt;");
	assert_says(page, "A &amp; &quot;B&quot; &lt;b&gt;");
	const char *mark = strstr(page.p, "<!--ink-->");
	assert_non_null(mark);
	assert_null(strstr(mark + 1, "<!--ink-->"));
}

/* ---- signing ---- */

static void what_was_shown_is_what_is_kept(void **state)
{
	struct str page = page_with("{" SAID "}", "fr");
	struct command *c = sign(sha256_of(page), SAID ",", "k");

	(void)state;
	assert_int_equal(c->outcome, OK);
	command_free(c);
	struct json agreement = json_get(dealer_row(&w, ROW_BOOKING, booking), "agreement");
	assert_str(json_str_at(agreement, "language"), "fr");
	assert_true(str_eq(json_str_at(agreement, "sha256"), sha256_of(page)));
	assert_true(str_eq(kept("attachment", "agreement"), page));
	struct str ink = kept("signature", "signature");
	assert_non_null(strstr(arena_copy(&w.arena, ink).p, "d=\"M1 2 L3 4\""));
	assert_non_null(strstr(arena_copy(&w.arena, ink).p, sha256_of(page).p));
	/* ten years on, everything else is different */
	dealer_at(&w, "2036-03-16T09:00:00+01:00");
	command_free(dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C1",
		"{\"customer\":\"C1\",\"language\":\"it\",\"person\":{\"name\":\"Another\"},"
		"\"preferred_channel\":\"none\",\"segment\":\"private\"}",
		"*"));
	dealer_reopen(&w);
	assert_true(str_eq(kept("attachment", "agreement"), page));
	assert_false(str_eq(page_with("{" SAID "}", "fr"), page));
	dealer_check(&w);
}

static void another_page_is_not_signed(void **state)
{
	struct str page = page_with("{" SAID "}", "fr");
	struct command *c;

	(void)state;
	c = sign(sha256_of(page), "", "k"); /* the odometer is not said */
	assert_int_equal(c->outcome, REFUSED_AGREEMENT_CHANGED);
	assert_true(str_eq(json_str_at(arena_json(&w.arena, c->detail, NULL), "sha256"),
		sha256_of(page_with("{}", "fr"))));
	command_free(c);
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", booking.p,
		"{\"from\":\"2026-03-16T09:00:00Z\",\"until\":\"2026-03-18T15:00:00Z\"}", OK);
	c = sign(sha256_of(page), SAID ",", "l");
	assert_int_equal(c->outcome, REFUSED_AGREEMENT_CHANGED);
	command_free(c);
	assert_false(json_present(json_get(dealer_row(&w, ROW_BOOKING, booking), "agreement")));
	assert_false(json_present(json_get(dealer_row(&w, ROW_BOOKING, booking), "attached")));
	dealer_check(&w);
}

static void ink(void **state)
{
	static const char *const good[] = {"M0 0", "M10 20 L30 40 M5 5 L6 6", "M1000 300 L0 300"};
	static const char *const bad[] = {"", "L1 2", "M1", "M1 2L3 4", "M1 2 ", "M-1 2", "M1001 0",
		"M1 301", "M1 2 C1 2", "M1  2", "M1 2\" onload=\"x", "M00001 2", "M1 2 L"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(ink_is_good(str_from(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(ink_is_good(str_from(bad[i])));
	struct str typed = ink_svg(&w.arena, STR_NULL, STR("<A & B>"), STR("0123"));
	assert_non_null(strstr(arena_copy(&w.arena, typed).p, ">&lt;A &amp; B&gt;</text>"));
}

/* ---- words ---- */

static void every_language_says_everything(void **state)
{
	struct arena a;
	struct words en, other;
	uint32_t languages = 0;

	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	assert_true(words_open(&en, &a, STR("en")));
	for (const struct embedded *f = word_files; f->name; f++) {
		if (strncmp(f->name, "papers.", 7) != 0)
			continue;
		languages++;
		assert_true(words_open(&other, &a, (struct str){f->name + 7, 2}));
		assert_int_equal(json_count(other.papers), json_count(en.papers));
		for (struct json t = json_first_value(en.papers); json_present(t);
			t = json_next_value(en.papers, t)) {
			struct str text = json_str(json_get_str(other.papers, json_key(t)));
			if (!text.n)
				fail_msg("%s: %.*s", f->name, STR_FMT(json_key(t)));
			const char *hole = memchr(json_str(t).p, '{', json_str(t).n);
			assert_int_equal(!hole, !memchr(text.p, '{', text.n));
		}
	}
	assert_int_equal(languages, 3);
	assert_str(words_named(&en, "zone", STR("roof")), "Roof");
	assert_null(words_named(&en, "zone", STR("wing of a bird")).p);
	assert_false(words_known(STR("frx")));
	assert_true(words_known(STR("fr-CH")));
	arena_deinit(&a);
}

static void the_code_is_the_number(void **state)
{
	struct str one = qr_svg(&w.arena, STR("LYO-000123")),
		   same = qr_svg(&w.arena, STR("LYO-000123"));

	(void)state;
	assert_true(one.n > 500 && str_eq(one, same));
	assert_false(str_eq(one, qr_svg(&w.arena, STR("LYO-000124"))));
	assert_null(qr_svg(&w.arena, STR("")).p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_state_the_same_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_people_type_is_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_shown_is_what_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_page_is_not_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ink, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_language_says_everything, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_code_is_the_number, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
