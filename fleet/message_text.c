/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "fleet/ical.h"
#include "fleet/message.h"
#include "fleet/task.h"
#include "fleet/words.h"
#include "rules/zone.h"

/* Templates, and what stands in their fields. A line of which a field is empty is left out: nobody
 * is told to bring nothing. */

enum { NAME_BYTES = 40, VALUE_BYTES_MAX = 600, PLACEHOLDER_BYTES_MIN = 3 };

enum field {
	FIELD_ADDRESS,
	FIELD_BRING,
	FIELD_CAR,
	FIELD_DATE,
	FIELD_LINK,
	FIELD_NAME,
	FIELD_NUMBER,
	FIELD_PHONE,
	FIELD_SITE,
	FIELD_TIME,
	FIELDS_LEN
};
static const char *const fields[FIELDS_LEN] = {
	[FIELD_ADDRESS] = "address",
	[FIELD_BRING] = "bring",
	[FIELD_CAR] = "car",
	[FIELD_DATE] = "date",
	[FIELD_LINK] = "link",
	[FIELD_NAME] = "name",
	[FIELD_NUMBER] = "number",
	[FIELD_PHONE] = "phone",
	[FIELD_SITE] = "site",
	[FIELD_TIME] = "time",
};
const char template_fields[] = "address, bring, car, date, link, name, number, phone, site, time";

static const char *const keys[] = {"confirm_subject", "confirm_text", "confirm_sms"};

bool template_key(struct str key)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

/* ---- reading ---- */

static bool field_from(enum field *out, struct str name)
{
	for (size_t i = 0; i < FIELDS_LEN; i++)
		if (str_is(name, fields[i])) {
			*out = (enum field)i;
			return true;
		}
	return false;
}

/* The name of the field that begins at `p`; STR_NULL: the brace is not closed. */
static struct str field_at(const char *p, const char *end)
{
	const char *close = memchr(p, '}', (size_t)(end - p));

	return close ? (struct str){p + 1, (size_t)(close - p) - 1} : STR_NULL;
}

bool template_is_good(struct str text, struct str *unknown)
{
	const char *end = text.p + text.n;
	enum field field;

	for (const char *p = text.p; p < end; p++) {
		if (*p != '{')
			continue;
		*unknown = field_at(p, end);
		if (!unknown->p || unknown->n > NAME_BYTES)
			*unknown = STR("{");
		if (!field_from(&field, *unknown))
			return false;
		p += unknown->n + 1;
	}
	return true;
}

/* ---- filling ---- */

/* One line without its end; false: a field of it is empty. `out` has room. */
static bool line_fill(struct str line, const struct str value[FIELDS_LEN], char *out, size_t *n)
{
	const char *end = line.p + line.n;
	size_t before = *n;
	enum field field;

	for (const char *p = line.p; p < end; p++) {
		struct str name = *p == '{' ? field_at(p, end) : STR_NULL;
		if (!name.p || !field_from(&field, name)) {
			out[(*n)++] = *p;
			continue;
		}
		if (!value[field].n) {
			*n = before;
			return false;
		}
		memcpy(out + *n, value[field].p, value[field].n);
		*n += value[field].n;
		p += name.n + 1;
	}
	return true;
}

static struct str fill(struct arena *a, struct str template, const struct str value[FIELDS_LEN])
{
	size_t longest = 0, n = 0;

	for (size_t i = 0; i < FIELDS_LEN; i++)
		longest = value[i].n > longest ? value[i].n : longest;
	char *out = arena_take(a, template.n + template.n / PLACEHOLDER_BYTES_MIN * longest + 2);
	if (!out)
		return STR_NULL;
	while (template.n) {
		const char *line_end = memchr(template.p, '\n', template.n);
		size_t len = line_end ? (size_t)(line_end - template.p) : template.n;
		if (line_fill((struct str){template.p, len}, value, out, &n) && line_end)
			out[n++] = '\n';
		len += line_end != NULL;
		template.p += len;
		template.n -= len;
	}
	return (struct str){out, n};
}

/* ---- what stands in the fields ---- */

/* Cut between characters. */
static struct str bounded(struct str text)
{
	if (text.n <= VALUE_BYTES_MAX)
		return text;
	text.n = VALUE_BYTES_MAX;
	while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
		text.n--;
	return text;
}

/* The papers that the rule set asks of the customer. */
static struct str what_to_bring(
	struct view *v, const struct message_of *m, const struct words *words)
{
	struct json wanted = json_get(json_get(m->booking, "terms"), "documents");
	struct json named = json_get(m->booking, "ruleset"), papers = JSON_ABSENT;
	struct str list = STR_NULL;
	struct ruleset_row rules;

	if (ruleset_by_hash(v, json_str_at(named, "version"), json_str_at(named, "sha256"), &rules))
		papers = json_get(rules.doc, "documents");
	for (struct json d = json_first(wanted); json_present(d); d = json_next(wanted, d)) {
		struct json paper = json_get_str(papers, json_str(d));
		struct str name = json_str_at(json_get(paper, "names"), words->language);
		if (!str_is(json_str_at(paper, "who"), "customer"))
			continue;
		if (!name.n)
			name = words_named(words, "document", json_str(d));
		if (name.n)
			list = arena_printf(v->arena, "%.*s%s%.*s", STR_FMT(list),
				list.n ? ", " : "", STR_FMT(name));
	}
	return list;
}

static struct str own_car(struct view *v, struct json booking)
{
	struct row row;

	if (!json_str_at(booking, "vin").n ||
		!row_get(v, ROW_VEHICLE, json_str_at(booking, "vin"), &row))
		return STR_NULL;
	struct str model = json_str_at(row.doc, "model"), plate = json_str_at(row.doc, "plate");
	return arena_printf(
		v->arena, "%.*s%s%.*s", STR_FMT(model), plate.n ? " " : "", STR_FMT(plate));
}

static struct local local_of(struct view *v, struct json site, struct instant t)
{
	const struct zone *zone = v->env->zone(v->env, json_str_at(site, "time_zone"));

	return zone ? zone_local(zone, t) : (struct local){t.s, 0};
}

struct str message_day(struct view *v, struct json site, struct instant t)
{
	int year, month, day;

	day_to_civil(local_day(local_of(v, site, t)), &year, &month, &day);
	return arena_printf(v->arena, "%02d/%02d/%04d", day, month, year);
}

struct str message_hour(struct view *v, struct json site, struct instant t)
{
	int64_t of_day = local_of(v, site, t).wall_s % 86400;

	return arena_printf(v->arena, "%02d:%02d", (int)(of_day / 3600), (int)(of_day / 60 % 60));
}

static void values_set(struct view *v, const struct message_of *m, const struct words *words,
	struct str value[FIELDS_LEN])
{
	struct instant from = m->now;

	(void)doc_instant(m->booking, "from", &from);
	value[FIELD_ADDRESS] = json_str_at(m->site, "address");
	value[FIELD_BRING] = what_to_bring(v, m, words);
	value[FIELD_CAR] = own_car(v, m->booking);
	value[FIELD_DATE] = message_day(v, m->site, from);
	value[FIELD_LINK] = m->link;
	value[FIELD_NAME] = m->who.name;
	value[FIELD_NUMBER] = json_str_at(m->booking, "number");
	value[FIELD_PHONE] = json_str_at(m->site, "phone");
	value[FIELD_SITE] = json_str_at(m->site, "name");
	value[FIELD_TIME] = message_hour(v, m->site, from);
	for (size_t i = 0; i < FIELDS_LEN; i++)
		value[i] = bounded(value[i]);
}

/* ---- the whole ---- */

static struct str say(struct view *v, const struct message_of *m, const struct words *words,
	const char *key, const struct str value[FIELDS_LEN])
{
	char ours[NAME_BYTES];
	struct str own = words_house(m->site, key, str_from(words->language)), unknown;

	snprintf(ours, sizeof ours, "message.%s", key);
	/* one that was kept before it was looked at is not sent with its braces */
	if (!own.n || !template_is_good(own, &unknown))
		own = words_text(words, ours);
	return fill(v->arena, own, value);
}

static struct str invitation(struct view *v, const struct message_of *m, struct str summary)
{
	struct ical_appointment a = {.uid = json_str_at(m->booking, "booking"),
		.summary = summary,
		.place = json_str_at(m->site, "address"),
		.made = m->now};
	int64_t minutes = json_int_at(m->site, "handover_minutes", 0);

	if (!doc_instant(m->booking, "from", &a.from))
		return STR_NULL;
	a.until.s = a.from.s + (minutes > 0 ? minutes : 15) * 60; /* CIT-5.5 */
	return ical_appointment(v->arena, &a);
}

struct str message_write(struct view *v, const struct message_of *m)
{
	bool email = m->who.channel == MESSAGE_EMAIL;
	struct str value[FIELDS_LEN], subject = STR_NULL, calendar = STR_NULL;
	struct words words;
	struct json_writer w;

	if (!words_open(&words, v->arena, m->who.language))
		return STR_NULL;
	values_set(v, m, &words, value);
	struct str text = say(v, m, &words, email ? "confirm_text" : "confirm_sms", value);
	if (email) {
		subject = say(v, m, &words, "confirm_subject", value);
		calendar = invitation(v, m, value[FIELD_SITE]);
	}
	arena_writer(v->arena, &w, 6 * (text.n + subject.n + calendar.n + m->who.to.n) + 200);
	json_object_begin(&w);
	if (calendar.n)
		json_kv_str(&w, "calendar", calendar);
	if (subject.n)
		json_kv_str(&w, "subject", subject);
	json_kv_str(&w, "text", text);
	json_kv_str(&w, "to", m->who.to);
	json_object_end(&w);
	return text.p ? arena_written(v->arena, &w) : STR_NULL;
}
