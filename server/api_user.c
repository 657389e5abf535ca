/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* /v1/users: who signs in, with which rights. */

#include "server/api_people.h"
#include "server/body.h"
#include "server/respond.h"

enum { COLLEAGUE_BYTES_MAX = 400, USER_BYTES_MAX = 4 << 10 };

/* ---- what is shown ---- */

static void user_write(struct json_writer *w, const struct user *u)
{
	json_object_begin(w);
	people_kv_time(w, "created_at", u->created);
	json_kv_bool(w, "disabled", u->disabled);
	people_kv_time(w, "last_seen_at", u->seen);
	people_kv_actor(w, &u->actor);
	json_kv_str(w, "user", str_from(u->id));
	json_object_end(w);
}

static struct str user_body(struct arena *a, const struct user *u)
{
	struct json_writer w;
	arena_writer(a, &w, USER_BYTES_MAX);
	user_write(&w, u);
	return arena_written(a, &w);
}

void api_users(struct call *call)
{
	if (!people_allowed(call))
		return;
	struct user *users = arena_alloc(call->arena, USERS_MAX * sizeof *users);
	struct json_writer w;
	if (!users) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	size_t len = user_list(call->api->auth.people, users, USERS_MAX);
	arena_writer(call->arena, &w, (len + 1) * USER_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (size_t i = 0; i < len; i++)
		user_write(&w, &users[i]);
	json_array_end(&w);
	json_object_end(&w);
	respond_list(call, arena_written(call->arena, &w));
}

void api_user(struct call *call)
{
	struct user u;
	if (!people_allowed(call))
		return;
	if (user_find(call->api->auth.people, call->param[0], &u))
		respond_object(call, 200, u.rev, user_body(call->arena, &u));
	else
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
}

/* Who may work at a site: whose name to say when something is handed over. */
void api_colleagues(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	struct user *users = arena_alloc(call->arena, USERS_MAX * sizeof *users);
	struct json_writer w;
	if (!users) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	if (!call_site(call, site))
		return;
	size_t len = user_list(call->api->auth.people, users, USERS_MAX);
	arena_writer(call->arena, &w, (len + 1) * COLLEAGUE_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (size_t i = 0; i < len; i++) {
		if (users[i].disabled || !actor_has_site(&users[i].actor, site))
			continue;
		json_object_begin(&w);
		json_kv_str(&w, "name", str_from(users[i].actor.name));
		json_kv_str(&w, "role", str_from(role_name(users[i].actor.role)));
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	respond_seq(call, site);
	respond_list(call, arena_written(call->arena, &w));
}

/* ---- PUT ---- */

struct user_put_change {
	struct people_change change; /* first */
	struct str login, password;  /* borrowed from the arena; no password: as it is */
	bool disabled, created;
	struct actor actor; /* role and sites as they shall be */
	struct user user;   /* as it is then */
	bool needs_password;
};

static bool actor_same(const struct actor *a, const struct actor *b)
{
	bool same = a->role == b->role && a->sites_len == b->sites_len;
	for (uint32_t i = 0; i < a->sites_len && same; i++)
		same = strcmp(a->sites[i], b->sites[i]) == 0;
	return same;
}

static enum outcome user_make(struct user_put_change *c)
{
	struct people *people = c->change.people;
	c->needs_password = !c->password.p;
	if (c->needs_password)
		return REFUSED_INVALID;
	c->user = (struct user){.actor = c->actor, .disabled = c->disabled};
	c->created = true;
	enum outcome o = password_make(&c->user.password, people_env(people), c->password);
	return o == OK ? user_add(people, &c->user) : o;
}

static enum outcome user_alter(struct user_put_change *c)
{
	struct people *people = c->change.people;
	bool other = c->password.p != NULL;
	enum outcome o = OK;
	if (other) {
		o = password_check(&c->user.password, c->password);
		if (o != OK && o != REFUSED_SIGN_IN)
			return o;
		other = o != OK;
	}
	if (!other && c->user.disabled == c->disabled && actor_same(&c->user.actor, &c->actor))
		return OK; /* as it is already: whatever If-Match says (contract 2) */
	o = people_if_match(c->change.call, c->user.rev);
	if (o == OK && other)
		o = password_make(&c->user.password, people_env(people), c->password);
	if (o != OK)
		return o;
	memcpy(c->actor.name, c->user.actor.name, sizeof c->actor.name);
	c->user.actor = c->actor;
	c->user.disabled = c->disabled;
	return user_change(people, &c->user, other);
}

static void user_put_run(struct work *work)
{
	struct user_put_change *c = (struct user_put_change *)work;
	bool known = user_find(c->change.people, c->login, &c->user);
	c->change.outcome = known ? user_alter(c) : user_make(c);
}

static void user_put_answer(struct people_change *change)
{
	struct user_put_change *c = (struct user_put_change *)change;
	struct call *call = change->call;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	if (change->outcome == OK) {
		if (c->created)
			respond_header(call, "location", exchange_path(call->x));
		respond_object(call, c->created ? 201 : 200, c->user.rev,
			user_body(call->arena, &c->user));
	} else if (c->needs_password && faults) {
		faults_add(faults, "/password", "is required for a new user");
		respond_invalid(call, faults);
	} else {
		respond_refused(call, change->outcome, STR_NULL);
	}
}

void api_user_put(struct call *call)
{
	struct str source, kept;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	struct user_put_change *c = arena_alloc(call->arena, sizeof *c);
	ASSERT(faults && c);
	if (!people_allowed(call) || !body_read(call, &source))
		return;
	c->login = body_id_check(call, source, faults);
	if (!body_check(call, source, NULL, faults, &kept))
		return;
	struct json body = arena_json(call->arena, kept, NULL);
	people_actor_of(call, body, &c->actor, faults);
	if (faults->len || !actor_set_name(&c->actor, c->login)) {
		respond_invalid(call, faults);
		return;
	}
	c->password = json_str_at(body, "password");
	c->disabled = json_bool_at(body, "disabled", false);
	people_submit(&c->change, call, c->password.p ? &call->api->hashes : &call->api->people,
		user_put_run, user_put_answer);
}

/* ---- DELETE ---- */

struct user_removal {
	struct people_change change; /* first */
	struct str login;
	uint64_t rev;
};

static void user_delete_run(struct work *work)
{
	struct user_removal *c = (struct user_removal *)work;
	c->change.outcome = user_remove(c->change.people, c->login, c->rev);
}

static void user_delete_answer(struct people_change *change)
{
	if (change->outcome == OK || change->outcome == REFUSED_NOT_FOUND)
		respond_empty(change->call, 204);
	else
		respond_refused(change->call, change->outcome, STR_NULL);
}

void api_user_delete(struct call *call)
{
	struct user u;
	if (!people_allowed(call))
		return;
	/* DELETE of what is gone is done already (contract 2). */
	if (!user_find(call->api->auth.people, call->param[0], &u)) {
		respond_empty(call, 204);
		return;
	}
	enum outcome o = people_if_match(call, u.rev);
	if (o != OK) {
		respond_refused(call, o, STR_NULL);
		return;
	}
	struct user_removal *c = arena_alloc(call->arena, sizeof *c);
	ASSERT(c);
	c->login = call->param[0];
	c->rev = u.rev;
	people_submit(&c->change, call, &call->api->people, user_delete_run, user_delete_answer);
}
