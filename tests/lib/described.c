/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/schema_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPERATIONS_MAX = 256, NAME_MAX_TEXT = 200 };

struct described {
	json_t *root;
	size_t len;
	struct {
		const char *method,
			*path; /* borrowed from the document; the method in small letters */
		const json_t *operation;
		bool called;
	} operations[OPERATIONS_MAX];
};

struct described *described_open(struct str text, char why[SCHEMA_WHY])
{
	struct described *d = calloc(1, sizeof(*d));
	json_error_t error;
	const char *path, *method;
	json_t *item, *operation;

	ASSERT(d);
	d->root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
	if (!d->root) {
		snprintf(why, SCHEMA_WHY, "%s near byte %d", error.text, error.position);
		free(d);
		return NULL;
	}
	json_object_foreach(json_object_get(d->root, "paths"), path, item)
		json_object_foreach(item, method, operation)
	{
		ASSERT(d->len < OPERATIONS_MAX);
		d->operations[d->len].method = method;
		d->operations[d->len].path = path;
		d->operations[d->len++].operation = operation;
	}
	return d;
}

void described_close(struct described *d)
{
	if (!d)
		return;
	json_decref(d->root);
	free(d);
}

bool described_check(
	const struct described *d, const char *schema, struct str text, char why[SCHEMA_WHY])
{
	char ref[NAME_MAX_TEXT];
	json_t *value = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *s;
	bool good;

	snprintf(ref, sizeof(ref), "#/components/schemas/%s", schema);
	s = schema_at(d->root, ref);
	snprintf(why, SCHEMA_WHY, "%s", s ? "this is no JSON" : "there is no such schema");
	good = s && value && schema_fits(d->root, s, value, why);
	json_decref(value);
	return good;
}

/* ---- which operation ---- */

/* "/v1/sites/{site}" and "/v1/sites/T1?x"; what stands in braces stands for no stroke. */
static bool path_fits(const char *template, const char *path)
{
	while (*template && *path && *path != '?') {
		if (*template == '{') {
			template += strcspn(template, "}") + 1;
			if (*path == '/')
				return false;
			path += strcspn(path, "/?");
		} else if (*template ++ != *path++) {
			return false;
		}
	}
	return !*template && (!*path || *path == '?');
}

static bool same_method(const char *small, const char *method)
{
	for (; *small && *method; small++, method++)
		if (*small != (*method >= 'A' && *method <= 'Z' ? *method - 'A' + 'a' : *method))
			return false;
	return *small == *method;
}

/* A path without braces is meant before one with them: /v1/availability/next. */
static size_t find_operation(const struct described *d, const char *method, const char *path)
{
	size_t found = d->len;

	for (size_t i = 0; i < d->len; i++)
		if (same_method(d->operations[i].method, method) &&
			path_fits(d->operations[i].path, path) &&
			(found == d->len || !strchr(d->operations[i].path, '{')))
			found = i;
	return found;
}

/* ---- what it answers ---- */

static const json_t *resolved(const struct described *d, const json_t *v)
{
	const char *ref = json_string_value(json_object_get(v, "$ref"));

	return ref ? schema_at(d->root, ref) : v;
}

static bool body_fits(const struct described *d, const json_t *response,
	const struct described_answer *answer, char why[SCHEMA_WHY])
{
	const json_t *content = json_object_get(response, "content"), *schema;
	char media[NAME_MAX_TEXT];
	json_t *value;
	bool good;

	if (!content) {
		snprintf(why, SCHEMA_WHY, "no body is described, and there are %zu bytes of one",
			answer->body.n);
		return answer->body.n == 0;
	}
	snprintf(media, sizeof(media), "%.*s", (int)strcspn(answer->type, ";"), answer->type);
	schema = json_object_get(json_object_get(content, media), "schema");
	if (!schema) {
		snprintf(why, SCHEMA_WHY, "the media type \"%s\" is not described", media);
		return false;
	}
	if (!strstr(media, "json") || strstr(media, "jsonl")) {
		snprintf(why, SCHEMA_WHY, "%s is described neither as a text nor as bytes", media);
		if (json_is_object(schema) && json_object_size(schema) == 0)
			return true; /* bytes: OpenAPI 3.1 has no type for them */
		return strcmp(json_string_value(json_object_get(schema, "type")), "string") == 0;
	}
	value = json_loadb(answer->body.p, answer->body.n, JSON_REJECT_DUPLICATES, NULL);
	snprintf(why, SCHEMA_WHY, "the body is no JSON");
	good = value && schema_fits(d->root, schema, value, why);
	json_decref(value);
	return good;
}

/* Headers that such an answer always has; two of them speak of special cases only. */
static bool headers_fit(
	const json_t *response, const struct described_answer *answer, char why[SCHEMA_WHY])
{
	static const struct {
		const char *name, *lower;
	} always[] = {{"ETag", "etag"}, {"Location", "location"}, {"Relais-Seq", "relais-seq"}};
	const json_t *headers = json_object_get(response, "headers");

	for (size_t i = 0; i < ARRAY_LEN(always); i++) {
		bool described = json_object_get(headers, always[i].name) != NULL;
		bool there = answer->has_header(answer->context, always[i].lower);
		/* A refusal may say which state refused it. */
		if (described == there || (!described && answer->status >= 300))
			continue;
		snprintf(why, SCHEMA_WHY, "the header %s is %s", always[i].name,
			there ? "not described" : "missing");
		return false;
	}
	return true;
}

bool described_fits(
	struct described *d, const struct described_answer *answer, char why[SCHEMA_WHY])
{
	size_t at = find_operation(d, answer->method, answer->path);
	const json_t *responses, *response;
	char status[12];

	if (at == d->len) {
		snprintf(why, SCHEMA_WHY, "no such operation is described");
		return false;
	}
	snprintf(status, sizeof(status), "%d", answer->status);
	responses = json_object_get(d->operations[at].operation, "responses");
	response = resolved(d, json_object_get(responses, status));
	if (!response) {
		snprintf(why, SCHEMA_WHY, "the status %s is not described: %.*s", status,
			STR_FMT(answer->body));
		return false;
	}
	if (answer->status < 300)
		d->operations[at].called = true;
	return body_fits(d, response, answer, why) && headers_fit(response, answer, why);
}

size_t described_missed(const struct described *d)
{
	size_t missed = 0;

	for (size_t i = 0; i < d->len; i++)
		if (!d->operations[i].called) {
			fprintf(stderr, "never called with success: %s %s\n",
				d->operations[i].method, d->operations[i].path);
			missed++;
		}
	return missed;
}

static bool is_rare(const char *const rare[], const char *schema, const char *member)
{
	size_t n = strlen(schema);

	for (size_t i = 0; rare[i]; i++)
		if (strncmp(rare[i], schema, n) == 0 && rare[i][n] == '.' &&
			(strcmp(rare[i] + n + 1, member) == 0 || rare[i][n + 1] == '*'))
			return true;
	return false;
}

size_t described_unmet(const struct described *d, const char *const rare[])
{
	const char *name, *key;
	json_t *schema, *member;
	json_t *schemas = (json_t *)(uintptr_t)schema_at(d->root, "#/components/schemas");
	size_t unmet = 0;

	json_object_foreach(schemas, name, schema)
	{
		/* What no answer refers to is a request, or a part of one. */
		if (!json_object_get(schema, SCHEMA_MET))
			continue;
		json_object_foreach(json_object_get(schema, "properties"), key, member)
		{
			if (json_object_get(member, SCHEMA_MET) || is_rare(rare, name, key))
				continue;
			fprintf(stderr, "never answered: %s.%s\n", name, key);
			unmet++;
		}
	}
	return unmet;
}

size_t described_operations(const struct described *d)
{
	return d->len;
}
