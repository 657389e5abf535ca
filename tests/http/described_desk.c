/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_desk.h"

const char *desk_offer_body(struct caller *c, const char *day, const char *more)
{
	return text_of(c,
		"{'site':'T1','language':'fr','jobs':[{'type':'warranty_repair',"
		"'immobilisation_minutes':300}],'drop_off_at':'%sT09:00','ready_at':'%sT17:00',"
		"'distance_km':12%s%s}",
		day, day, c->facts ? c->facts : "", more);
}

const char *desk_offer(struct caller *c, const char *day, const char *more)
{
	struct told t = CALL(c, 200, "POST", "/v1/offers", desk_offer_body(c, day, more));
	return member_of(c, &t, "offer");
}

struct told desk_book(
	struct caller *c, int status, const char *day, const char *solution, const char *more)
{
	return CALL(c, status, "POST", "/v1/bookings",
		text_of(c, "{'offer':'%s','solution':'%s'%s}", desk_offer(c, day, DRIVER), solution,
			more));
}

struct told desk_verb(struct caller *c, int status, const struct told *booking, const char *name,
	const char *body)
{
	assert_true(booking->location[0]);
	return CALL(c, status, "POST", text_of(c, "%s/%s", booking->location, name), body);
}

const char *desk_from_now(struct caller *c, const struct told *offer, int minutes)
{
	char buf[INSTANT_TEXT];
	struct local end;
	assert_true(instant_parse(&end, json_str_at(offer->json, "expires_at")));
	/* A quarter of an hour at a desk lies within one day whenever the test runs. */
	int64_t now_s = local_instant(end).s / 900 * 900 - 86400;
	instant_print_utc((struct instant){now_s + (int64_t)minutes * 60}, buf);
	return text_of(c, "%s", buf);
}

struct told desk_offer_now(struct caller *c, const char *drop_off, const char *ready)
{
	return CALL(c, 200, "POST", "/v1/offers",
		text_of(c,
			"{'site':'T3','jobs':[{'type':'maintenance','immobilisation_minutes':60}],"
			"'drop_off_at':'%s','ready_at':'%s'" DRIVER "}",
			drop_off, ready));
}

struct told desk_book_now(struct caller *c, const char *from, const char *until)
{
	struct told t = desk_offer_now(c, from, until);
	return CALL(c, 201, "POST", "/v1/bookings",
		text_of(c, "{'offer':'%s','solution':'loaner_brand','customer':'C8'}",
			member_of(c, &t, "offer")));
}

struct told desk_change(
	struct caller *c, const struct told *booking, const char *day, const char *solution)
{
	const char *offer = desk_offer(c, day, DRIVER ",'customer':'C8'");

	(void)desk_verb(c, 200, booking, "change",
		text_of(c, "{'offer':'%s','solution':'%s','preview':true}", offer, solution));
	return desk_verb(c, 200, booking, "change",
		text_of(c, "{'offer':'%s','solution':'%s'}", offer, solution));
}

struct told desk_exchange(
	struct caller *c, const struct told *booking, const char *one, const char *other)
{
	bool has_one = str_is(json_str_at(booking->json, "resource"), one);

	return desk_verb(c, 200, booking, "exchange",
		text_of(c,
			"{'resource':'%s','in':{'odometer_km':5040,'damages':['lamp']},'out':{"
			"'odometer_km':20},'reason':'a lamp is broken'}",
			has_one ? other : one));
}

/* Both cars are booked: who wants a third waits, and has what is given up within seconds. */
void desk_waiting(struct caller *c)
{
	struct told b = desk_book(c, 201, "2031-04-09", "loaner_brand", ",'customer':'C8'");
	desk_book(c, 201, "2031-04-09", "loaner_brand", ",'customer':'C8'");
	const char *wish = text_of(c,
		"{'visit':'%s','offer':'%s','solution':'loaner_brand','class':'grecale',"
		"'customer':'C8','hold_minutes':45}",
		member_of(c, &b, "visit"),
		desk_offer(c, "2031-04-09", DRIVER ",'need':'child seat'"));
	struct told first = CALL(c, 201, "POST", "/v1/waiting", wish);
	assert_str(json_str_at(first.json, "customer_phone"), "+33639980008");
	assert_str(json_str_at(first.json, "need"), "child seat");
	struct told second = CALL(c, 201, "POST", "/v1/waiting", wish);
	struct told t = CALL(c, 200, "GET", "/v1/waiting?site=T1&status=waiting&limit=1", NULL);
	assert_str(json_str_at(json_first(json_get(t.json, "items")), "waiting"),
		member_of(c, &first, "waiting"));
	CALL(c, 200, "POST", text_of(c, "%s/drop", second.location), "{}");
	t = CALL(c, 409, "POST", text_of(c, "%s/drop", second.location), NULL);
	assert_str(json_str_at(t.json, "waiting_status"), "dropped");
	t = desk_verb(c, 200, &b, "cancel", "{'reason':'wish of the customer'}");
	call_hear(c, &t, "T1", member_of(c, &first, "waiting"));
	t = CALL(c, 200, "GET", first.location, NULL);
	assert_str(json_str_at(t.json, "status"), "offered");
	const char *held = text_of(c, "/v1/bookings/%s", member_of(c, &t, "booking"));
	t = CALL(c, 200, "GET", held, NULL);
	assert_str(json_str_at(t.json, "status"), "held");
	assert_str(json_str_at(t.json, "waiting"), member_of(c, &first, "waiting"));
	t = CALL(c, 422, "POST", "/v1/waiting",
		text_of(c, "{'offer':'%s','solution':'loaner_brand'}",
			desk_offer(c, "2031-04-10", DRIVER)));
	assert_non_null(strstr(t.body.p, "book it"));
	CALL(c, 200, "POST", text_of(c, "%s/cancel", held), "{'reason':'does not answer'}");
}

void desk_share_car(struct caller *c)
{
	CALL(c, 201, "PUT", "/v1/resources/T2-levante",
		"{'site':'T2','kind':'car','solutions':['loaner_brand'],'class':'levante','label':"
		"'Levante (invented)','seats':1,'status':'active','shared_with':[{'site':'T1',"
		"'transfer_minutes':45}]}");
}

struct told desk_book_away(struct caller *c, int status, const char *day)
{
	return CALL(c, status, "POST", "/v1/bookings",
		text_of(c,
			"{'offer':'%s','solution':'loaner_brand','class':'levante','customer':'C1',"
			"'home_site':'T2'}",
			desk_offer(c, day, DRIVER)));
}

void desk_shared_car(struct caller *c)
{
	desk_share_car(c);
	struct told t = CALL(c, 200, "POST", "/v1/offers", desk_offer_body(c, "2031-03-12", ""));
	assert_non_null(strstr(t.body.p, "\"home_site\":\"T2\""));
	struct told b = desk_book_away(c, 201, "2031-03-12");
	CALL(c, 200, "GET", text_of(c, "/v1/visits/%s", member_of(c, &b, "visit")), NULL);
	const char *order = text_of(c, "/v1/visits/%s/repair-order", member_of(c, &b, "visit"));
	CALL(c, 404, "GET", order, NULL);
	CALL(c, 201, "PUT", order,
		"{'number':'RO-9','opened_at':'2031-03-12T08:00','closed_at':'2031-03-13T17:00',"
		"'ready_at':'2031-03-13T16:00','odometer_in':41250,'odometer_out':41260,"
		"'lines':[{'type':'recall','operation':'4711','count':2}],'claim_number':'C-1',"
		"'authorisation':'A-1','parts_delay_reason':'back order','invoice':{'reference':"
		"'F-1','supplier':'Fable Rental','net_minor':100},'papers':[{'name':'order.pdf',"
		"'bytes':9,'sha256':"
		"'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}]}");
	CALL(c, 200, "GET", order, NULL);
	CALL(c, 200, "GET", text_of(c, "/v1/visits/%s/ledger", member_of(c, &b, "visit")), NULL);
	t = CALL(c, 200, "GET", "/v1/board?site=T1&from=2031-03-10&until=2031-03-14", NULL);
	assert_non_null(strstr(t.body.p, "\"home_site\":\"T2\""));
	CALL(c, 200, "GET", "/v1/bookings?site=T1", NULL);
	desk_verb(c, 200, &b, "check-out", "{}");
	t = CALL(c, 200, "GET", text_of(c, "/v1/visits/%s/claim-ready", member_of(c, &b, "visit")),
		NULL);
	assert_str(json_str_at(t.json, "light"), "late"); /* nobody signed, no licence was seen */
	t = CALL(c, 200, "GET", "/v1/customers/C1/erasure", NULL);
	assert_true(json_count(json_get(t.json, "open")) > 0);
	t = CALL(c, 200, "GET", "/v1/retention", NULL);
	assert_true(json_count(json_get(t.json, "sites")) > 0);
	desk_verb(c, 200, &b, "check-in", "{'site':'T1'}");
	t = CALL(c, 201, "POST", text_of(c, "%s/claims", b.location), "{'programme':'NEW36'}");
	assert_str(json_str_at(t.json, "for_site"), "T1");
	t = CALL(c, 200, "GET", "/v1/tasks?site=T2", NULL);
	assert_non_null(strstr(t.body.p, "\"kind\":\"transfer\""));
}

void desk_merge(struct caller *c)
{
	CALL(c, 201, "PUT", "/v1/customers/C8-again",
		"{'segment':'private','language':'fr','preferred_channel':'none',"
		"'person':{'name':'Rossi Essai'}}");
	struct told t = CALL(c, 200, "POST", "/v1/customers/C8-again/merge", "{'into':'C8'}");
	assert_string_equal(member_of(c, &t, "customer"), "C8");
	t = CALL(c, 200, "GET", "/v1/customers/C8-again", NULL);
	assert_string_equal(member_of(c, &t, "customer"), "C8");
	t = CALL(c, 409, "POST", "/v1/customers/C8-again/merge", "{'into':'C8'}");
	assert_string_equal(member_of(c, &t, "merged_into"), "C8");
	CALL(c, 422, "POST", "/v1/customers/C8/merge", "{'into':'C8'}");
	CALL(c, 404, "POST", "/v1/customers/C8-never/merge", "{'into':'C8'}");
	CALL(c, 201, "PUT", "/v1/customers/C9",
		"{'segment':'private','language':'fr','preferred_channel':'none',"
		"'person':{'name':'Gone Soon'}}");
	t = CALL(c, 200, "GET", "/v1/customers/C9/erasure", NULL);
	assert_int_equal(json_count(json_get(t.json, "ids")), 1);
	CALL(c, 404, "GET", "/v1/customers/C9-never/erasure", NULL);
	t = CALL(c, 200, "POST", "/v1/customers/C9/erase", "{}");
	assert_true(json_bool_at(t.json, "erased", false));
	CALL(c, 409, "PUT", "/v1/customers/C9",
		"{'segment':'private','language':'fr','preferred_channel':'none',"
		"'person':{'name':'Back Again'}}");
	const char *stay = "{'site':'T1','drop_off_at':'2031-03-10T09:00','external':[{"
			   "'system':'dms','id':'WO 4711'}]}";
	t = CALL(c, 201, "POST", "/v1/visits", stay);
	const char *visit = member_of(c, &t, "visit");
	t = CALL(c, 409, "POST", "/v1/visits", stay);
	assert_string_equal(member_of(c, &t, "visit"), visit);
}

void desk_calendar(struct caller *c)
{
	struct told t = CALL(c, 200, "GET", "/v1/calendar-link?site=T1&kind=car", NULL);
	const char *address = text_of(c, "%.*s", (int)t.body.n - 1, t.body.p); /* its line's end */
	t = CALL(c, 200, "GET", address, NULL);
	assert_true(t.body.n > 15 && memcmp(t.body.p, "BEGIN:VCALENDAR", 15) == 0);
	CALL_WITH(c, 304, "GET", address, NULL, .if_none_match = t.etag);
	CALL_WITH(c, 200, "GET", address, NULL, .token = "");
	CALL(c, 404, "GET", text_of(c, "%sA", address), NULL);
	CALL(c, 400, "GET", "/v1/calendar-link?site=T1&kind=boat", NULL);
	CALL(c, 404, "GET", "/v1/calendar-link?site=T9", NULL);
}
