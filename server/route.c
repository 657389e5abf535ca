/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/route.h"

/* One part of a path, between slashes; *at moves behind it. False at the end. */
static bool part_next(struct str path, size_t *at, struct str *part)
{
	if (*at >= path.n || path.p[*at] != '/')
		return false;
	size_t from = *at + 1;
	size_t until = from;
	while (until < path.n && path.p[until] != '/')
		until++;
	*part = (struct str){path.p + from, until - from};
	*at = until;
	return true;
}

static bool is_placeholder(struct str part)
{
	return part.n > 2 && part.p[0] == '{' && part.p[part.n - 1] == '}';
}

bool route_fits(const char *pattern, struct str path, struct str param[ROUTE_PARAMS_MAX])
{
	struct str whole = str_from(pattern);
	size_t pattern_at = 0;
	size_t path_at = 0;
	uint32_t params = 0;
	struct str want;
	struct str have;
	while (part_next(whole, &pattern_at, &want)) {
		if (!part_next(path, &path_at, &have))
			return false;
		if (is_placeholder(want)) {
			ASSERT(params < ROUTE_PARAMS_MAX);
			if (!have.n)
				return false;
			param[params++] = have;
		} else if (!str_eq(want, have)) {
			return false;
		}
	}
	return path_at == path.n;
}

struct str route_param_name(const char *pattern, uint32_t i)
{
	struct str whole = str_from(pattern);
	struct str part;
	for (size_t at = 0; part_next(whole, &at, &part);)
		if (is_placeholder(part) && i-- == 0)
			return (struct str){part.p + 1, part.n - 2};
	return STR_NULL;
}

/* HEAD is GET whose body the HTTP layer drops (RFC 9110 section 9.3.2). */
static bool method_fits(const struct route *route, struct str method)
{
	return str_is(method, route->method) ||
	       (str_is(method, "HEAD") && strcmp(route->method, "GET") == 0);
}

struct route_match route_find(struct str method, struct str path)
{
	struct route_match match = {0};
	for (uint32_t i = 0; i < routes_len && !match.route; i++) {
		struct str param[ROUTE_PARAMS_MAX] = {STR_NULL, STR_NULL};
		if (!route_fits(routes[i].pattern, path, param))
			continue;
		match.path_known = true;
		if (!method_fits(&routes[i], method))
			continue;
		match.route = &routes[i];
		memcpy(match.param, param, sizeof match.param);
	}
	return match;
}

static void allow_add(char buf[ROUTE_ALLOW_TEXT], size_t *n, const char *method)
{
	size_t len = strlen(method);
	ASSERT(*n + len + 3 < ROUTE_ALLOW_TEXT);
	if (*n) {
		memcpy(buf + *n, ", ", 2);
		*n += 2;
	}
	memcpy(buf + *n, method, len + 1);
	*n += len;
}

struct str route_allow(char buf[ROUTE_ALLOW_TEXT], struct str path)
{
	size_t n = 0;
	for (uint32_t i = 0; i < routes_len; i++) {
		struct str param[ROUTE_PARAMS_MAX];
		if (!route_fits(routes[i].pattern, path, param))
			continue;
		allow_add(buf, &n, routes[i].method);
		if (strcmp(routes[i].method, "GET") == 0)
			allow_add(buf, &n, "HEAD");
	}
	return (struct str){buf, n};
}

bool route_allows(const struct route *route, enum role role)
{
	ASSERT(role < ROLE_COUNT);
	return !route->roles || (route->roles & ROLE_BIT(role));
}
