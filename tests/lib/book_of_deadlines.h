/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the stories of the deadline book have in common: rules turned on, people who may work at the
 * site, the book as it stands. */

#include "tests/lib/task_list.h"

#include "fleet/render.h"
#include "fleet/task.h"
#include "fleet/user.h"

/* The site as it is, with other members: {"deadlines":...}. */
static inline enum outcome say_site(struct str over)
{
	struct json site = dealer_row(&w, ROW_SITE, STR("LYO"));
	struct str body = doc_merge(&w.arena, site, arena_json(&w.arena, over, NULL));
	struct command *c = dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO",
		arena_printf(&w.arena, "%.*s", STR_FMT(body)).p, "*");
	enum outcome o = c->outcome;

	command_free(c);
	return o;
}

/* The site with other rules: "[{\"rule\":...}]". */
static inline enum outcome say_deadlines(const char *rules)
{
	return say_site(arena_printf(&w.arena, "{\"deadlines\":%s}", rules));
}

static inline void somebody_works_here(const char *login, const char *site)
{
	struct user u = {.actor = {.role = ROLE_ADVISOR}};

	assert_true(actor_set_name(&u.actor, str_from(login)));
	assert_true(actor_add_site(&u.actor, str_from(site)));
	assert_int_equal(user_add(fleet_people(w.fleet), &u), OK);
}

/* The one task of that kind and status. */
static inline struct json task_of(const char *kind, const char *status)
{
	struct json all = tasks(status), found = JSON_ABSENT;

	for (struct json e = json_first(all); json_present(e); e = json_next(all, e))
		if (str_is(json_str_at(e, "kind"), kind)) {
			assert_false(json_present(found));
			found = e;
		}
	return found;
}

/* That there is one, due then, by that sentence. */
static inline struct json owes(const char *kind, const char *rule, const char *due)
{
	struct json task = task_of(kind, "open");

	assert_true(json_present(task));
	assert_str(json_str_at(task, "rule"), rule);
	assert_str(json_str_at(task, "due_at"), due);
	return task;
}

static inline void owes_nothing(const char *kind)
{
	assert_false(json_present(task_of(kind, "open")));
}

static inline void tick_at(const char *when)
{
	dealer_at(&w, when);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
}

/* A verb of a task. */
static inline void task_does(
	struct json task, enum verb verb, const char *body, enum outcome expected)
{
	struct str id = arena_printf(&w.arena, "%.*s", STR_FMT(json_str_at(task, "task")));

	dealer_must(&w, verb, "LYO", id.p, body, expected);
}

static inline uint64_t entries(void)
{
	struct journal_head head;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(journal_head(&t, STR("LYO"), &head));
	fleet_look_end(&v);
	return head.seq;
}
