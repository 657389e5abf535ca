/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A TZif file. Whatever zone it makes, its clock can be read at any time of ours: changes come one
 * after the other and each changes something, a reading that exists leads back to itself.
 */

#include "tests/fuzz/fuzz.h"

enum { CHANGES_MAX = 64, DAY = 86400 };
#define LAST_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static void check_wall(const struct zone *z, int64_t wall_s)
{
	struct local l;

	if (zone_instant(&l, z, wall_s) == ZONE_NEVER)
		return;
	ASSERT(l.wall_s == wall_s);
	struct local back = zone_local(z, local_instant(l));
	ASSERT(back.wall_s == wall_s && back.offset_s == l.offset_s);
}

static void check_instant(const struct zone *z, int64_t s)
{
	struct local l = zone_local(z, (struct instant){s}), first;
	struct local before = zone_local(z, (struct instant){s - DAY});
	struct local after = zone_local(z, (struct instant){s + DAY});

	ASSERT(local_instant(l).s == s);
	check_wall(z, l.wall_s);
	/* Far from any change a reading is there once. */
	if (before.offset_s == l.offset_s && after.offset_s == l.offset_s)
		ASSERT(zone_instant(&first, z, l.wall_s) != ZONE_NEVER);
}

static void check_changes(const struct zone *z, int64_t from_s)
{
	struct instant t = {from_s}, next;

	for (int i = 0; i < CHANGES_MAX && zone_change_after(&next, z, t); i++) {
		ASSERT(next.s > t.s);
		int32_t before_s = zone_local(z, (struct instant){next.s - 1}).offset_s;
		int32_t after_s = zone_local(z, next).offset_s;
		ASSERT(before_s != after_s);
		if (next.s < 0 || next.s > LAST_S)
			return;
		check_instant(z, next.s - 1);
		check_instant(z, next.s);
		/* The hour that is skipped, or there twice. */
		check_wall(z, next.s + (before_s + after_s) / 2);
		t = next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t at_s[] = {
		0, 1, 1000000000, 1774745999, 4102444800, 4102444799, INT64_C(32503680000), LAST_S};
	static struct zone zone;

	if (!zone_read(&zone, STR("Any/Zone"), fuzz_str(data, size)))
		return 0;
	ASSERT(zone.transitions_len <= ZONE_TRANSITIONS_MAX);
	for (uint32_t i = 1; i < zone.transitions_len; i++)
		ASSERT(zone.transition_s[i] > zone.transition_s[i - 1]);
	for (size_t i = 0; i < ARRAY_LEN(at_s); i++) {
		check_instant(&zone, at_s[i]);
		check_changes(&zone, at_s[i]);
	}
	return 0;
}
