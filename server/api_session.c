/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * People sign in and out. Whatever hashes a password or writes happens on a lane's thread while the
 * exchange is held; only that thread touches the call's arena meanwhile.
 */

#include <stdio.h>

#include "server/body.h"
#include "server/origin.h"
#include "server/respond.h"

enum { ANSWER_BYTES_MAX = 16 << 10 };

struct sign_in {
	struct work work; /* first */
	struct call *call;
	struct people *people;		   /* borrowed, as the texts below are the arena's */
	struct str login, password, other; /* other: the new password, or the link's end */
	struct str session;
	struct user user;
	enum outcome outcome;
};

/* ---- what is answered ---- */

static void cookie_set(struct call *call, struct str session, int64_t seconds)
{
	respond_header(call, "set-cookie",
		arena_printf(call->arena,
			AUTH_COOKIE
			"=%.*s; Path=/; Max-Age=%lld; Secure; HttpOnly; SameSite=Strict",
			STR_FMT(session), (long long)seconds));
}

static struct str session_body(
	struct call *call, struct str session, const struct actor *actor, struct instant until)
{
	char text[INSTANT_TEXT];
	struct json_writer w;
	struct str csrf = auth_csrf(&call->api->auth, call->arena, session);
	arena_writer(call->arena, &w, ANSWER_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "csrf", csrf);
	json_kv_str(&w, "expires_at", instant_print_utc(until, text));
	json_kv_str(&w, "name", str_from(actor->name));
	json_kv_str(&w, "role", str_from(role_name(actor->role)));
	json_k(&w, "sites");
	json_array_begin(&w);
	for (uint32_t i = 0; i < actor->sites_len; i++)
		json_put_str(&w, str_from(actor->sites[i]));
	json_array_end(&w);
	json_object_end(&w);
	return arena_written(call->arena, &w);
}

/* What comes of a sign-in. A session that nobody hears of any more ends by itself. */
static void respond_signed_in(struct sign_in *s, struct str refusal)
{
	struct call *call = s->call;
	struct session session;
	if (s->outcome != OK) {
		respond_refused(
			call, s->outcome, s->outcome == REFUSED_SIGN_IN ? refusal : STR_NULL);
		return;
	}
	/* As GET would answer it from now on. */
	if (!session_find(s->people, s->session, &session)) {
		respond_refused(call, REFUSED_SIGN_IN, STR_NULL);
		return;
	}
	cookie_set(call, s->session, SESSION_LIFE_S);
	respond_json(call, 200,
		session_body(call, s->session, &session.user.actor, session_until(&session)));
}

/* ---- beginning and ending of work ---- */

static struct sign_in *sign_in_new(
	struct call *call, void (*run)(struct work *work), void (*done)(struct work *work))
{
	struct sign_in *s = arena_alloc(call->arena, sizeof *s);
	ASSERT(s); /* a small part of a fresh arena */
	s->work = (struct work){.run = run, .done = done};
	s->call = call;
	s->people = call->api->auth.people;
	s->session = auth_session(exchange_header(call->x, "cookie"));
	return s;
}

static void sign_in_submit(struct sign_in *s, struct lane *lane)
{
	struct call *call = s->call;
	exchange_hold(call->x);
	if (lane_add(lane, &s->work))
		return;
	if (s->login.p)
		guess_forgive(&call->api->guesses, s->login, exchange_address(call->x));
	respond_refused(call, FAULT_BUSY, STR_NULL);
	exchange_release(call->x);
}

/* 429 was answered when false. */
static bool guess_allowed(struct call *call, struct str login)
{
	uint32_t wait_s = guess_begin(
		&call->api->guesses, login, exchange_address(call->x), uv_hrtime() / 1000000);
	if (wait_s)
		respond_problem(
			call, &(struct problem){.outcome = REFUSED_TOO_MANY, .retry_s = wait_s});
	return !wait_s;
}

/* The body as its shape wants it; answered when absent. */
static struct json body_of(struct call *call)
{
	struct str source, kept;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	if (!body_read(call, &source) || !body_check(call, source, NULL, faults, &kept))
		return JSON_ABSENT;
	return arena_json(call->arena, kept, NULL);
}

/* ---- sign-in ---- */

static void sign_in_run(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	bool known = user_find(s->people, s->login, &s->user) && !s->user.disabled;
	s->outcome = password_check(known ? &s->user.password : NULL, s->password);
	if (s->outcome == OK)
		s->outcome = session_open(s->people, s->call->arena, &s->user, &s->session);
}

static void sign_in_done(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	struct call *call = s->call;
	struct exchange *x = call->x;
	if (s->outcome != REFUSED_SIGN_IN)
		guess_forgive(&call->api->guesses, s->login, exchange_address(x));
	else
		call->api->unauthorised++;
	if (!exchange_is_gone(x))
		respond_signed_in(s, STR("the name or the password is wrong"));
	exchange_release(x);
}

/* A page of somebody else must not sign its visitors in. False: answered. */
static bool sign_in_is_ours(struct call *call)
{
	if (origin_is_ours(call))
		return true;
	call->api->not_ours++;
	respond_refused(call, REFUSED_CSRF, STR_NULL);
	return false;
}

void api_sign_in(struct call *call)
{
	struct json body;
	if (!sign_in_is_ours(call) || !json_present(body = body_of(call)))
		return;
	struct sign_in *s = sign_in_new(call, sign_in_run, sign_in_done);
	s->login = json_str_at(body, "name");
	s->password = json_str_at(body, "password");
	if (guess_allowed(call, s->login))
		sign_in_submit(s, &call->api->hashes);
}

/* ---- the first administrator ---- */

static void first_run(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	struct env *env = people_env(s->people);
	s->outcome = user_first_open(s->people, s->other) ? OK : REFUSED_SIGN_IN;
	if (s->outcome == OK)
		s->outcome = password_make(&s->user.password, env, s->password);
	if (s->outcome == OK)
		s->outcome = user_first_add(s->people, s->other, &s->user);
	if (s->outcome == OK)
		s->outcome = session_open(s->people, s->call->arena, &s->user, &s->session);
}

static void first_done(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	struct call *call = s->call;
	struct exchange *x = call->x;
	if (s->outcome != REFUSED_SIGN_IN)
		guess_forgive(&call->api->guesses, s->login, exchange_address(x));
	if (!exchange_is_gone(x))
		respond_signed_in(s, STR("this link was used, is older than a day, or a later "
					 "start printed another"));
	exchange_release(x);
}

void api_sign_in_first(struct call *call)
{
	struct json body;
	if (!sign_in_is_ours(call) || !json_present(body = body_of(call)))
		return;
	struct sign_in *s = sign_in_new(call, first_run, first_done);
	s->login = json_str_at(body, "name");
	s->password = json_str_at(body, "password");
	s->other = json_str_at(body, "token");
	s->user.actor.role = ROLE_ADMIN;
	if (!actor_set_name(&s->user.actor, s->login))
		respond_refused(call, REFUSED_INVALID, STR_NULL);
	else if (guess_allowed(call, s->login))
		sign_in_submit(s, &call->api->hashes);
}

/* ---- one's own session ---- */

/* A token has no session: nothing to show, to end or to change. False: answered. */
static bool call_has_session(struct call *call)
{
	if (!call->person)
		respond_refused(call, REFUSED_SIGN_IN,
			STR("this is about the session of a person, and a token has none"));
	return call->person;
}

void api_session(struct call *call)
{
	struct str text = auth_session(exchange_header(call->x, "cookie"));
	struct session session;
	if (!call_has_session(call))
		return;
	if (session_find(call->api->auth.people, text, &session))
		respond_json(call, 200,
			session_body(call, text, &session.user.actor, session_until(&session)));
	else
		respond_refused(call, REFUSED_SIGN_IN, STR_NULL);
}

static void sign_out_run(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	s->outcome = session_close(s->people, s->session);
}

static void sign_out_everywhere_run(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	s->outcome = session_close_all(s->people, s->session);
}

static void sign_out_done(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	struct exchange *x = s->call->x;
	auth_forget(&s->call->api->auth);
	if (!exchange_is_gone(x)) {
		if (s->outcome == OK) {
			cookie_set(s->call, STR(""), 0);
			respond_empty(s->call, 204);
		} else {
			respond_refused(s->call, s->outcome, STR_NULL);
		}
	}
	exchange_release(x);
}

void api_sign_out(struct call *call)
{
	if (call_has_session(call))
		sign_in_submit(sign_in_new(call, sign_out_run, sign_out_done), &call->api->people);
}

void api_sign_out_everywhere(struct call *call)
{
	if (call_has_session(call))
		sign_in_submit(sign_in_new(call, sign_out_everywhere_run, sign_out_done),
			&call->api->people);
}

/* ---- another password ---- */

static void password_run(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	struct env *env = people_env(s->people);
	struct password made;
	bool known = user_find(s->people, s->login, &s->user) && !s->user.disabled;
	s->outcome = password_check(known ? &s->user.password : NULL, s->password);
	if (s->outcome == OK)
		s->outcome = password_make(&made, env, s->other);
	if (s->outcome == OK)
		s->outcome = session_set_password(s->people, s->session, &made);
}

static void password_done(struct work *work)
{
	struct sign_in *s = (struct sign_in *)work;
	struct call *call = s->call;
	struct exchange *x = call->x;
	auth_forget(&call->api->auth);
	if (s->outcome != REFUSED_SIGN_IN)
		guess_forgive(&call->api->guesses, s->login, exchange_address(x));
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	if (!exchange_is_gone(x)) {
		if (s->outcome == REFUSED_SIGN_IN && faults) {
			/* Still signed in: 401 would send the page to the sign-in. */
			faults_add(faults, "/old", "is not the present password");
			respond_invalid(call, faults);
		} else if (s->outcome == OK) {
			respond_empty(call, 204);
		} else {
			respond_refused(call, s->outcome, STR_NULL);
		}
	}
	exchange_release(x);
}

void api_password(struct call *call)
{
	struct json body;
	if (!call_has_session(call) || !json_present(body = body_of(call)))
		return;
	struct sign_in *s = sign_in_new(call, password_run, password_done);
	s->login = arena_copy(call->arena, str_from(call->actor.name));
	s->password = json_str_at(body, "old");
	s->other = json_str_at(body, "new");
	if (guess_allowed(call, s->login))
		sign_in_submit(s, &call->api->hashes);
}
