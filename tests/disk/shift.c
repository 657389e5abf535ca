/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/disk/shift.h"

enum { HOUR_S = 3600, HOURS_AHEAD = 7200 };

void shift_begin(struct shift *d, struct house *h, const char *what)
{
	char at[INSTANT_TEXT];
	struct instant drop_off;
	struct str body;
	struct json answer;

	*d = (struct shift){.house = h, .chance = chance_make(what), .now = house_now(h)};
	drop_off = (struct instant){d->now.s / HOUR_S * HOUR_S + 24 * HOUR_S};
	body = text_make("{\"site\":\"LYO\",\"vin\":\"ZAMTESTC1T0000001\",\"jobs\":[{\"type\":"
			 "\"warranty_repair\",\"immobilisation_minutes\":480}],\"drop_off_at\":"
			 "\"%s\"}",
		instant_print_utc(drop_off, at).p);
	answer = house_must(h, NULL, "POST", "/v1/offers", NULL, body, 200);
	d->offer = text_make("%.*s", STR_FMT(json_str_at(answer, "offer")));
	text_free(body);
}

/* ---- orders ---- */

static struct str make_body(struct shift *d, enum errand errand)
{
	struct chance *c = &d->chance;
	static const char *const solutions[] = {
		"\"loaner_brand\"", "\"rental\"", "\"rental\"", "\"taxi\""};
	const char *solution = solutions[chance_below(c, ARRAY_LEN(solutions))];
	const char *driver = chance_below(c, 3) ? "" : ",\"drivers\":[{\"name\":\"Dora Driver\"}]";
	const char *more = errand == MAKE_HELD ? ",\"hold_minutes\":1440" : "";
	char from[INSTANT_TEXT], until[INSTANT_TEXT];
	int64_t from_s =
		d->now.s / HOUR_S * HOUR_S + (int64_t)(48 + chance_below(c, HOURS_AHEAD)) * HOUR_S;

	if (errand == MAKE_OUT) {
		from_s = d->now.s / 60 * 60;
		more = ",\"check_out\":{\"odometer_km\":1200,\"fuel_percent\":90}";
		solution = "\"rental\"";
	}
	(void)instant_print_utc((struct instant){from_s}, from);
	(void)instant_print_utc(
		(struct instant){from_s + (int64_t)(2 + chance_below(c, 46)) * HOUR_S}, until);
	return text_make("{\"offer\":\"%.*s\",\"solution\":%s,\"from\":\"%s\",\"until\":\"%s\","
			 "\"accept_customer_minor\":99999999%s%s}",
		STR_FMT(d->offer), solution, from, until, more, driver);
}

/* Where there is nothing to cancel, something is booked. ERRANDS: whatever comes. */
static uint32_t order_give(struct shift *d, enum errand e)
{
	static const enum errand often[] = {MAKE_BOOKED, MAKE_BOOKED, MAKE_BOOKED, MAKE_HELD,
		MAKE_OUT, BOOK, CANCEL, CHECK_IN, NEW_CUSTOMER};
	static const char *const status[ERRANDS] = {
		[BOOK] = "held", [CANCEL] = "booked", [CHECK_IN] = "out"};
	int32_t promise = NO_PROMISE;
	struct str body;

	if (e == ERRANDS)
		e = often[chance_below(&d->chance, ARRAY_LEN(often))];
	if (status[e]) {
		promise = ledger_pick(&d->ledger, &d->chance, status[e], false);
		if (promise == NO_PROMISE)
			e = MAKE_BOOKED;
	}
	if (e == NEW_CUSTOMER)
		body = text_make("{\"segment\":\"private\",\"language\":\"fr\",\"preferred_"
				 "channel\":\"sms\",\"person\":{\"name\":\"Nora New\"}}");
	else if (e == BOOK)
		body = text_make("{\"customer\":\"K%u\"}", 1 + chance_below(&d->chance, 4));
	else if (e == CANCEL)
		body = text_make("{\"reason\":\"The caller changed her mind\"}");
	else if (e == CHECK_IN)
		body = text_make("{\"odometer_km\":1300,\"fuel_percent\":50}");
	else
		body = make_body(d, e);
	return ledger_order(&d->ledger, e, promise, body);
}

/* ---- work ---- */

static void hear(struct shift *d, struct client *c, uint32_t order)
{
	struct response r = client_read(c, false, HOUSE_WAIT_MS);

	if (r.status == 503)
		d->refused_503++;
	else if (r.status == 0)
		d->silent++;
	else
		ledger_answer(&d->ledger, order, &r);
	response_free(&r);
}

static bool one_round(struct shift *d, enum errand errand, struct client *clients[SHIFT_DESKS])
{
	uint32_t orders[SHIFT_DESKS];
	bool sent = true;

	for (int i = 0; i < SHIFT_DESKS; i++) {
		orders[i] = order_give(d, errand);
		const struct order *o = &d->ledger.orders[orders[i]];
		struct str bytes = house_request(d->house, o->method, o->path,
			strcmp(o->method, "POST") == 0 ? o->key : NULL, o->body);
		sent = client_send(clients[i], bytes) && sent;
		text_free(bytes);
	}
	for (int i = 0; i < SHIFT_DESKS; i++)
		hear(d, clients[i], orders[i]);
	return sent && d->silent == 0;
}

void shift_work(struct shift *d, uint32_t orders)
{
	shift_work_errand(d, ERRANDS, orders);
}

void shift_work_errand(struct shift *d, enum errand errand, uint32_t orders)
{
	struct client *clients[SHIFT_DESKS];
	bool open = true;

	d->refused_503 = d->silent = 0;
	for (int i = 0; i < SHIFT_DESKS; i++) {
		clients[i] = client_open(d->house->port);
		open = clients[i] && open;
	}
	for (uint32_t n = 0; open && n < orders; n += SHIFT_DESKS)
		open = one_round(d, errand, clients);
	for (int i = 0; i < SHIFT_DESKS; i++)
		client_close(clients[i]);
}

void shift_sign(struct shift *d, uint32_t agreements)
{
	for (uint32_t n = 0; n < agreements; n++) {
		int32_t i = ledger_pick(&d->ledger, &d->chance, "booked", false);
		if (i == NO_PROMISE)
			return;
		const char *id = d->ledger.promises[i].id;
		struct str show = text_make("/v1/bookings/%s/agreement", id);
		struct str sign = text_make("/v1/bookings/%s/sign", id);
		struct str key = text_make("sign-%u", d->signed_count++);
		struct json page = house_must(d->house, NULL, "POST", show.p, NULL, STR("{}"), 200);
		struct str body =
			text_make("{\"sha256\":\"%.*s\",\"signature\":{\"path\":\"M1 2 L3 4\"}}",
				STR_FMT(json_str_at(page, "sha256")));
		(void)house_must(d->house, NULL, "POST", sign.p, key.p, body, 200);
		text_free(show);
		text_free(sign);
		text_free(key);
		text_free(body);
	}
}

void shift_look_back(struct shift *d)
{
	ledger_resolve(&d->ledger, d->house);
	ledger_check_round(&d->ledger, d->house);
	ledger_check_all(&d->ledger, d->house);
	ledger_next_round(&d->ledger);
}

void shift_end(struct shift *d)
{
	text_free(d->offer);
	ledger_free(&d->ledger);
}

void shift_forget(struct shift *d)
{
	ASSERT(d->ledger.orders_len == 0);
	d->ledger.promises_len = 0;
}
