/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"

#include <stdio.h>

/* What a site says of its appointments: as rules, and whether it makes sense. */

static uint32_t hours_read(struct appointment_hours out[APPOINTMENT_HOURS_MAX], struct json list)
{
	uint32_t n = 0;

	for (struct json e = json_first(list); json_present(e); e = json_next(list, e)) {
		struct json days = json_get(e, "days");
		int from, until;
		if (n == APPOINTMENT_HOURS_MAX)
			break;
		ASSERT(minute_of_day_parse(&from, json_str_at(e, "from")) &&
			minute_of_day_parse(&until, json_str_at(e, "until")));
		out[n] = (struct appointment_hours){0, (int16_t)from, (int16_t)until};
		for (struct json d = json_first(days); json_present(d); d = json_next(days, d))
			out[n].days |= (uint8_t)(1u << ((json_int(d, 1) + 6) % 7));
		n++;
	}
	return n;
}

static uint32_t templates_read(struct appointment_template *out, struct json list)
{
	uint32_t n = 0;

	for (struct json e = json_first(list); json_present(e); e = json_next(list, e)) {
		struct json times = json_get(e, "times");
		struct appointment_template *t = &out[n];
		if (n == APPOINTMENT_TEMPLATES_MAX)
			break;
		*t = (struct appointment_template){
			.from_minutes = (int32_t)json_int_at(e, "work_minutes", 0)};
		for (struct json m = json_first(times); json_present(m); m = json_next(times, m)) {
			int minute;
			if (t->len == APPOINTMENT_TIMES_MAX)
				break;
			ASSERT(minute_of_day_parse(&minute, json_str(m)));
			t->at_min[t->len++] = (int16_t)minute;
		}
		n++;
	}
	return n;
}

bool appointment_rules_read(struct appointment_rules *out, struct json site)
{
	struct json said = json_get(site, "appointments");

	memset(out, 0, sizeof *out);
	if (json_is_null(said))
		return false;
	out->reception_minutes = (int32_t)json_int_at(said, "reception_minutes", 15);
	out->hand_back_minutes =
		(int32_t)json_int_at(said, "hand_back_minutes", out->reception_minutes);
	out->customers_max = (uint32_t)json_int_at(said, "customers_per_day", 0);
	out->workshop_minutes = (int32_t)json_int_at(said, "workshop_minutes_per_day", 0);
	out->kept_minutes = (int32_t)json_int_at(said, "workshop_kept_minutes", 0);
	out->two_working_days = str_is(json_str_at(said, "latest"), "two_working_days");
	out->reserved_len = hours_read(out->reserved, json_get(said, "reserved"));
	out->peak_len = hours_read(out->peak, json_get(said, "peak"));
	out->templates_len = templates_read(out->templates, json_get(said, "templates"));
	return true;
}

/* ---- whether it makes sense ---- */

static enum outcome check_template(
	struct decide *d, const struct appointment_rules *r, struct json said, uint32_t i)
{
	struct json times = json_get(said, "times");
	uint32_t n = 0;
	char pointer[80];
	int minute;

	for (uint32_t k = 0; k < i; k++)
		if (r->templates[k].from_minutes == r->templates[i].from_minutes) {
			snprintf(pointer, sizeof pointer, "/appointments/templates/%u/work_minutes",
				i);
			return refuse_field(d, pointer, "another template is for work as long");
		}
	for (struct json m = json_first(times); json_present(m); m = json_next(times, m), n++) {
		snprintf(pointer, sizeof pointer, "/appointments/templates/%u/times/%u", i, n);
		if (!minute_of_day_parse(&minute, json_str(m)) || minute == 1440 ||
			minute % APPOINTMENT_GRID_MINUTES != 0)
			return refuse_field(
				d, pointer, "appointments begin at the quarters of an hour");
	}
	return OK;
}

enum outcome check_appointments(struct decide *d)
{
	struct json said = json_get(d->body, "appointments"),
		    templates = json_get(said, "templates");
	struct appointment_rules r;
	uint32_t i = 0;
	enum outcome o = OK;

	if (!appointment_rules_read(&r, d->body))
		return OK;
	if (r.kept_minutes > r.workshop_minutes ||
		(r.workshop_minutes > 0 && r.kept_minutes == r.workshop_minutes))
		return refuse_field(d, "/appointments/workshop_kept_minutes",
			"this leaves nothing of workshop_minutes_per_day for planned work");
	for (struct json e = json_first(templates); json_present(e) && o == OK;
		e = json_next(templates, e))
		o = check_template(d, &r, e, i++);
	return o;
}
