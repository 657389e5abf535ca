/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The figures of the small dealership over some days, counted in as many looks as it takes. */

#include "fleet/figures.h"
#include "fleet/render.h"
#include "tests/lib/dealership.h"

static inline struct figures *figured(struct dealership *d, struct day from, struct day until)
{
	struct figures *f = arena_alloc(&d->arena, sizeof *f);
	struct view v;
	struct txn t;
	bool more;

	assert_non_null(f);
	fleet_look(d->fleet, &v, &t, &d->arena);
	assert_true(figures_open(f, &v, STR("LYO"), from, until));
	fleet_look_end(&v);
	do {
		fleet_look(d->fleet, &v, &t, &d->arena);
		more = figures_step(f, &v);
		fleet_look_end(&v);
	} while (more);
	assert_false(f->full);
	return f;
}

static inline const struct class_use *figured_class(const struct figures *f, const char *class)
{
	for (uint32_t i = 0; i < f->classes_len; i++)
		if (str_is(f->classes[i].class, class))
			return &f->classes[i];
	fail_msg("no class %s", class);
	return NULL;
}
