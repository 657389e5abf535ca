/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A path, and behind it a line that is its query string. What was read is within its limits, and
 * written as an address again it is read the same; a time is one that can be printed and read. */

#include "server/query.h"
#include "server/route.h"
#include "tests/fuzz/fuzz.h"

/* Every byte as %XX: nothing in it has a meaning of its own. */
static struct str escaped(struct arena *a, struct str s)
{
	struct str out = STR("");

	for (size_t i = 0; i < s.n; i++)
		out = arena_printf(a, "%.*s%%%02X", STR_FMT(out), (unsigned)(uint8_t)s.p[i]);
	return out;
}

static struct str written(struct arena *a, const struct query *q)
{
	struct str out = STR("");

	for (int i = 0; q->fields && q->fields[i].name; i++)
		if (q->value[i].p)
			out = arena_printf(a, "%.*s&%s=%.*s", STR_FMT(out), q->fields[i].name,
				STR_FMT(escaped(a, q->value[i])));
	return out;
}

static void check_instant(const struct query *q, const char *name)
{
	static struct faults faults;
	char text[INSTANT_TEXT];
	struct instant t;
	struct local again;

	faults.len = 0;
	if (!query_instant(q, name, fuzz_zone(), &t, &faults)) {
		ASSERT(!query_text(q, name).p == !faults.len);
		return;
	}
	ASSERT(instant_parse(&again, instant_print_utc(t, text)));
	ASSERT(local_instant(again).s == t.s);
}

static void check_value(const struct query *q, const struct query_field *f)
{
	struct str text = query_text(q, f->name);

	if (!text.p)
		return;
	ASSERT(text.n > 0);
	switch (f->type) {
	case QUERY_ID: ASSERT(text_is_id(text)); break;
	case QUERY_TEXT: ASSERT(text.n <= QUERY_TEXT_MAX); break;
	case QUERY_INT:
		ASSERT(query_int(q, f->name, f->min) >= f->min);
		ASSERT(query_int(q, f->name, f->min) <= f->max);
		break;
	case QUERY_INSTANT: check_instant(q, f->name); break;
	case QUERY_MONTH: ASSERT(query_month(q, f->name).n >= 0); break;
	case QUERY_DAY: ASSERT(query_day(q, f->name).n >= 0); break;
	case QUERY_CHOICE: break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str input = fuzz_str(data, size), path = fuzz_line(&input), why = STR_NULL;
	struct route_match match = route_find(STR("GET"), path);
	const struct query_field *fields = match.route ? match.route->query : NULL;
	struct str plain = query_decode(a, input);
	struct query q, again;

	if (plain.p)
		ASSERT(str_eq(query_decode(a, escaped(a, plain)), plain));
	if (!query_read(&q, a, input, fields, &why)) {
		ASSERT(why.p);
		return 0;
	}
	for (int i = 0; fields && fields[i].name; i++)
		check_value(&q, &fields[i]);
	ASSERT(query_read(&again, a, written(a, &q), fields, &why));
	for (int i = 0; fields && fields[i].name; i++)
		ASSERT(str_eq(q.value[i], again.value[i]) && !q.value[i].p == !again.value[i].p);
	return 0;
}
