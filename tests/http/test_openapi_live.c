/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * /openapi.json is the whole truth: every operation it names is called, and every answer, refusals
 * too, is exactly as described. What the program can do and the walk here does not is a failure.
 */

#include "tests/http/described_call.h"

static struct caller c;

/* ---- without sign-in ---- */

static void pages(void **state)
{
	static const char *const paths[] = {"/", "/livez", "/readyz", "/openapi.json", "/docs",
		"/metrics", "/problems/no-seat"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		CALL_WITH(&c, 200, "GET", paths[i], NULL, .token = "");
	CALL_WITH(&c, 404, "GET", "/problems/no-such", NULL, .token = "");
	CALL_WITH(&c, 400, "GET", "/livez?x=1", NULL, .token = "");
}

/* ---- objects ---- */

/* With everything that a site may have. */
#define SITE(price)                                                                             \
	"{'name':'Test site (invented)','time_zone':'Europe/Paris','market':'EU','currency':"   \
	"'EUR','locale':'fr-FR','tax_bp':2000,'grace_minutes':59,'opening':[{'days':[1,2,3,4,5]," \
	"'from':'08:00','until':'18:00'}],'special_days':[{'date':'2031-12-24','opening':["      \
	"{'from':'08:00','until':'12:00'}]},{'date':'2031-12-26','opening':[]}],'holidays':["     \
	"'2031-05-01'],'handover_minutes':15,'return_minutes':15,'collect_minutes':120,"          \
	"'late_minutes':60,'wait_minutes':90,'cover_fresh_days':30,'hold_minutes':60,"            \
	"'offer_minutes':1440,'max_service_distance_km':100,'accompanied_max_km':25,'tariff':{"   \
	"'loaner_brand':{'unit':'day','price':" price ",'classes':{'grecale':{'km_per_day':200,"   \
	"'extra_km':30,'deposit_minor':50000,'excess_minor':150000}}},"                           \
	"'taxi':{'unit':'trip','trips':2,'price':2500},'rental':{'unit':'day','price':7000},"      \
	"'pickup_delivery':{'unit':'leg','legs':2,'base':3000,'per_km':100}},"                    \
	"'texts':{'welcome':{'fr':'Bonjour','en':'Hello'},'sign':'Bien'},"                        \
	"'phone':'+33 4 65 71 00 99','address':'9 rue de la Demo'}"
#define RESOURCE(kind, solutions, seats, more)                                           \
	"{'site':'T1','kind':'" kind "','solutions':[" solutions "],'class':'" kind      \
	"','label':'" kind " (invented)','seats':" seats ",'status':'active'" more "}"

static void sites(void **state)
{
	(void)state;
	struct told t = CALL(&c, 200, "GET", "/v1/sites/" OWN_SITE, NULL);
	CALL_WITH(&c, 304, "GET", "/v1/sites/" OWN_SITE, NULL, .if_none_match = t.etag);
	CALL_WITH(&c, 200, "PUT", "/v1/sites/" OWN_SITE, SITE("9000"), .if_match = t.etag);
	CALL(&c, 200, "PUT", "/v1/sites/" OWN_SITE, SITE("9000")); /* equal to what is there */
	CALL(&c, 201, "PUT", "/v1/sites/T3", SITE("8000"));
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

/* A warranty repair of a covered car, so that somebody pays. */
static const char *offer_body(const char *day, const char *more)
{
	return text_of(&c,
		"{'site':'T1','vin':'ZAMDEMC1T0D200008','odometer_km':41300,'language':'fr','jobs':"
		"[{'type':'warranty_repair','immobilisation_minutes':300}],'drop_off_at':"
		"'%sT09:00','ready_at':'%sT17:00','distance_km':12%s}",
		day, day, more);
}

#define DRIVER ",'driver':{'birth_on':'1980-04-12','licence_on':'1999-06-01'}"

static const char *offer_for(const char *day, const char *more)
{
	struct told t = CALL(&c, 200, "POST", "/v1/offers", offer_body(day, more));
	return member_of(&c, &t, "offer");
}

static struct told book(int status, const char *day, const char *solution, const char *more)
{
	return CALL(&c, status, "POST", "/v1/bookings",
		text_of(&c, "{'offer':'%s','solution':'%s'%s}", offer_for(day, DRIVER), solution,
			more));
}

static struct told verb(int status, const struct told *booking, const char *name, const char *body)
{
	assert_true(booking->location[0]);
	return CALL(&c, status, "POST", text_of(&c, "%s/%s", booking->location, name), body);
}

static void visits(void **state)
{
	(void)state;
	struct told v = CALL(&c, 201, "POST", "/v1/visits",
		text_of(&c,
			"{'site':'T1','vin':'ZAMDEMC1T0D200008','offer':'%s','estimate':'likely',"
			"'answer':'open','said':'Votre voiture est offerte.','value_minor':9000,"
			"'repair_order':'RO-77','need':'child seat','review_at':'2031-03-03T12:00'}",
			offer_for("2031-03-03", DRIVER)));
	CALL(&c, 200, "GET", v.location, NULL);
	CALL(&c, 428, "PATCH", v.location, "{'estimate':'firm'}");
	CALL_WITH(&c, 412, "PATCH", v.location, "{'estimate':'firm'}", .if_match = "\"1\"");
	CALL_WITH(&c, 200, "PATCH", v.location,
		"{'estimate':'firm','answer':'agreed','arrived_at':'2031-03-03T09:00','review_at':"
		"null,'need':'two seats','customer':'C8'}",
		.if_match = v.etag);
	const char *offer = offer_for("2031-03-03", DRIVER);
	CALL(&c, 201, "POST", text_of(&c, "%s/bookings", v.location),
		text_of(&c,
			"{'bookings':[{'offer':'%s','solution':'loaner_brand','customer':'C8'},"
			"{'offer':'%s','solution':'taxi','customer':'C8'}]}",
			offer, offer));
	CALL(&c, 200, "GET", v.location, NULL);
	struct told w = CALL(&c, 201, "POST", "/v1/visits",
		"{'site':'T1','drop_off_at':'2031-03-03T09:00','said':'words','follows':null}");
	CALL(&c, 200, "GET", w.location, NULL);
}

/* Each kind of mobility, with all that may be said about it. */
static void kinds_of_booking(void **state)
{
	(void)state;
	book(201, "2031-03-04", "loaner_brand",
		",'class':'grecale','customer':'C8','drivers':[{'name':'Exemple','birth_on':"
		"'1980-04-12','phone':'+33639980009','licence':{'number':'X','categories':[{'code':"
		"'B','since':'1999-06-01'}]}}],'handover':{'where':'doorstep','with':'Anna'},"
		"'return':{'where':'key_box'},'legs_address':'1 rue Exemple'");
	book(201, "2031-03-04", "taxi", ",'customer':'C8'");
	book(201, "2031-03-04", "rental", ",'customer':'C8'");
	struct told legs = book(201, "2031-03-04", "pickup_delivery",
		",'customer':'C8','legs_address':'1 rue Exemple'");
	assert_true(json_count(json_get(legs.json, "legs")) == 2);
	verb(200, &legs, "reschedule", "{'from':'2031-03-05T10:00','until':'2031-03-05T16:00'}");
}

static void before_it_goes_out(void **state)
{
	(void)state;
	struct told b = book(201, "2031-03-06", "loaner_brand", ",'hold_minutes':60");
	verb(200, &b, "book", "{'customer':'C8'}");
	struct told t = verb(200, &b, "pin", "{}");
	verb(200, &b, "unpin", NULL);
	bool first = str_is(json_str_at(t.json, "resource"), OWN_CAR);
	verb(200, &b, "move", first ? "{'resource':'T1-car-2'}" : "{'resource':'T1-car-1'}");
	verb(200, &b, "reschedule",
		"{'from':'2031-03-07T09:00','until':'2031-03-07T16:00','class':'grecale'}");
	verb(200, &b, "note", "{'text':'calls back at noon'}");
	t = CALL(&c, 200, "GET", b.location, NULL);
	CALL_WITH(&c, 304, "GET", b.location, NULL, .if_none_match = t.etag);
	verb(200, &b, "cancel", "{'reason':'wish of the customer'}");
	t = verb(409, &b, "pin", "{}"); /* wrong-state */
	assert_true(json_present(json_get(t.json, "booking_status")));
	b = book(201, "2025-03-03", "loaner_brand", ",'customer':'C8'");
	verb(200, &b, "no-show", "{'reason':'nobody came'}");
}

static void out_and_back(void **state)
{
	(void)state;
	struct told b = book(201, "2031-03-10", "loaner_brand", ",'customer':'C8'");
	verb(200, &b, "check-out",
		"{'odometer_km':5000,'fuel_percent':90,'charge_percent':1,'documents_checked':["
		"'driving_licence'],'licence_checked_at':'2026-01-05T09:00:00Z',"
		"'agreement_signed_at':'2026-01-05T09:00:00Z','odometer_vehicle_km':41301}");
	verb(200, &b, "extend",
		"{'until':'2031-03-11T16:00','reason':'the part is late','agreed':true}");
	verb(200, &b, "late", "{'expected_at':'2031-03-11T17:00','heard':'by phone'}");
	/* while it is out: claims without an end */
	CALL(&c, 200, "GET", "/v1/audit/claims?site=T1", NULL);
	verb(200, &b, "check-in",
		"{'odometer_km':5080,'fuel_percent':80,'charge_percent':1,'damages':['rim'],"
		"'charges':[{'kind':'fuel','amount_minor':4200,'payer':'customer','evidence':"
		"'receipt'},{'kind':'late','amount_minor':0}]}");
	struct told t = CALL(&c, 200, "GET", b.location, NULL);
	assert_true(json_count(json_get(t.json, "history")) >= 5);
	assert_true(json_count(json_get(json_get(t.json, "terms"), "covered")) > 0);
}

/* ---- questions ---- */

static void what_is_free(void **state)
{
	static const char *const solutions[] = {"loaner_brand", "taxi", "rental", "pickup_delivery"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(solutions); i++) {
		CALL(&c, 200, "GET",
			text_of(&c,
				"/v1/availability?site=T1&solution=%s&from=2031-03-04T09:00&until="
				"2031-03-04T17:00",
				solutions[i]),
			NULL);
		CALL(&c, 200, "GET",
			text_of(&c,
				"/v1/availability/next?site=T1&solution=%s&minutes=480&after="
				"2031-03-04T09:00&count=3",
				solutions[i]),
			NULL);
	}
	struct told t = CALL(
		&c, 200, "GET", "/v1/board?site=T1&from=2025-03-01&until=2025-04-01", NULL);
	t = CALL(&c, 200, "GET", "/v1/board?site=T1&from=2031-03-01&until=2031-04-01", NULL);
	assert_non_null(strstr(t.body.p, "\"kind\":\"block\""));
	assert_non_null(strstr(t.body.p, "\"kind\":\"booking\""));
	assert_non_null(strstr(t.body.p, "\"now\":{"));
}

static void lists(void **state)
{
	(void)state;
	struct told t = CALL(&c, 200, "GET", "/v1/bookings?site=T1", NULL);
	assert_true(json_count(json_get(t.json, "items")) >= 8);
	t = CALL(&c, 200, "GET", "/v1/bookings?site=T1&limit=2", NULL);
	assert_true(t.link[0] != '\0');
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
	struct told t = CALL(&c, 200, "GET", "/v1/audit/claims?site=T1", NULL);
	assert_true(json_count(json_get(t.json, "items")) > 0);
	t = CALL(&c, 200, "GET", "/v1/audit/claims?site=T1&format=csv", NULL);
	assert_string_equal(t.type, "text/csv; charset=utf-8");
	CALL(&c, 406, "GET", "/v1/audit/claims?site=T1&format=xlsx", NULL);
	assert_true(call_journal(&c, OWN_SITE) > 20);
	assert_true(call_journal(&c, "directory") > 5);
	call_events(&c, OWN_SITE, 20);
}

/* ---- refusals ---- */

static struct told refused(const struct told *t, const char *slug, const char *member)
{
	check_problem(t, t->status, slug, __FILE__, __LINE__);
	if (member && json_count(json_get(t->json, member)) == 0)
		fail_msg("%s without %s: %.*s", slug, member, STR_FMT(t->body));
	return *t;
}

static void refusals_of_form(void **state)
{
	char token[TOKEN_TEXT];
	static char large[300 << 10];
	(void)state;
	struct told t = CALL(&c, 400, "GET", "/v1/sites?x=1", NULL);
	refused(&t, "malformed", NULL);
	t = CALL_WITH(&c, 400, "POST", "/v1/visits", "{}", .key = "");
	refused(&t, "idempotency-key", NULL);
	t = CALL(&c, 400, "POST", "/v1/offers", "{'site':");
	refused(&t, "malformed", NULL);
	t = CALL_WITH(&c, 401, "GET", "/v1/sites", NULL, .token = "");
	refused(&t, "sign-in", NULL);
	relais_token(&c.r, token, "front desk", "operator", NULL);
	t = CALL_WITH(&c, 403, "PUT", "/v1/sites/T1", "{}", .token = token);
	refused(&t, "forbidden", NULL);
	t = CALL(&c, 404, "GET", "/v1/bookings/none", NULL);
	refused(&t, "not-found", NULL);
	CALL(&c, 404, "POST", "/v1/bookings/none/pin", "{}");
	t = CALL_WITH(&c, 415, "POST", "/v1/offers", "{}", .type = "text/plain");
	refused(&t, "media-type", NULL);
	memset(large, ' ', sizeof large - 1);
	t = CALL(&c, 413, "POST", "/v1/offers", large);
	refused(&t, "too-large", NULL);
	t = CALL(&c, 422, "POST", "/v1/offers", "{'site':'T1','jobs':[],'more':1}");
	refused(&t, "invalid", "errors");
	CALL(&c, 422, "GET", "/v1/board?site=T1&from=2031-03-01&until=2031-03-01", NULL);
	t = CALL(&c, 422, "POST", "/v1/bookings", "{'offer':'AAAA','solution':'taxi'}");
	refused(&t, "offer-invalid", NULL);
	t = CALL_WITH(&c, 422, "POST", "/v1/resources/T1-car-1/ready", "{'where':'x'}",
		.key = "call-1");
}

static void refusals_of_state(void **state)
{
	(void)state;
	struct told t = CALL(&c, 409, "POST", "/v1/offers", offer_body("2020-03-02", ""));
	refused(&t, "no-ruleset", NULL);
	/* two cars, and a third wish */
	struct told b = book(201, "2031-03-12", "loaner_brand", ",'customer':'C8'");
	book(201, "2031-03-12", "loaner_brand", ",'customer':'C8'");
	t = book(409, "2031-03-12", "loaner_brand", ",'customer':'C8'");
	refused(&t, "no-seat", "alternatives");
	/* a booking in the way of a block, and of a retirement */
	const char *car = member_of(&c, &b, "resource");
	t = CALL(&c, 409, "POST", text_of(&c, "/v1/resources/%s/blocks", car),
		"{'from':'2031-03-12T09:00','until':'2031-03-12T17:00','reason':'workshop'}");
	refused(&t, "promises-broken", "bookings");
	struct told r = CALL(&c, 200, "GET", text_of(&c, "/v1/resources/%s", car), NULL);
	char *retired = (char *)(uintptr_t)text_of(&c, "%.*s", STR_FMT(r.body));
	char *status = strstr(retired, "\"status\":\"active\"");
	assert_non_null(status);
	const char *body = text_of(&c, "%.*s\"status\":\"retired\"%s", (int)(status - retired),
		retired, status + strlen("\"status\":\"active\""));
	t = CALL_WITH(&c, 409, "PUT", text_of(&c, "/v1/resources/%s", car), body,
		.if_match = r.etag);
	refused(&t, "in-use", "bookings");
	CALL_WITH(&c, 412, "PUT", "/v1/customers/C8", "{'segment':'vip','language':'fr',"
		"'preferred_channel':'none','person':{'name':'Other'}}", .if_match = "\"1\"");
	CALL(&c, 428, "PUT", "/v1/customers/C8", "{'segment':'vip','language':'fr',"
		"'preferred_channel':'none','person':{'name':'Other'}}");
}

static void refusals_of_terms(void **state)
{
	(void)state;
	/* a driver too young */
	const char *offer = offer_for("2031-03-13",
		",'driver':{'birth_on':'2012-04-12','licence_on':'2030-06-01'}");
	struct told t = CALL(&c, 409, "POST", "/v1/bookings",
		text_of(&c, "{'offer':'%s','solution':'loaner_brand','customer':'C8'}", offer));
	refused(&t, "not-offered", NULL);
	/* dearer than it was offered */
	t = relais_offer(&c.r, 14, 0);
	assert_status(&t, 200);
	offer = member_of(&c, &t, "offer");
	t = CALL(&c, 200, "GET", "/v1/sites/T1", NULL);
	CALL_WITH(&c, 200, "PUT", "/v1/sites/T1", SITE("9900"), .if_match = t.etag);
	t = CALL(&c, 409, "POST", "/v1/bookings",
		text_of(&c, "{'offer':'%s','solution':'loaner_brand','customer':'C1'}", offer));
	refused(&t, "terms-changed", NULL);
	assert_true(json_present(json_get(json_get(t.json, "terms"), "customer_minor")));
}

/* ---- nothing is left out ---- */

static void every_operation_was_called(void **state)
{
	(void)state;
	assert_true(described_operations(c.described) > 40);
	assert_int_equal(described_missed(c.described), 0);
}

static int setup(void **state)
{
	(void)state;
	caller_start(&c, false);
	relais_furnish(&c.r);
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
		cmocka_unit_test(sites),
		cmocka_unit_test(resources),
		cmocka_unit_test(directory),
		cmocka_unit_test(rulesets),
		cmocka_unit_test(visits),
		cmocka_unit_test(kinds_of_booking),
		cmocka_unit_test(before_it_goes_out),
		cmocka_unit_test(out_and_back),
		cmocka_unit_test(what_is_free),
		cmocka_unit_test(lists),
		cmocka_unit_test(search),
		cmocka_unit_test(audit),
		cmocka_unit_test(refusals_of_form),
		cmocka_unit_test(refusals_of_state),
		cmocka_unit_test(refusals_of_terms),
		cmocka_unit_test(every_operation_was_called),
	};
	relais_find(&c.r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
