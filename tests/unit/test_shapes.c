/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shapes.h"

#include "tests/lib/shapes_good.h"
#include "tests/lib/shaping.h"

/* For every shape documents as the contract writes them, and variants with one thing wrong. */

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes_good); i++)
		shaping_keeps(shapes_good[i].shape, shapes_good[i].source, NULL);
}

struct bad {
	const struct shape *shape;
	const char *source, *pointer;
};

#include "tests/unit/shapes_bad_owed.h"

static void check_bad(const struct bad *cases, size_t len)
{
	for (size_t i = 0; i < len; i++)
		shaping_refuses(cases[i].shape, cases[i].source, cases[i].pointer, NULL);
}

#define RO_WITH(member) "{'number':'RO-1','opened_at':'2031-03-03T08:00:00Z'," member "}"

static const struct bad bad_objects[] = {
	{&shape_site, "{" LYO "'x':1," TARIFF "}", "/x"},
	{&shape_site, SITE_WITH("'minor_digits':2"), "/minor_digits"},
	{&shape_site, SITE_WITH("'tax_bp':10001"), "/tax_bp"},
	{&shape_site, SITE_WITH("'hold_minutes':1"), "/hold_minutes"},
	{&shape_site, SITE_WITH("'hold_minutes':1441"), "/hold_minutes"},
	{&shape_site, SITE_WITH("'holidays':['2026-02-30']"), "/holidays/0"},
	{&shape_site, SITE_WITH("'special_days':[{'date':'2026-12-24'}]"),
		"/special_days/0/opening"},
	{&shape_site,
		SITE_WITH("'special_days':[{'date':'2026-12-24','opening':[{'from':'12:00','until':"
			  "'09:00'}]}]"),
		"/special_days/0/opening/0/until"},
	{&shape_site, SITE_WITH("'texts':{'welcome':{'FR':'Bonjour'}}"), "/texts/welcome/FR"},
	{&shape_site, SITE_WITH("'texts':{'welcome':1}"), "/texts/welcome"},
	{&shape_site, "{" LYO "'phone':'1'}", "/tariff"},
	{&shape_site, SITE_TARIFF("[]"), "/tariff"},
	{&shape_site, SITE_TARIFF("{'Loaner':{'unit':'day'}}"), "/tariff/Loaner"},
	{&shape_site, SITE_TARIFF("{'taxi':{'price':1}}"), "/tariff/taxi/unit"},
	{&shape_site, SITE_TARIFF("{'taxi':{'unit':'ride'}}"), "/tariff/taxi/unit"},
	{&shape_site, SITE_TARIFF("{'taxi':{'unit':'trip','price':-1}}"), "/tariff/taxi/price"},
	{&shape_site, SITE_TARIFF("{'taxi':{'unit':'trip','price':1000000000001}}"),
		"/tariff/taxi/price"},
	{&shape_site, SITE_TARIFF("{'rental':{'unit':'day','classes':{'b-c':{}}}}"),
		"/tariff/rental/classes/b-c"},
	{&shape_site, SITE_TARIFF("{'rental':{'unit':'day','classes':{'b':{'deposit':1}}}}"),
		"/tariff/rental/classes/b/deposit"},
	{&shape_resource, CAR_WITH(""), "/seats"},
	{&shape_resource, CAR_WITH(",'seats':0"), "/seats"},
	{&shape_resource, CAR_WITH(",'seats':1,'vin':'ZAM'"), "/vin"},
	{&shape_resource, CAR_WITH(",'seats':1,'now':{'fuel_percent':101}"), "/now/fuel_percent"},
	{&shape_resource, CAR_WITH(",'seats':1,'now':{'colour':'red'}"), "/now/colour"},
	{&shape_resource, CAR_WITH(",'seats':1,'shared_with':[{'site':'VIL'}]"),
		"/shared_with/0/transfer_minutes"},
	{&shape_resource, CAR_WITH(",'seats':1,'odometer_km':10000000"), "/odometer_km"},
	{&shape_resource,
		"{'site':'LYO','kind':'boat','solutions':[],'class':'x','label':'x','seats':1,"
		"'status':'active'}",
		"/kind"},
	{&shape_resource,
		"{'site':'LYO','kind':'car','solutions':[],'class':'Grecale','label':'x','seats':1,"
		"'status':'active'}",
		"/class"},
	{&shape_customer, PERSON_WITH(",'phone':''"), "/person/phone"},
	{&shape_customer, PERSON_WITH(",'birth_on':'12.04.1980'"), "/person/birth_on"},
	{&shape_customer, PERSON_WITH(",'licence':{'categories':[{'code':'B'}]}"),
		"/person/licence/categories/0/since"},
	{&shape_customer, PERSON_WITH(",'sex':'f'"), "/person/sex"},
	{&shape_customer, "{'segment':'private','language':'fr','preferred_channel':'phone'}",
		"/person"},
	{&shape_customer,
		"{'segment':'gold','language':'fr','preferred_channel':'phone','person':{'name':'x'"
		"}}",
		"/segment"},
	{&shape_customer,
		"{'segment':'vip','language':'fr','preferred_channel':'fax','person':{'name':'x'}}",
		"/preferred_channel"},
	{&shape_vehicle, "{}", "/model"},
	{&shape_vehicle, "{'model':'x','vin':'ZAMI0000000000001'}", "/vin"},
	{&shape_vehicle, "{'model':'x','coverages':[{}]}", "/coverages/0/programme"},
	{&shape_vehicle, "{'model':'x','coverages':[{'programme':'A','uses':-1}]}",
		"/coverages/0/uses"},
	{&shape_vehicle, "{'model':'x','coverages':[{'programme':'A','start_on':'2024'}]}",
		"/coverages/0/start_on"},
	{&shape_vehicle, "{'model':'x','campaigns':[{'number':'R','open':1}]}",
		"/campaigns/0/open"},
	{&shape_vehicle, "{'model':'x','cover_checked':{'by':'anna'}}", "/cover_checked/at"},
};

#define RULESET_WITH(from, more)                                                               \
	"{" from                                                                               \
	"'solution_order':[],'job_types':[],'segments':[],'driver_limits':{},'programmes':[]," \
	"'documents_by_solution':{},'condition_rules':[]" more "}"
static const struct bad bad_requests[] = {
	{&shape_ruleset, RULESET_WITH("", ""), "/valid_from"},
	{&shape_ruleset, RULESET_WITH("'valid_from':'now',", ""), "/valid_from"},
	{&shape_ruleset, RULESET_WITH("'valid_from':'2026-01-01',", ",'about':'x'"), "/about"},
	{&shape_ruleset, RULESET_WITH("'valid_from':'2026-01-01',", ",'version':'a b'"),
		"/version"},
	{&shape_ruleset, RULESET_WITH("'valid_from':'2026-01-01',", ",'version':1"), "/version"},
	{&shape_offer_request, "{" JOBS ",'drop_off_at':'2026-03-16T08:30:00+01:00'}", "/site"},
	{&shape_offer_request, "{'site':'LYO'," JOBS "}", "/drop_off_at"},
	{&shape_offer_request, "{'site':'LYO','drop_off_at':'2026-03-16T08:30:00+01:00'}", "/jobs"},
	{&shape_offer_request, "{'site':'LYO','jobs':[],'drop_off_at':'2026-03-16T08:30:00+01:00'}",
		"/jobs"},
	{&shape_offer_request,
		"{'site':'LYO','jobs':[{'type':'recall'}],'drop_off_at':'2026-03-16T08:30:00+01:00'"
		"}",
		"/jobs/0/immobilisation_minutes"},
	{&shape_offer_request, "{'site':null," JOBS ",'drop_off_at':'2026-03-16T08:30:00+01:00'}",
		"/site"},
	{&shape_offer_request, "{'site':'LYO'," JOBS ",'drop_off_at':'2026-03-29T02:30'}",
		"/drop_off_at"},
	{&shape_offer_request, OFFER_WITH(",'ready_at':'2026-03-16T08:30:00+01:00'"), "/ready_at"},
	{&shape_offer_request, OFFER_WITH(",'ready_at':'2027-03-18T08:30:00+01:00'"), "/ready_at"},
	{&shape_offer_request,
		OFFER_WITH(",'loan_from':'2026-03-17T08:30:00Z','loan_to':'2026-03-16T08:30:00Z'"),
		"/loan_to"},
	{&shape_offer_request, OFFER_WITH(",'distance_km':20001"), "/distance_km"},
	{&shape_offer_request, OFFER_WITH(",'driver':{'birth_on':'1980-04-12'}"),
		"/driver/licence_on"},
	{&shape_offer_request,
		OFFER_WITH(",'goodwill':{'percent_bp':10001,'payer':'dealer','cost_code':'GW','"
			   "solutions':[]}"),
		"/goodwill/percent_bp"},
	{&shape_offer_request, OFFER_WITH(",'authorisations':[{'programme':'A','extra_days':1}]"),
		"/authorisations/0/ref"},
	{&shape_offer_request, OFFER_WITH(",'vin':'ZAM'"), "/vin"},
	{&shape_offer_request, OFFER_WITH(",'age':40"), "/age"},
	{&shape_merge, "{}", "/into"},
	{&shape_merge, "{'into':'a b'}", "/into"},
	{&shape_merge, "{'into':'C1','from':'C2'}", "/from"},
	{&shape_cover_check, "{}", "/source"},
	{&shape_cover_check, "{'source':'x','nothing_found':'yes'}", "/nothing_found"},
	{&shape_cover_check, "{'source':'x','coverages':{}}", "/coverages"},
	{&shape_ready, "{'ready':false}", "/ready"},
	{&shape_ready, "{'charge_percent':-1}", "/charge_percent"},
	{&shape_ready, "{'resource':'CAR-1'}", "/resource"},
	{&shape_block, "{" FROM_UNTIL "}", "/reason"},
	{&shape_block, "{" FROM_UNTIL ",'reason':''}", "/reason"},
	{&shape_block, "{" FROM_UNTIL ",'reason':'x','preview':1}", "/preview"},
	{&shape_block,
		"{'from':'2026-03-16T08:30:00Z','until':'2026-03-16T08:30:00Z','reason':'x'}",
		"/until"},
	{&shape_visit_open, "{'drop_off_at':'2026-03-16T08:30'}", "/site"},
	{&shape_visit_open, "{'site':'LYO','drop_off_at':'2026-03-16T08:30','estimate':'sure'}",
		"/estimate"},
	{&shape_visit_open, "{'site':'LYO','drop_off_at':'2026-03-16T08:30','answer':'yes'}",
		"/answer"},
	{&shape_visit_open,
		"{'site':'LYO','drop_off_at':'2026-03-16T08:30','ready_at':'2026-03-15T08:30'}",
		"/ready_at"},
	{&shape_visit_change, "{'ready_at':null}", "/ready_at"},
	{&shape_visit_change, "{'site':'LYO'}", "/site"},
	{&shape_visit_change, "{'arrived_at':'today'}", "/arrived_at"},
};

static const struct bad bad_bookings[] = {
	{&shape_visit_open, "{'site':'LYO','appointment':{'desk':'D1'}}", "/appointment/at"},
	{&shape_visit_open, "{'site':'LYO','appointment':{'at':'2026-03-16T09:00','why':'soon'}}",
		"/appointment/why"},
	{&shape_booking_make, BOOKING_WITH(",'appointment':{'at':'2026-03-29T02:30'}"),
		"/appointment/at"},
	{&shape_booking_make, "{'offer':'b3Bh'}", "/solution"},
	{&shape_booking_make, "{'solution':'rental'}", "/offer"},
	{&shape_booking_make, BOOKING_WITH(",'until':'2026-10-25T02:30'"), "/until"},
	{&shape_booking_make, BOOKING_WITH(",'hold_minutes':1441"), "/hold_minutes"},
	{&shape_booking_make, BOOKING_WITH(",'accept_customer_minor':-1"),
		"/accept_customer_minor"},
	{&shape_booking_make, BOOKING_WITH(",'check_out':{'by':'anna'}"), "/check_out/by"},
	{&shape_booking_make, BOOKING_WITH(",'handover':{'where':'street'}"), "/handover/where"},
	{&shape_booking_make, BOOKING_WITH(",'drivers':[{}]"), "/drivers/0/name"},
	{&shape_visit_bookings, "{}", "/bookings"},
	{&shape_visit_bookings, "{'bookings':[]}", "/bookings"},
	{&shape_visit_bookings, "{'bookings':[" BOOKING_WITH("") ",{'offer':'x'}]}",
		"/bookings/1/solution"},
	{&shape_correct, "{'value':1,'reason':'x'}", "/pointer"},
	{&shape_correct, "{'pointer':'/out/odometer_km','value':1}", "/reason"},
	{&shape_correct, "{'pointer':'/out/odometer_km','reason':'x'}", "/value"},
	{&shape_correct, "{'pointer':'/out/odometer_km','value':null,'reason':'x'}", "/value"},
	{&shape_correct, "{'pointer':'/out/odometer_km','value':'8120','reason':'x'}", "/value"},
	{&shape_correct, "{'pointer':'/out/odometer_km','value':-1,'reason':'x'}", "/value"},
	{&shape_correct, "{'pointer':'/out/fuel_percent','value':101,'reason':'x'}", "/value"},
	{&shape_correct, "{'pointer':'/in/at','value':'2026-10-25T02:30','reason':'x'}", "/value"},
	{&shape_correct, "{'pointer':'/in/damages','value':[''],'reason':'x'}", "/value/0"},
	{&shape_correct, "{'pointer':7,'value':1,'reason':'x'}", "/pointer"},
	{&shape_empty, "[]", ""},
	{&shape_empty, "{'x':1}", "/x"},
	{&shape_empty, "{'preview':true}", "/preview"},
	{&shape_book, "{'customer':''}", "/customer"},
	{&shape_book, "{'customer':7}", "/customer"},
	{&shape_book, "{'hold':1}", "/hold"},
	{&shape_cancel, "{}", "/reason"},
	{&shape_cancel, "{'reason':null}", "/reason"},
	{&shape_cancel, "{'reason':'a\\u0007'}", "/reason"},
	{&shape_no_show, "{'reason':''}", "/reason"},
	{&shape_no_show, "{'reason':[]}", "/reason"},
	{&shape_no_show, "{'by':'anna'}", "/by"},
	{&shape_reschedule, "{" FROM_UNTIL ",'preview':'yes'}", "/preview"},
	{&shape_reschedule, "{'from':'2026-03-16T08:30:00Z'}", "/until"},
	{&shape_reschedule, "{'until':'2026-03-16T08:30:00Z'}", "/from"},
	{&shape_reschedule, "{" FROM_UNTIL ",'class':'A B'}", "/class"},
	{&shape_reschedule, "{'from':'2026-03-16T08:30:00Z','until':'2026-03-15T08:30:00Z'}",
		"/until"},
	{&shape_change, "{'solution':'taxi'}", "/offer"},
	{&shape_change, "{'offer':'x'}", "/solution"},
	{&shape_change, "{'offer':'x','solution':'taxi','customer':'C1'}", "/customer"},
	{&shape_change, "{'offer':'x','solution':'taxi','hold_minutes':5}", "/hold_minutes"},
	{&shape_move, "{}", "/resource"},
	{&shape_move, "{'resource':'a/b'}", "/resource"},
	{&shape_move, "{'resource':'CAR-1','preview':0}", "/preview"},
	{&shape_check_out, "{'documents_checked':'all'}", "/documents_checked"},
	{&shape_check_out, "{'documents_checked':['Permis']}", "/documents_checked/0"},
	{&shape_check_out, "{'odometer_km':-1}", "/odometer_km"},
	{&shape_check_out, "{'keys':10}", "/keys"},
	{&shape_check_out, "{'damages':[{'zone':'moon','kind':'dent'}]}", "/damages/0/zone"},
	{&shape_check_out, "{'damages':['rim',{'zone':'roof'}]}", "/damages/1/kind"},
	{&shape_check_out, "{'where':'moon'}", "/where"},
	{&shape_check_out, "{'code_given_by':'pigeon'}", "/code_given_by"},
	{&shape_check_out, "{'licence_checked_at':true}", "/licence_checked_at"},
	{&shape_check_in, "{'charges':[{'kind':'tip','amount_minor':1}]}", "/charges/0/kind"},
	{&shape_check_in, "{'charges':[{'kind':'toll'}]}", "/charges/0/amount_minor"},
	{&shape_check_in, "{'damages':[1]}", "/damages/0"},
	{&shape_check_in, "{'resource':'CAR-1'}", "/resource"},
	{&shape_exchange, "{'resource':'CAR-1','in':{},'out':{}}", "/reason"},
	{&shape_exchange, "{'resource':'CAR-1','in':{},'reason':'x'}", "/out"},
	{&shape_exchange, "{'resource':'CAR-1','out':{},'reason':'x'}", "/in"},
	{&shape_exchange, "{'in':{},'out':{},'reason':'x'}", "/resource"},
	{&shape_exchange, "{'resource':'A','in':{},'out':{'resource':'B'},'reason':'x'}",
		"/out/resource"},
	{&shape_exchange,
		"{'resource':'A','in':{'charges':[{'kind':'tip','amount_minor':1}]},"
		"'out':{},'reason':'x'}",
		"/in/charges/0/kind"},
	{&shape_extend, "{'until':'2026-03-19T17:00'}", "/reason"},
	{&shape_extend, "{'reason':'x'}", "/until"},
	{&shape_extend, "{'until':'2026-03-19T17:00','reason':'x','agreed':'yes'}", "/agreed"},
	{&shape_extend, "{'until':'2026-03-19T17:00','reason':'x','preview':{}}", "/preview"},
	{&shape_late, "{'expected_at':'2026-03-18T18:00'}", "/heard"},
	{&shape_late, "{'heard':'by phone'}", "/expected_at"},
	{&shape_late, "{'expected_at':'18:00','heard':'by phone'}", "/expected_at"},
	{&shape_waiting_add, "{'solution':'taxi'}", "/offer"},
	{&shape_waiting_add, "{'offer':'b3BhcXVl'}", "/solution"},
	{&shape_waiting_add, "{'offer':'b3BhcXVl','solution':'taxi','resource':'T1'}", "/resource"},
	{&shape_waiting_add, "{'offer':'b3BhcXVl','solution':'taxi','hold_minutes':1441}",
		"/hold_minutes"},
	{&shape_sign_in, "{'name':'anna rossi','password':'x'}", "/name"},
	{&shape_sign_in, "{'name':'anna','password':''}", "/password"},
	{&shape_sign_in, "{'name':'anna'}", "/password"},
	{&shape_sign_in, "{'name':'anna','password':'x','role':'admin'}", "/role"},
	{&shape_sign_in_first, "{'name':'anna','password':'correct horse'}", "/token"},
	{&shape_sign_in_first, "{'token':'b3','name':'anna','password':'1234567'}", "/password"},
	{&shape_sign_in_first, "{'token':'b3','name':'','password':'12345678'}", "/name"},
	{&shape_password_change, "{'old':'x','new':'1234567'}", "/new"},
	{&shape_password_change, "{'old':'x','new':'12345678','name':'a'}", "/name"},
	{&shape_password_change, "{'new':'correct horse'}", "/old"},
	{&shape_user, "{'role':'boss'}", "/role"},
	{&shape_user, "{'sites':['T1']}", "/role"},
	{&shape_user, "{'role':'admin','sites':['T 1']}", "/sites/0"},
	{&shape_user, "{'role':'admin','password':'1234567'}", "/password"},
	{&shape_webhook_make, "{}", "/url"},
	{&shape_webhook_make, "{'url':''}", "/url"},
	{&shape_webhook_make, "{'url':'https://a\\nb'}", "/url"},
	{&shape_webhook_make, "{'url':'https://a','secret':'x'}", "/secret"},
	{&shape_webhook_replay, "{'site':'LYO'}", "/entry"},
	{&shape_webhook_replay, "{'site':'LYO','entry':0}", "/entry"},
	{&shape_webhook_replay, "{'site':'','entry':1}", "/site"},
	{&shape_token_make, "{'role':'admin'}", "/name"},
	{&shape_token_make, "{'name':'','role':'admin'}", "/name"},
	{&shape_token_make, "{'name':'a','role':'admin','token':'rls_'}", "/token"},
	{&shape_attach, "{'kind':'scan'}", "/parts"},
	{&shape_attach, "{'kind':'scan','parts':[]}", "/parts"},
	{&shape_attach, "{'kind':'scan','parts':['E3']}", "/parts/0"},
	{&shape_attach,
		"{'kind':'signature','parts':["
		"'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']}",
		"/kind"},
	{&shape_repair_order, "{'number':'RO-1'}", "/opened_at"},
	{&shape_repair_order, RO_WITH("'odometer_in':-1"), "/odometer_in"},
	{&shape_repair_order, RO_WITH("'lines':[{'operation':'1'}]"), "/lines/0/type"},
	{&shape_repair_order, RO_WITH("'invoice':{'reference':'F','net_minor':-1}"),
		"/invoice/net_minor"},
	{&shape_repair_order, RO_WITH("'papers':[{'name':'a','bytes':1,'sha256':'E3'}]"),
		"/papers/0/sha256"},
	{&shape_import, "{}", "/parts"},
	{&shape_import, "{'parts':[]}", "/parts"},
	{&shape_import, "{'parts':['E3']}", "/parts/0"},
	{&shape_claim_draft, "{}", "/programme"},
	{&shape_claim_draft, "{'programme':''}", "/programme"},
	{&shape_claim_draft, "{'programme':'P','payer':7}", "/payer"},
	{&shape_claim_reason, "{}", "/reason"},
	{&shape_claim_reason, "{'reason':''}", "/reason"},
	{&shape_claim_reason, "{'reason':'r','why':'x'}", "/why"},
	{&shape_claim_export, "{'reference':7}", "/reference"},
	{&shape_claim_export, "{'amount_minor':1}", "/amount_minor"},
	{&shape_claim_export, "{'reason':'r'}", "/reason"},
	{&shape_claim_accept, "{'amount_minor':-1}", "/amount_minor"},
	{&shape_claim_accept, "{'amount_minor':'1'}", "/amount_minor"},
	{&shape_claim_accept, "{'reason':'r'}", "/reason"},
	{&shape_claim_charge_back, "{}", "/reason"},
	{&shape_claim_charge_back, "{'reason':'r','amount_minor':-1}", "/amount_minor"},
	{&shape_claim_charge_back, "{'reason':'r','reference':[]}", "/reference"},
	{&shape_agreement, "{'language':'French'}", "/language"},
	{&shape_agreement, "{'by':'anna'}", "/by"},
	{&shape_agreement, "{'fuel_percent':101}", "/fuel_percent"},
	{&shape_agreement, "{'keys':10}", "/keys"},
	{&shape_sign, "{'signature':{'typed':'B'}}", "/sha256"},
	{&shape_sign, "{'sha256':'e3','signature':{'typed':'B'}}", "/sha256"},
	{&shape_sign,
		"{'sha256':'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}",
		"/signature"},
	{&shape_note, "{}", "/text"},
	{&shape_note, "{'text':''}", "/text"},
	{&shape_note, "{'text':'x','by':'anna'}", "/by"},
};

static void test_bad_objects(void **state)
{
	(void)state;
	check_bad(bad_objects, ARRAY_LEN(bad_objects));
}

static void test_bad_requests(void **state)
{
	(void)state;
	check_bad(bad_requests, ARRAY_LEN(bad_requests));
}

static void test_bad_bookings(void **state)
{
	(void)state;
	check_bad(bad_bookings, ARRAY_LEN(bad_bookings));
	check_bad(bad_owed, ARRAY_LEN(bad_owed));
}

/* Three variants at least with one thing wrong, for every shape that a request can have. */
static void test_every_shape_is_tried(void **state)
{
	static const struct {
		const struct bad *cases;
		size_t len;
	} tables[] = {
		{bad_objects, ARRAY_LEN(bad_objects)},
		{bad_requests, ARRAY_LEN(bad_requests)},
		{bad_bookings, ARRAY_LEN(bad_bookings)},
		{bad_owed, ARRAY_LEN(bad_owed)},
	};
	static const char *const inner[] = {"Job", "Coverage", "Tariff"};

	(void)state;
	for (uint32_t i = 0; i < shapes_all_len; i++) {
		size_t goods = 0, bads = 0;
		bool whole = true;
		for (size_t k = 0; k < ARRAY_LEN(inner); k++)
			whole &= strcmp(shapes_all[i]->name, inner[k]) != 0;
		for (size_t k = 0; k < ARRAY_LEN(shapes_good); k++)
			goods += shapes_good[k].shape == shapes_all[i];
		for (size_t t = 0; t < ARRAY_LEN(tables); t++)
			for (size_t k = 0; k < tables[t].len; k++)
				bads += tables[t].cases[k].shape == shapes_all[i];
		if (whole && (goods < 1 || bads < 3))
			fail_msg("%s: %zu good, %zu bad", shapes_all[i]->name, goods, bads);
	}
}

/* What cannot be corrected is answered with all that can. */
static void test_facts_are_named(void **state)
{
	static const char *const pointers[] = {"/out/resource", "/charges/amount_minor",
		"/charges/01/amount_minor", "/charges/99999/amount_minor",
		"/charges/1/amount_minor/x", "/in/a", "/in/att", "in/at", "/"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pointers); i++) {
		bool first = false, last = false;
		char text[200];
		snprintf(text, sizeof text, "{'pointer':'%s','value':1,'reason':'x'}", pointers[i]);
		shaping_begin();
		assert_null(shaping_check(&shape_correct, text).p);
		for (uint32_t k = 0; k < shaping.faults.len; k++) {
			const struct fault *f = &shaping.faults.fault[k];
			assert_string_equal(f->pointer, "/pointer");
			first |= strstr(f->detail, "/charges/*/amount_minor") != NULL;
			last |= strstr(f->detail, "/out/odometer_km, /repair_order") != NULL;
		}
		assert_true(first && last);
	}
}

/* ---- what the kept form looks like ---- */

static void test_kept(void **state)
{
	(void)state;
	shaping_keeps(&shape_offer_request,
		OFFER_WITH(
			",'vin':'zam0 0000 0000 00001','visit':null,'ready_at':'2026-03-18T17:00',"
			"'authorisations':[]"),
		"{'authorisations':[],'drop_off_at':'2026-03-16T07:30:00Z',"
		"'jobs':[{'immobilisation_minutes':900,'type':'warranty_repair'}],"
		"'ready_at':'2026-03-18T16:00:00Z','site':'LYO','vin':'ZAM00000000000001'}");
	/* a patch keeps its nulls: they take members away */
	shaping_keeps(&shape_visit_change, "{'vin':null,'need':null,'review_at':null}", NULL);
	shaping_keeps(&shape_visit_change, "{'repair_order':null,'answer':'agreed'}",
		"{'answer':'agreed','repair_order':null}");
}

/* The seats of an allotment without limit are null once, and absent when kept. */
static void test_unlimited_seats(void **state)
{
	(void)state;
	shaping_begin();
	assert_str(shaping_check(&shape_resource, CAR_WITH(",'seats':null")),
		"{\"class\":\"grecale\",\"kind\":\"car\",\"label\":\"Grecale 1\",\"site\":\"LYO\","
		"\"solutions\":[\"loaner_brand\"],\"status\":\"active\"}");
	assert_int_equal(shaping.faults.len, 0);
}

/* ---- bounds of lists ---- */

static void check_bound(const struct shape *shape, const char *head, const char *element,
	const char *tail, size_t most, const char *pointer)
{
	static char source[1 << 16];

	for (size_t count = most; count <= most + 1; count++) {
		size_t n = (size_t)snprintf(source, sizeof(source), "%s", head);
		for (size_t i = 0; i < count; i++)
			n += (size_t)snprintf(
				source + n, sizeof(source) - n, "%s%s", i ? "," : "", element);
		snprintf(source + n, sizeof(source) - n, "%s", tail);
		if (count <= most)
			shaping_keeps(shape, source, NULL);
		else
			shaping_refuses(shape, source, pointer, "elements");
	}
}

static void test_bounds(void **state)
{
	(void)state;
	check_bound(&shape_vehicle, "{'model':'x','coverages':[", "{'programme':'A'}", "]}", 32,
		"/coverages");
	check_bound(&shape_offer_request, "{'site':'LYO','drop_off_at':'2026-03-16T08:30','jobs':[",
		"{'type':'recall','immobilisation_minutes':0}", "]}", 16, "/jobs");
	check_bound(&shape_site, "{" LYO TARIFF ",'holidays':[", "'2026-05-01'", "]}", 128,
		"/holidays");
	check_bound(&shape_visit_bookings, "{'bookings':[", BOOKING_WITH(""), "]}", 8, "/bookings");
	check_bound(&shape_check_in, "{'damages':[", "'x'", "]}", 50, "/damages");
}

static void test_texts_are_bounded(void **state)
{
	static char source[4000];
	static const size_t sizes[] = {2000, 2001};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		snprintf(source, sizeof(source), "{'text':'%0*d'}", (int)sizes[i], 0);
		if (i == 0)
			shaping_keeps(&shape_note, source, NULL);
		else
			shaping_refuses(&shape_note, source, "/text", "1 to 2000 bytes");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_objects),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_bad_bookings),
		cmocka_unit_test(test_every_shape_is_tried),
		cmocka_unit_test(test_facts_are_named),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_unlimited_seats),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_texts_are_bounded),
	};
	return cmocka_run_group_tests(tests, shaping_setup, shaping_teardown);
}
