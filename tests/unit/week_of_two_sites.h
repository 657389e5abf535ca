/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A week of two sites in which an object of every kind is made. */

#include "fleet/agreement.h"
#include "fleet/user.h"
#include "tests/lib/task_list.h"
#include "tests/lib/two_sites.h"

static struct str offered(const char *ready)
{
	struct json answer;

	return dealer_offer(&w, DEALER_VIN, "warranty_repair", 900, MONDAY_8_30, ready, &answer);
}

static struct str do_body(enum verb v, const char *class, const char *more, const char *key)
{
	struct command *c = dealer_do(&w, v, "LYO", NULL,
		arena_printf(&w.arena,
			"{\"class\":\"%s\"%s,\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}",
			class, more, STR_FMT(offered(WEDNESDAY_17)))
			.p,
		key);
	struct str id = dealer_subject(&w, c);

	command_free(c);
	return id;
}

static void sign(struct str id)
{
	struct view v;
	struct txn t;
	struct booking b;
	char hex[HASH_TEXT];

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(booking_get(&v, id, &b, &(uint64_t){0}));
	struct hash hash =
		hash_of(agreement_page(&v, &b, JSON_ABSENT, agreement_language(&v, &b, STR_NULL)));
	fleet_look_end(&v);
	dealer_must(&w, VERB_BOOKING_SIGN, "LYO", id.p,
		arena_printf(&w.arena, "{\"sha256\":\"%.*s\",\"signature\":{\"typed\":\"B\"}}",
			STR_FMT(hash_print(&hash, hex)))
			.p,
		OK);
}

static void closed_by_the_workshop(struct str booking, const char *type)
{
	struct str visit = json_str_at(dealer_row(&w, ROW_BOOKING, booking), "visit");
	struct command *c = dealer_put(&w, VERB_REPAIR_ORDER_PUT, "LYO",
		arena_copy(&w.arena, visit).p,
		arena_printf(&w.arena,
			"{\"authorisation\":\"A\",\"claim_number\":\"C\",\"closed_at\":"
			"\"2026-03-18T16:00:00Z\",\"invoice\":{\"net_minor\":1,"
			"\"reference\":\"F\",\"supplier\":\"S\"},\"lines\":["
			"{\"operation\":\"4\",\"type\":\"%s\"}],\"number\":\"R\","
			"\"odometer_in\":1,\"odometer_out\":2,\"opened_at\":"
			"\"2026-03-16T07:00:00Z\",\"papers\":[{\"bytes\":9,\"name\":\"n\","
			"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
			"7852b855\"}],\"parts_delay_reason\":\"p\",\"ready_at\":"
			"\"2026-03-18T15:00:00Z\"}",
			type)
			.p,
		"*");

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

static void claimed(struct str booking)
{
	struct str id = dealer_must(&w, VERB_CLAIM_DRAFT, "LYO", booking.p,
		"{\"payer\":\"manufacturer\",\"programme\":\"TESTWAR\"}", OK);
	struct command *c = dealer_do(&w, VERB_CLAIM_COMPLETE, "LYO", id.p, "{}", "complete");

	assert_int_equal(c->outcome, REFUSED_CLAIM_FINDINGS);
	command_free(c);
	closed_by_the_workshop(booking, "warranty_repair");
	dealer_must(&w, VERB_CLAIM_COMPLETE, "LYO", id.p, "{}", OK);
	dealer_must(&w, VERB_CLAIM_EXPORT, "LYO", id.p, "{\"reference\":\"M\"}", OK);
	dealer_must(&w, VERB_CLAIM_ACCEPT, "LYO", id.p, "{\"amount_minor\":1}", OK);
	dealer_must(&w, VERB_CLAIM_CHARGE_BACK, "LYO", id.p, "{\"reason\":\"r\"}", OK);
}

/* A call in which all is said that can be, and a complaint through all its steps. */
static void said(struct str booking)
{
	struct user u = {.actor = {.role = ROLE_ADVISOR}};
	struct str id, body;

	assert_true(actor_set_name(&u.actor, STR("anna")));
	assert_int_equal(user_add(fleet_people(w.fleet), &u), OK);
	id = dealer_must(&w, VERB_CONTACT_MAKE, "LYO", NULL,
		arena_printf(&w.arena,
			"{\"booking\":\"%.*s\",\"channel\":\"phone\",\"confirmed\":[\"phone\"],"
			"\"consent\":{\"survey\":true},\"direction\":\"in\",\"promises\":[{"
			"\"kind\":\"callback\"}],\"questions\":[\"when\"],\"reason\":\"r\","
			"\"site\":\"LYO\",\"vin\":\"" DEALER_VIN "\"}",
			STR_FMT(booking))
			.p,
		OK);
	dealer_must(&w, VERB_CONTACT_TRANSFER, "LYO", id.p, "{\"to\":\"anna\"}", OK);
	dealer_must(&w, VERB_CONTACT_ANSWERED, "LYO", id.p, "{}", OK);
	body = arena_printf(&w.arena,
		"{\"about\":{\"id\":\"%.*s\",\"kind\":\"contact\"},\"category\":\"late\","
		"\"channel\":\"importer\",\"site\":\"LYO\",\"text\":\"t\"}",
		STR_FMT(id));
	id = dealer_must(&w, VERB_COMPLAINT_MAKE, "LYO", NULL, body.p, OK);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK); /* told at once */
	dealer_must(&w, VERB_COMPLAINT_ANSWER, "LYO", id.p, "{\"agreed\":true,\"text\":\"t\"}", OK);
	dealer_must(&w, VERB_BOOKING_ASKED, "LYO", booking.p, "{\"recommend\":9,\"score\":8}", OK);
}

static void lent_and_back(void)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);

	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", id.p,
		"{\"agreed\":true,\"reason\":\"parts\",\"until\":\"" TUESDAY_13 "\"}", OK);
	dealer_at(&w, MONDAY_8_30);
	sign(id);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"fuel_percent\":80,"
		"\"licence_checked_at\":\"2026-03-16T07:00:00Z\",\"odometer_km\":1200}",
		OK);
	dealer_at(&w, TUESDAY_17);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK); /* overdue: a task */
	dealer_must(&w, VERB_BOOKING_EXCHANGE, "LYO", id.p,
		"{\"in\":{},\"out\":{},\"reason\":\"a noise\",\"resource\":\"G1\"}", OK);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"charges\":[{\"amount_minor\":2500,\"kind\":\"fuel\",\"payer\":\"customer\"}]}",
		OK);
	closed_by_the_workshop(id, "recall");
	claimed(id);
	said(id);
}

/* The confirmation of the day before, and the customer's own word. */
static void written(void)
{
	struct str site, id, task = STR_NULL;

	site = doc_merge(&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")),
		arena_json(&w.arena, STR("{\"deadlines\":[{\"on\":true,\"rule\":\"CIT-6.2\"}]}"),
			NULL));
	command_free(dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO",
		arena_printf(&w.arena, "%.*s", STR_FMT(site)).p, "*"));
	command_free(dealer_put(&w, VERB_CUSTOMER_PUT, "directory", "C1",
		"{\"customer\":\"C1\",\"language\":\"it\",\"person\":{\"email\":\"a@b.example\","
		"\"name\":\"Test One\"},\"preferred_channel\":\"email\",\"segment\":\"private\"}",
		"*"));
	id = book("taxi", NULL, FRIDAY_9, FRIDAY_17, OK);
	struct json open = tasks("open");
	for (struct json t = json_first(open); json_present(t); t = json_next(open, t))
		if (str_is(json_str_at(t, "kind"), "confirm"))
			task = arena_copy(&w.arena, json_str_at(t, "task"));
	dealer_must(&w, VERB_TASK_MESSAGE, "LYO", task.p,
		"{\"channels\":[\"email\"],\"step\":\"write\"}", OK);
	dealer_must(&w, VERB_TASK_MESSAGE, "LYO", task.p,
		arena_printf(&w.arena, "{\"message\":\"%.*s\",\"step\":\"failed\",\"why\":\"550\"}",
			STR_FMT(json_str_at(
				json_get(dealer_row(&w, ROW_TASK, task), "message"), "message")))
			.p,
		OK);
	dealer_must(&w, VERB_BOOKING_CONFIRMED, "LYO", id.p,
		arena_printf(&w.arena, "{\"from\":\"%.*s\"}",
			STR_FMT(json_str_at(dealer_row(&w, ROW_BOOKING, id), "from")))
			.p,
		OK);
}

static void week(void)
{
	struct str id, taken;

	resource("D2", "desk", "desk", "\"loaner_brand\"", "1", 0);
	resource("D3", "desk", "desk", "\"loaner_brand\"", "1", 0);
	dealer_must(&w, VERB_CUSTOMER_PUT, "directory", "C3",
		"{\"external\":[{\"id\":\"7\",\"system\":\"dms\"}],\"language\":\"fr\",\"person\":"
		"{\"name\":\"Test Three\"},\"preferred_channel\":\"none\",\"segment\":\"company\"}",
		OK);
	(void)in_lyon(WEDNESDAY_9, WEDNESDAY_17, OK);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK); /* a desk for it */
	id = block("G1", FRIDAY_9, FRIDAY_17);
	command_free(dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", id.p, NULL, "*"));
	(void)block("G2", FRIDAY_9, FRIDAY_17);
	(void)book("taxi", NULL, MONDAY_8_30, WEDNESDAY_17, OK);
	(void)book("pickup_delivery", NULL, MONDAY_8_30, WEDNESDAY_17, OK);
	taken = book("loaner_brand", "levante", MONDAY_8_30, WEDNESDAY_17, OK);
	(void)do_body(VERB_BOOKING_MAKE, "levante", "", "a key");
	(void)do_body(VERB_WAITING_ADD, "levante", ",\"hold_minutes\":60", NULL);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", taken.p, "{\"reason\":\"ill\"}", OK);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK); /* held for whoever waits */
	lent_and_back();
	written();
}
