/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * /openapi.json is the whole truth: each operation it names is called, each answer is as described.
 * What the program can do and the walk here does not is a failure. For refusals: openapi_refusals.
 */

#include "tests/http/described_audit.h"
#include "tests/http/described_claims.h"
#include "tests/http/described_desk.h"
#include "tests/http/described_imports.h"
#include "tests/http/described_papers.h"
#include "tests/http/described_people.h"
#include "tests/http/described_reads.h"
#include "tests/http/described_said.h"
#include "tests/http/described_site.h"

static struct caller c;

static void pages(void **state)
{
	static const char *const paths[] = {
		"/livez", "/readyz", "/openapi.json", "/docs", "/metrics", "/problems/no-seat"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		CALL_WITH(&c, 200, "GET", paths[i], NULL, .token = "");
	CALL_WITH(&c, 404, "GET", "/problems/no-such", NULL, .token = "");
	CALL_WITH(&c, 400, "GET", "/livez?x=1", NULL, .token = "");
}

static void people(void **state)
{
	(void)state;
	describe_people(&c);
}

/* ---- objects ---- */

static void sites(void **state)
{
	(void)state;
	struct told t = CALL(&c, 200, "GET", "/v1/sites/" OWN_SITE, NULL);
	CALL_WITH(&c, 304, "GET", "/v1/sites/" OWN_SITE, NULL, .if_none_match = t.etag);
	CALL_WITH(&c, 200, "PUT", "/v1/sites/" OWN_SITE, SITE("9000"), .if_match = t.etag);
	CALL(&c, 200, "PUT", "/v1/sites/" OWN_SITE, SITE("9000")); /* equal to what is there */
	/* one that never closes, for what has to happen now */
	CALL(&c, 201, "PUT", "/v1/sites/T3",
		"{'name':'Test site (invented)','time_zone':'Europe/Paris','market':'EU',"
		"'currency':'EUR','locale':'fr-FR','grace_minutes':59,'opening':[{'days':[1,2,3,4,"
		"5,6,7],'from':'00:00','until':'24:00'}],'handover_minutes':15,'return_minutes':15,"
		"'deadlines':[{'rule':'AVT-2b','on':true,'owner':'first','escalate_to':'first'}],"
		"'immobilisation_suspends':{'job_types':['recall'],'kinds':['goodwill_programme']},"
		"'offer_minutes':1440,'max_service_distance_km':100,'accompanied_max_km':25,"
		"'tariff':{'loaner_brand':{'unit':'day','price':9000}}}");
	CALL(&c, 200, "GET", "/v1/sites", NULL);
}

static void resources(void **state)
{
	(void)state;
	CALL(&c, 201, "PUT", "/v1/resources/T1-driver",
		RESOURCE("chauffeur", "'pickup_delivery'", "1", ""));
	CALL(&c, 201, "PUT", "/v1/resources/T1-rental",
		RESOURCE("allotment", "'rental'", "null", ""));
	CALL(&c, 201, "PUT", "/v1/resources/T1-desk", RESOURCE("desk", "", "2", ""));
	CALL(&c, 201, "PUT", "/v1/resources/T1-spare",
		RESOURCE("car", "'loaner_other'", "1",
			",'shared_with':[{'site':'T2','transfer_minutes':45}],'plate':'IO-900-UI',"
			"'vin':'ZAMDEMC1T0D200900','features':['automatic'],'energy':'petrol',"
			"'turnaround_minutes':30,'in_service_on':'2025-01-01','out_of_service_on':"
			"'2040-01-01','insurance_until':'2040-01-01','inspection_until':"
			"'2040-01-01','odometer_km':8120,'now':{'where':'P2','key':'K7','ready':"
			"true,'fuel_percent':80,'charge_percent':10,'damages':['scratch']}"));
	struct told t = CALL(&c, 200, "GET", "/v1/resources/T1-spare", NULL);
	CALL_WITH(&c, 304, "GET", "/v1/resources/T1-spare", NULL, .if_none_match = t.etag);
	CALL(&c, 200, "POST", "/v1/resources/" OWN_CAR "/ready",
		"{'where':'yard','key':'K1','fuel_percent':90,'charge_percent':0,'damages':[]}");
	CALL(&c, 200, "GET", "/v1/resources?site=T1", NULL);
	CALL(&c, 200, "GET", "/v1/resources?site=T1&kind=car&class=grecale", NULL);
	t = CALL(&c, 201, "POST", "/v1/resources/T1-spare/blocks",
		"{'from':'2031-06-02T09:00','until':'2031-06-03T09:00','reason':'workshop'}");
	CALL(&c, 428, "DELETE", t.location, NULL);
	CALL_WITH(&c, 412, "DELETE", t.location, NULL, .if_match = "\"1\"");
	CALL_WITH(&c, 204, "DELETE", t.location, NULL, .if_match = t.etag);
	CALL(&c, 204, "DELETE", t.location, NULL); /* gone already */
	CALL(&c, 201, "POST", "/v1/resources/T1-spare/blocks",
		"{'from':'2031-03-05T09:00','until':'2031-03-06T09:00','reason':'workshop'}");
}

static void directory(void **state)
{
	(void)state;
	CALL(&c, 201, "PUT", "/v1/customers/C8",
		"{'external':[{'system':'dms','id':'4711'}],'segment':'vip','language':'fr',"
		"'preferred_channel':'none','person':{'name':'Rossi Essai','title':'Madame',"
		"'phone':'+33639980008','email':'rossi@example.org','address':'Via Esempio 1',"
		"'birth_on':'1980-04-12','licence':{'number':'X1','country':'IT','categories':"
		"[{'code':'B','since':'1999-06-01'}],'expires_on':'2033-01-19'}}}");
	CALL(&c, 200, "GET", "/v1/customers/C8", NULL);
	CALL(&c, 201, "PUT", "/v1/vehicles/ZAMDEMC1T0D200008",
		"{'external':[{'system':'dms','id':'9'}],'plate':'OU-108-IO','model':'Ghibli "
		"(invented)','owner':'C8','odometer_km':41250,'immobile':false,'warranty_locked':"
		"false,'flags':['vip visit'],'campaigns':[{'number':'R-77','open':true,'read_at':"
		"'2026-03-01T09:00:00Z'}]}");
	CALL(&c, 200, "POST", "/v1/vehicles/ZAMDEMC1T0D200008/cover-check",
		"{'source':'portal','coverages':[{'programme':'NEW36','start_on':'2029-05-02'}]}");
	CALL(&c, 200, "POST", "/v1/vehicles/" OWN_VIN "/cover-check",
		"{'source':'portal','nothing_found':true}");
	CALL(&c, 200, "GET", "/v1/vehicles/ZAMDEMC1T0D200008", NULL);
	desk_merge(&c);
}

static void rulesets(void **state)
{
	(void)state;
	struct told t = CALL(&c, 200, "GET", "/v1/rulesets/demo-1", NULL);
	const char *text = text_of(&c, "%.*s", STR_FMT(t.body));
	CALL(&c, 200, "PUT", "/v1/rulesets/demo-1", text);
	/* another day, and it is another one: but never under the same name */
	char *other = strstr(text, "\"valid_from\":\"20");
	assert_non_null(other);
	other[strlen("\"valid_from\":\"")] = '3';
	CALL_WITH(&c, 409, "PUT", "/v1/rulesets/demo-1", text, .if_match = t.etag);
	char *version = strstr(text, "\"version\":\"demo-1\"");
	assert_non_null(version);
	version[strlen("\"version\":\"demo-")] = '2';
	CALL(&c, 201, "PUT", "/v1/rulesets/demo-2", text);
	CALL(&c, 200, "GET", "/v1/rulesets", NULL);
}

/* ---- offers, visits, bookings ---- */

static void visits(void **state)
{
	(void)state;
	struct told v = CALL(&c, 201, "POST", "/v1/visits",
		text_of(&c,
			"{'site':'T1','vin':'ZAMDEMC1T0D200008','offer':'%s','estimate':'likely',"
			"'answer':'open','said':'Votre voiture est offerte.','value_minor':9000,"
			"'repair_order':'RO-77','need':'child seat','review_at':'2031-03-03T12:00'"
			"}",
			desk_offer(&c, "2031-03-03", DRIVER)));
	CALL(&c, 200, "GET", v.location, NULL);
	CALL(&c, 428, "PATCH", v.location, "{'estimate':'firm'}");
	CALL_WITH(&c, 412, "PATCH", v.location, "{'estimate':'firm'}", .if_match = "\"1\"");
	CALL_WITH(&c, 200, "PATCH", v.location,
		"{'estimate':'firm','answer':'agreed','arrived_at':'2031-03-03T09:00','review_at':"
		"null,'need':'two seats','customer':'C8'}",
		.if_match = v.etag);
	const char *offer = desk_offer(&c, "2031-03-03", DRIVER);
	CALL(&c, 201, "POST", text_of(&c, "%s/bookings", v.location),
		text_of(&c,
			"{'bookings':[{'offer':'%s','solution':'loaner_brand','customer':'C8'},"
			"{'offer':'%s','solution':'taxi','customer':'C8'}]}",
			offer, offer));
	CALL(&c, 200, "GET", v.location, NULL);
	struct told w = CALL(&c, 201, "POST", "/v1/visits",
		text_of(&c,
			"{'site':'T1','drop_off_at':'2031-03-03T09:00','said':'words','follows':"
			"'%s'}",
			member_of(&c, &v, "visit")));
	CALL(&c, 200, "GET", w.location, NULL);
	describe_appointments(&c);
}

/* Each kind of mobility, with all that may be said about it. */
static void kinds_of_booking(void **state)
{
	(void)state;
	desk_book(&c, 201, "2031-03-04", "loaner_brand",
		",'class':'grecale','customer':'C8','drivers':[{'name':'Exemple','birth_on':"
		"'1980-04-12','phone':'+33639980009','licence':{'number':'X','categories':[{'code':"
		"'B','since':'1999-06-01'}]}}],'handover':{'where':'doorstep','with':'Anna'},"
		"'return':{'where':'key_box'},'legs_address':'1 rue Exemple'");
	desk_book(&c, 201, "2031-03-04", "taxi",
		",'customer':'C8','external':[{'system':'dms','id':'B 1'}]");
	desk_book(&c, 201, "2031-03-04", "rental", ",'customer':'C8'");
	struct told legs = desk_book(&c, 201, "2031-03-04", "pickup_delivery",
		",'customer':'C8','legs_address':'1 rue Exemple'");
	assert_true(json_count(json_get(legs.json, "legs")) == 2);
	desk_verb(&c, 200, &legs, "reschedule",
		"{'from':'2031-03-05T10:00','until':'2031-03-05T16:00'}");
}

static void before_it_goes_out(void **state)
{
	(void)state;
	struct told b = desk_book(&c, 201, "2031-03-06", "loaner_brand", ",'hold_minutes':60");
	desk_verb(&c, 200, &b, "book", "{'customer':'C8'}");
	struct told t = desk_verb(&c, 200, &b, "pin", "{}");
	desk_verb(&c, 200, &b, "unpin", NULL);
	bool first = str_is(json_str_at(t.json, "resource"), OWN_CAR);
	desk_verb(
		&c, 200, &b, "move", first ? "{'resource':'T1-car-2'}" : "{'resource':'T1-car-1'}");
	desk_verb(&c, 200, &b, "reschedule",
		"{'from':'2031-03-07T09:00','until':'2031-03-07T16:00','class':'grecale'}");
	desk_verb(&c, 200, &b, "note", "{'text':'calls back at noon'}");
	t = CALL(&c, 200, "GET", b.location, NULL);
	CALL_WITH(&c, 304, "GET", b.location, NULL, .if_none_match = t.etag);
	desk_change(&c, &b, "2031-03-07", "rental");
	desk_verb(&c, 200, &b, "cancel", "{'reason':'wish of the customer'}");
	t = desk_verb(&c, 409, &b, "pin", "{}"); /* wrong-state */
	assert_true(json_present(json_get(t.json, "booking_status")));
	desk_verb(&c, 200, &b, "reinstate", "{}");
	desk_verb(&c, 200, &b, "cancel", "{'reason':'once more'}");
}

/* Nobody can fail to come before it was time to come. */
static void nobody_comes(void **state)
{
	(void)state;
	CALL(&c, 201, "PUT", "/v1/resources/T3-car",
		"{'site':'T3','kind':'car','solutions':['loaner_brand'],'class':'grecale','label':"
		"'Grecale (invented)','seats':1,'status':'active'}");
	struct told t = desk_offer_now(&c, "2031-03-03T09:00", "2031-03-03T17:00");
	struct told b = desk_book_now(&c, desk_from_now(&c, &t, -90), desk_from_now(&c, &t, 600));
	desk_verb(&c, 200, &b, "no-show", "{'reason':'nobody came'}");
}

/* Somebody else waits for the car that is due in two hours. */
static void alarms_and_who_waits(void **state)
{
	(void)state;
	struct told t = desk_offer_now(&c, "2031-03-03T09:00", "2031-03-03T17:00");
	const char *due = desk_from_now(&c, &t, 120);
	struct told b = desk_book_now(&c, desk_from_now(&c, &t, -30), due);
	desk_verb(&c, 200, &b, "check-out", "{}");
	desk_book_now(&c, due, desk_from_now(&c, &t, 600));
	t = CALL(&c, 200, "GET", "/v1/alarms?site=T3", NULL);
	assert_int_equal(json_count(json_get(t.json, "items")), 1);
	desk_waiting(&c);
	describe_late(&c);
}

/* First of all: handed over years too early, it stands in the way of what comes between. */
static void out_and_back(void **state)
{
	(void)state;
	struct told b = desk_book(&c, 201, "2031-02-24", "loaner_brand", ",'customer':'C8'");
	desk_verb(&c, 200, &b, "check-out",
		"{'odometer_km':5000,'fuel_percent':90,'charge_percent':1,'documents_checked':["
		"'driving_licence'],'licence_checked_at':'2026-01-05T09:00:00Z',"
		"'agreement_signed_at':'2026-01-05T09:00:00Z','odometer_vehicle_km':41301,"
		"'where':'doorstep','address_confirmed':true,'handed_to':'C. Fable','keys':2,"
		"'key_box':'4','code_given_by':'sms','drivers':[{'name':'B. Fable'}],'damages':["
		"'hail',{'zone':'bonnet','kind':'chip','note':'2 mm'}]}");
	who_had_it(&c, &b);
	desk_verb(&c, 200, &b, "extend",
		"{'until':'2031-02-25T16:00','reason':'the part is late','agreed':true}");
	what_would_be(&c, &b);
	struct told next = desk_book(&c, 201, "2031-02-27", "loaner_brand",
		text_of(&c, ",'customer':'C8','resource':'%s'", member_of(&c, &b, "resource")));
	ready_later(&c, &b, "2031-02-26T12:00", true);
	ready_later(&c, &b, "2031-02-27T12:00", false);
	desk_verb(&c, 409, &b, "extend", "{'until':'2031-02-27T12:00','reason':'x'}");
	desk_verb(&c, 200, &b, "late",
		"{'expected_at':'2031-02-27T12:00','heard':'by phone','preview':true}");
	struct told t = desk_verb(
		&c, 200, &b, "late", "{'expected_at':'2031-02-27T12:00','heard':'by phone'}");
	assert_int_equal(json_count(json_get(t.json, "hurt")), 1);
	CALL(&c, 200, "GET", text_of(&c, "%s/ripple", next.location), NULL);
	what_must_be_done(&c, &next);
	desk_exchange(&c, &b, OWN_CAR, "T1-car-2");
	CALL(&c, 200, "GET", "/v1/audit/claims?site=T1", NULL); /* it is out: no end yet */
	desk_verb(&c, 200, &b, "check-in",
		"{'odometer_km':5080,'fuel_percent':80,'charge_percent':1,'keys':2,'key_box':'4',"
		"'damages':['rim',{'zone':'roof','kind':'dent'}],"
		"'charges':[{'kind':'fuel','amount_minor':4200,'payer':'customer','evidence':"
		"'receipt'},{'kind':'late','amount_minor':0}]}");
	desk_verb(
		&c, 200, &b, "correct", "{'pointer':'/in/odometer_km','value':5090,'reason':'x'}");
	desk_verb(&c, 200, &b, "correct",
		"{'pointer':'/out/licence_checked_at','value':'2026-01-06T09:00','reason':'x'}");
	t = desk_verb(&c, 422, &b, "correct",
		"{'pointer':'/out/resource','value':'T1-car-2','reason':'x'}");
	assert_non_null(strstr(t.body.p, "/out/odometer_km")); /* what can be is named */
	t = CALL(&c, 200, "GET", b.location, NULL);
	assert_true(json_count(json_get(t.json, "corrected")) == 2 &&
		    json_count(json_get(t.json, "history")) >= 5);
	describe_warranty(&c, &b);
	describe_said(&c, &b);
	desk_shared_car(&c);
}

/* ---- questions ---- */

#define A_DAY "&from=2031-03-04T09:00&until=2031-03-04T17:00"
#define A_MONTH "&from=2031-03-01&until=2031-04-01"

static void what_is_free(void **state)
{
	static const char *const ways[] = {"loaner_brand", "taxi", "rental", "pickup_delivery"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		CALL(&c, 200, "GET",
			text_of(&c, "/v1/availability?site=T1&solution=%s" A_DAY, ways[i]), NULL);
		CALL(&c, 200, "GET",
			text_of(&c,
				"/v1/availability/next?site=T1&solution=%s&minutes=480&after="
				"2031-03-04T09:00&count=3",
				ways[i]),
			NULL);
	}
	CALL(&c, 200, "GET", "/v1/board?site=T1&from=2025-03-01&until=2025-04-01", NULL);
	struct told t = CALL(&c, 200, "GET", "/v1/board?site=T1" A_MONTH, NULL);
	assert_non_null(strstr(t.body.p, "\"kind\":\"block\""));
	assert_non_null(strstr(t.body.p, "\"kind\":\"booking\""));
	assert_non_null(strstr(t.body.p, "\"now\":{"));
}

static void what_was_refused(void **state)
{
	static const char wish[] = ",'class':'grecale','customer':'C8'";
	(void)state;
	desk_book(&c, 201, "2031-03-11", "loaner_brand", wish);
	desk_book(&c, 201, "2031-03-11", "loaner_brand", wish); /* there are two */
	desk_book(&c, 409, "2031-03-11", "loaner_brand", wish);
	struct told t = CALL(&c, 200, "GET", "/v1/demand?site=T1&month=2031-03", NULL);
	assert_true(json_count(json_get(t.json, "cars")) > 0);
	CALL(&c, 400, "GET", "/v1/demand?site=T1&month=March", NULL);
	CALL(&c, 404, "GET", "/v1/demand?site=none&month=2031-03", NULL);
	t = CALL(&c, 200, "GET", "/v1/figures?site=T1" A_MONTH, NULL);
	assert_true(json_count(json_get(t.json, "utilisation")) >= 31);
	assert_true(json_int_at(json_get(t.json, "total"), "used_minutes", 0) > 0);
	assert_true(json_count(json_get(t.json, "demand")) > 0);
	t = CALL(&c, 200, "GET", "/v1/figures?site=T1" A_MONTH "&format=csv&table=demand", NULL);
	assert_non_null(strstr(t.body.p, "grecale,loaner_brand,seat,0,1\r\n"));
}

static void lists(void **state)
{
	(void)state;
	describe_papers(&c);
	struct told t = CALL(&c, 200, "GET", "/v1/bookings?site=T1", NULL);
	assert_true(json_count(json_get(t.json, "items")) >= 8);
	assert_true(CALL(&c, 200, "GET", "/v1/bookings?site=T1&limit=2", NULL).link[0] != '\0');
	CALL(&c, 200, "GET", "/v1/bookings?site=T1&status=returned&q=OU-1&vin=ZAMDEMC1T0D200008",
		NULL);
}

static void search(void **state)
{
	static const struct {
		const char *q, *kind;
	} table[] = {
		{"OU-108-IO", "vehicle"},
		{"Rossi", "customer"},
		{"T1-0000", "booking"},
		{"IO-900", "resource"},
		{"RO-77", "visit"},
		{"nothing of that name", NULL},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *path = (char *)(uintptr_t)text_of(&c, "/v1/search?q=%s", table[i].q);
		for (char *p = path; *p; p++)
			if (*p == ' ')
				*p = '+';
		struct told t = CALL(&c, 200, "GET", path, NULL);
		if (table[i].kind &&
			!strstr(t.body.p, text_of(&c, "\"kind\":\"%s\"", table[i].kind)))
			fail_msg("%s: no %s in %.*s", table[i].q, table[i].kind, STR_FMT(t.body));
	}
}

static void audit(void **state)
{
	(void)state;
	describe_claims(&c, "T1");
	assert_true(call_export(&c, OWN_SITE) > 20 && call_export(&c, "directory") > 5);
	call_events(&c, OWN_SITE, 20);
}

static void every_member_was_met(void **state)
{
	/* what this dealership has no case of */
	static const char *const rare[] = {"Problem.*", "Booking.repair_order",
		"Coverage.claim_ref", "Coverage.ends_on", "Coverage.owner_id",
		"ClaimStored.net_minor", "Covered.net_minor", "Attachment.erased",
		"Alternative.instead_of", "LedgerDay.rest_payer", "Promise.block",
		"Availability.undecided", "Extension.alternatives", "Way.instead_of",
		"Booking.upgraded_from", "CustomerStored.erased", "FoundBooking.repair_order",
		"Ruleset.solutions", "SaidFigures.alternative", "SaidFigures.alternative_minor",
		"SaidFigures.days_free", "SaidFigures.max_age", "SaidFigures.min_age",
		"SaidFigures.min_licence_years", "SaidFigures.proposals",
		"SaidFigures.solution_name", "TakenBack.left_at", "WhoHad.erased", "WhoHad.until",
		"DuePerson.customer", "DuePerson.name", "LedgerBooking.suspended",
		"Booking.customer_confirmed", "Task.message", "Webhook.last_failure",
		"Webhook.last_sent_at", NULL};
	(void)state;
	assert_int_equal(described_unmet(c.described, rare), 0);
}

/* ---- the demonstration: a thousand bookings of every age ---- */
static struct caller demo;

static void demo_site(const char *site)
{
	struct told t = CALL(
		&demo, 200, "GET", text_of(&demo, "/v1/bookings?site=%s&limit=100", site), NULL);
	struct json items = json_get(t.json, "items");
	struct json first = json_first(items), last = json_item(items, json_count(items) - 1);
	assert_true(json_count(items) > 20);
	/* from midnight to midnight, some weeks apart */
	CALL(&demo, 200, "GET",
		text_of(&demo, "/v1/board?site=%s&from=%.10s&until=%.10s", site,
			json_str_at(first, "from").p, json_str_at(last, "until").p),
		NULL);
	CALL(&demo, 200, "GET", text_of(&demo, "/v1/resources?site=%s", site), NULL);
	CALL(&demo, 200, "GET", text_of(&demo, "/v1/audit/claims?site=%s", site), NULL);
	uint32_t n = 0;
	for (struct json b = first; json_present(b) && n < 10; b = json_next(items, b), n++) {
		static const char *const kinds[][2] = {{"bookings", "booking"}, {"visits", "visit"},
			{"vehicles", "vin"}, {"customers", "customer"}};
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
			struct str id = json_str_at(b, kinds[i][1]);
			if (id.n)
				CALL(&demo, 200, "GET",
					text_of(&demo, "/v1/%s/%.*s", kinds[i][0], STR_FMT(id)),
					NULL);
		}
	}
	assert_true(call_export(&demo, site) > 20);
	arena_reset(&demo.r.arena);
}

static void the_demonstration(void **state)
{
	(void)state;
	caller_start(&demo, true);
	struct told t = CALL(&demo, 200, "GET", "/v1/sites", NULL);
	char sites[8][ID_MAX + 1];
	uint32_t n = 0;
	struct json items = json_get(t.json, "items");
	for (struct json s = json_first(items); json_present(s); s = json_next(items, s)) {
		assert_true(n < ARRAY_LEN(sites));
		snprintf(sites[n++], sizeof sites[0], "%.*s", STR_FMT(json_str_at(s, "site")));
	}
	assert_true(n > 1);
	for (uint32_t i = 0; i < n; i++)
		demo_site(sites[i]);
	CALL(&demo, 200, "GET", "/v1/rulesets", NULL);
	caller_stop(&demo);
}

/* ---- nothing is left out ---- */
static void every_operation_was_called(void **state)
{
	(void)state;
	assert_true(described_operations(c.described) > 40 && !described_missed(c.described));
	reads_were_all_met(&c);
	reads_page_by_page(&c);
}

static int setup(void **state)
{
	(void)state;
	caller_start(&c, false);
	relais_furnish(&c.r);
	/* a car that is covered, so that somebody pays */
	c.facts = ",'vin':'ZAMDEMC1T0D200008','odometer_km':41300";
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	caller_stop(&c);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages),
		cmocka_unit_test(people),
		cmocka_unit_test(sites),
		cmocka_unit_test(resources),
		cmocka_unit_test(directory),
		cmocka_unit_test(rulesets),
		cmocka_unit_test(out_and_back),
		cmocka_unit_test(visits),
		cmocka_unit_test(kinds_of_booking),
		cmocka_unit_test(before_it_goes_out),
		cmocka_unit_test(nobody_comes),
		cmocka_unit_test(alarms_and_who_waits),
		cmocka_unit_test(what_is_free),
		cmocka_unit_test(what_was_refused),
		cmocka_unit_test(lists),
		cmocka_unit_test(search),
		cmocka_unit_test(audit),
		cmocka_unit_test(every_operation_was_called),
		cmocka_unit_test(every_member_was_met),
		cmocka_unit_test(the_demonstration),
	};
	relais_find(&c.r, argc, argv);
	relais_find(&demo.r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
