/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/dealership.h"

#include "fleet/offer.h"

static const char site_lyo[] =
	"{\"accompanied_max_km\":25,\"address\":\"1 rue des Essais, 69000 "
	"Lyon\",\"currency\":\"EUR\",\"grace_minutes\":59,"
	"\"handover_minutes\":30,\"holidays\":[\"2026-05-01\"],\"locale\":\"fr\",\"market\":\"EU\","
	"\"max_service_distance_km\":100,\"name\":\"Lyon (essai)\","
	"\"opening\":[{\"days\":[1,2,3,4,5],\"from\":\"08:30\",\"until\":\"18:30\"}],\"phone\":\"+"
	"33199000000\","
	"\"return_minutes\":15,\"site\":\"LYO\",\"tariff\":{"
	"\"accompanied_drive\":{\"price\":0,\"trips\":2,\"unit\":\"trip\"},"
	"\"delivery\":{\"base\":3000,\"legs\":1,\"per_km\":100,\"unit\":\"leg\"},"
	"\"loaner_brand\":{\"classes\":{\"levante\":{\"price\":12000}},\"price\":9000,\"unit\":"
	"\"day\"},"
	"\"loaner_other\":{\"price\":4500,\"unit\":\"day\"},"
	"\"pickup\":{\"base\":3000,\"legs\":1,\"per_km\":100,\"unit\":\"leg\"},"
	"\"pickup_delivery\":{\"base\":3000,\"legs\":2,\"per_km\":100,\"unit\":\"leg\"},"
	"\"public_transport\":{\"price\":200,\"trips\":2,\"unit\":\"trip\"},"
	"\"rental\":{\"price\":7000,\"unit\":\"day\"},\"taxi\":{\"price\":2500,\"trips\":2,"
	"\"unit\":\"trip\"}},"
	"\"time_zone\":\"Europe/Paris\"}";

static const char ruleset_2026[] =
	"{\"condition_rules\":[{\"key\":\"return_on_completion\",\"when\":\"solution in "
	"loaner_brand, loaner_other, rental\"}],"
	"\"documents_by_solution\":{\"loaner_brand\":[\"driving_licence\",\"loan_agreement\"],"
	"\"loaner_other\":[\"driving_licence\",\"loan_agreement\"],\"rental\":[\"driving_licence\","
	"\"payment_card\"]},"
	"\"driver_limits\":{\"loaner_brand\":{\"min_age\":25,\"min_licence_years\":3}},"
	"\"job_types\":[\"warranty_repair\",\"maintenance\"],\"programmes\":[{\"benefits\":{"
	"\"loaner_brand\":{\"cost_code\":\"75\",\"day_count\":\"rental_day\",\"from_day\":1,"
	"\"immobile_required\":false,"
	"\"max_amount\":null,\"max_days\":5,\"max_distance_km\":null,\"max_per_day\":null,\"more_"
	"than_minutes\":240,"
	"\"overnight_required\":false},"
	"\"taxi\":{\"cost_code\":\"75\",\"day_count\":\"rental_day\",\"from_day\":1,\"immobile_"
	"required\":false,"
	"\"max_amount\":15000,\"max_days\":null,\"max_distance_km\":null,\"max_per_day\":null,"
	"\"more_than_minutes\":0,"
	"\"overnight_required\":false}},"
	"\"continues_after_expiry\":true,\"id\":\"TESTWAR\",\"job_types\":[\"warranty_repair\"],"
	"\"kind\":\"manufacturer_warranty\",\"markets\":[\"EU\"],\"max_uses\":null,\"months\":36,"
	"\"name\":\"Test warranty\","
	"\"needs_claim_ref\":false,\"needs_open_campaign\":false,\"odometer_limit_km\":100000,"
	"\"payer\":\"manufacturer\","
	"\"priority\":10,\"requires_coverage\":true,\"segments\":null,\"transferable\":true,"
	"\"voided_by_lock\":true}],"
	"\"segments\":[\"private\",\"company\",\"vip\"],\"solution_order\":[\"loaner_brand\","
	"\"loaner_other\",\"rental\","
	"\"pickup_delivery\",\"pickup\",\"delivery\",\"taxi\",\"accompanied_drive\",\"public_"
	"transport\"],"
	"\"valid_from\":\"2026-01-01\",\"version\":\"test-1\"}";

static const struct zone *one_zone(struct env *env, struct str name)
{
	struct dealership *w = (struct dealership *)(void *)env;

	return str_is(name, "Europe/Paris") ? &w->paris : NULL;
}

static void on_stderr(struct env *env, const char *sentence)
{
	(void)env;
	fprintf(stderr, "# %s\n", sentence);
}

static void load_paris(struct dealership *w)
{
	char bytes[1 << 16];
	FILE *f = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	assert_true(zone_read(&w->paris, STR("Europe/Paris"), (struct str){bytes, n}));
}

void dealer_at(struct dealership *w, const char *rfc3339)
{
	struct local l;

	assert_true(instant_parse(&l, str_from(rfc3339)));
	w->still.now = local_instant(l);
}

static void open_fleet(struct dealership *w)
{
	struct fleet_options options = {
		.env = &w->still.env, .create = true, .no_sync = true, .map_bytes = 256 << 20};
	char why[400] = "";

	if (fleet_open(&w->fleet, w->scratch.dir, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
}

static void resource(struct dealership *w, const char *id, const char *kind, const char *class,
	const char *solutions, const char *seats, int turnaround)
{
	char body[1000];

	snprintf(body, sizeof body,
		"{\"class\":\"%s\",\"kind\":\"%s\",\"label\":\"%s\",\"resource\":\"%s\",%s%s%"
		"s\"site\":\"LYO\",\"solutions\":[%s],"
		"\"status\":\"active\",\"turnaround_minutes\":%d}",
		class, kind, id, id, seats ? "\"seats\":" : "", seats ? seats : "",
		seats ? "," : "", solutions, turnaround);
	dealer_must(w, VERB_RESOURCE_PUT, "LYO", id, body, OK);
}

static void fill(struct dealership *w)
{
	dealer_must(w, VERB_SITE_PUT, "LYO", "LYO", site_lyo, OK);
	dealer_must(w, VERB_RULESET_PUT, "directory", "test-1", ruleset_2026, OK);
	resource(w, "G1", "car", "grecale", "\"loaner_brand\"", "1", 45);
	resource(w, "G2", "car", "grecale", "\"loaner_brand\"", "1", 45);
	resource(w, "L1", "car", "levante", "\"loaner_brand\"", "1", 60);
	resource(w, "O1", "car", "compact", "\"loaner_other\"", "1", 30);
	resource(w, "R1", "allotment", "rental_c", "\"rental\"", "2", 0);
	resource(w, "CH1", "chauffeur", "chauffeur",
		"\"pickup\",\"delivery\",\"pickup_delivery\",\"accompanied_drive\"", "1", 0);
	resource(w, "S1", "car", "shuttle", "\"accompanied_drive\"", "1", 0);
	resource(w, "D1", "desk", "desk", "\"loaner_brand\",\"loaner_other\"", "1", 0);
	dealer_must(w, VERB_CUSTOMER_PUT, "directory", "C1",
		"{\"customer\":\"C1\",\"language\":\"fr\",\"person\":{\"birth_on\":\"1980-04-12\","
		"\"licence\":{\"categories\":"
		"[{\"code\":\"B\",\"since\":\"1999-06-01\"}],\"country\":\"FR\",\"expires_on\":"
		"\"2035-01-01\",\"number\":\"X1\"},"
		"\"name\":\"Lef\xc3\xa8vre-Canari\",\"phone\":\"+33199000123\",\"title\":"
		"\"Madame\"},"
		"\"preferred_channel\":\"phone\",\"segment\":\"private\"}",
		OK);
	dealer_must(w, VERB_CUSTOMER_PUT, "directory", "C2",
		"{\"customer\":\"C2\",\"language\":\"en\",\"person\":{\"name\":\"Test "
		"Two\"},\"preferred_channel\":\"none\","
		"\"segment\":\"company\"}",
		OK);
	dealer_must(w, VERB_VEHICLE_PUT, "directory", DEALER_VIN,
		"{\"campaigns\":[],\"cover_checked\":{\"at\":\"2026-03-01T09:00:00Z\",\"by\":"
		"\"test\",\"source\":\"test\"},"
		"\"coverages\":[{\"programme\":\"TESTWAR\",\"start_on\":\"2024-05-02\",\"suspended_"
		"days\":0,\"uses\":0}],"
		"\"immobile\":false,\"model\":\"Grecale\",\"odometer_km\":41250,\"owner\":\"C1\","
		"\"plate\":\"AB-123-CD\","
		"\"vin\":\"" DEALER_VIN "\",\"warranty_locked\":false}",
		OK);
	dealer_must(w, VERB_VEHICLE_PUT, "directory", DEALER_VIN_BARE,
		"{\"campaigns\":[],\"coverages\":[],\"immobile\":false,\"model\":\"Levante\","
		"\"odometer_km\":90000,"
		"\"owner\":\"C2\",\"plate\":\"XY-999-ZZ\",\"vin\":\"" DEALER_VIN_BARE
		"\",\"warranty_locked\":false}",
		OK);
}

void dealer_open(struct dealership *w)
{
	memset(w, 0, sizeof *w);
	scratch_make(&w->scratch);
	w->still = still_env_at(0);
	w->still.env.zone = one_zone;
	w->still.env.log = on_stderr;
	w->by = STR("tester");
	load_paris(w);
	arena_init(&w->arena, ARENA_MAX_DEFAULT);
	dealer_at(w, "2026-03-02T09:00:00+01:00");
	open_fleet(w);
	fill(w);
}

void dealer_grow(struct dealership *w)
{
	resource(w, "M1", "car", "multi", "\"accompanied_drive\",\"loaner_brand\"", "1", 15);
	resource(w, "R3", "allotment", "rental_d", "\"rental\"", "3", 15);
	resource(w, "T1", "allotment", "taxi", "\"taxi\"", "2", 0);
	resource(w, "CH2", "chauffeur", "helper",
		"\"pickup\",\"pickup_delivery\",\"accompanied_drive\"", "1", 20);
	resource(w, "D2", "desk", "desk", "", "1", 0);
}

void dealer_reopen(struct dealership *w)
{
	fleet_close(w->fleet);
	open_fleet(w);
}

void dealer_close(struct dealership *w)
{
	fleet_close(w->fleet);
	arena_deinit(&w->arena);
	scratch_remove(&w->scratch);
}

static struct command *run(struct dealership *w, struct command *c)
{
	assert_int_equal(fleet_do(w->fleet, c), OK);
	return c;
}

static struct command *make(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body)
{
	struct command *c = command_new(verb);

	assert_non_null(c);
	c->journal = arena_copy(&c->arena, str_from(journal));
	c->target = arena_copy(&c->arena, str_from(target ? target : ""));
	c->body = arena_copy(&c->arena, str_from(body ? body : "{}"));
	c->by = w->by;
	return c;
}

struct command *dealer_do(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body, const char *key)
{
	struct command *c = make(w, verb, journal, target, body);

	c->key = key ? arena_copy(&c->arena, str_from(key)) : STR_NULL;
	return run(w, c);
}

struct command *dealer_put(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body, const char *if_match)
{
	struct command *c = make(w, verb, journal, target, body);

	c->if_match = if_match ? arena_copy(&c->arena, str_from(if_match)) : STR_NULL;
	return run(w, c);
}

/* The id of the first effect of the entry that answered. */
struct str dealer_subject(struct dealership *w, const struct command *c)
{
	struct view v;
	struct txn t;
	struct journal_entry e;
	struct event_head head;
	struct json effects;
	struct effect effect;
	const char *why;
	struct str id = STR_NULL;

	fleet_look(w->fleet, &v, &t, &w->arena);
	/* the view's transaction: while entries are gathered it is the writer's */
	if (c->seq && journal_entry(v.txn, c->journal, c->seq, &e) &&
		event_read(&w->arena, arena_copy(&w->arena, e.bytes), &head, &effects, &why) ==
			OK &&
		effect_read(&effect, json_first(effects)) && effect.op != EFFECT_REFUSE)
		id = arena_copy(&w->arena, effect.id);
	fleet_look_end(&v);
	return id;
}

struct str dealer_must(struct dealership *w, enum verb verb, const char *journal,
	const char *target, const char *body, enum outcome expected)
{
	struct command *c = dealer_do(w, verb, journal, target, body, NULL);
	struct str id;

	if (c->outcome != expected) {
		for (uint32_t i = 0; c->faults && i < c->faults->len && i < RULESET_FAULTS_MAX; i++)
			print_error("%s: %s\n", c->faults->fault[i].pointer,
				c->faults->fault[i].detail);
		print_error("%s: %s, not %s %.*s\n", verb_kind(verb), outcome_name(c->outcome),
			outcome_name(expected), STR_FMT(c->detail));
		fail();
	}
	id = c->outcome == OK ? dealer_subject(w, c) : STR_NULL;
	command_free(c);
	return id;
}

struct str dealer_offer(struct dealership *w, const char *vin, const char *job, int minutes,
	const char *drop_off, const char *ready, struct json *answer)
{
	struct arena *a = &w->arena;
	struct faults *faults = arena_alloc(a, sizeof *faults);
	struct str request, text;
	struct view v;
	struct txn t;
	enum outcome o;

	request = arena_printf(a,
		"{\"distance_km\":12,\"drop_off_at\":\"%s\",\"jobs\":[{\"immobilisation_minutes\":%"
		"d,\"type\":\"%s\"}]%s%s%s,"
		"\"site\":\"LYO\"%s%s%s}",
		drop_off, minutes, job, ready ? ",\"ready_at\":\"" : "", ready ? ready : "",
		ready ? "\"" : "", vin ? ",\"vin\":\"" : "", vin ? vin : "", vin ? "\"" : "");
	fleet_look(w->fleet, &v, &t, a);
	o = offer_make(&v, request, w->still.now, &text, NULL, faults);
	fleet_look_end(&v);
	for (uint32_t i = 0; i < faults->len && i < RULESET_FAULTS_MAX; i++)
		print_error("%s: %s\n", faults->fault[i].pointer, faults->fault[i].detail);
	assert_string_equal(outcome_name(o), "OK");
	*answer = arena_json(a, text, NULL);
	assert_true(json_present(*answer));
	return json_str_at(*answer, "offer");
}

struct str dealer_book(struct dealership *w, const char *vin, const char *customer,
	const char *solution, const char *class, const char *from, const char *until,
	enum outcome expected)
{
	struct json answer;
	struct str offer = dealer_offer(w, vin, "warranty_repair", 900, from, until, &answer);
	struct str body = arena_printf(&w->arena,
		"{\"accept_customer_minor\":99999999%s%s%s%s%s%s,\"from\":\"%s\",\"offer\":\"%.*"
		"s\",\"solution\":\"%s\","
		"\"until\":\"%s\"}",
		class ? ",\"class\":\"" : "", class ? class : "", class ? "\"" : "",
		customer ? ",\"customer\":\"" : "", customer ? customer : "", customer ? "\"" : "",
		from, STR_FMT(offer), solution, until);

	return dealer_must(w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, expected);
}

struct json dealer_row(struct dealership *w, enum row_kind kind, struct str id)
{
	struct view v;
	struct txn t;
	struct row row;
	bool some;

	fleet_look(w->fleet, &v, &t, &w->arena);
	some = row_get(&v, kind, id, &row);
	fleet_look_end(&v);
	return some ? row.doc : JSON_ABSENT;
}

static void finding(void *context, const char *line)
{
	(void)context;
	print_error("%s\n", line);
}

void dealer_check(struct dealership *w)
{
	struct report report = {NULL, finding};
	struct scratch scratch;

	scratch_make(&scratch);
	assert_int_equal(fleet_verify(w->fleet, scratch.dir, &report), 0);
	assert_int_equal(fleet_audit_replay(w->fleet, &report), 0);
	scratch_remove(&scratch);
}
