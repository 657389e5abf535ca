/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "rules/cases_parts.h"
#include "rules/vin.h"

/* Function cases: rows of arguments and the answer expected. Every row is a case. */

static bool day_of(struct json v, struct day *out)
{
	return person_day_parse(out, json_str(v));
}

static void months_run(struct cases_work *w, struct json row)
{
	struct json expected = json_item(row, 2);
	struct day from;
	char text[DAY_TEXT];

	if (json_count(row) != 3 || !day_of(json_item(row, 0), &from) ||
		!json_is(json_item(row, 1), JSON_INT) || json_int(json_item(row, 1), 0) < -1200 ||
		json_int(json_item(row, 1), 0) > 1200) {
		cases_mismatch(w, "must be [date, months, date]");
		return;
	}
	struct day to = day_add_months(from, (int)json_int(json_item(row, 1), 0));
	struct str is = day_print(to, text);
	if (!str_eq(is, json_str(expected)))
		cases_mismatch(
			w, "is %.*s, expected %.*s", STR_FMT(is), STR_FMT(json_raw(expected)));
}

static void years_run(struct cases_work *w, struct json row)
{
	struct json expected = json_item(row, 2);
	struct day since, on;

	if (json_count(row) != 3 || !day_of(json_item(row, 0), &since) ||
		!day_of(json_item(row, 1), &on) || !json_is(expected, JSON_INT)) {
		cases_mismatch(w, "must be [date, date, years]");
		return;
	}
	int years = day_full_years(since, on);
	if (years != json_int(expected, 0))
		cases_mismatch(w, "is %d, expected %" PRId64, years, json_int(expected, 0));
}

/* [zone, from, to, days]: both readings are turned into the zone first (S1, S8). */
static void days_run(struct cases_work *w, struct json row, int32_t grace_minutes)
{
	struct json expected = json_item(row, 3);
	struct local from, to;

	if (json_count(row) != 4 || !instant_parse(&from, json_str(json_item(row, 1))) ||
		!instant_parse(&to, json_str(json_item(row, 2))) || !json_is(expected, JSON_INT)) {
		cases_mismatch(w, "must be [zone, instant, instant, days]");
		return;
	}
	const struct zone *zone = w->io->zone(w->io->context, json_str(json_item(row, 0)));
	if (!zone) {
		cases_mismatch(
			w, "there is no time zone \"%.*s\"", STR_FMT(json_str(json_item(row, 0))));
		return;
	}
	from = zone_local(zone, local_instant(from));
	to = zone_local(zone, local_instant(to));
	int32_t days = rental_days(from, to, grace_minutes);
	if (days != json_int(expected, 0))
		cases_mismatch(w, "is %d, expected %" PRId64, days, json_int(expected, 0));
}

static void vin_run(struct cases_work *w, struct json row)
{
	static const char *const known[] = {"in", "na_market", "valid", "error", "normalised"};
	char vin[VIN_TEXT];

	cases_members(w, row, known, ARRAY_LEN(known));
	if (!json_is(json_get(row, "in"), JSON_STRING) || !json_present(json_get(row, "valid"))) {
		cases_mismatch(w, "must hold in and valid");
		return;
	}
	enum vin_fault fault =
		vin_check(vin, json_str_at(row, "in"), json_bool_at(row, "na_market", false));
	const char *code = vin_fault_code(fault);
	struct json error = json_get(row, "error"), normalised = json_get(row, "normalised");
	if (json_bool_at(row, "valid", false) != (fault == VIN_GOOD))
		cases_mismatch(w, "is %s", fault == VIN_GOOD ? "valid" : code);
	if (json_is(error, JSON_STRING) && !str_is(json_str(error), code))
		cases_mismatch(w, "is %s, expected %.*s", code, STR_FMT(json_str(error)));
	if (json_is(normalised, JSON_STRING) && !str_is(json_str(normalised), vin))
		cases_mismatch(w, "is %s, expected %.*s", vin, STR_FMT(json_str(normalised)));
}

/* rental_days_grace_59: the number at the end is the grace. -1: the name is another. */
static int32_t grace_of(struct str name)
{
	static const char head[] = "rental_days_grace_";
	size_t n = sizeof(head) - 1;
	int32_t grace = 0;

	if (name.n <= n || name.n > n + 4 || memcmp(name.p, head, n) != 0)
		return -1;
	for (size_t i = n; i < name.n; i++) {
		if (name.p[i] < '0' || name.p[i] > '9')
			return -1;
		grace = grace * 10 + (name.p[i] - '0');
	}
	return grace;
}

static void row_run(struct cases_work *w, struct str name, struct json row)
{
	int32_t grace = grace_of(name);

	if (str_is(name, "add_months"))
		months_run(w, row);
	else if (str_is(name, "full_years"))
		years_run(w, row);
	else if (str_is(name, "vin"))
		vin_run(w, row);
	else if (grace >= 0)
		days_run(w, row, grace);
	else
		cases_mismatch(w, "is a function nobody knows");
}

void cases_functions_run(struct cases_work *w, struct json groups)
{
	for (struct json g = json_first_value(groups); json_present(g);
		g = json_next_value(groups, g)) {
		struct str name = json_key(g);
		uint32_t i = 0;
		if (!json_is(g, JSON_ARRAY) || json_count(g) == 0) {
			cases_begin(w, name);
			cases_mismatch(w, "must be a list of cases");
			cases_end(w);
		}
		for (struct json row = json_first(g); json_present(row); row = json_next(g, row)) {
			char id[100];
			snprintf(id, sizeof(id), "%.*s[%u]", (int)(name.n < 60 ? name.n : 60),
				name.p, (unsigned)i++);
			cases_begin(w, str_from(id));
			row_run(w, name, row);
			cases_end(w);
		}
	}
	if (!json_is(groups, JSON_OBJECT)) {
		cases_begin(w, STR("function_cases"));
		cases_mismatch(w, "must be an object");
		cases_end(w);
	}
}
