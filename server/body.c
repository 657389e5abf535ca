/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/body.h"

#include <stdio.h>
#include <strings.h>

#include "rules/vin.h"
#include "server/json.h"
#include "server/respond.h"

/* The type without its parameters, which for JSON mean nothing (RFC 8259 section 11). */
static bool is_json_type(struct str type, bool merge)
{
	const char *end = memchr(type.p, ';', type.n);
	size_t n = end ? (size_t)(end - type.p) : type.n;
	while (n && type.p[n - 1] == ' ')
		n--;
	static const char plain[] = "application/json";
	static const char patch[] = "application/merge-patch+json";
	return (n == sizeof plain - 1 && strncasecmp(type.p, plain, n) == 0) ||
	       (merge && n == sizeof patch - 1 && strncasecmp(type.p, patch, n) == 0);
}

static bool requires_nothing(const struct shape *shape)
{
	for (uint32_t i = 0; i < shape->fields_len; i++)
		if (shape->fields[i].required)
			return false;
	return true;
}

bool body_read(struct call *call, struct str *source)
{
	const struct route *route = call->route;
	struct str body = exchange_body(call->x);
	*source = STR("{}");
	if (!route->body ||
		(!body.n && strcmp(route->method, "POST") == 0 && requires_nothing(route->body)))
		return true;
	struct str type = exchange_header(call->x, "content-type");
	if (!type.p || !is_json_type(type, strcmp(route->method, "PATCH") == 0)) {
		respond_refused(call, REFUSED_MEDIA_TYPE, STR_NULL);
		return false;
	}
	struct str why = STR_NULL;
	*source = json_from_outside(call->arena, body, &why);
	if (!source->p)
		respond_refused(call, REFUSED_MALFORMED, why);
	return source->p != NULL;
}

static bool zone_known(void *context, struct str name)
{
	struct env *env = context;
	return env->zone(env, name) != NULL;
}

bool body_check(struct call *call, struct str source, const struct zone *zone,
	struct faults *faults, struct str *kept)
{
	struct shape_context context = {
		.zone = zone,
		.zone_known = zone_known,
		.context = fleet_env(call->api->fleet),
	};
	*kept = call->route->body
			? shape_check(call->arena, call->route->body, source, &context, faults)
			: source;
	if (faults->len)
		respond_invalid(call, faults);
	else if (!kept->p)
		respond_refused(call, FAULT_MEMORY, STR_NULL);
	return !faults->len && kept->p;
}

struct str body_id_check(struct call *call, struct str source, struct faults *faults)
{
	struct str name = route_param_name(call->route->pattern, 0);
	struct str id = call->param[0];
	struct str said = json_str(json_get_str(arena_json(call->arena, source, NULL), name));
	char pointer[64];
	char vin[VIN_TEXT];
	snprintf(pointer, sizeof pointer, "/%.*s", STR_FMT(name));
	if (call->route->target == ROW_VEHICLE) {
		enum vin_fault fault = vin_check(vin, id, false);
		if (fault != VIN_GOOD) {
			faults_add(faults, pointer, "the VIN in the address is none: %s",
				vin_fault_code(fault));
			return STR_NULL;
		}
		id = arena_copy(call->arena, str_from(vin));
		/* A VIN in the body is compared as it will be kept; a bad one is the shape's
		 * affair. */
		if (said.p && vin_check(vin, said, false) == VIN_GOOD)
			said = arena_copy(call->arena, str_from(vin));
		else
			said = STR_NULL;
	} else if (!text_is_id(id) || str_eq(id, JOURNAL_DIRECTORY)) {
		faults_add(faults, pointer,
			"the name in the address must be 1 to %d of A-Z a-z 0-9 . _ -", ID_MAX);
		return STR_NULL;
	}
	if (said.p && !str_eq(said, id))
		faults_add(faults, pointer, "differs from the one in the address");
	return id;
}

struct str body_with_id(struct call *call, struct str kept, struct str id)
{
	struct arena *a = call->arena;
	struct json_writer w;
	arena_writer(a, &w, 512);
	json_object_begin(&w);
	json_key_put(&w, route_param_name(call->route->pattern, 0));
	json_put_str(&w, id);
	json_object_end(&w);
	struct json member = arena_json(a, arena_written(a, &w), NULL);
	struct json doc = arena_json(a, kept, NULL);
	return json_present(member) && json_present(doc) ? doc_merge(a, doc, member) : STR_NULL;
}
