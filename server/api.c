/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/api.h"

#include <inttypes.h>
#include <stdio.h>

#include "fleet/merge.h"
#include "fleet/render.h"
#include "fleet/roster.h"
#include "server/min_seq.h"
#include "server/origin.h"
#include "server/respond.h"

#define SPAN_FIRST_S INT64_C(0)
#define SPAN_LAST_S INT64_C(253402300799) /* the end of the year 9999 */

struct view *call_look(struct call *call)
{
	if (!call->looking) {
		fleet_look(call->api->fleet, &call->view, &call->txn, call->arena);
		call->looking = true;
	}
	return &call->view;
}

void call_look_end(struct call *call)
{
	if (call->looking)
		fleet_look_end(&call->view);
	call->looking = false;
}

static bool call_who(struct call *call, struct auth_who *who)
{
	return auth_actor(&call->api->auth, exchange_header(call->x, "authorization"),
		exchange_header(call->x, "cookie"), uv_hrtime() / 1000000, who);
}

bool call_administers(struct call *call)
{
	struct auth_who who;
	return call_who(call, &who) && who.actor.role == ROLE_ADMIN;
}

bool call_may_go_on(struct call *call, struct str site)
{
	struct auth_who who;
	return call_who(call, &who) && route_allows(call->route, who.actor.role) &&
	       (!site.p || actor_has_site(&who.actor, site));
}

static bool call_changes(const struct call *call)
{
	struct str method = exchange_method(call->x);
	return !str_is(method, "GET") && !str_is(method, "HEAD");
}

/* A person types; a program may be too many. 429 was answered when false. */
static bool call_within_rate(struct call *call)
{
	struct api *api = call->api;
	uint32_t max = api->settings->config.token_requests_max;
	char text[RATE_TEXT];

	if (max == 0)
		return true;
	struct rate_left left =
		rate_count(&api->rates, str_from(call->actor.name), max, uv_hrtime() / 1000000);
	respond_header(
		call, "ratelimit-policy", arena_copy(call->arena, rate_policy_text(text, max)));
	respond_header(call, "ratelimit", arena_copy(call->arena, rate_left_text(text, left)));
	if (left.refused)
		respond_problem(call,
			&(struct problem){.outcome = REFUSED_TOO_MANY, .retry_s = left.seconds});
	return !left.refused;
}

/* 401, 403 and 429. True: the request may go on. */
static bool call_admit(struct call *call)
{
	if (!call->route->roles)
		return true;
	struct api *api = call->api;
	struct auth_who who;
	if (!call_who(call, &who)) {
		api->unauthorised++;
		respond_refused(call, REFUSED_SIGN_IN, STR_NULL);
		return false;
	}
	call->actor = who.actor;
	call->person = who.person;
	if (!call->person && !call_within_rate(call))
		return false;
	if (call->person && call_changes(call) && !origin_is_proven(call)) {
		api->not_ours++;
		respond_refused(call, REFUSED_CSRF, STR_NULL);
		return false;
	}
	if (!route_allows(call->route, call->actor.role)) {
		api->forbidden++;
		respond_refused(call, REFUSED_ROLE,
			arena_printf(call->arena, "the role %s may not do this",
				role_name(call->actor.role)));
		return false;
	}
	return true;
}

/* 404 and 405: no address of ours, or not this way. */
static void respond_no_route(struct call *call, const struct route_match *match)
{
	if (!match->path_known) {
		respond_refused(call, REFUSED_NOT_FOUND, STR("there is no such address"));
		return;
	}
	char allow[ROUTE_ALLOW_TEXT];
	struct str list = route_allow(allow, exchange_path(call->x));
	respond_header(call, "allow", arena_copy(call->arena, list));
	respond_refused(call, REFUSED_METHOD, STR_NULL);
}

void api_handle(void *context, struct exchange *x)
{
	struct arena *arena = exchange_arena(x);
	struct call *call = arena_alloc(arena, sizeof *call);
	ASSERT(call); /* the first bytes of a fresh arena */
	*call = (struct call){.api = context, .x = x, .arena = arena};
	struct route_match match = route_find(exchange_method(x), exchange_path(x));
	if (!match.route) {
		respond_no_route(call, &match);
		return;
	}
	call->route = match.route;
	exchange_route_set(x, match.route->pattern);
	memcpy(call->param, match.param, sizeof call->param);
	if (!call_admit(call))
		return;
	struct str why = STR_NULL;
	if (!query_read(&call->query, arena, exchange_query(x), call->route->query, &why)) {
		respond_refused(call, REFUSED_MALFORMED, why);
		return;
	}
	if (min_seq_met(call))
		call->route->handle(call);
	/* A view that outlived its callback would keep LMDB from reusing pages. */
	ASSERT(!call->looking);
}

void api_slow(void *context, const struct exchange *x, int status, uint64_t took_ms)
{
	struct api *api = context;
	struct env *env = fleet_env(api->fleet);
	struct str trace = exchange_trace(x);
	const char *route = exchange_route(x);
	char line[256];

	snprintf(line, sizeof line,
		"slow: %.*s %s was answered %d after %" PRIu64 " ms (request %.*s%s%.*s)",
		STR_FMT(exchange_method(x)), *route ? route : "elsewhere", status, took_ms,
		STR_FMT(exchange_request_id(x)), trace.n ? ", trace " : "", STR_FMT(trace));
	env->log(env, line);
}

const struct roster *call_site(struct call *call, struct str site)
{
	const struct roster *r = NULL;
	if (site.n && site.n <= ID_MAX && actor_has_site(&call->actor, site))
		r = roster_of(call_look(call), site);
	if (!r)
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("there is no such site, or it is not one of yours"));
	return r;
}

bool call_journal(struct call *call, struct str journal)
{
	return str_eq(journal, JOURNAL_DIRECTORY) || call_site(call, journal) != NULL;
}

struct str row_journal(enum row_kind kind, const struct row *row)
{
	switch (kind) {
	case ROW_CUSTOMER:
	case ROW_VEHICLE:
	case ROW_RULESET:
	case ROW_IMPORT: return JOURNAL_DIRECTORY;
	case ROW_SITE:
	case ROW_RESOURCE:
	case ROW_BLOCK:
	case ROW_VISIT:
	case ROW_BOOKING:
	case ROW_TASK:
	case ROW_DEMAND:
	case ROW_WAITING:
	case ROW_ATTACHMENT:
	case ROW_REPAIR_ORDER:
	case ROW_CLAIM:
	case ROW_CONTACT:
	case ROW_COMPLAINT:
	case ROW_DESK: break;
	}
	struct str site = json_str_at(row->doc, "site");
	ASSERT(site.n);
	return site;
}

bool call_row(struct call *call, enum row_kind kind, struct str id, struct row *row)
{
	bool found = id.n && id.n <= ID_MAX &&
		     (kind == ROW_CUSTOMER ? customer_get(call_look(call), id, row)
					   : row_get(call_look(call), kind, id, row));
	if (found) {
		struct str journal = row_journal(kind, row);
		found = str_eq(journal, JOURNAL_DIRECTORY) ||
			actor_has_site(&call->actor, journal) ||
			actor_has_site(&call->actor, json_str_at(row->doc, "for_site"));
	}
	if (!found)
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
	return found;
}

bool call_span(struct call *call, const struct zone *zone, int64_t days_max, struct span *out)
{
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	int64_t max_s = days_max * 86400;
	bool has_from = query_instant(&call->query, "from", zone, &out->from, faults);
	bool has_until = query_instant(&call->query, "until", zone, &out->until, faults);
	bool open = !days_max;
	if (!has_from)
		out->from.s = has_until && !open ? out->until.s - max_s : SPAN_FIRST_S;
	if (!has_until)
		out->until.s = has_from && !open ? out->from.s + max_s : SPAN_LAST_S;
	if (out->from.s < SPAN_FIRST_S)
		out->from.s = SPAN_FIRST_S;
	if (!faults->len && out->until.s <= out->from.s)
		faults_add(faults, "/until", "must be later than from");
	if (!faults->len && !open && out->until.s - out->from.s > max_s)
		faults_add(faults, "/until", "must be at most %lld days after from",
			(long long)days_max);
	if (faults->len)
		respond_invalid(call, faults);
	return !faults->len;
}

/* What is asked for, whichever page of it and however long: the address and what narrows it. */
static struct str page_about(struct call *call)
{
	const struct query_field *f = call->query.fields;
	struct str about = str_from(call->route->pattern);

	for (size_t i = 0; f[i].name; i++)
		if (call->query.value[i].n && strcmp(f[i].name, "limit") != 0 &&
			strcmp(f[i].name, "cursor") != 0)
			about = arena_printf(call->arena, "%.*s&%s=%.*s", STR_FMT(about), f[i].name,
				STR_FMT(call->query.value[i]));
	return about;
}

bool call_page(struct call *call, struct list_page *out)
{
	/* A fleet is shown whole unless somebody wants less of it. */
	int64_t most = call->route->handle == api_resources ? UINT32_MAX : 100;

	*out = (struct list_page){
		.limit = (uint32_t)query_int(&call->query, "limit", most),
		.cursor = query_text(&call->query, "cursor"),
		.about = page_about(call),
	};
	bool ours = list_page_is_ours(call->arena, out);
	if (!ours)
		respond_refused(call, REFUSED_MALFORMED,
			STR("cursor is not one of this list as it is asked for now: begin again "
			    "without it, then follow `next` with the same parameters"));
	return ours;
}
