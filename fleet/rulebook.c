/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/rosters.h"

#include <stdlib.h>

/* Rule sets are immutable and known by their hash, so a decoded one is good for as long as the
 * thread. */
struct rulebook {
	struct ruleset ruleset;
	struct str text; /* owned: the strings of ruleset point into it */
	struct arena arena;
	struct json doc;
	uint64_t rev;
	char sha256[HASH_TEXT];
	struct rulebook *next;
};

static struct rulebook *rulebook_decode(struct view *v, struct str version)
{
	struct rulebook *b = calloc(1, sizeof *b);
	struct faults *faults = calloc(1, sizeof *faults);
	struct row row;
	struct hash hash;

	if (!b || !faults || !row_get(v, ROW_RULESET, version, &row)) {
		v->arena->full |= !b || !faults; /* not to be had is not the same as not there */
		free(b);
		free(faults);
		return NULL;
	}
	arena_init(&b->arena, ARENA_MAX_DEFAULT);
	b->text = arena_copy(&b->arena, row.text);
	b->doc = arena_json(&b->arena, b->text, NULL);
	b->rev = row.rev;
	hash = hash_of(b->text);
	hash_print(&hash, b->sha256);
	/* It was checked when it was stored; what no longer reads was not written by us. */
	ASSERT(json_present(b->doc) && ruleset_read(&b->ruleset, b->doc, true, faults));
	free(faults);
	return b;
}

void rulebooks_free(struct rosters *r)
{
	while (r->rulebooks) {
		struct rulebook *b = r->rulebooks;
		r->rulebooks = b->next;
		arena_deinit(&b->arena);
		free(b);
	}
}

/* The revision alone, without reading the whole of it. */
static bool rulebook_rev(struct view *v, struct str version, uint64_t *rev)
{
	struct key key = key_row(ROW_RULESET, version);
	struct str value;
	size_t at = 0;

	return txn_get(v->txn, DB_ROWS, key_str(&key), &value) && key_take_u64(value, &at, rev);
}

static bool rulebook_row(struct view *v, struct str version, struct ruleset_row *out)
{
	struct rulebook *b;
	uint64_t rev;

	if (!version.n || version.n > ID_MAX || !rulebook_rev(v, version, &rev))
		return false;
	for (b = v->rosters->rulebooks; b; b = b->next)
		if (b->rev == rev && str_eq(b->ruleset.version, version))
			break;
	if (!b) {
		b = rulebook_decode(v, version);
		if (!b)
			return false;
		b->next = v->rosters->rulebooks;
		v->rosters->rulebooks = b;
	}
	out->ruleset = &b->ruleset;
	out->version = b->ruleset.version;
	out->doc = b->doc;
	memcpy(out->sha256, b->sha256, HASH_TEXT);
	return true;
}

bool ruleset_on(struct view *v, struct day day, struct ruleset_row *out)
{
	struct key prefix = key_ruleset_prefix();
	struct key below = key_ruleset_from((struct day){day.n + 1}, STR(""));
	struct cursor c;
	struct str version = STR_NULL;

	below.n--; /* without the closing NUL: below every version of the day after */
	cursor_open(&c, v->txn, DB_INDEX);
	if (cursor_seek_last(&c, key_str(&below)) && cursor_within(&c, key_str(&prefix)))
		version = arena_copy(v->arena, c.value);
	cursor_close(&c);
	return version.n && rulebook_row(v, version, out);
}

bool ruleset_by_hash(struct view *v, struct str version, struct str sha256, struct ruleset_row *out)
{
	return rulebook_row(v, version, out) && str_is(sha256, out->sha256);
}
