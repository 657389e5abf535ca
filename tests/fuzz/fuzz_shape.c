/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The name of a shape, and behind it a body that is held against it. The kept form is canonical,
 * and kept as it is when it is checked again: what the house stored it can read. */

#include "server/json.h"
#include "server/shapes.h"
#include "tests/fuzz/fuzz.h"

static struct faults faults;

static const struct shape *shape_named(struct str name)
{
	for (uint32_t i = 0; i < shapes_all_len; i++)
		if (str_is(name, shapes_all[i]->name))
			return shapes_all[i];
	return NULL;
}

static struct str check(struct arena *a, const struct shape *shape, struct str source)
{
	struct shape_context context = {.zone = fuzz_zone()};

	faults.len = 0;
	struct str kept = shape_check(a, shape, source, &context, &faults);
	ASSERT(!kept.p == (faults.len > 0));
	return kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str input = fuzz_str(data, size), why;
	const struct shape *shape = shape_named(fuzz_line(&input));
	struct str source = json_from_outside(a, input, &why);
	struct json_doc *doc;

	if (!source.p || !shape)
		return 0;
	struct str kept = check(a, shape, source);
	if (!kept.p)
		return 0;
	ASSERT(json_present(arena_json(a, kept, &doc)) && doc->canonical);
	ASSERT(str_eq(check(a, shape, kept), kept));
	return 0;
}
