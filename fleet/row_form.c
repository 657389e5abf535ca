/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/row_form.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/demand.h"
#include "fleet/event.h"
#include "fleet/row_members.h"
#include "fleet/task.h"
#include "rules/money.h"
#include "rules/outcome.h"
#include "rules/ruleset.h"

enum {
	PATH_BYTES = 160,
	/* What shows an object puts it some levels down, and JSON_DEPTH_MAX is its bound. */
	ROW_DEPTH_MAX = JSON_DEPTH_MAX / 2,
};

struct look {
	struct arena *a;
	struct env *env;
	char path[PATH_BYTES]; /* of the member that is looked at: "claims/0/seat" */
	size_t path_len;
	const char *fault;
};

static bool fault(struct look *l, const char *format, ...) PRINTF_LIKE(2, 3);

static bool fault(struct look *l, const char *format, ...)
{
	char what[PATH_BYTES];
	va_list args;
	struct str said;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	said = arena_printf(l->a, "its %s %s", l->path, what);
	l->fault = said.p ? said.p : "it is not in the form of its kind";
	return false;
}

/* One step down; what does not fit is cut, a path is only read by people. */
static size_t path_down(struct look *l, const char *step)
{
	size_t was = l->path_len;
	int n = snprintf(l->path + was, sizeof l->path - was, "%s%s", was ? "/" : "", step);

	l->path_len = was + (n > 0 ? (size_t)n : 0);
	if (l->path_len >= sizeof l->path)
		l->path_len = sizeof l->path - 1;
	return was;
}

static void path_up(struct look *l, size_t was)
{
	l->path_len = was;
	l->path[was] = '\0';
}

/* ---- one value ---- */

static bool is_hour(struct str text)
{
	int minute;

	return minute_of_day_parse(&minute, text);
}

static bool is_day(struct str text)
{
	struct day day;

	return day_parse(&day, text);
}

static bool is_instant(struct str text)
{
	struct local local;

	return instant_parse(&local, text);
}

static bool members_good(struct look *l, const struct row_member *members, struct json object);

static bool list_good(struct look *l, const struct row_member *m, struct json list)
{
	char step[16];
	uint32_t n = 0;

	if (!json_is(list, JSON_ARRAY))
		return fault(l, "is not a list");
	if (json_count(list) > (uint64_t)m->most)
		return fault(l, "has more than %lld elements", (long long)m->most);
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e), n++) {
		size_t was;
		snprintf(step, sizeof step, "%u", n);
		was = path_down(l, step);
		if (!members_good(l, m->parts, e))
			return false;
		path_up(l, was);
	}
	return true;
}

static bool value_good(struct look *l, const struct row_member *m, struct json v)
{
	struct str text = json_str(v);
	bool is_text = json_is(v, JSON_STRING);

	switch (m->form) {
	case FORM_ANY: return true;
	case FORM_TEXT: return is_text || fault(l, "is not text");
	case FORM_NAME:
		return (is_text && text.n > 0 && text.n <= ID_MAX) ||
		       fault(l, "is not a name of 1 to %d bytes", ID_MAX);
	case FORM_WORD: return m->knows(text) || fault(l, "is not a word that is known");
	case FORM_INSTANT: return (is_text && is_instant(text)) || fault(l, "is not an instant");
	case FORM_DAY: return (is_text && is_day(text)) || fault(l, "is not a day");
	case FORM_HOUR: return (is_text && is_hour(text)) || fault(l, "is not a time of day");
	case FORM_ZONE:
		return (is_text && text.n > 0 && (!l->env || l->env->zone(l->env, text))) ||
		       fault(l, "is not a time zone that this machine knows");
	case FORM_FLAG:
		return json_is(v, JSON_TRUE) || json_is(v, JSON_FALSE) ||
		       fault(l, "is neither true nor false");
	case FORM_NUMBER:
		return (json_is(v, JSON_INT) && json_int(v, 0) >= m->least &&
			       json_int(v, 0) <= m->most) ||
		       fault(l, "is not a number from %lld to %lld", (long long)m->least,
			       (long long)m->most);
	case FORM_OBJECT: return members_good(l, m->parts, v);
	case FORM_LIST: return list_good(l, m, v);
	case FORM_END: break;
	}
	ASSERT(false);
}

/* No deeper than the tables are. A list of plain values has a table of one member without a name.
 */
static bool members_good(struct look *l, const struct row_member *members, struct json object)
{
	if (members && !members->name)
		return value_good(l, members, object);
	if (!json_is(object, JSON_OBJECT))
		return fault(l, "is not an object");
	for (const struct row_member *m = members; m && m->form != FORM_END; m++) {
		struct json v = json_get(object, m->name);
		size_t was = path_down(l, m->name);
		if (json_is_null(v) ? m->needed && !fault(l, "is missing") : !value_good(l, m, v))
			return false;
		path_up(l, was);
	}
	return true;
}

/* ---- all values ---- */

/* A bound for what nobody looks at by name: sums of such numbers stay sums, and whatever shows the
 * object can nest it. */
static bool is_bearable(struct look *l, struct json doc)
{
	uint32_t ends[JSON_DEPTH_MAX + 1], depth = 0, last = json_node(doc)->next;

	if (json_raw(doc).n > ENTRY_BYTES_MAX)
		return fault(l, "members are longer together than any entry");
	for (uint32_t i = doc.at; i < last; i++) {
		const struct json_node *n = &doc.doc->nodes[i];
		while (depth && ends[depth - 1] <= i)
			depth--;
		if (n->type == JSON_INT && (n->integer > MONEY_MAX || n->integer < -MONEY_MAX))
			return fault(l, "numbers are beyond all bounds");
		if (n->type != JSON_ARRAY && n->type != JSON_OBJECT)
			continue;
		if (depth == ROW_DEPTH_MAX)
			return fault(l, "members are nested too deep");
		ends[depth++] = n->next;
	}
	return true;
}

/* ---- what members say together ---- */

static bool in_order(struct look *l, struct json doc)
{
	struct instant from, until;

	return (doc_instant(doc, "from", &from) && doc_instant(doc, "until", &until) &&
		       from.s < until.s) ||
	       fault(l, "until is not after from");
}

static bool claims_good(struct look *l, struct json doc)
{
	struct json claims = json_get(doc, "claims");

	for (struct json c = json_first(claims); json_present(c); c = json_next(claims, c))
		if (!in_order(l, c))
			return fault(l, "claims have one that ends before it begins");
	return in_order(l, doc);
}

static bool follows(struct json part)
{
	struct instant at, until;

	return doc_instant(part, "at", &at) && doc_instant(part, "until", &until) && at.s < until.s;
}

static bool appointment_good(struct look *l, struct json doc)
{
	struct json a = json_get(doc, "appointment"), back = json_get(a, "back");

	if (json_is_null(a))
		return true;
	if (json_int_at(doc, "serial", 0) <= 0)
		return fault(l, "appointment is there without a serial");
	return (follows(a) && (json_is_null(back) || follows(back))) ||
	       fault(l, "appointment ends before it begins");
}

static bool demand_good(struct look *l, struct json doc, struct str id)
{
	struct demand d;

	return (demand_read(&d, doc) &&
		       str_eq(id, demand_id(l->a, json_str_at(doc, "site"), &d))) ||
	       fault(l, "id is not the name of what it counts");
}

static bool ruleset_good(struct look *l, struct json doc)
{
	struct ruleset *ruleset = calloc(1, sizeof *ruleset);
	struct faults *faults = calloc(1, sizeof *faults);
	bool good = ruleset && faults && ruleset_read(ruleset, doc, true, faults);

	if (!ruleset || !faults)
		l->a->full = true;
	if (!good)
		(void)fault(l, "rules cannot be read: %s %s",
			faults && faults->len ? faults->fault[0].pointer : "",
			faults && faults->len ? faults->fault[0].detail : "no memory");
	free(ruleset);
	free(faults);
	return good;
}

static bool whole_good(struct look *l, enum row_kind kind, struct str id, struct json doc)
{
	switch (kind) {
	case ROW_BOOKING:
	case ROW_DESK: return claims_good(l, doc);
	case ROW_BLOCK: return in_order(l, doc);
	case ROW_VISIT: return appointment_good(l, doc);
	case ROW_TASK:
		return task_about(doc).n || fault(l, "booking and resource are both missing");
	case ROW_DEMAND: return demand_good(l, doc, id);
	case ROW_RULESET: return ruleset_good(l, doc);
	case ROW_WAITING: return in_order(l, doc);
	case ROW_SITE:
	case ROW_RESOURCE:
	case ROW_CUSTOMER:
	case ROW_VEHICLE:
	case ROW_REPAIR_ORDER:
	case ROW_CLAIM:
	case ROW_CONTACT:
	case ROW_COMPLAINT:
	case ROW_IMPORT:
	case ROW_ATTACHMENT: return true;
	}
	ASSERT(false);
}

/* ---- the object ---- */

static bool place_good(struct look *l, const struct row_form *form, struct str id,
	struct str journal, struct json doc)
{
	if (form->id && !str_eq(json_str_at(doc, form->id), id))
		return fault(l, "%s is not its id", form->id);
	if (form->directory)
		return str_eq(journal, JOURNAL_DIRECTORY) ||
		       fault(l, "journal is not the directory");
	if (str_eq(journal, JOURNAL_DIRECTORY) || !str_eq(json_str_at(doc, "site"), journal))
		return fault(l, "site is not that of the journal");
	return true;
}

const char *row_form_fault(struct arena *a, struct env *env, enum row_kind kind, struct str id,
	struct str journal, struct json doc)
{
	const struct row_form *form = row_form_of(kind);
	struct look l = {.a = a, .env = env};

	if (is_bearable(&l, doc) && members_good(&l, form->members, doc) &&
		place_good(&l, form, id, journal, doc) && whole_good(&l, kind, id, doc))
		return NULL;
	return l.fault;
}

const char *refusal_form_fault(struct arena *a, struct str slug, struct json detail)
{
	struct look l = {.a = a};

	if (outcome_from_slug(slug) == OK)
		return "it is a refusal that is not known";
	return is_bearable(&l, detail) && members_good(&l, refusal_members, detail) ? NULL
										    : l.fault;
}

bool row_form_knows(enum row_kind kind, struct str member)
{
	for (const struct row_member *m = row_form_of(kind)->members; m->form != FORM_END; m++)
		if (str_is(member, m->name))
			return true;
	return false;
}
