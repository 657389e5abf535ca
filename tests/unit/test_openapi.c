/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi.h"

#include "rules/outcome.h"
#include "server/shapes.h"
#include "tests/lib/check.h"

/* The document is read by jansson, whose names would meet ours: here they stand apart. */
#define json_type jansson_type
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#define json_null jansson_null
#include <jansson.h>

static const char *const formats[] = {"json", "csv", NULL};
static const struct query_field claim_query[] = {
	{.name = "site", .type = QUERY_ID, .required = true, .about = "whose claims"},
	{.name = "limit", .type = QUERY_INT, .min = 1, .max = 500},
	{.name = "format", .type = QUERY_CHOICE, .values = formats},
	{.name = NULL},
};
static const struct openapi_route routes[] = {
	{.method = "GET", .path = "/livez", .summary = "alive", .answer = "text", .status = 200},
	{.method = "GET", .path = "/docs", .answer = "text/html", .status = 200},
	{.method = "GET",
		.path = "/v1/sites/{site}",
		.summary = "one site",
		.answer = "site",
		.tagged = true,
		.seq = true,
		.status = 200,
		.roles = "manager auditor"},
	{.method = "PUT",
		.path = "/v1/sites/{site}",
		.summary = "a site",
		.body = &shape_site,
		.answer = "Site",
		.status = 200,
		.if_match = true,
		.roles = "manager"},
	{.method = "GET",
		.path = "/v1/sites",
		.summary = "all",
		.answer = "site-list",
		.tagged = true,
		.weak = true,
		.seq = true,
		.status = 200,
		.roles = "auditor"},
	{.method = "POST",
		.path = "/v1/offers",
		.summary = "an offer",
		.body = &shape_offer_request,
		.answer = "offer",
		.status = 200,
		.roles = "operator"},
	{.method = "POST",
		.path = "/v1/bookings",
		.summary = "book",
		.body = &shape_booking_make,
		.answer = "Booking",
		.status = 201,
		.key_required = true,
		.roles = "operator"},
	{.method = "POST",
		.path = "/v1/bookings/{booking}/no-show",
		.summary = "nobody came",
		.body = &shape_no_show,
		.answer = "booking",
		.status = 200,
		.key_required = true,
		.roles = "advisor"},
	{.method = "DELETE",
		.path = "/v1/blocks/{block}",
		.summary = "open again",
		.status = 204,
		.if_match = true,
		.roles = "manager"},
	{.method = "GET",
		.path = "/v1/audit/claims",
		.summary = "claims",
		.answer = "[]Claim",
		.seq = true,
		.status = 200,
		.roles = "warranty",
		.query = claim_query},
	{.method = "GET",
		.path = "/v1/search",
		.summary = "find",
		.answer = "no such schema",
		.seq = true,
		.status = 200,
		.roles = "operator",
		.query_parameters = "q,limit"},
};

static struct arena arena;
static json_t *root;

/* "paths|/v1/sites|get": the value there; NULL when something is missing. */
static json_t *at(const char *way)
{
	json_t *v = root;
	char key[100];

	while (v && *way) {
		size_t n = strcspn(way, "|");
		snprintf(key, sizeof(key), "%.*s", (int)n, way);
		v = json_is_array(v) ? json_array_get(v, strtoul(key, NULL, 10))
				     : json_object_get(v, key);
		way += n + (way[n] == '|');
	}
	return v;
}

static void check_text(const char *way, const char *expected)
{
	const char *text = json_string_value(at(way));

	if (!text || strcmp(text, expected) != 0)
		fail_msg("%s: %s is not %s", way, text ? text : "nothing", expected);
}

static int setup(void **state)
{
	json_error_t error;
	struct str text;

	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	text = openapi_document(&arena, routes, ARRAY_LEN(routes), "0.1.0");
	if (!text.p)
		return -1;
	root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		print_error("%s near byte %d\n", error.text, error.position);
	return root ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	json_decref(root);
	arena_deinit(&arena);
	return 0;
}

static void test_frame(void **state)
{
	(void)state;
	check_text("openapi", "3.1.0");
	check_text("info|title", "relais");
	check_text("info|version", "0.1.0");
	check_text("components|securitySchemes|bearer|scheme", "bearer");
	assert_non_null(at("security|0|bearer"));
}

/* ---- every reference leads somewhere ---- */

static size_t refs;

static void check_refs(json_t *v)
{
	const char *ref = json_string_value(json_object_get(v, "$ref")), *key;
	char way[200];
	json_t *child;
	size_t i;

	if (ref) {
		assert_int_equal(strncmp(ref, "#/", 2), 0);
		snprintf(way, sizeof(way), "%s", ref + 2);
		for (char *p = way; *p; p++)
			if (*p == '/')
				*p = '|';
		if (!at(way))
			fail_msg("%s leads nowhere", ref);
		refs++;
	}
	if (json_is_object(v))
		json_object_foreach(v, key, child) check_refs(child);
	if (json_is_array(v))
		json_array_foreach(v, i, child) check_refs(child);
}

static void test_references(void **state)
{
	(void)state;
	refs = 0;
	check_refs(root);
	assert_true(refs > 60);
}

/* ---- operations ---- */

static void test_operations(void **state)
{
	(void)state;
	assert_int_equal(json_object_size(at("paths")), 10); /* one of them with two methods */
	assert_int_equal(json_object_size(at("paths|/v1/sites/{site}")), 2);
	check_text("paths|/v1/bookings/{booking}/no-show|post|operationId",
		"post_v1_bookings_by_booking_no_show");
	check_text("paths|/v1/bookings|post|requestBody|content|application/json|schema|$ref",
		"#/components/schemas/BookingMake");
	assert_true(json_is_true(at("paths|/v1/bookings|post|requestBody|required")));
	/* nothing in it is required */
	assert_true(json_is_false(
		at("paths|/v1/bookings/{booking}/no-show|post|requestBody|required")));
	check_text("paths|/v1/bookings|post|tags|0", "bookings");
	check_text("paths|/livez|get|tags|0", "server");
	check_text("paths|/v1/bookings|post|description", "Roles: operator.");
	/* without sign-in: an empty list says so */
	assert_int_equal(json_array_size(at("paths|/livez|get|security")), 0);
	assert_true(json_is_array(at("paths|/livez|get|security")));
	assert_null(at("paths|/v1/bookings|post|security"));
}

static void test_parameters(void **state)
{
	static const char claims[] = "paths|/v1/audit/claims|get|parameters";

	(void)state;
	check_text("paths|/v1/sites/{site}|get|parameters|0|name", "site");
	check_text("paths|/v1/sites/{site}|get|parameters|0|in", "path");
	check_text(
		"paths|/v1/sites/{site}|put|parameters|1|$ref", "#/components/parameters/IfMatch");
	check_text("paths|/v1/bookings|post|parameters|0|$ref",
		"#/components/parameters/IdempotencyKey");
	check_text("paths|/v1/search|get|parameters|1|name", "limit");
	assert_int_equal(json_array_size(at(claims)), 3);
	assert_true(json_is_true(at("paths|/v1/audit/claims|get|parameters|0|required")));
	assert_int_equal(
		json_integer_value(at("paths|/v1/audit/claims|get|parameters|1|schema|maximum")),
		500);
	check_text("paths|/v1/audit/claims|get|parameters|2|schema|enum|1", "csv");
}

static void test_responses(void **state)
{
	static const char put[] = "paths|/v1/sites/{site}|put|responses|";
	static const char *const put_statuses[] = {"200", "201", "400", "401", "403", "404", "409",
		"412", "413", "415", "422", "428", "429", "500", "503"};
	char way[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(put_statuses); i++) {
		snprintf(way, sizeof(way), "%s%s", put, put_statuses[i]);
		if (!at(way))
			fail_msg("%s is missing", way);
	}
	assert_int_equal(json_object_size(at("paths|/v1/sites/{site}|put|responses")),
		ARRAY_LEN(put_statuses));
	check_text("paths|/v1/sites/{site}|put|responses|412|$ref",
		"#/components/responses/Problem412");
	check_text("paths|/v1/sites/{site}|get|responses|200|content|application/json|schema|$ref",
		"#/components/schemas/Site");
	assert_non_null(at("paths|/v1/sites/{site}|get|responses|200|headers|ETag"));
	assert_non_null(at("paths|/v1/bookings|post|responses|201|headers|Location"));
	assert_non_null(at("paths|/v1/bookings|post|responses|201|headers|Idempotency-Replayed"));
	check_text("paths|/v1/sites|get|responses|200|content|application/json|schema|$ref",
		"#/components/schemas/SiteList");
	check_text("paths|/v1/audit/claims|get|responses|200|content|application/json|schema|$ref",
		"#/components/schemas/ClaimList");
	assert_non_null(at("paths|/v1/audit/claims|get|responses|200|content|text/csv"));
	check_text("components|schemas|ClaimList|properties|items|items|$ref",
		"#/components/schemas/Claim");
	/* a reader may ask whether it changed, but for what is of one moment */
	assert_non_null(at("paths|/v1/sites/{site}|get|responses|304|headers|ETag"));
	assert_non_null(at("paths|/v1/sites|get|responses|304|headers|ETag"));
	assert_null(at("paths|/livez|get|responses|304"));
	assert_null(at("paths|/v1/audit/claims|get|responses|200|headers|ETag"));
	check_text("paths|/v1/search|get|responses|200|content|application/json|schema|type",
		"object");
	assert_non_null(at("paths|/docs|get|responses|200|content|text/html"));
	assert_non_null(at("paths|/livez|get|responses|200|content|text/plain"));
	assert_null(at("paths|/v1/blocks/{block}|delete|responses|204|content"));
}

/* ---- components ---- */

static void test_every_shape_has_a_schema(void **state)
{
	char way[200];

	(void)state;
	for (uint32_t i = 0; i < shapes_all_len; i++) {
		const struct shape *s = shapes_all[i];
		snprintf(way, sizeof(way), "components|schemas|%s|additionalProperties", s->name);
		assert_true(json_is_false(at(way)));
		snprintf(way, sizeof(way), "components|schemas|%s|properties", s->name);
		assert_int_equal(json_object_size(at(way)), s->fields_len);
	}
}

static void test_schemas(void **state)
{
	(void)state;
	check_text("components|schemas|OfferRequest|required|0", "site");
	assert_int_equal(json_array_size(at("components|schemas|OfferRequest|required")), 3);
	check_text("components|schemas|OfferRequest|properties|jobs|items|$ref",
		"#/components/schemas/Job");
	check_text("components|schemas|OfferRequest|properties|visit|type|1", "null");
	check_text("components|schemas|Site|properties|currency|pattern", "^[A-Z]{3}$");
	check_text("components|schemas|Site|properties|tariff|additionalProperties|$ref",
		"#/components/schemas/Tariff");
	check_text("components|schemas|Resource|properties|kind|enum|3", "allotment");
	check_text("components|schemas|Resource|properties|in_service_on|format", "date");
	assert_int_equal(json_integer_value(at("components|schemas|Job|properties|"
					       "immobilisation_minutes|maximum")),
		366 * 1440);
	/* a nullable named shape, and a shape that is one of two */
	check_text("components|schemas|BookingMake|properties|check_out|anyOf|0|$ref",
		"#/components/schemas/CheckOut");
	check_text("components|schemas|BookingMake|properties|check_out|anyOf|1|type", "null");
	check_text(
		"components|schemas|CheckOut|properties|documents_checked|anyOf|1|type", "boolean");
	/* whatever a rule set holds inside */
	assert_null(at("components|schemas|Ruleset|properties|programmes|type"));
	/* a vehicle's estimate may be null, and then null is one of its values */
	assert_true(json_is_null(at("components|schemas|VisitOpen|properties|estimate|enum|3")));
	assert_int_equal(
		json_array_size(at("components|schemas|VisitChange|properties|estimate|enum")), 3);
	check_text("components|schemas|Terms|properties|customer_minor|type|0", "integer");
	check_text("components|schemas|Terms|properties|customer_minor|type|1", "null");
	check_text("components|schemas|OfferClass|properties|terms|anyOf|0|$ref",
		"#/components/schemas/Terms");
	check_text("components|schemas|OfferClass|properties|terms|anyOf|1|type", "null");
	check_text("components|schemas|Booking|required|0", "booking");
	check_text("components|schemas|Booking|properties|status|enum|0", "held");
	check_text("components|schemas|FoundVehicle|properties|kind|enum|0", "vehicle");
	check_text("components|schemas|SearchResults|properties|items|items|anyOf|4|$ref",
		"#/components/schemas/FoundVisit");
	check_text("components|schemas|Booking|properties|from|format", "date-time");
}

/* Every problem type of the house stands in the response of its status. */
static void test_every_problem_is_named(void **state)
{
	static const enum outcome all[] = {
#define X(name, slug, status, title) name,
		OUTCOMES(X)
#undef X
	};
	char way[100], type[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const char *about;
		if (all[i] == OK)
			continue;
		snprintf(way, sizeof(way), "components|responses|Problem%d|description",
			outcome_status(all[i]));
		snprintf(type, sizeof(type), "/problems/%s: ", outcome_slug(all[i]));
		about = json_string_value(at(way));
		if (!about || !strstr(about, type))
			fail_msg("%s does not name %s", way, type);
	}
}

static void test_full_arena(void **state)
{
	struct arena small;

	(void)state;
	arena_init(&small, 200000);
	assert_null(openapi_document(&small, routes, ARRAY_LEN(routes), "0.1.0").p);
	arena_deinit(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_responses),
		cmocka_unit_test(test_every_shape_has_a_schema),
		cmocka_unit_test(test_schemas),
		cmocka_unit_test(test_every_problem_is_named),
		cmocka_unit_test(test_full_arena),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
