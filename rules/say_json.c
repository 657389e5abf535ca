/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/*
 * What is kept of a sentence: its template and figures. Names are added when it is read, so nothing
 * here is about a person; figures that are nothing are left out.
 */

enum { TEXT_MAX = 200, YEARS_MAX = 1000, DAYS_MAX = 9999 };

static const char *const template_names[] = {
	[SAY_FREE] = "free",
	[SAY_FREE_NO_VALUE] = "free_no_value",
	[SAY_PARTLY_DAYS] = "partly_days",
	[SAY_PARTLY_UP_TO] = "partly_up_to",
	[SAY_PARTLY] = "partly",
	[SAY_PAID_DAY] = "paid_day",
	[SAY_PAID_TRIP] = "paid_trip",
	[SAY_NOT_CHECKED] = "not_checked",
	[SAY_REFUSED_AGE] = "refused_age",
	[SAY_REFUSED_LICENCE] = "refused_licence",
	[SAY_REFUSED_NOT_DRIVABLE] = "refused_not_drivable",
	[SAY_REFUSED_AREA] = "refused_area",
	[SAY_REFUSED] = "refused",
	[SAY_FULL] = "full",
};

const char *say_template_name(enum say_template t)
{
	ASSERT(t < SAY_TEMPLATES_LEN);
	return template_names[t];
}

/* ---- writing ---- */

static void put_int(struct json_writer *w, const char *key, int64_t v)
{
	if (v != 0)
		json_kv_int(w, key, v);
}

static void put_text(struct json_writer *w, const char *key, struct str v)
{
	if (v.n > 0)
		json_kv_str(w, key, v);
}

static void put_local(struct json_writer *w, const char *key, struct local at)
{
	char buf[INSTANT_TEXT];

	json_kv_str(w, key, local_print(at, buf));
}

void say_write(struct json_writer *w, const struct say_figures *f)
{
	char buf[INSTANT_TEXT];

	json_object_begin(w);
	if (f->has_alternative) {
		json_kv_str(w, "alternative", f->alternative);
		json_kv_int(w, "alternative_minor", f->alternative_minor);
	}
	if (f->confirm_at_drop_off)
		json_kv_bool(w, "confirm_at_drop_off", true);
	put_text(w, "currency", f->currency);
	put_int(w, "customer_minor", f->customer_minor);
	put_int(w, "days", f->days);
	put_int(w, "days_free", f->days_free);
	if (f->has_window)
		put_local(w, "from", f->from);
	put_text(w, "language", f->language);
	put_int(w, "limit_minor", f->limit_minor);
	put_int(w, "max_age", f->max_age);
	put_int(w, "min_age", f->min_age);
	put_int(w, "min_licence_years", f->min_licence_years);
	put_int(w, "price_minor", f->price_minor);
	if (f->proposals_len > 0) {
		json_k(w, "proposals");
		json_array_begin(w);
		for (uint32_t i = 0; i < f->proposals_len; i++)
			json_put_str(w, local_print(f->proposals[i], buf));
		json_array_end(w);
	}
	put_text(w, "right", f->right);
	put_text(w, "solution", f->solution);
	put_text(w, "solution_name", f->solution_name);
	json_kv_str(w, "template", str_from(say_template_name(f->template)));
	if (f->has_window)
		put_local(w, "until", f->until);
	put_int(w, "value_minor", f->value_minor);
	json_object_end(w);
}

/* ---- reading ---- */

static bool template_read(enum say_template *out, struct str name)
{
	for (int i = 0; i < SAY_TEMPLATES_LEN; i++) {
		if (!str_is(name, template_names[i]))
			continue;
		*out = (enum say_template)i;
		return true;
	}
	return false;
}

static bool text_read(struct str *out, struct json said, const char *key)
{
	*out = json_str_at(said, key);
	return out->n <= TEXT_MAX;
}

static bool amount_read(int64_t *out, struct json said, const char *key)
{
	*out = json_int_at(said, key, 0);
	return *out >= 0;
}

static bool number_read(int32_t *out, struct json said, const char *key, int64_t max)
{
	int64_t v = json_int_at(said, key, 0);

	if (v < 0 || v > max)
		return false;
	*out = (int32_t)v;
	return true;
}

static bool proposals_read(struct say_figures *out, struct json list)
{
	if (json_count(list) > ARRAY_LEN(out->proposals))
		return false;
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		if (!instant_parse(&out->proposals[out->proposals_len++], json_str(e)))
			return false;
	return true;
}

bool say_read(struct say_figures *out, struct json said)
{
	struct json from = json_get(said, "from"), until = json_get(said, "until");

	memset(out, 0, sizeof(*out));
	out->has_alternative = json_present(json_get(said, "alternative"));
	out->confirm_at_drop_off = json_bool_at(said, "confirm_at_drop_off", false);
	out->has_window = json_present(from) || json_present(until);
	if (out->has_window && (!instant_parse(&out->from, json_str(from)) ||
				       !instant_parse(&out->until, json_str(until))))
		return false;
	return template_read(&out->template, json_str_at(said, "template")) &&
	       text_read(&out->alternative, said, "alternative") &&
	       text_read(&out->currency, said, "currency") &&
	       text_read(&out->language, said, "language") &&
	       text_read(&out->right, said, "right") &&
	       text_read(&out->solution, said, "solution") &&
	       text_read(&out->solution_name, said, "solution_name") &&
	       amount_read(&out->alternative_minor, said, "alternative_minor") &&
	       amount_read(&out->customer_minor, said, "customer_minor") &&
	       amount_read(&out->limit_minor, said, "limit_minor") &&
	       amount_read(&out->price_minor, said, "price_minor") &&
	       amount_read(&out->value_minor, said, "value_minor") &&
	       number_read(&out->days, said, "days", DAYS_MAX) &&
	       number_read(&out->days_free, said, "days_free", DAYS_MAX) &&
	       number_read(&out->max_age, said, "max_age", YEARS_MAX) &&
	       number_read(&out->min_age, said, "min_age", YEARS_MAX) &&
	       number_read(&out->min_licence_years, said, "min_licence_years", YEARS_MAX) &&
	       proposals_read(out, json_get(said, "proposals"));
}
