/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/erased.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/customer_walk.h"
#include "fleet/durable.h"
#include "fleet/erase.h"

enum { PERSONS_OF_LOOK = 200, GATHER = 1000, FORGET_BATCH = 64, LINE_BYTES = ID_MAX + 8 };

/* ---- the list ---- */

struct telling {
	struct arena arena;
	struct customer_walk walk;
	uint64_t persons;
	bool good;
	void *context;
	bool (*take)(void *context, struct str id);
};

static void tell_subject(void *context, struct str subject)
{
	struct telling *t = context;

	t->good = t->good && t->take(t->context, subject);
}

static bool tell_person(void *context, struct view *v, struct str customer, struct json doc)
{
	struct telling *t = context;

	if (customer_is_erased(doc)) {
		t->persons++;
		erase_subjects(v, customer, t, tell_subject);
	}
	return t->good;
}

enum outcome erased_list(struct fleet *f, uint64_t *persons, void *context,
	bool (*take)(void *context, struct str id))
{
	struct telling t = {.good = true, .context = context, .take = take};
	enum outcome o = OK;

	arena_init(&t.arena, ARENA_MAX_DEFAULT);
	while (t.good && !t.walk.over && o == OK) {
		struct view v;
		struct txn txn;
		fleet_look(f, &v, &txn, &t.arena);
		t.good = customer_walk(&t.walk, &v, PERSONS_OF_LOOK, &t, tell_person);
		o = txn.outcome;
		fleet_look_end(&v);
		if (t.arena.full)
			o = FAULT_MEMORY;
		arena_reset(&t.arena);
	}
	arena_deinit(&t.arena);
	*persons = t.persons;
	return o == OK && !t.good ? FAULT_DISK : o;
}

static bool put_line(void *context, struct str id)
{
	FILE *out = context;

	return fprintf(out, "%.*s\n", STR_FMT(id)) > 0;
}

enum outcome erased_write(struct fleet *f, const char *file, uint64_t *persons)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	enum outcome o;

	if (!out)
		return FAULT_MEMORY;
	o = erased_list(f, persons, out, put_line);
	if (fclose(out) != 0)
		o = o == OK ? FAULT_MEMORY : o;
	if (o == OK)
		o = durable_write(file, (struct str){text, n});
	free(text);
	return o;
}

/* ---- once more ---- */

struct applying {
	struct fleet *fleet;
	uint64_t persons;
	struct str subject[FORGET_BATCH];
	char text[FORGET_BATCH][ID_MAX + 1];
	size_t len;
};

/* Such an id may be a customer's, or a booking's or a visit's that had none yet. */
static enum outcome forget_flush(struct applying *a)
{
	enum outcome o = a->len ? people_forget(fleet_people(a->fleet), a->subject, a->len) : OK;

	a->len = 0;
	return o;
}

static enum outcome forget(struct applying *a, struct str id)
{
	uint8_t key[SEAL_KEY_LEN];
	bool known = people_key(fleet_people(a->fleet), id, key);

	explicit_bzero(key, sizeof key);
	if (!known)
		return OK;
	memcpy(a->text[a->len], id.p, id.n);
	a->text[a->len][id.n] = '\0';
	a->subject[a->len] = str_from(a->text[a->len]);
	return ++a->len == FORGET_BATCH ? forget_flush(a) : OK;
}

static bool is_customer(struct fleet *f, struct str id)
{
	struct arena arena;
	struct view v;
	struct txn t;
	struct row row;
	bool is;

	arena_init(&arena, ARENA_MAX_DEFAULT);
	fleet_look(f, &v, &t, &arena);
	is = row_get(&v, ROW_CUSTOMER, id, &row);
	fleet_look_end(&v);
	arena_deinit(&arena);
	return is;
}

static enum outcome erase_again(struct applying *a, struct str id)
{
	struct command *c = command_new(VERB_CUSTOMER_ERASE);
	enum outcome o;

	if (!c)
		return FAULT_MEMORY;
	c->journal = JOURNAL_DIRECTORY;
	c->target = id;
	c->body = ERASE_AGAIN;
	c->by = STR("operator");
	o = fleet_do(a->fleet, c);
	if (o == OK)
		o = c->outcome;
	a->persons += o == OK && !c->unchanged;
	command_free(c);
	return o;
}

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0 && s.n <= ID_MAX;
}

static enum outcome take_line(struct applying *a, char *line)
{
	struct str id;

	line[strcspn(line, "\r\n")] = '\0';
	id = str_from(line);
	if (!id.n)
		return OK;
	if (!is_id(id))
		return FAULT_CORRUPT;
	return is_customer(a->fleet, id) ? erase_again(a, id) : forget(a, id);
}

enum outcome erased_apply(
	struct fleet *f, const char *file, uint64_t *persons, char *why, size_t why_size)
{
	FILE *in = fopen(file, "re");
	struct applying a = {.fleet = f};
	char line[LINE_BYTES];
	unsigned long lines = 0;
	enum outcome o = OK, kept;

	if (!in) {
		snprintf(why, why_size, "%s: %s", file, strerror(errno));
		return FAULT_DISK;
	}
	fleet_gather(f, GATHER);
	while (o == OK && fgets(line, sizeof line, in)) {
		lines++;
		o = take_line(&a, line);
	}
	if (o == OK && ferror(in))
		o = FAULT_DISK;
	fclose(in);
	kept = fleet_gather_end(f, o == OK);
	if (o == OK)
		o = kept;
	if (o == OK)
		o = forget_flush(&a);
	if (o == OK)
		o = people_scrub(fleet_people(f));
	*persons = a.persons;
	if (o != OK)
		snprintf(why, why_size, "%s, line %lu: %s", file, lines,
			o == FAULT_CORRUPT ? "this is no id: one stands on each line"
					   : outcome_title(o));
	return o;
}
