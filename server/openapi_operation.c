/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

#include <stdio.h>
#include <strings.h>

/* One operation of /openapi.json: what it takes, what it answers, who may ask. */

enum { STATUS_MIN = 200, STATUS_MAX = 600, NAME_TEXT = 160, CONTENT_TEXT = 640 };

static void put_typed(struct json_writer *w, const char *key, const char *type)
{
	json_k(w, key);
	json_object_begin(w);
	json_kv_str(w, "type", str_from(type));
	json_object_end(w);
}

static bool is_method(const struct openapi_route *r, const char *method)
{
	return strcmp(r->method, method) == 0;
}

static bool is_media(const char *answer)
{
	return strcmp(answer, "text") == 0 || strchr(answer, '/');
}

/* "application/pdf|image/png": the bytes of one stored file, of one of these types. */
static bool is_file(const char *answer)
{
	return strchr(answer, '|') != NULL;
}

static bool is_list(const char *answer)
{
	size_t n = strlen(answer);

	return strncmp(answer, "[]", 2) == 0 || (n > 4 && strcasecmp(answer + n - 4, "list") == 0);
}

static bool reads_with_tag(const struct openapi_route *r)
{
	return is_method(r, "GET") && r->tagged;
}

/* Whether a success has an ETag: of a read the table says it, a change shows what it changed. */
static bool has_tag(const struct openapi_route *r)
{
	if (is_method(r, "GET"))
		return reads_with_tag(r);
	return r->answer && !is_media(r->answer) && !is_list(r->answer) &&
	       (r->if_match || r->key_required);
}

static const struct query_field *query_named(const struct openapi_route *r, const char *name)
{
	for (const struct query_field *f = r->query; f && f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

/* Whether ?format= may be this word. */
static bool has_format(const struct openapi_route *r, const char *word)
{
	const struct query_field *f = query_named(r, "format");

	for (size_t i = 0; f && f->values && f->values[i]; i++)
		if (strcmp(f->values[i], word) == 0)
			return true;
	return false;
}

/* ---- what one operation takes ---- */

static void put_parameter_head(
	struct json_writer *w, const char *about, const char *in, struct str name, bool required)
{
	json_object_begin(w);
	if (about)
		json_kv_str(w, "description", str_from(about));
	json_kv_str(w, "in", str_from(in));
	json_kv_str(w, "name", name);
	json_kv_bool(w, "required", required);
}

/* The {placeholders} of the path, in their order. */
static void put_path_parameters(struct json_writer *w, const char *path)
{
	for (const char *open = strchr(path, '{'); open; open = strchr(open + 1, '{')) {
		const char *close = strchr(open, '}');
		ASSERT(close && close > open + 1);
		put_parameter_head(
			w, NULL, "path", (struct str){open + 1, (size_t)(close - open - 1)}, true);
		put_typed(w, "schema", "string");
		json_object_end(w);
	}
}

static void put_query_names(struct json_writer *w, const char *names)
{
	while (names && *names) {
		size_t n = strcspn(names, ",");
		put_parameter_head(w, NULL, "query", (struct str){names, n}, false);
		put_typed(w, "schema", "string");
		json_object_end(w);
		names += n + (names[n] == ',');
	}
}

static void put_query_schema(struct json_writer *w, const struct query_field *f)
{
	json_k(w, "schema");
	json_object_begin(w);
	if (f->type == QUERY_CHOICE) {
		json_k(w, "enum");
		json_array_begin(w);
		for (size_t i = 0; f->values[i]; i++)
			json_put_str(w, str_from(f->values[i]));
		json_array_end(w);
	}
	if (f->type == QUERY_INT && (f->min != 0 || f->max != 0)) {
		json_kv_int(w, "maximum", f->max);
		json_kv_int(w, "minimum", f->min);
	}
	if (f->type == QUERY_DAY)
		json_kv_str(w, "format", STR("date"));
	if (f->type == QUERY_MONTH)
		json_kv_str(w, "pattern", STR("^[0-9]{4}-[0-9]{2}$"));
	json_kv_str(w, "type", f->type == QUERY_INT ? STR("integer") : STR("string"));
	json_object_end(w);
}

static void put_parameters(struct json_writer *w, const struct openapi_route *r)
{
	json_k(w, "parameters");
	json_array_begin(w);
	put_path_parameters(w, r->path);
	put_query_names(w, r->query_parameters);
	for (const struct query_field *f = r->query; f && f->name; f++) {
		put_parameter_head(w, f->about, "query", str_from(f->name), f->required);
		put_query_schema(w, f);
		json_object_end(w);
	}
	if (r->key_required)
		openapi_put_ref(w, "parameters", "IdempotencyKey");
	if (r->if_match)
		openapi_put_ref(w, "parameters", "IfMatch");
	if (reads_with_tag(r))
		openapi_put_ref(w, "parameters", "IfNoneMatch");
	if (r->answer && strcmp(r->answer, "text/event-stream") == 0)
		openapi_put_ref(w, "parameters", "LastEventID");
	json_array_end(w);
}

/* ---- bodies ---- */

/* {"application/json":{"schema":...}}: a media type is no key for the writer. A second media type
 * (NULL = none) is a text. */
/* Beside JSON, where ?format= asks for it. */
#define AS_CSV ",\"text/csv\":{\"schema\":{\"type\":\"string\"}}"
#define AS_JSONL ",\"application/jsonl\":{\"schema\":{\"type\":\"string\"}}"
#define AS_XLSX                                                                                \
	",\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\":{\"schema\":{" \
	"\"format\":\"binary\",\"type\":\"string\"}}"

static void put_content(
	struct json_writer *w, const char *media, const char *schema, const char *others)
{
	char raw[CONTENT_TEXT];
	int n = snprintf(raw, sizeof(raw), "{\"%s\":{\"schema\":%s}%s}", media, schema, others);

	ASSERT(n > 0 && (size_t)n < sizeof(raw));
	json_k(w, "content");
	json_put_raw(w, (struct str){raw, (size_t)n});
}

/* Beside JSON, where the bytes themselves may come. */
#define AS_BYTES ",\"application/octet-stream\":{\"schema\":{}},\"text/csv\":{\"schema\":{}}"

static void put_body(struct json_writer *w, const struct shape *body, bool raw)
{
	char schema[NAME_TEXT];
	bool required = false;
	int n = snprintf(
		schema, sizeof(schema), "{\"$ref\":\"#/components/schemas/%s\"}", body->name);

	ASSERT(body->name && n > 0 && (size_t)n < sizeof(schema));
	for (uint32_t i = 0; i < body->fields_len; i++)
		required |= body->fields[i].required;
	json_k(w, "requestBody");
	json_object_begin(w);
	put_content(w, "application/json", schema, raw ? AS_BYTES : "");
	json_kv_bool(w, "required", required);
	json_object_end(w);
}

static void put_raw_body(struct json_writer *w)
{
	json_k(w, "requestBody");
	json_object_begin(w);
	put_content(w, "application/octet-stream", "{}", "");
	json_kv_bool(w, "required", true);
	json_object_end(w);
}

/* "[]Claim" means the list of them, ClaimList, where there is one. */
static const char *answer_schema(const char *answer)
{
	char list[NAME_TEXT];
	int n = snprintf(list, sizeof(list), "%sList", answer + 2);

	if (strncmp(answer, "[]", 2) != 0)
		return openapi_schema_name(str_from(answer));
	ASSERT(n > 0 && (size_t)n < sizeof(list));
	return openapi_schema_name((struct str){list, (size_t)n});
}

/* A body may ask to change nothing: answered 200 with what would happen. */
static bool takes_preview(const struct openapi_route *r)
{
	for (uint32_t i = 0; r->body && i < r->body->fields_len; i++)
		if (strcmp(r->body->fields[i].name, "preview") == 0)
			return true;
	return false;
}

static int refer(
	char schema[NAME_TEXT], const struct openapi_route *r, const char *name, int status)
{
	static const char ref[] = "{\"$ref\":\"#/components/schemas/";

	if (status != 200 || !takes_preview(r))
		return snprintf(schema, NAME_TEXT, "%s%s\"}", ref, name);
	if (r->status != 200)
		return snprintf(schema, NAME_TEXT, "%sPreview\"}", ref);
	return snprintf(schema, NAME_TEXT, "{\"anyOf\":[%s%s\"},%sPreview\"}]}", ref, name, ref);
}

/* Each of a file's types with the same schema: bytes. */
static void put_file(struct json_writer *w, const char *types)
{
	char raw[CONTENT_TEXT];
	size_t at = 0;

	while (*types) {
		size_t n = strcspn(types, "|");
		int put = snprintf(raw + at, sizeof(raw) - at, "%s\"%.*s\":{\"schema\":{}}",
			at ? "," : "{", (int)n, types);
		ASSERT(put > 0 && at + (size_t)put + 1 < sizeof(raw));
		at += (size_t)put;
		types += n + (types[n] == '|');
	}
	raw[at++] = '}';
	json_k(w, "content");
	json_put_raw(w, (struct str){raw, at});
}

/* The success of an operation: a reference, a text, or any object. */
static void put_answer(struct json_writer *w, const struct openapi_route *r, int status)
{
	const char *name, *answer = r->answer;
	char schema[NAME_TEXT];
	int n;

	if (is_file(answer)) {
		put_file(w, answer);
		return;
	}
	if (is_media(answer)) {
		put_content(w, strchr(answer, '/') ? answer : "text/plain", "{\"type\":\"string\"}",
			"");
		return;
	}
	name = answer_schema(answer);
	if (name)
		n = refer(schema, r, name, status);
	else
		n = snprintf(schema, sizeof(schema),
			"{\"additionalProperties\":true,\"type\":\"object\"}");
	ASSERT(n > 0 && (size_t)n < sizeof(schema));
	put_content(w, "application/json", schema,
		has_format(r, "xlsx")  ? AS_JSONL AS_CSV AS_XLSX
		: has_format(r, "csv") ? AS_CSV
				       : "");
}

/* ---- answers of one operation ---- */

static void put_answer_header(struct json_writer *w, const char *name, const char *about)
{
	json_k(w, name);
	json_object_begin(w);
	json_kv_str(w, "description", str_from(about));
	put_typed(w, "schema", "string");
	json_object_end(w);
}

/* In the order of their bytes, as the writer wants keys. */
static void put_success_headers(struct json_writer *w, const struct openapi_route *r, int status)
{
	bool body = r->answer && status != 204;
	bool seq =
		is_method(r, "GET") ? r->seq : r->roles && !r->people && !r->raw && status != 202;

	if (!has_tag(r) && !seq && !r->key_required && status != 201)
		return;
	json_k(w, "headers");
	json_object_begin(w);
	if (body && has_tag(r))
		put_answer_header(w, "ETag",
			is_method(r, "GET") && r->weak ? "weak, of what is said; for If-None-Match"
						       : "strong; for If-Match and If-None-Match");
	if (r->key_required)
		put_answer_header(
			w, "Idempotency-Replayed", "true where this key was answered before");
	if (query_named(r, "cursor"))
		put_answer_header(w, "Link", "rel=next (RFC 8288), where there is a next page");
	if (status == 201 || status == 202)
		put_answer_header(w, "Location", "of what was made");
	if (seq)
		put_answer_header(
			w, "Relais-Seq", "the state that this shows: SITE=N, directory=M");
	json_object_end(w);
}

static void put_success(struct json_writer *w, const struct openapi_route *r, int status)
{
	json_object_begin(w);
	if (r->answer && status != 204)
		put_answer(w, r, status);
	json_kv_str(w, "description",
		status == 201	? STR("Made, and durable")
		: status == 202 ? STR("Taken, and goes on by itself")
				: STR("Done"));
	put_success_headers(w, r, status);
	json_object_end(w);
}

static void put_not_modified(struct json_writer *w)
{
	json_object_begin(w);
	json_kv_str(w, "description", STR("It is still what If-None-Match names"));
	json_k(w, "headers");
	json_object_begin(w);
	put_answer_header(w, "ETag", "as in If-None-Match");
	json_object_end(w);
	json_object_end(w);
}

static bool has_instant(const struct openapi_route *r)
{
	for (const struct query_field *f = r->query; f && f->name; f++)
		if (f->type == QUERY_INSTANT || f->type == QUERY_DAY)
			return true;
	return false;
}

/* Which problems an operation can meet follows from what it takes. An unknown parameter is 400
 * everywhere. */
static bool can_answer(const struct openapi_route *r, int status)
{
	bool named = r->query_parameters != NULL;

	switch (status) {
	case 400:
	case 503: return true;
	case 401:
	case 403:
	case 500: return r->roles || r->people;
	case 404:
		return r->body || named || query_named(r, "site") || query_named(r, "plate") ||
		       strchr(r->path, '{');
	case 409: return r->body || r->key_required || r->if_match;
	case 412:
	case 428: return r->if_match;
	case 413:
	case 415: return r->body || r->raw;
	case 422: return r->body || r->raw || named || has_instant(r);
	case 429: return r->roles || (r->people && r->body); /* token.requests_max */
	default: return false;
	}
}

static void put_responses(struct json_writer *w, const struct openapi_route *r)
{
	bool makes = r->if_match && strcmp(r->method, "PUT") == 0;
	char keys[STATUS_MAX][4]; /* the writer remembers its last key */
	char name[NAME_TEXT];

	json_k(w, "responses");
	json_object_begin(w);
	/* Three digits each, so ascending numbers are ascending keys. */
	for (int status = STATUS_MIN; status < STATUS_MAX; status++) {
		bool success = status == r->status || (makes && status == 201) ||
			       (status == 200 && (takes_preview(r) || query_named(r, "dry_run")));
		bool same = status == 304 && reads_with_tag(r);
		if (!success && !same && !can_answer(r, status))
			continue;
		snprintf(name, sizeof(name), "Problem%d", status);
		memcpy(keys[status], name + strlen("Problem"), sizeof(keys[status]));
		json_k(w, keys[status]);
		if (success)
			put_success(w, r, status);
		else if (same)
			put_not_modified(w);
		else
			openapi_put_ref(w, "responses", name);
	}
	json_object_end(w);
}

/* ---- one operation ---- */

/* "get_v1_sites_by_site": `by` keeps /v1/calendar/{link} and /v1/calendar-link apart, for ids are
 * unique (OpenAPI 3.1, 4.8.10). */
static void operation_id(char out[NAME_TEXT], const struct openapi_route *r)
{
	size_t n = 0;

	for (const char *p = r->method; *p && n + 1 < NAME_TEXT; p++)
		out[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	for (const char *p = r->path; *p && n + 1 < NAME_TEXT; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
		if (plain)
			out[n++] = *p;
		else if (*p == '{' && n + 3 < NAME_TEXT)
			for (const char *by = "by_"; *by; by++)
				out[n++] = *by;
		else if (out[n - 1] != '_')
			out[n++] = '_';
	}
	while (n > 0 && out[n - 1] == '_')
		n--;
	out[n] = '\0';
}

/* "/v1/bookings/{booking}" -> "bookings"; what stands outside /v1 is "server". */
static struct str tag_of(const char *path)
{
	static const char start[] = "/v1/";
	const char *tag = path + sizeof(start) - 1;

	if (strncmp(path, start, sizeof(start) - 1) != 0)
		return STR("server");
	return (struct str){tag, strcspn(tag, "/")};
}

struct str openapi_operation(struct arena *a, const struct openapi_route *r)
{
	char id[NAME_TEXT];
	struct json_writer w;
	struct str about =
		r->roles ? arena_printf(a, "Roles: %s.", r->roles) : STR("Without sign-in.");

	if (!about.p)
		return STR_NULL;
	operation_id(id, r);
	arena_writer(a, &w, OPENAPI_PIECE_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "description", about);
	json_kv_str(&w, "operationId", str_from(id));
	put_parameters(&w, r);
	if (r->body)
		put_body(&w, r->body, r->raw);
	else if (r->raw)
		put_raw_body(&w);
	put_responses(&w, r);
	if (!r->roles) {
		json_k(&w, "security");
		json_array_begin(&w);
		json_array_end(&w);
	}
	json_kv_str(&w, "summary", str_from(r->summary ? r->summary : r->path));
	json_k(&w, "tags");
	json_array_begin(&w);
	json_put_str(&w, tag_of(r->path));
	json_array_end(&w);
	json_object_end(&w);
	return arena_written(a, &w);
}
