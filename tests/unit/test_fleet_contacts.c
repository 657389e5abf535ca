/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves, with a clock that is set, that what is promised in a call falls due by the doors of the
 * site, that a customer is handed over once, that a complaint is answered within the day and ends
 * by a person's word alone, and that what customers say is counted as they said it. */

#include "tests/lib/book_of_deadlines.h"

#include "fleet/contact.h"

static struct json shown(enum row_kind kind, struct str id)
{
	struct json doc;
	struct row row;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, kind, id, &row));
	doc = arena_json(&w.arena, render_row(&v, kind, id, &row), NULL);
	fleet_look_end(&v);
	assert_true(json_present(doc));
	return doc;
}

#define CALL_WITH(more)                                                         \
	"{\"channel\":\"phone\",\"customer\":\"C1\",\"direction\":\"in\"," more \
	"\"reason\":\"asks for the price\",\"site\":\"LYO\"}"
#define PROMISE(kind) CALL_WITH("\"promises\":[{\"kind\":\"" kind "\"}],")
#define WISH(kind, at) CALL_WITH("\"promises\":[{\"at\":\"" at "\",\"kind\":\"" kind "\"}],")

static struct str contact(const char *body, enum outcome expected)
{
	return dealer_must(&w, VERB_CONTACT_MAKE, "LYO", NULL, body, expected);
}

/* ---- what is promised ---- */

static void a_callback_is_owed_within_an_hour_of_open_doors(void **state)
{
	struct str id;
	struct json task;

	(void)state;
	dealer_at(&w, "2026-03-13T18:00:00+01:00"); /* half an hour before the week-end */
	id = contact(PROMISE("callback"), OK);
	task = owes("callback", "LEX-6", "2026-03-16T09:00:00+01:00");
	assert_true(str_eq(json_str_at(task, "contact"), id));
	assert_str(json_str_at(task, "customer"), "C1");
	tick_at("2026-03-16T09:01:00+01:00");
	assert_int_equal(json_int_at(task_of("callback", "open"), "escalated", 0), 1);
}

static void a_callback_is_owed_when_it_suits_the_customer(void **state)
{
	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	contact(WISH("callback", "2026-03-12T08:00:00Z"), REFUSED_INVALID); /* past */
	contact(WISH("callback", "2026-03-14T09:00:00Z"), REFUSED_INVALID); /* a Saturday */
	contact(WISH("callback", "2026-03-12T19:00:00Z"), REFUSED_INVALID); /* after the closing */
	owes_nothing("callback");
	contact(WISH("callback", "2026-03-13T13:00:00Z"), OK);
	owes("callback", "LEX-6", "2026-03-13T14:00:00+01:00");
}

/* Over the change of the clock: the doors of Monday open in summer time. */
static void what_is_promised_falls_due_by_its_rule(void **state)
{
	(void)state;
	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"AVT-4b\"},{\"on\":true,\"rule\":"
				       "\"AVT-4b.2\"}]"),
		OK);
	dealer_at(&w, "2026-03-27T17:30:00+01:00");
	contact(CALL_WITH("\"promises\":[{\"kind\":\"written_offer\"},{\"kind\":\"follow_up\"},{"
			  "\"at\":\"2026-03-26T10:00:00Z\",\"kind\":\"after_delivery\"},{\"kind\":"
			  "\"prospect\"}],"),
		OK);
	owes("written_offer", "LEX-14", "2026-03-30T09:30:00+02:00");
	owes("follow_up", "LEX-12", "2026-03-27T18:30:00+01:00");
	owes("after_delivery", "AVT-1a", "2026-03-30T18:30:00+02:00");
	owes("prospect", "AVT-4b", "2026-04-07T18:30:00+02:00");
	owes("prospect_month", "AVT-4b.2", "2026-04-27T18:30:00+02:00");
}

static void what_a_site_turned_off_is_not_promised(void **state)
{
	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	contact(PROMISE("prospect"), REFUSED_INVALID); /* off unless it is turned on */
	assert_int_equal(say_deadlines("[{\"on\":false,\"rule\":\"LEX-6\"}]"), OK);
	contact(PROMISE("callback"), REFUSED_INVALID);
	contact(CALL_WITH("\"promises\":[{\"kind\":\"follow_up\"},{\"kind\":\"follow_up\"}],"),
		REFUSED_INVALID);
	contact(CALL_WITH("\"promises\":[{\"kind\":\"follow_up\",\"owner\":\"nobody\"}],"),
		REFUSED_INVALID);
	contact(CALL_WITH("\"promises\":[{\"at\":\"2026-03-02T10:00:00Z\",\"kind\":"
			  "\"after_delivery\"}],"),
		REFUSED_INVALID); /* three days after that are past */
}

/* ---- handed over ---- */

static void a_customer_is_handed_over_once(void **state)
{
	struct str id;
	struct json row;

	(void)state;
	somebody_works_here("anna", "LYO");
	somebody_works_here("bruno", "LYO");
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	contact(CALL_WITH("\"handed_to\":\"nobody\","), REFUSED_INVALID);
	id = contact(PROMISE("callback"), OK);
	dealer_must(&w, VERB_CONTACT_TRANSFER, "LYO", id.p, "{\"to\":\"nobody\"}", REFUSED_INVALID);
	dealer_must(&w, VERB_CONTACT_TRANSFER, "LYO", id.p, "{\"to\":\"anna\"}", OK);
	row = shown(ROW_CONTACT, id);
	assert_str(json_str_at(json_get(row, "handed"), "to"), "anna");
	assert_str(json_str_at(task_of("callback", "open"), "owner"), "anna");
	dealer_must(
		&w, VERB_CONTACT_TRANSFER, "LYO", id.p, "{\"to\":\"bruno\"}", REFUSED_TRANSFERRED);
	id = contact(CALL_WITH("\"handed_to\":\"bruno\","), OK);
	dealer_must(
		&w, VERB_CONTACT_TRANSFER, "LYO", id.p, "{\"to\":\"anna\"}", REFUSED_TRANSFERRED);
	dealer_must(&w, VERB_CONTACT_TRANSFER, "LYO", "nothing", "{\"to\":\"anna\"}",
		REFUSED_NOT_FOUND);
}

static void what_was_left_open_is_answered(void **state)
{
	struct str id;
	struct json row;

	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	id = contact(CALL_WITH("\"questions\":[\"how long\",\"and the tyres\"],"), OK);
	row = shown(ROW_CONTACT, id);
	assert_int_equal(json_int_at(row, "open", 0), 2);
	assert_str(json_str(json_item(json_get(row, "questions"), 1)), "and the tyres");
	assert_str(json_str_at(row, "reason"), "asks for the price");
	row = dealer_row(&w, ROW_CONTACT, id); /* words are sealed, for the customer */
	assert_false(json_present(json_get(row, "reason")));
	assert_str(json_str_at(json_get(row, "private"), "of"), "C1");
	dealer_must(&w, VERB_CONTACT_ANSWERED, "LYO", id.p, "{\"answers\":\"two days\"}", OK);
	dealer_must(&w, VERB_CONTACT_ANSWERED, "LYO", id.p, "{}", REFUSED_STATE);
	row = shown(ROW_CONTACT, id);
	assert_int_equal(json_int_at(row, "open", 9), 0);
	assert_str(json_str_at(row, "answers"), "two days");
	assert_str(json_str(json_item(json_get(row, "questions"), 0)), "how long");
}

/* ---- the history of a customer ---- */

static struct json contacts_of(const char *customer, uint32_t limit, struct str cursor)
{
	struct list_page page = {.limit = limit, .cursor = cursor};
	struct json list;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	list = arena_json(&w.arena,
		render_contacts(&v, STR("LYO"), customer ? str_from(customer) : STR_NULL, &page),
		NULL);
	fleet_look_end(&v);
	assert_true(json_present(list));
	return list;
}

static void a_customers_history_is_his_under_every_name(void **state)
{
	struct str first, second, third;
	struct json page;

	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	first = contact(CALL_WITH(""), OK);
	dealer_at(&w, "2026-03-12T11:00:00+01:00");
	second = contact("{\"channel\":\"sms\",\"customer\":\"C2\",\"direction\":\"out\","
			 "\"reason\":\"the car is ready\",\"site\":\"LYO\"}",
		OK);
	dealer_at(&w, "2026-03-12T12:00:00+01:00");
	third = contact(CALL_WITH(""), OK);
	contact("{\"channel\":\"sms\",\"customer\":\"C9\",\"direction\":\"out\",\"reason\":\"x\","
		"\"site\":\"LYO\"}",
		REFUSED_INVALID);
	page = contacts_of("C1", 100, STR_NULL);
	assert_int_equal(json_count(json_get(page, "items")), 2);
	assert_true(str_eq(json_str_at(json_item(json_get(page, "items"), 0), "contact"), third));
	dealer_must(&w, VERB_CUSTOMER_MERGE, "directory", "C2", "{\"into\":\"C1\"}", OK);
	page = contacts_of("C1", 100, STR_NULL);
	assert_int_equal(json_count(json_get(page, "items")), 3);
	assert_true(str_eq(json_str_at(json_item(json_get(page, "items"), 1), "contact"), second));
	page = contacts_of(NULL, 2, STR_NULL); /* the site's, page by page */
	assert_int_equal(json_count(json_get(page, "items")), 2);
	page = contacts_of(NULL, 2, json_str_at(page, "next"));
	assert_int_equal(json_count(json_get(page, "items")), 1);
	assert_true(str_eq(json_str_at(json_item(json_get(page, "items"), 0), "contact"), first));
}

/* ---- complaints ---- */

static struct str complaint(const char *channel, const char *kind, const char *id)
{
	struct str body = arena_printf(&w.arena,
		"{\"about\":{\"id\":\"%s\",\"kind\":\"%s\"},\"category\":\"late\","
		"\"channel\":\"%s\",\"site\":\"LYO\",\"text\":\"an hour at the desk\"}",
		id, kind, channel);

	return dealer_must(&w, VERB_COMPLAINT_MAKE, "LYO", NULL, body.p, OK);
}

static void complaint_does(struct str id, enum verb verb, const char *body, enum outcome expected)
{
	dealer_must(&w, verb, "LYO", id.p, body, expected);
}

static void a_complaint_is_answered_with_the_customers_agreement(void **state)
{
	struct str id;
	struct json c;

	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	id = complaint("phone", "customer", "C1");
	owes("complaint", "AVT-2b", "2026-03-13T10:00:00+01:00");
	complaint_does(id, VERB_COMPLAINT_ANSWER, "{\"agreed\":false,\"text\":\"a car wash\"}", OK);
	owes("complaint", "AVT-2b", "2026-03-13T10:00:00+01:00"); /* he does not agree */
	tick_at("2026-03-13T10:01:00+01:00");
	assert_int_equal(json_int_at(task_of("complaint", "open"), "escalated", 0), 1);
	complaint_does(id, VERB_COMPLAINT_ANSWER,
		"{\"agreed\":true,\"next_at\":\"2026-03-20T09:00:00Z\",\"text\":\"a free day\"}",
		OK);
	owes_nothing("complaint");
	owes("follow_up", "LEX-12", "2026-03-20T10:00:00+01:00");
	c = shown(ROW_COMPLAINT, id);
	assert_str(json_str_at(c, "status"), "answered");
	assert_int_equal(json_count(json_get(c, "steps")), 3);
	assert_str(json_str_at(json_item(json_get(c, "steps"), 2), "text"), "a free day");
	assert_false(json_present(json_get(dealer_row(&w, ROW_COMPLAINT, id), "text")));
}

/* Months later it is still there, and open: no time closes it. */
static void no_complaint_closes_by_itself(void **state)
{
	struct str id;

	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	id = complaint("email", "customer", "C1");
	complaint_does(id, VERB_COMPLAINT_REOPEN, "{\"text\":\"it is open\"}", REFUSED_STATE);
	for (int month = 4; month < 10; month++)
		tick_at(arena_printf(&w.arena, "2026-%02d-12T10:00:00+02:00", month).p);
	assert_str(json_str_at(shown(ROW_COMPLAINT, id), "status"), "open");
	assert_int_equal(json_int_at(task_of("complaint", "open"), "escalated", 0), 3);
	complaint_does(id, VERB_COMPLAINT_SOLVE, "{\"text\":\"paid back\"}", OK);
	owes_nothing("complaint");
	complaint_does(id, VERB_COMPLAINT_SOLVE, "{\"text\":\"again\"}", REFUSED_STATE);
	complaint_does(
		id, VERB_COMPLAINT_ANSWER, "{\"agreed\":true,\"text\":\"x\"}", REFUSED_STATE);
	complaint_does(id, VERB_COMPLAINT_REOPEN, "{\"text\":\"the money never came\"}", OK);
	assert_str(json_str_at(shown(ROW_COMPLAINT, id), "status"), "open");
	assert_true(json_present(task_of("complaint", "open")));
	complaint_does(id, VERB_COMPLAINT_SOLVE,
		"{\"next_at\":\"2026-03-12T09:00:00Z\",\"text\":\"x\"}", REFUSED_INVALID);
}

static void the_importers_complaint_comes_before_all_others(void **state)
{
	struct list_page page = {.limit = 100};
	struct str first, top;
	struct json list;
	struct view v;
	struct txn t;

	(void)state;
	dealer_at(&w, "2026-03-12T10:00:00+01:00");
	first = complaint("phone", "vehicle", DEALER_VIN);
	dealer_at(&w, "2026-03-12T11:00:00+01:00");
	top = complaint("importer", "resource", "G1");
	assert_false(str_eq(first, top));
	fleet_look(w.fleet, &v, &t, &w.arena);
	list = json_get(
		arena_json(&w.arena, render_complaints(&v, STR("LYO"), STR("open"), &page), NULL),
		"items");
	fleet_look_end(&v);
	assert_int_equal(json_count(list), 2);
	assert_true(str_eq(json_str_at(json_item(list, 0), "complaint"), top));
	assert_true(json_bool_at(json_item(list, 0), "top", false));
	assert_str(json_str_at(json_item(list, 1), "customer"), "C1"); /* the car's owner */
	tick_at("2026-03-12T11:00:30+01:00"); /* a manager hears of it at once */
	assert_int_equal(json_int_at(json_item(tasks("open"), 1), "escalated", 0), 1);
	assert_int_equal(json_int_at(json_item(tasks("open"), 0), "escalated", 0), 0);
	dealer_must(&w, VERB_COMPLAINT_MAKE, "LYO", NULL,
		"{\"about\":{\"id\":\"nothing\",\"kind\":\"booking\"},\"category\":\"late\","
		"\"channel\":\"sms\",\"site\":\"LYO\",\"text\":\"x\"}",
		REFUSED_INVALID);
}

/* ---- how content they are ---- */

static struct json voice_of(int64_t from_s, int64_t until_s)
{
	struct json voice;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	voice = arena_json(
		&w.arena, render_voice(&v, STR("LYO"), (struct span){{from_s}, {until_s}}), NULL);
	fleet_look_end(&v);
	assert_true(json_present(voice));
	return voice;
}

static struct str back_again(void)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);

	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	dealer_must(&w, VERB_BOOKING_ASKED, "LYO", id.p, "{\"score\":9}", REFUSED_STATE);
	dealer_at(&w, "2026-03-17T11:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	return id;
}

static void whoever_had_a_loan_is_asked_once(void **state)
{
	struct str id;
	struct json b, month;

	(void)state;
	assert_int_equal(say_deadlines("[{\"on\":true,\"rule\":\"AVT-S10\"}]"), OK);
	id = back_again();
	owes("after_visit", "AVT-S10", "2026-03-19T11:00:00+01:00");
	dealer_must(&w, VERB_BOOKING_ASKED, "LYO", id.p,
		"{\"comment\":\"kind people\",\"recommend\":10,\"score\":9}", OK);
	owes_nothing("after_visit"); /* he was called */
	assert_true(json_present(task_of("after_visit", "done")));
	dealer_must(&w, VERB_BOOKING_ASKED, "LYO", id.p, "{\"score\":1}", REFUSED_KNOWN);
	b = json_get(shown(ROW_BOOKING, id), "satisfaction");
	assert_int_equal(json_int_at(b, "score", 0), 9);
	assert_str(json_str_at(b, "comment"), "kind people");
	assert_false(json_present(
		json_get(json_get(dealer_row(&w, ROW_BOOKING, id), "satisfaction"), "comment")));
	complaint("survey", "booking", id.p);
	contact(CALL_WITH(""), OK);
	b = voice_of(INT64_C(1770000000), INT64_C(1780000000));
	month = json_item(json_get(b, "satisfaction"), 0);
	assert_str(json_str_at(month, "month"), "2026-03");
	assert_int_equal(json_int_at(month, "asked", 0), 1);
	assert_int_equal(json_int(json_item(json_get(month, "score"), 9), 0), 1);
	assert_int_equal(json_int(json_item(json_get(month, "recommend"), 10), 0), 1);
	assert_int_equal(json_int_at(json_get(b, "complaints"), "taken", 0), 1);
	assert_int_equal(json_int_at(json_get(b, "contacts"), "in", 0), 1);
	b = voice_of(0, INT64_C(1770000000)); /* before all that */
	assert_int_equal(json_count(json_get(b, "satisfaction")), 0);
	assert_int_equal(json_int_at(json_get(b, "complaints"), "taken", 9), 0);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		STORY(a_callback_is_owed_within_an_hour_of_open_doors),
		STORY(a_callback_is_owed_when_it_suits_the_customer),
		STORY(what_is_promised_falls_due_by_its_rule),
		STORY(what_a_site_turned_off_is_not_promised),
		STORY(a_customer_is_handed_over_once),
		STORY(what_was_left_open_is_answered),
		STORY(a_customers_history_is_his_under_every_name),
		STORY(a_complaint_is_answered_with_the_customers_agreement),
		STORY(no_complaint_closes_by_itself),
		STORY(the_importers_complaint_comes_before_all_others),
		STORY(whoever_had_a_loan_is_asked_once),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
