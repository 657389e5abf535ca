/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that the confirmation of the day before is written once, by the channel that the customer
 * prefers, with words of his language or of the house; that what was handed over keeps the promise,
 * what failed is a person's at once, who prefers the telephone is called; that his own word counts
 * for its time alone; and that nothing of it can be read once he is erased. */

#define _GNU_SOURCE /* memmem, nftw */

#include "fleet/message.h"
#include "tests/lib/book_of_deadlines.h"
#include "tests/lib/traces.h"

#define BOOKED_AT "2026-03-12T10:00:00+01:00"
#define EARLY "2026-03-13T07:59:00+01:00"
#define EIGHT "2026-03-13T08:00:00+01:00"
#define WRITE \
	"{\"channels\":[\"email\",\"sms\"],\"link\":\"https://loan.example\",\"step\":\"write\"}"

static void prefers(const char *channel, const char *email)
{
	struct str body = arena_printf(&w.arena,
		"{\"customer\":\"C1\",\"language\":\"fr\",\"person\":{\"email\":\"%s\",\"name\":"
		"\"Lef\xc3\xa8vre-Canari\",\"phone\":\"+33 1 99 00 01 23\",\"title\":\"Mme\"},"
		"\"preferred_channel\":\"%s\",\"segment\":\"private\"}",
		email, channel);

	command_free(dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C1", body.p, "*"));
}

static struct str promised(const char *channel)
{
	struct str id;

	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"CIT-6.2\"}]"), OK);
	prefers(channel, "canari@example.org");
	dealer_at(&w, BOOKED_AT);
	id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	dealer_at(&w, EIGHT);
	return id;
}

static uint32_t due(void)
{
	struct str ids[8];
	struct view v;
	struct txn t;
	uint32_t n;

	fleet_look(w.fleet, &v, &t, &w.arena);
	n = messages_due(&v, STR("LYO"), w.still.now, ids, ARRAY_LEN(ids));
	fleet_look_end(&v);
	return n;
}

static struct json message_of(const char *status)
{
	return json_get(task_of("confirm", status), "message");
}

static void says(const char *step, struct str message, enum outcome expected)
{
	struct str body = arena_printf(&w.arena,
		"{\"message\":\"%.*s\",\"step\":\"%s\",\"why\":\"550\"}", STR_FMT(message), step);

	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, body.p, expected);
}

static bool holds(struct json message, const char *part)
{
	struct str text = json_str_at(message, "text");

	return strstr(arena_printf(&w.arena, "%.*s", STR_FMT(text)).p, part) != NULL;
}

/* ---- written, once ---- */

static void is_written_in_the_morning(void **state)
{
	struct str id = promised("email"), first;
	struct json message;
	uint64_t before;

	(void)state;
	dealer_at(&w, EARLY);
	assert_int_equal(due(), 0);
	dealer_at(&w, EIGHT);
	assert_int_equal(due(), 1);
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	message = message_of("open");
	first = json_str_at(message, "message");
	assert_int_equal(first.n, ULID_LEN);
	assert_str(json_str_at(message, "channel"), "email");
	assert_str(json_str_at(message, "status"), "waiting");
	assert_str(json_str_at(message, "to"), "canari@example.org");
	assert_str(
		json_str_at(message, "subject"), "Votre rendez-vous du 16/03/2026 \xc3\xa0 08:30");
	assert_false(json_present(json_get(message, "private")));
	assert_true(holds(message, "Mme Lef\xc3\xa8vre-Canari,"));
	assert_true(holds(message, "R\xc3\xa9servation : LYO-"));
	assert_true(holds(
		message, arena_printf(&w.arena, "https://loan.example/c/%.*s.", STR_FMT(id)).p));
	assert_false(holds(message, "{"));
	/* whoever asks again after a crash gets the same one */
	before = entries();
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	assert_int_equal(entries(), before);
	assert_true(str_eq(json_str_at(message_of("open"), "message"), first));
	assert_int_equal(due(), 1); /* it waits to be sent */
	/* nothing of it lies in clear anywhere */
	assert_int_equal(traces(w.scratch.dir, "canari@example.org", 18), 0);
	assert_int_equal(traces(w.scratch.dir, "loan.example", 12), 0);
}

static void what_was_handed_over_keeps_the_promise(void **state)
{
	struct str id;
	uint64_t before;

	(void)state;
	(void)promised("sms");
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	assert_str(json_str_at(message_of("open"), "to"), "+33199000123");
	id = json_str_at(message_of("open"), "message");
	before = entries();
	says("sent", STR("another"), OK);
	assert_int_equal(entries(), before);
	says("sent", id, OK);
	owes_nothing("confirm");
	assert_str(json_str_at(message_of("done"), "status"), "sent");
	assert_str(json_str_at(message_of("done"), "sent_at"), EIGHT);
	assert_int_equal(due(), 0);
}

static void what_failed_is_a_persons_at_once(void **state)
{
	struct json message;

	(void)state;
	(void)promised("email");
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	says("failed", json_str_at(message_of("open"), "message"), OK);
	message = message_of("open");
	assert_str(json_str_at(message, "status"), "failed");
	assert_str(json_str_at(message, "why"), "550");
	assert_int_equal(due(), 0);
	tick_at("2026-03-13T08:00:01+01:00");
	assert_int_equal(json_int_at(task_of("confirm", "open"), "escalated", 0), 1);
}

static void who_prefers_the_telephone_is_called(void **state)
{
	static const char *const channels[] = {"phone", "letter", "none"};
	uint64_t before;

	(void)state;
	(void)promised("phone");
	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		prefers(channels[i], "canari@example.org");
		before = entries();
		task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
		assert_int_equal(entries(), before);
	}
	/* and who cannot be written to, or by no channel that is there */
	prefers("email", "two@at@example.org");
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	prefers("email", "canari@example.org");
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE,
		"{\"channels\":[\"sms\"],\"step\":\"write\"}", OK);
	assert_false(json_present(message_of("open")));
}

static void another_time_is_written_anew(void **state)
{
	struct str id = promised("email"), first;

	(void)state;
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	first = json_str_at(message_of("open"), "message");
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"from\":\"2026-03-18T09:00:00+01:00\",\"until\":\"2026-03-19T12:00:00+01:00\"}",
		OK);
	assert_false(json_present(message_of("open")));
	says("sent", first, OK); /* too late: it was of the other time */
	assert_true(json_present(task_of("confirm", "open")));
	dealer_at(&w, "2026-03-17T08:00:00+01:00");
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	assert_false(str_eq(json_str_at(message_of("open"), "message"), first));
	assert_true(holds(message_of("open"), "18/03/2026"));
}

/* ---- the house's own words ---- */

static enum outcome say_texts(const char *texts)
{
	struct str over = arena_printf(&w.arena, "{\"texts\":%s}", texts);
	struct str body = doc_merge(
		&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")), arena_json(&w.arena, over, NULL));
	struct command *c = dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO",
		arena_printf(&w.arena, "%.*s", STR_FMT(body)).p, "*");
	enum outcome o = c->outcome;

	if (o == REFUSED_INVALID)
		print_message("%s: %s\n", c->faults->fault[0].pointer, c->faults->fault[0].detail);
	command_free(c);
	return o;
}

static void the_house_has_its_own_words(void **state)
{
	(void)state;
	assert_int_equal(say_texts("{\"confirm_text\":{\"fr\":\"{nom}\"}}"), REFUSED_INVALID);
	assert_int_equal(say_texts("{\"confirm_sms\":\"{date\"}"), REFUSED_INVALID);
	assert_int_equal(say_texts("{\"confirm_subject\":\"a } b {\"}"), REFUSED_INVALID);
	assert_int_equal(say_texts("{\"loan_agreement\":\"{nom}\"}"), OK);
	assert_int_equal(say_texts("{\"confirm_text\":{\"en\":\"E\","
				   "\"fr\":\"A {date}\\nB {link}\\nC\"}}"),
		OK);
	(void)promised("email");
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE,
		"{\"channels\":[\"email\"],\"step\":\"write\"}", OK);
	assert_str(json_str_at(message_of("open"), "text"), "A 16/03/2026\nC");
}

/* ---- his own word ---- */

static void his_word_is_of_one_time(void **state)
{
	struct str id = promised("email"), booking;
	struct instant until;

	(void)state;
	dealer_must(&w, VERB_BOOKING_CONFIRMED, "LYO", id.p, "{\"from\":\"2026-03-16T09:30:00Z\"}",
		REFUSED_STATE);
	dealer_must(
		&w, VERB_BOOKING_CONFIRMED, "LYO", id.p, "{\"from\":\"2026-03-16T07:30:00Z\"}", OK);
	owes_nothing("confirm");
	assert_true(json_present(json_get(dealer_row(&w, ROW_BOOKING, id), "customer_confirmed")));
	dealer_must(
		&w, VERB_BOOKING_CONFIRMED, "LYO", id.p, "{\"from\":\"2026-03-16T07:30:00Z\"}", OK);
	/* the address: ours, whole, of this booking alone */
	const uint8_t *secret = people_secret(fleet_people(w.fleet));
	struct str token = confirm_token(&w.arena, secret, id, w.still.now);
	assert_true(confirm_token_open(secret, token, &booking, &until));
	assert_true(str_eq(booking, id));
	for (size_t i = 0; i < token.n; i++) {
		char other[CONFIRM_TOKEN_MAX];
		memcpy(other, token.p, token.n);
		other[i] = other[i] == '1' ? '2' : '1';
		assert_false(
			confirm_token_open(secret, (struct str){other, token.n}, &booking, &until));
		assert_false(
			confirm_token_open(secret, (struct str){token.p, i}, &booking, &until));
	}
}

static void he_says_so_on_the_telephone(void **state)
{
	struct str id = promised("phone");
	struct json task;

	(void)state;
	tick_at("2026-03-13T12:00:30+01:00"); /* told, and called */
	task_does(task_of("confirm", "open"), VERB_TASK_DONE, "{\"customer_confirmed\":true}", OK);
	task = json_get(dealer_row(&w, ROW_BOOKING, id), "customer_confirmed");
	assert_str(json_str_at(task, "by"), "tester");
	assert_str(json_str_at(task, "from"), "2026-03-16T07:30:00Z");
	/* another task asks nothing of the kind */
	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"WB-48\"}]"), OK);
	dealer_must(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"from\":\"2026-03-18T09:00:00+01:00\",\"until\":\"2026-03-19T12:00:00+01:00\"}",
		OK);
	task_does(task_of("look_ahead", "open"), VERB_TASK_DONE, "{\"customer_confirmed\":true}",
		REFUSED_INVALID);
}

static void nobody_reads_it_once_he_is_erased(void **state)
{
	struct str id = promised("email");
	struct json task;

	(void)state;
	task_does(task_of("confirm", "open"), VERB_TASK_MESSAGE, WRITE, OK);
	says("sent", json_str_at(message_of("open"), "message"), OK);
	assert_true(json_present(json_get(message_of("done"), "text")));
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"a taxi\"}", OK);
	dealer_must(&w, VERB_CUSTOMER_ERASE, "directory", "C1", "{}", OK);
	task = message_of("done");
	assert_str(json_str_at(task, "status"), "sent");
	assert_false(json_present(json_get(task, "text")));
	assert_false(json_present(json_get(task, "to")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(is_written_in_the_morning),
		STORY(what_was_handed_over_keeps_the_promise),
		STORY(what_failed_is_a_persons_at_once),
		STORY(who_prefers_the_telephone_is_called),
		STORY(another_time_is_written_anew),
		STORY(the_house_has_its_own_words),
		STORY(his_word_is_of_one_time),
		STORY(he_says_so_on_the_telephone),
		STORY(nobody_reads_it_once_he_is_erased),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
