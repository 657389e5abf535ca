/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"
#include "fleet/message.h"
#include "fleet/reseat.h"

#include <stdio.h>

/* ---- the site ---- */

enum { DAY_MINUTES = 1440, POINTER_BYTES = 120 };

/* The hours of one day as they are gathered. */
struct hours {
	uint32_t spans;
	bool open[DAY_MINUTES];
};

/* NULL, or what is wrong with one more span of the day. */
static const char *hours_add(struct hours *h, int from, int until)
{
	bool twice = false;

	if (from >= until)
		return "closing must come after opening";
	if (++h->spans > OPENING_SPANS_MAX)
		return "a day opens at most four times";
	for (int m = from; m < until; m++) {
		twice |= h->open[m];
		h->open[m] = true;
	}
	return twice ? "two openings of one day overlap" : NULL;
}

static bool span_read(struct json span, int *from, int *until)
{
	return minute_of_day_parse(from, json_str_at(span, "from")) &&
	       minute_of_day_parse(until, json_str_at(span, "until"));
}

static enum outcome check_week(struct decide *d)
{
	struct json opening = json_get(d->body, "opening");
	struct hours week[7] = {{0}};
	enum outcome o = OK;
	uint32_t i = 0;

	for (struct json e = json_first(opening); json_present(e); e = json_next(opening, e), i++) {
		struct json days = json_get(e, "days");
		const char *wrong = NULL;
		char pointer[40];
		int from, until;
		if (!span_read(e, &from, &until))
			continue;
		for (struct json day = json_first(days); json_present(day) && !wrong;
			day = json_next(days, day))
			wrong = hours_add(&week[(json_int(day, 1) + 6) % 7], from, until);
		snprintf(pointer, sizeof pointer, "/opening/%u", i);
		if (wrong)
			o = refuse_field(d, pointer, "%s", wrong);
	}
	return o;
}

static enum outcome check_special_days(struct decide *d)
{
	struct json special = json_get(d->body, "special_days");
	enum outcome o = OK;
	uint32_t n = 0;

	for (struct json s = json_first(special); json_present(s); s = json_next(special, s), n++) {
		struct json opening = json_get(s, "opening");
		struct hours hours = {0};
		uint32_t i = 0;
		for (struct json e = json_first(opening); json_present(e);
			e = json_next(opening, e), i++) {
			const char *wrong;
			char pointer[60];
			int from, until;
			if (!span_read(e, &from, &until))
				continue;
			wrong = hours_add(&hours, from, until);
			snprintf(pointer, sizeof pointer, "/special_days/%u/opening/%u", n, i);
			if (wrong)
				o = refuse_field(d, pointer, "%s", wrong);
		}
	}
	return o;
}

/* Each rule once, one that is known; whoever is named works here. */
static enum outcome check_deadline(struct decide *d, struct json said, uint32_t i, uint32_t *seen)
{
	static const char *const names[] = {"owner", "escalate_to"};
	enum deadline rule;
	char pointer[60];

	snprintf(pointer, sizeof pointer, "/deadlines/%u/rule", i);
	if (!deadline_from(&rule, json_str_at(said, "rule")))
		return refuse_field(d, pointer, "there is no rule of this name");
	if (*seen >> rule & 1)
		return refuse_field(d, pointer, "this rule stands here twice");
	*seen |= 1u << rule;
	snprintf(pointer, sizeof pointer, "/deadlines/%u/on", i);
	if (deadline_rule(rule)->stand == DEADLINE_ALWAYS && !json_bool_at(said, "on", true))
		return refuse_field(d, pointer, "this rule cannot be turned off");
	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		struct str login = json_str_at(said, names[k]);
		snprintf(pointer, sizeof pointer, "/deadlines/%u/%s", i, names[k]);
		if (login.n && !task_owner_known(d, login).n)
			return refuse_field(
				d, pointer, "nobody of this name may work at this site");
	}
	return OK;
}

static enum outcome check_deadlines(struct decide *d)
{
	struct json list = json_get(d->body, "deadlines");
	uint32_t i = 0, seen = 0;
	enum outcome o = OK;

	for (struct json e = json_first(list); json_present(e) && o == OK; e = json_next(list, e))
		o = check_deadline(d, e, i++, &seen);
	return o;
}

static enum outcome check_template(struct decide *d, const char *pointer, struct str text)
{
	struct str unknown;

	if (template_is_good(text, &unknown))
		return OK;
	if (str_is(unknown, "{"))
		return refuse_field(
			d, pointer, "a brace begins a field, and this one is not closed");
	return refuse_field(d, pointer, "there is no field {%.*s}; there are: %s", STR_FMT(unknown),
		template_fields);
}

/* What is written to customers has fields that there are. */
static enum outcome check_texts(struct decide *d)
{
	struct json texts = json_get(d->body, "texts");
	enum outcome o = OK, one;
	char pointer[POINTER_BYTES];

	for (struct json t = json_first_value(texts); json_present(t);
		t = json_next_value(texts, t)) {
		struct str key = json_key(t);
		if (!template_key(key))
			continue;
		snprintf(pointer, sizeof pointer, "/texts/%.*s", STR_FMT(key));
		if (!json_is(t, JSON_OBJECT) &&
			(one = check_template(d, pointer, json_str(t))) != OK)
			o = one;
		for (struct json l = json_is(t, JSON_OBJECT) ? json_first_value(t) : JSON_ABSENT;
			json_present(l); l = json_next_value(t, l)) {
			struct str language = json_key(l);
			snprintf(pointer, sizeof pointer, "/texts/%.*s/%.*s", STR_FMT(key),
				STR_FMT(language));
			if ((one = check_template(d, pointer, json_str(l))) != OK)
				o = one;
		}
	}
	return o;
}

enum outcome decide_site_put(struct decide *d)
{
	struct str site = d->command->target;
	struct json_writer w;
	struct row present;
	enum outcome o = check_week(d), special = check_special_days(d);
	enum outcome deadlines = check_deadlines(d), texts = check_texts(d);
	enum outcome appointments = check_appointments(d);

	if (o == OK)
		o = special;
	if (o == OK)
		o = texts;
	if (o == OK)
		o = deadlines;
	if (o == OK)
		o = appointments;
	if (!str_eq(site, d->command->journal) || str_eq(site, JOURNAL_DIRECTORY))
		return refuse_field(d, "/site", "this name cannot be a site's");
	if (row_get(&d->view, ROW_SITE, site, &present) &&
		!str_eq(json_str_at(present.doc, "time_zone"), json_str_at(d->body, "time_zone")))
		o = refuse_field(d, "/time_zone",
			"a site's zone cannot change: its promises are read in it");
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, site.n + 40);
	json_object_begin(&w);
	json_kv_str(&w, "site", site);
	json_object_end(&w);
	return decide_put(d, ROW_SITE, site,
		doc_merge(d->view.arena, d->body,
			arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL)));
}

/* ---- resources ---- */

/* The road to another site is as long for every car of a class. */
static enum outcome check_transfer(struct decide *d, const struct resource *other)
{
	struct json shared = json_get(d->body, "shared_with");
	uint32_t i = 0;
	char pointer[60];

	for (struct json s = json_first(shared); json_present(s); s = json_next(shared, s), i++) {
		int32_t minutes = resource_transfer(other, json_str_at(s, "site"));
		snprintf(pointer, sizeof pointer, "/shared_with/%u/transfer_minutes", i);
		if (minutes >= 0 && minutes != json_int_at(s, "transfer_minutes", 0))
			return refuse_field(d, pointer,
				"the other cars of this class at this site have %d minutes",
				minutes);
	}
	return OK;
}

/* With whom: other sites, each once. */
static enum outcome check_shared(struct decide *d, struct str site)
{
	struct json shared = json_get(d->body, "shared_with");
	uint32_t i = 0;
	char pointer[40];

	if (json_count(shared) > 0 && !str_is(json_str_at(d->body, "kind"), "car"))
		return refuse_field(d, "/shared_with", "only cars are shared");
	for (struct json s = json_first(shared); json_present(s); s = json_next(shared, s), i++) {
		struct str other = json_str_at(s, "site");
		snprintf(pointer, sizeof pointer, "/shared_with/%u/site", i);
		if (str_eq(other, site))
			return refuse_field(d, pointer, "this is where it is at home");
		for (struct json t = json_next(shared, s); json_present(t);
			t = json_next(shared, t))
			if (str_eq(json_str_at(t, "site"), other))
				return refuse_field(d, pointer, "this site is named twice");
	}
	return OK;
}

/* Seats of one class at a site are interchangeable, so they share one turnaround (contract 3). */
static enum outcome check_class(struct decide *d, const struct roster *roster, struct str id)
{
	struct str class = json_str_at(d->body, "class"), kind = json_str_at(d->body, "kind");
	int64_t turnaround = json_int_at(d->body, "turnaround_minutes", 0);

	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		if (str_eq(r->id, id) || !str_eq(r->class, class) ||
			!str_eq(json_str_at(r->doc, "kind"), kind))
			continue;
		if ((int64_t)r->turnaround != turnaround)
			return refuse_field(d, "/turnaround_minutes",
				"the other resources of this class at this site have %u minutes",
				r->turnaround);
		if (check_transfer(d, r) != OK)
			return REFUSED_INVALID;
	}
	return check_shared(d, roster->site);
}

/* What a changed resource would be: a claim of the future that it could no longer keep breaks it.
 */
struct change_of {
	uint32_t seats, usable_from, usable_until;
	bool serves;
};

static bool loses(const struct change_of *to, const struct resource *old, uint16_t number,
	const struct claim_row *claim, uint32_t now)
{
	if (claim->what == CLAIM_BLOCK)
		return false;
	/* dates bound the use, not the turnaround behind it (plan.c) */
	return !to->serves || number >= to->seats ||
	       (claim->from >= now && claim->from < to->usable_from) ||
	       claim->until - old->turnaround > to->usable_until;
}

/* Promised for a site that it would no longer be shared with, or that would be nearer or farther.
 */
static bool loses_site(struct decide *d, const struct resource *old, const struct claim_row *claim)
{
	struct json shared = json_get(d->body, "shared_with");
	struct booking b;
	int64_t minutes = -1;

	if (old->shared_len == 0 || claim->what != CLAIM_CAR ||
		!serial_booking(d, claim->serial, &b) || !b.for_site.n)
		return false;
	for (struct json s = json_first(shared); json_present(s); s = json_next(shared, s))
		if (str_eq(json_str_at(s, "site"), b.for_site))
			minutes = json_int_at(s, "transfer_minutes", 0);
	return minutes != resource_transfer(old, b.for_site);
}

static bool loses_promise(struct decide *d, const struct resource *old, const struct change_of *to,
	struct seat *seat, uint32_t *from)
{
	uint32_t now = minute_down(d->now);
	struct claim_row claims[64];

	for (uint16_t n = 0; n < old->seats; n++) {
		size_t count;
		*seat = (struct seat){old->id, n};
		for (uint32_t at = now;; at = claims[ARRAY_LEN(claims) - 1].until) {
			count = calendar_claims(
				d->view.txn, *seat, at, MINUTE_FOREVER, claims, ARRAY_LEN(claims));
			for (size_t i = 0; i < count && i < ARRAY_LEN(claims); i++) {
				*from = claims[i].from;
				if (loses(to, old, n, &claims[i], now) ||
					loses_site(d, old, &claims[i]))
					return true;
			}
			if (count <= ARRAY_LEN(claims))
				break;
		}
	}
	return false;
}

static uint32_t bound_of(struct decide *d, const struct roster *roster, const char *key,
	int extra_days, uint32_t otherwise)
{
	struct day day;

	if (!doc_day(d->body, key, &day))
		return otherwise;
	return minute_up(zone_day_start(roster->zone, (struct day){day.n + extra_days}));
}

static enum outcome check_promises(
	struct decide *d, const struct roster *roster, const struct resource *old)
{
	uint32_t bounds[] = {bound_of(d, roster, "out_of_service_on", 0, MINUTE_FOREVER),
		bound_of(d, roster, "insurance_until", 1, MINUTE_FOREVER),
		bound_of(d, roster, "inspection_until", 1, MINUTE_FOREVER)};
	struct change_of to = {.seats = (uint32_t)json_int_at(d->body, "seats", old->seats),
		.usable_from = bound_of(d, roster, "in_service_on", 0, 0),
		.usable_until = bounds[0],
		.serves =
			!str_is(json_str_at(d->body, "status"), "retired") &&
			str_eq(json_str_at(d->body, "class"), old->class) &&
			str_eq(json_str_at(d->body, "site"), roster->site) &&
			str_eq(json_str_at(d->body, "kind"), json_str_at(old->doc, "kind")) &&
			json_int_at(d->body, "turnaround_minutes", 0) == (int64_t)old->turnaround};
	struct seat seat;
	uint32_t from = 0;

	for (size_t i = 1; i < ARRAY_LEN(bounds); i++)
		to.usable_until = bounds[i] < to.usable_until ? bounds[i] : to.usable_until;
	if (!loses_promise(d, old, &to, &seat, &from))
		return OK;
	return refuse_broken(d, REFUSED_IN_USE, seat, from, MINUTE_FOREVER, 0);
}

enum outcome decide_resource_put(struct decide *d)
{
	const struct roster *roster = decide_roster(d);
	struct str id = d->command->target;
	const struct resource *old;
	struct row present;
	struct json_writer w;
	enum outcome o;

	if (!roster)
		return refuse_field(d, "/site", "there is no such site");
	old = roster_resource(roster, id);
	if (!old && row_get(&d->view, ROW_RESOURCE, id, &present))
		return refuse_field(d, "/site", "this resource belongs to another site");
	if (!old && roster->resources_len == RESOURCES_PER_SITE_MAX)
		return refuse_field(d, "/resource", "a site holds at most %d resources",
			RESOURCES_PER_SITE_MAX);
	if (str_is(json_str_at(d->body, "kind"), "car") && json_int_at(d->body, "seats", 0) != 1)
		return refuse_field(d, "/seats", "a car is one seat: 1");
	o = check_class(d, roster, id);
	if (o == OK && old)
		o = check_promises(d, roster, old);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, id.n + 100);
	json_object_begin(&w);
	json_kv_str(&w, "resource", id);
	json_object_end(&w);
	return decide_put(d, ROW_RESOURCE, id,
		doc_merge(d->view.arena, d->body,
			arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL)));
}

/* ---- blocks ---- */

enum outcome decide_block_add(struct decide *d)
{
	const struct roster *roster = decide_roster(d);
	const struct resource *r = roster ? roster_resource(roster, d->command->target) : NULL;
	struct instant from, until;
	struct json_writer w;
	struct str id;
	uint32_t serial;

	if (!r)
		return REFUSED_NOT_FOUND;
	ASSERT(doc_instant(d->body, "from", &from) && doc_instant(d->body, "until", &until));
	if (until.s <= d->now.s)
		return refuse_field(d, "/until", "a block cannot lie in the past");
	if (r->unlimited)
		return refuse_field(d, "/from", "an unlimited resource has nothing to block");
	id = id_new(d->view.arena, d->view.env, d->now);
	serial = draft_serial(d);
	for (uint16_t n = 0; n < r->seats; n++) {
		struct reseated hit;
		reseat(d, (struct seat){r->id, n},
			(struct claim_row){
				minute_down(from), minute_up(until), serial, CLAIM_BLOCK, true},
			0, &hit);
		if (hit.hurt_len)
			return refuse_hurt(d, r->id, hit.hurt, hit.hurt_len);
	}
	arena_writer(d->view.arena, &w, json_raw(d->body).n + 512);
	json_object_begin(&w);
	json_kv_str(&w, "block", id);
	json_kv_instant(&w, "from", from);
	json_kv_raw(&w, "reason", json_raw(json_get(d->body, "reason")));
	json_kv_str(&w, "resource", r->id);
	json_kv_int(&w, "seats", r->seats);
	json_kv_int(&w, "serial", serial);
	json_kv_str(&w, "site", roster->site);
	json_kv_instant(&w, "until", until);
	json_object_end(&w);
	draft_put(d, ROW_BLOCK, id, arena_written(d->view.arena, &w));
	return OK;
}

enum outcome decide_block_remove(struct decide *d)
{
	struct row present;
	enum outcome o;

	if (!row_get(&d->view, ROW_BLOCK, d->command->target, &present)) {
		d->command->unchanged = true;
		return OK;
	}
	if (!str_eq(json_str_at(present.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	o = check_match(d, &present);
	if (o == OK)
		draft_delete(d, ROW_BLOCK, d->command->target);
	return o;
}
