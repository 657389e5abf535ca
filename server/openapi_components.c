/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

#include <stdio.h>

#include "rules/outcome.h"
#include "server/auth.h"
#include "server/shapes.h"

/* What the operations of /openapi.json refer to: schemas, problems by status, headers, sign-in. */

enum { SCHEMAS_MAX = 320, STATUSES_MAX = 32, DESCRIPTION_MAX = 2000 };

static const struct {
	int status;
	const char *slug, *title;
} problems[] = {
#define X(name, slug, status, title) {status, slug, title},
	OUTCOMES(X)
#undef X
};

static struct str schemas(struct arena *a)
{
	struct openapi_piece pieces[SCHEMAS_MAX];
	size_t n = 0;

	ASSERT(shapes_all_len + openapi_answers_len() <= SCHEMAS_MAX);
	for (uint32_t i = 0; i < shapes_all_len; i++) {
		struct json_writer w;
		arena_writer(a, &w, OPENAPI_PIECE_MAX);
		shape_schema(&w, shapes_all[i], true);
		pieces[n++] = (struct openapi_piece){shapes_all[i]->name, arena_written(a, &w)};
	}
	for (size_t i = 0; i < openapi_answers_len(); i++)
		pieces[n++] = openapi_answer(a, i);
	return openapi_object(a, pieces, n);
}

/* The table of outcomes speaks, so that no problem type is forgotten here. */
static struct str problem_response(struct arena *a, int status)
{
	char about[DESCRIPTION_MAX] = "";
	size_t n = 0;
	struct json_writer w;

	for (size_t i = 0; i < ARRAY_LEN(problems); i++) {
		if (problems[i].status != status)
			continue;
		n += (size_t)snprintf(about + n, sizeof(about) - n, "%s/problems/%s: %s.",
			n ? " " : "", problems[i].slug, problems[i].title);
		ASSERT(n < sizeof(about));
	}
	arena_writer(a, &w, OPENAPI_PIECE_MAX);
	json_object_begin(&w);
	json_k(&w, "content");
	json_put_raw(&w, STR("{\"application/problem+json\":{\"schema\":"
			     "{\"$ref\":\"#/components/schemas/Problem\"}}}"));
	json_kv_str(&w, "description", str_from(about));
	json_object_end(&w);
	return arena_written(a, &w);
}

static struct str responses(struct arena *a)
{
	struct openapi_piece pieces[STATUSES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(problems); i++) {
		struct str name;
		bool seen = problems[i].status < 400;
		for (size_t k = 0; k < i && !seen; k++)
			seen = problems[k].status == problems[i].status;
		if (seen)
			continue;
		ASSERT(n < STATUSES_MAX);
		name = arena_printf(a, "Problem%d", problems[i].status);
		if (!name.p)
			return STR_NULL;
		pieces[n++] =
			(struct openapi_piece){name.p, problem_response(a, problems[i].status)};
	}
	return openapi_object(a, pieces, n);
}

static void put_header_parameter(
	struct json_writer *w, const char *key, const char *name, const char *about, bool required)
{
	json_k(w, key);
	json_object_begin(w);
	json_kv_str(w, "description", str_from(about));
	json_kv_str(w, "in", STR("header"));
	json_kv_str(w, "name", str_from(name));
	json_kv_bool(w, "required", required);
	json_k(w, "schema");
	json_object_begin(w);
	json_kv_int(w, "maxLength", 255);
	json_kv_int(w, "minLength", 1);
	json_kv_str(w, "type", STR("string"));
	json_object_end(w);
	json_object_end(w);
}

static void put_parameters(struct json_writer *w)
{
	json_k(w, "parameters");
	json_object_begin(w);
	put_header_parameter(w, "IdempotencyKey", "Idempotency-Key",
		"Names this request for ever: repeated with the same key, body and user it is "
		"answered "
		"as the first time.",
		true);
	put_header_parameter(w, "IfMatch", "If-Match",
		"The ETag of the present state; required where the object exists, and to make a "
		"new one "
		"left out.",
		false);
	put_header_parameter(w, "IfNoneMatch", "If-None-Match",
		"The ETag of the state that is known already: answered 304 while it lasts.", false);
	put_header_parameter(w, "LastEventID", "Last-Event-ID",
		"The last entry that was heard: the stream goes on behind it.", false);
	json_object_end(w);
}

static void put_security_schemes(struct json_writer *w)
{
	json_k(w, "securitySchemes");
	json_object_begin(w);
	json_k(w, "bearer");
	json_object_begin(w);
	json_kv_str(w, "description", STR("A token of this installation (relais token create)."));
	json_kv_str(w, "scheme", STR("bearer"));
	json_kv_str(w, "type", STR("http"));
	json_object_end(w);
	json_k(w, "session");
	json_object_begin(w);
	json_kv_str(w, "description",
		STR("A person's session (POST /v1/session). Every request but GET and HEAD then "
		    "needs the header Relais-CSRF with the csrf of that answer."));
	json_kv_str(w, "in", STR("cookie"));
	json_kv_str(w, "name", STR(AUTH_COOKIE));
	json_kv_str(w, "type", STR("apiKey"));
	json_object_end(w);
	json_object_end(w);
}

struct str openapi_components(struct arena *a)
{
	struct str responses_raw = responses(a), schemas_raw = schemas(a);
	struct json_writer w;

	if (!responses_raw.p || !schemas_raw.p)
		return STR_NULL;
	arena_writer(a, &w, responses_raw.n + schemas_raw.n + OPENAPI_PIECE_MAX);
	json_object_begin(&w);
	put_parameters(&w);
	json_kv_raw(&w, "responses", responses_raw);
	json_kv_raw(&w, "schemas", schemas_raw);
	put_security_schemes(&w);
	json_object_end(&w);
	return arena_written(a, &w);
}
