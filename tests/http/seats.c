/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/seats.h"

enum { TURNAROUND_S = 3600, DESK_S = 900, DESKS = 2, SEATS_MAX = 64 };

static void *grown(void *p, uint32_t len, uint32_t *cap, size_t size)
{
	if (len < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 256;
	p = realloc(p, *cap * size);
	assert_non_null(p);
	return p;
}

static void row_add(
	struct seats *s, struct str resource, struct json booking, int64_t from_s, int64_t until_s)
{
	struct str id = json_str_at(booking, "booking");
	struct stay_row *row;

	assert_true(from_s < until_s);
	s->rows = grown(s->rows, s->len, &s->cap, sizeof(*s->rows));
	row = &s->rows[s->len++];
	snprintf(row->resource, sizeof(row->resource), "%.*s", STR_FMT(resource));
	snprintf(row->booking, sizeof(row->booking), "%.*s", STR_FMT(id));
	row->from_s = from_s;
	row->until_s = until_s;
}

static void number_add(struct seats *s, struct str number)
{
	s->numbers = grown(s->numbers, s->numbers_len, &s->numbers_cap, sizeof(*s->numbers));
	snprintf(s->numbers[s->numbers_len++], RESOURCE_BYTES, "%.*s", STR_FMT(number));
}

void seats_take(struct seats *s, struct json booking)
{
	struct str status = json_str_at(booking, "status");
	struct str resource = json_str_at(booking, "resource");
	bool out = str_is(status, "out"),
	     car = str_is(json_str_at(booking, "solution"), "loaner_brand");
	int64_t from_s = house_instant(json_get(booking, "from")).s;
	int64_t until_s = house_instant(json_get(booking, "until")).s;

	number_add(s, json_str_at(booking, "number"));
	if (!out && !str_is(status, "held") && !str_is(status, "booked"))
		return;
	if (car) {
		/* What is booked has a car: none of these promises was ever put at risk. */
		assert_true(resource.n > 4 && memcmp(resource.p, "CAR-", 4) == 0);
		if (!out)
			row_add(s, STR("DESK"), booking, from_s, from_s + DESK_S);
		row_add(s, STR("DESK"), booking, until_s - DESK_S, until_s);
	}
	if (out)
		from_s = house_instant(json_get(json_get(booking, "out"), "at")).s / 60 * 60;
	if (car)
		row_add(s, resource, booking, from_s, until_s + TURNAROUND_S);
	else if (str_is(resource, "RENTALS"))
		row_add(s, resource, booking, from_s, until_s);
}

static int by_resource_and_start(const void *a, const void *b)
{
	const struct stay_row *x = a, *y = b;
	int order = strcmp(x->resource, y->resource);

	return order ? order : (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static uint32_t seats_of(const char *resource)
{
	if (strcmp(resource, "DESK") == 0)
		return DESKS;
	return strcmp(resource, "RENTALS") == 0 ? HOUSE_RENTALS : 1;
}

/* Rows of one resource in the order of their starts: those still there when the next begins must
 * leave it a seat. */
static void resource_check(const struct stay_row *rows, uint32_t len)
{
	const struct stay_row *there[SEATS_MAX];
	uint32_t there_len = 0, seats = seats_of(rows[0].resource);

	assert_true(seats < SEATS_MAX);
	for (uint32_t i = 0; i < len; i++) {
		uint32_t kept = 0;
		for (uint32_t k = 0; k < there_len; k++)
			if (there[k]->until_s > rows[i].from_s)
				there[kept++] = there[k];
		there_len = kept;
		if (there_len == seats)
			fail_msg("%s is given to %s and to %s at once (%lld)", rows[i].resource,
				there[0]->booking, rows[i].booking, (long long)rows[i].from_s);
		there[there_len++] = &rows[i];
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

void seats_check(struct seats *s)
{
	if (s->len)
		qsort(s->rows, s->len, sizeof(*s->rows), by_resource_and_start);
	for (uint32_t from = 0, to; from < s->len; from = to) {
		for (to = from; to < s->len; to++)
			if (strcmp(s->rows[to].resource, s->rows[from].resource) != 0)
				break;
		resource_check(&s->rows[from], to - from);
	}
	if (s->numbers_len)
		qsort(s->numbers, s->numbers_len, RESOURCE_BYTES, by_text);
	for (uint32_t i = 1; i < s->numbers_len; i++)
		if (strcmp(s->numbers[i - 1], s->numbers[i]) == 0)
			fail_msg("the number %s was given twice", s->numbers[i]);
}

void seats_free(struct seats *s)
{
	free(s->rows);
	free(s->numbers);
	*s = (struct seats){0};
}
