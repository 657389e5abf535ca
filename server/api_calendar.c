/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A site's promises in people's calendars (fleet/ical.h). Calendar programs send no headers, so the
 * address itself is the secret: sealed with the installation's own, it names what may be seen and
 * the token it was made with. It opens nothing else, and is worth nothing once that token is
 * removed.
 */

#include "fleet/ical.h"
#include "server/auth.h"
#include "server/respond.h"

enum { DAYS_BEFORE = 14, DAYS_AHEAD = 180, DAY_S = 86400 };
#define ABOUT STR("calendar")

static void put_some(struct json_writer *w, const char *key, struct str value)
{
	if (value.n)
		json_kv_str(w, key, value);
}

void api_calendar_link(struct call *call)
{
	struct people *people = fleet_people(call->api->fleet);
	struct str text = auth_bearer(exchange_header(call->x, "authorization"));
	const struct roster *roster = call_site(call, query_text(&call->query, "site"));
	struct json_writer w;
	struct token token;

	if (!roster)
		return;
	if (call->person || !people_token_find(people, text, &token)) {
		respond_refused(call, REFUSED_ROLE,
			STR("a calendar's address hangs on a token: ask with one, and it ends when "
			    "that token is removed"));
		return;
	}
	arena_writer(call->arena, &w, 1024);
	json_object_begin(&w);
	put_some(&w, "kind", query_text(&call->query, "kind"));
	put_some(&w, "resource", query_text(&call->query, "resource"));
	json_kv_str(&w, "site", roster->site);
	json_kv_str(&w, "token", str_from(token.id));
	json_object_end(&w);
	struct str link = seal(call->arena, fleet_env(call->api->fleet), people_secret(people),
		ABOUT, arena_written(call->arena, &w));
	respond_header(call, "cache-control", STR("no-store"));
	respond_text(call, 200, STR("text/plain; charset=utf-8"),
		arena_printf(call->arena, "/v1/calendar/%.*s\n", STR_FMT(link)));
}

/* What the address names, while its token stands; false: nobody is told why. */
static bool link_open(struct call *call, struct json *out)
{
	struct people *people = fleet_people(call->api->fleet);
	struct token token;
	struct str plain;

	if (!unseal(call->arena, people_secret(people), ABOUT, call->param[0], &plain))
		return false;
	*out = arena_json(call->arena, plain, NULL);
	return json_present(*out) &&
	       people_token_by_id(people, json_str_at(*out, "token"), &token) &&
	       actor_has_site(&token.actor, json_str_at(*out, "site"));
}

/* Whole days, so that a day gives the same answer while nothing changes. */
static struct span days_around(struct instant now)
{
	int64_t today_s = now.s / DAY_S * DAY_S;

	return (struct span){
		{today_s - (int64_t)DAYS_BEFORE * DAY_S}, {today_s + (int64_t)DAYS_AHEAD * DAY_S}};
}

void api_calendar(struct call *call)
{
	struct env *env = fleet_env(call->api->fleet);
	const struct roster *roster = NULL;
	char hex[HASH_TEXT];
	struct json link;

	if (link_open(call, &link))
		roster = roster_of(call_look(call), json_str_at(link, "site"));
	if (!roster) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("this calendar is no more: ask for another address"));
		return;
	}
	const struct ical_filter filter = {json_str_at(link, "kind"), json_str_at(link, "resource"),
		days_around(env->now(env))};
	struct str body = ical_calendar(call_look(call), roster, &filter);
	if (!body.p) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	struct hash hash = hash_of(body);
	struct str tag = arena_printf(call->arena, "\"%.*s\"", STR_FMT(hash_print(&hash, hex)));
	respond_header(call, "etag", tag);
	respond_header(call, "cache-control", STR("private, no-cache"));
	if (etag_names(exchange_header(call->x, "if-none-match"), tag))
		respond_empty(call, 304);
	else
		respond_text(call, 200, STR("text/calendar; charset=utf-8"), body);
}
