/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/attachment.h"

#include <stdio.h>

#include "fleet/fleet_inside.h"

/* Entries say what was attached: is it all there, and nothing else? One short look for each. */

enum { LINE_BYTES = 200, FINDINGS_TOLD_MAX = 50 };

bool part_is_good(struct str key, struct str value)
{
	struct str id;
	uint16_t number;
	size_t at = 0;

	return key_take_text(key, &at, &id) && id.n && id.n <= ID_MAX &&
	       key_take_u16(key, &at, &number) && at == key.n && number < ATTACHMENT_PARTS_MAX &&
	       value.n > SEAL_BOX_MORE && value.n <= ATTACHMENT_PART_BYTES + SEAL_BOX_MORE;
}

struct checking {
	struct fleet *fleet;
	const struct report *report;
	uint64_t findings;
	struct arena arena;
	char last[ID_MAX + 1]; /* where the walk stands */
};

static void tell(struct checking *c, struct str id, const char *what)
{
	char line[LINE_BYTES];

	snprintf(line, sizeof line, "attachment %.*s %s", STR_FMT(id), what);
	if (++c->findings <= FINDINGS_TOLD_MAX)
		c->report->say(c->report->context, line);
}

/* The first id of that database's keys after `last`; false at the end. */
static bool next_id(struct checking *c, struct view *v, enum db db, struct str *id)
{
	bool rows = db == DB_ROWS;
	struct key after = rows ? key_row_prefix(ROW_ATTACHMENT) : (struct key){.n = 0};
	size_t prefix = after.n;
	struct cursor cursor;
	bool some;

	if (!store_has(v->txn->store, db))
		return false;
	if (c->last[0]) {
		key_text(&after, str_from(c->last));
		after.bytes[after.n - 1] = 1; /* past all that begins with it */
	}
	cursor_open(&cursor, v->txn, db);
	some = cursor_seek(&cursor, key_str(&after)) &&
	       (!rows || (uint8_t)cursor.key.p[0] == ROW_ATTACHMENT);
	if (some) {
		ASSERT(key_take_text(cursor.key, &prefix, id));
		*id = arena_copy(v->arena, *id);
		some = id->n > 0 && id->n <= ID_MAX;
	}
	cursor_close(&cursor);
	if (some)
		snprintf(c->last, sizeof c->last, "%.*s", STR_FMT(*id));
	return some;
}

static void check_bytes(struct checking *c, struct view *v, struct str id)
{
	struct attachment a;
	struct str bytes;

	ASSERT(attachment_get(v, id, &a));
	switch (attachment_open(v, &a, &bytes)) {
	case ATTACHED_WHOLE:
	case ATTACHED_ERASED: break;
	case ATTACHED_MISSING: tell(c, id, "is not whole: bytes of it are missing"); break;
	case ATTACHED_NO_MEMORY: tell(c, id, "could not be read for want of memory"); break;
	case ATTACHED_DAMAGED:
		tell(c, id, "is damaged: its bytes are not what its entry says");
		break;
	}
}

static void check_owner(struct checking *c, struct view *v, struct str id)
{
	struct row row;

	if (!row_get(v, ROW_ATTACHMENT, id, &row))
		tell(c, id, "has bytes, and no entry that speaks of it");
}

static void check_each(struct checking *c, enum db db,
	void (*check)(struct checking *c, struct view *v, struct str id))
{
	bool some = true;

	c->last[0] = '\0';
	while (some) {
		struct view v;
		struct txn t;
		struct str id;
		fleet_look(c->fleet, &v, &t, &c->arena);
		some = next_id(c, &v, db, &id);
		if (some)
			check(c, &v, id);
		fleet_look_end(&v);
		arena_reset(&c->arena);
	}
}

uint64_t attachments_check(struct fleet *f, const struct report *report)
{
	struct checking c = {.fleet = f, .report = report};

	arena_init(&c.arena, ARENA_MAX_DEFAULT);
	check_each(&c, DB_ROWS, check_bytes);
	check_each(&c, DB_PARTS, check_owner);
	arena_deinit(&c.arena);
	return c.findings;
}
