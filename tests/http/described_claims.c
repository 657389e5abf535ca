/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_claims.h"

#define MAKER "{'programme':'NEW36','payer':'manufacturer'}"

static struct told claim_verb(
	struct caller *c, int status, const char *claim, const char *name, const char *body)
{
	return CALL(c, status, "POST", text_of(c, "%s/%s", claim, name), body);
}

static void workshop_says(struct caller *c, const struct told *booking)
{
	const char *path = text_of(c, "/v1/visits/%s/repair-order", member_of(c, booking, "visit"));
	CALL(c, 201, "PUT", path,
		"{'number':'RO-21','opened_at':'2026-01-02T08:00','closed_at':'2031-02-28T17:00',"
		"'lines':[{'type':'warranty_repair'}],'odometer_in':41250,'odometer_out':41260,"
		"'claim_number':'C-21'}");
}

/* What is missing, who mends it, and that it is late. */
static void not_ready(struct caller *c, const struct told *booking)
{
	const char *path = text_of(c, "/v1/visits/%s/claim-ready", member_of(c, booking, "visit"));
	struct told t = CALL(c, 200, "GET", path, NULL);
	assert_str(json_str_at(t.json, "light"), "open");
	assert_non_null(strstr(t.body.p, "{\"code\":\"AUD01_RO_MISSING\",\"until\":\"claim\","
					 "\"where\":\"workshop\"}"));
	t = CALL(c, 200, "GET", "/v1/audit/claims?site=T1&ready=no", NULL);
	assert_non_null(strstr(t.body.p, member_of(c, booking, "booking")));
	t = CALL(c, 200, "GET", "/v1/audit/claims?site=T1&ready=yes", NULL);
	assert_null(strstr(t.body.p, member_of(c, booking, "booking")));
	CALL(c, 400, "GET", "/v1/audit/claims?site=T1&ready=soon", NULL);
}

/* Not silently, and not twice. */
static const char *held_back(struct caller *c, const struct told *booking)
{
	const char *claims = text_of(c, "%s/claims", booking->location);
	struct told t = CALL_WITH(c, 201, "POST", claims, MAKER, .key = "a claim, once");
	assert_str(json_str_at(t.json, "status"), "draft");
	assert_true(json_count(json_get(t.json, "days")) > 0);
	const char *claim = text_of(c, "%s", t.location);
	t = CALL_WITH(c, 201, "POST", claims, MAKER, .key = "a claim, once");
	assert_string_equal(t.location, claim); /* not another one */
	CALL(c, 200, "GET", claim, NULL);
	t = CALL(c, 409, "POST", claims, MAKER);
	assert_str(json_str_at(t.json, "type"), "/problems/claimed");
	assert_non_null(strstr(claim, member_of(c, &t, "claim")));
	t = claim_verb(c, 409, claim, "complete", "{}");
	assert_str(json_str_at(t.json, "type"), "/problems/claim-findings");
	assert_non_null(strstr(t.body.p, "AUD01_RO_MISSING"));
	t = claim_verb(c, 409, claim, "export", "{}");
	assert_str(json_str_at(t.json, "claim_status"), "draft");
	t = CALL(c, 422, "POST", claims, "{'programme':'EXT24'}");
	assert_non_null(strstr(t.body.p, "/programme"));
	return claim;
}

void describe_warranty(struct caller *c, const struct told *booking)
{
	const char *first = held_back(c, booking);
	not_ready(c, booking);
	struct told t = claim_verb(c, 200, first, "withdraw", "{'reason':'no repair order yet'}");
	assert_str(json_str_at(t.json, "status"), "withdrawn");
	workshop_says(c, booking);
	t = CALL(c, 201, "POST", text_of(c, "%s/claims", booking->location), MAKER);
	const char *claim = text_of(c, "%s", t.location);
	claim_verb(c, 200, claim, "complete", "{}");
	claim_verb(c, 200, claim, "reopen", "{'reason':'look again'}");
	claim_verb(c, 200, claim, "complete", NULL);
	claim_verb(c, 200, claim, "export", "{'reference':'MOD-1'}");
	claim_verb(c, 200, claim, "accept", "{'amount_minor':1,'reference':'MOD-1/A'}");
	t = claim_verb(
		c, 200, claim, "charge-back", "{'amount_minor':1,'reason':'no photo of the part'}");
	assert_int_equal(json_count(json_get(t.json, "steps")), 7);
	t = CALL(c, 200, "GET", "/v1/claims?site=T1", NULL);
	assert_int_equal(json_count(json_get(t.json, "items")), 2);
	t = CALL(c, 200, "GET", "/v1/claims?site=T1&status=charged_back&limit=1", NULL);
	assert_int_equal(json_count(json_get(t.json, "items")), 1);
	CALL(c, 400, "GET", "/v1/claims?site=T1&status=lost", NULL);
}
