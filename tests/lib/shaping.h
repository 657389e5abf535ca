/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Checking documents against shapes in tests. JSON is written with ' for ", so that the tables can
 * be read. One arena, reset by shaping_begin() before each case.
 */

#include "server/json.h"
#include "server/shape.h"
#include "tests/lib/check.h"

struct shaping {
	struct arena arena;
	struct zone paris;
	struct faults faults;
	struct shape_context context;
};
static struct shaping shaping; /* too large for a stack */

static inline bool shaping_zone_known(void *context, struct str name)
{
	(void)context;
	return str_is(name, "Europe/Paris") || str_is(name, "America/New_York");
}

static inline int shaping_setup(void **state)
{
	static char tzif[1 << 16];
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
	size_t n = file ? fread(tzif, 1, sizeof(tzif), file) : 0;

	(void)state;
	if (file)
		fclose(file);
	arena_init(&shaping.arena, ARENA_MAX_DEFAULT);
	shaping.context = (struct shape_context){
		.zone = &shaping.paris,
		.zone_known = shaping_zone_known,
	};
	return zone_read(&shaping.paris, STR("Europe/Paris"), (struct str){tzif, n}) ? 0 : -1;
}

static inline int shaping_teardown(void **state)
{
	(void)state;
	arena_deinit(&shaping.arena);
	return 0;
}

static inline void shaping_begin(void)
{
	arena_reset(&shaping.arena);
	shaping.faults.len = 0;
}

/* 'a':"b" both become "..." */
static inline struct str shaping_source(const char *text)
{
	struct str copy = arena_copy(&shaping.arena, str_from(text)), why, source;
	char *p = arena_alloc(&shaping.arena, copy.n + 1);

	assert_non_null(p);
	for (size_t i = 0; i < copy.n; i++)
		p[i] = copy.p[i] == '\'' ? '"' : copy.p[i];
	source = json_from_outside(&shaping.arena, (struct str){p, copy.n}, &why);
	if (!source.p)
		fail_msg("%s: %.*s", text, STR_FMT(why));
	return source;
}

static inline struct str shaping_check(const struct shape *shape, const char *text)
{
	return shape_check(
		&shaping.arena, shape, shaping_source(text), &shaping.context, &shaping.faults);
}

/* Accepted, and the kept form is this (or any, when NULL); always canonical and kept when kept
 * again. */
static inline void shaping_keeps(const struct shape *shape, const char *text, const char *kept)
{
	struct json_doc *doc;
	struct str out, again, expected;

	shaping_begin();
	out = shaping_check(shape, text);
	if (!out.p)
		fail_msg("%s: %s %s", text, shaping.faults.fault[0].pointer,
			shaping.faults.fault[0].detail);
	assert_int_equal(shaping.faults.len, 0);
	assert_true(json_present(arena_json(&shaping.arena, out, &doc)));
	assert_true(doc->canonical);
	if (kept) {
		expected = shaping_source(kept);
		if (!str_eq(out, expected))
			fail_msg("%.*s is not %s", STR_FMT(out), kept);
	}
	again = shape_check(&shaping.arena, shape, out, &shaping.context, &shaping.faults);
	assert_true(str_eq(again, out));
}

/* Refused with exactly this one fault; its sentence holds `detail` (any, when NULL). */
static inline void shaping_refuses(
	const struct shape *shape, const char *text, const char *pointer, const char *detail)
{
	const struct fault *f = &shaping.faults.fault[0];

	shaping_begin();
	assert_null(shaping_check(shape, text).p);
	if (shaping.faults.len != 1 || strcmp(f->pointer, pointer) != 0)
		fail_msg("%s: %u faults, the first %s %s, not %s", text, shaping.faults.len,
			f->pointer, f->detail, pointer);
	if (detail && !strstr(f->detail, detail))
		fail_msg("%s: \"%s\" does not say \"%s\"", text, f->detail, detail);
}
