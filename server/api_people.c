/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/api_people.h"

#include <stdio.h>

#include "fleet/roster.h"
#include "server/respond.h"

bool people_allowed(struct call *call)
{
	if (call->actor.sites_len == 0)
		return true;
	call->api->forbidden++;
	respond_refused(
		call, REFUSED_ROLE, STR("users and tokens are for whoever acts for all sites"));
	return false;
}

void people_actor_of(struct call *call, struct json body, struct actor *out, struct faults *faults)
{
	struct json sites = json_get(body, "sites");
	char pointer[32];
	uint32_t i = 0;
	bool good = role_from(&out->role, json_str_at(body, "role"));
	ASSERT(good); /* the shape checked it */
	out->sites_len = 0;
	for (struct json s = json_first(sites); json_present(s); s = json_next(sites, s), i++) {
		snprintf(pointer, sizeof pointer, "/sites/%u", i);
		if (!roster_of(call_look(call), json_str(s)))
			faults_add(faults, pointer, "there is no such site");
		else
			good = actor_add_site(out, json_str(s));
		ASSERT(good);
	}
	call_look_end(call);
}

void people_kv_actor(struct json_writer *w, const struct actor *actor)
{
	json_kv_str(w, "name", str_from(actor->name));
	json_kv_str(w, "role", str_from(role_name(actor->role)));
	json_k(w, "sites");
	json_array_begin(w);
	for (uint32_t i = 0; i < actor->sites_len; i++)
		json_put_str(w, str_from(actor->sites[i]));
	json_array_end(w);
}

void people_kv_time(struct json_writer *w, const char *key, struct instant at)
{
	char text[INSTANT_TEXT];
	if (at.s > 0)
		json_kv_str(w, key, instant_print_utc(at, text));
}

enum outcome people_if_match(struct call *call, uint64_t rev)
{
	struct str header = exchange_header(call->x, "if-match");
	char expected[32];
	if (!header.n)
		return REFUSED_NO_IF_MATCH;
	snprintf(expected, sizeof expected, "\"%llu\"", (unsigned long long)rev);
	return str_is(header, "*") || str_is(header, expected) ? OK : REFUSED_STALE;
}

static void change_done(struct work *work)
{
	struct people_change *change = (struct people_change *)work;
	struct exchange *x = change->call->x;
	auth_forget(&change->call->api->auth);
	if (!exchange_is_gone(x))
		change->answer(change);
	exchange_release(x);
}

void people_submit(struct people_change *change, struct call *call, struct lane *lane,
	void (*run)(struct work *work), void (*answer)(struct people_change *change))
{
	change->work = (struct work){.run = run, .done = change_done};
	change->call = call;
	change->people = call->api->auth.people;
	change->answer = answer;
	exchange_hold(call->x);
	if (lane_add(lane, &change->work))
		return;
	respond_refused(call, FAULT_BUSY, STR_NULL);
	exchange_release(call->x);
}
