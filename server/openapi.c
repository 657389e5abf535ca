/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/openapi_parts.h"

/*
 * The document is put together from finished pieces, because some of its keys are none that the
 * canonical writer takes. Every piece is written before the one that holds it.
 */

enum { NAME_TEXT = 160, PATHS_MAX = 256, METHODS_MAX = 8 };

/* ---- pieces ---- */

static int piece_compare(const void *a, const void *b)
{
	const struct openapi_piece *x = a, *y = b;

	return strcmp(x->key, y->key);
}

struct str openapi_object(struct arena *a, struct openapi_piece *pieces, size_t len)
{
	size_t size = 2, n = 0;
	char *out;

	for (size_t i = 0; i < len; i++) {
		if (!pieces[i].raw.p)
			return STR_NULL;
		ASSERT(strpbrk(pieces[i].key, "\"\\") == NULL);
		size += strlen(pieces[i].key) + pieces[i].raw.n + 4;
	}
	qsort(pieces, len, sizeof(*pieces), piece_compare);
	out = arena_alloc(a, size);
	if (!out)
		return STR_NULL;
	out[n++] = '{';
	for (size_t i = 0; i < len; i++) {
		n += (size_t)snprintf(out + n, size - n, "%s\"%s\":", i ? "," : "", pieces[i].key);
		memcpy(out + n, pieces[i].raw.p, pieces[i].raw.n);
		n += pieces[i].raw.n;
	}
	out[n++] = '}';
	return (struct str){out, n};
}

void openapi_put_ref(struct json_writer *w, const char *group, const char *name)
{
	char ref[NAME_TEXT];
	int n = snprintf(ref, sizeof(ref), "{\"$ref\":\"#/components/%s/%s\"}", group, name);

	ASSERT(n > 0 && (size_t)n < sizeof(ref));
	json_put_raw(w, (struct str){ref, (size_t)n});
}

/* ---- all paths ---- */

static const char *method_key(const char *method)
{
	static const char *const keys[] = {"get", "put", "post", "delete", "patch", "head"};
	static const char *const methods[] = {"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD"};
	size_t i = 0;

	while (i < ARRAY_LEN(methods) && strcmp(method, methods[i]) != 0)
		i++;
	ASSERT(i < ARRAY_LEN(methods)); /* the table of routes is ours */
	return keys[i];
}

static struct str path_item(
	struct arena *a, const struct openapi_route *routes, size_t len, const char *path)
{
	struct openapi_piece methods[METHODS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (strcmp(routes[i].path, path) != 0)
			continue;
		ASSERT(n < METHODS_MAX);
		methods[n++] = (struct openapi_piece){
			method_key(routes[i].method), openapi_operation(a, &routes[i])};
	}
	return openapi_object(a, methods, n);
}

static struct str paths(struct arena *a, const struct openapi_route *routes, size_t len)
{
	struct openapi_piece pieces[PATHS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		bool seen = false;
		for (size_t k = 0; k < n && !seen; k++)
			seen = strcmp(pieces[k].key, routes[i].path) == 0;
		if (seen)
			continue;
		ASSERT(n < PATHS_MAX);
		pieces[n++] = (struct openapi_piece){
			routes[i].path, path_item(a, routes, len, routes[i].path)};
	}
	return openapi_object(a, pieces, n);
}

/* ---- the document ---- */

static void put_info(struct json_writer *w, const char *version)
{
	json_k(w, "info");
	json_object_begin(w);
	json_kv_str(w, "description",
		STR("Whether a customer's mobility is free or paid, what is available, and booking "
		    "it. "
		    "Unknown members of a request are refused; null reads as absent. Bounds of "
		    "texts "
		    "count bytes of UTF-8. Later versions may add members to what is answered."));
	json_k(w, "license");
	json_object_begin(w);
	json_kv_str(w, "identifier", STR("Apache-2.0"));
	json_kv_str(w, "name", STR("Apache License 2.0"));
	json_object_end(w);
	json_kv_str(w, "title", STR("relais"));
	json_kv_str(w, "version", str_from(version));
	json_object_end(w);
}

struct str openapi_document(
	struct arena *a, const struct openapi_route *routes, size_t routes_len, const char *version)
{
	struct str paths_raw = paths(a, routes, routes_len);
	struct str components = openapi_components(a);
	struct json_writer w;

	if (!paths_raw.p || !components.p)
		return STR_NULL;
	arena_writer(a, &w, paths_raw.n + components.n + OPENAPI_PIECE_MAX);
	json_object_begin(&w);
	json_kv_raw(&w, "components", components);
	put_info(&w, version);
	json_kv_str(&w, "openapi", STR("3.1.0"));
	json_kv_raw(&w, "paths", paths_raw);
	json_k(&w, "security");
	json_array_begin(&w);
	json_put_raw(&w, STR("{\"bearer\":[]}"));
	json_put_raw(&w, STR("{\"session\":[]}"));
	json_array_end(&w);
	json_object_end(&w);
	return arena_written(a, &w);
}
