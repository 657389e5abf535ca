/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_batch.h"

#include "server/import_record.h"

enum { DETAIL_ARENA_BYTES = 64 << 10 };

void import_look(struct import *im, struct view *v, struct txn *t, struct arena *a)
{
	fleet_look_beside(im->fleet, im->live ? im->live->rosters : NULL, v, t, a);
}

void import_drop(struct import_batch *b, struct command *c)
{
	c->next = b->spare;
	b->spare = c;
}

void import_batch_end(struct import_batch *b)
{
	for (struct command *c = b->spare, *next; c; c = next) {
		next = c->next;
		command_free(c);
	}
	b->spare = NULL;
}

static struct command *command_take(struct import_batch *b, enum verb verb)
{
	struct command *c = b->spare;

	if (!c)
		return command_new(verb);
	b->spare = c->next;
	command_renew(c, verb);
	return c;
}

struct command *import_command(struct import_batch *b, enum verb verb, struct str journal,
	struct str target, struct str key)
{
	struct command *c = b->fault == OK ? command_take(b, verb) : NULL;

	if (!c) {
		b->fault = b->fault == OK ? FAULT_MEMORY : b->fault;
		return NULL;
	}
	c->journal = arena_copy(&c->arena, journal);
	c->target = target.n ? arena_copy(&c->arena, target) : STR_NULL;
	c->key = key.n ? arena_copy(&c->arena, key) : STR_NULL;
	c->by = arena_copy(&c->arena, b->im->by);
	/* The file says how things are: it is not an edit of what somebody looked at. */
	c->if_match = STR("*");
	return c;
}

void import_batch_add(struct import_batch *b, struct command *c, struct str body)
{
	c->body = arena_copy(&c->arena, body);
	if (c->arena.full) {
		import_drop(b, c);
		b->fault = FAULT_MEMORY;
		return;
	}
	b->command[b->len++] = c;
	if (b->len == (b->im->live ? b->im->live->batch_max : BATCH_MAX))
		import_batch_run(b);
}

enum outcome import_run(struct import *im, struct command **command, uint32_t len)
{
	return im->live ? im->live->run(im, command, len) : fleet_run(im->fleet, command, len);
}

void import_batch_run(struct import_batch *b)
{
	struct command *ran[BATCH_MAX];
	uint32_t len = b->len;

	if (len > 0 && b->fault == OK)
		b->fault = import_record_begin(b->im);
	for (uint32_t i = 0; i < len && b->im->record; i++)
		b->command[i]->group = str_from(b->im->record->id);
	if (len > 0 && b->fault == OK)
		b->fault = import_run(b->im, b->command, len);
	/* What an answer sets off may already fill the next batch. */
	memcpy(ran, b->command, sizeof ran);
	b->len = 0;
	for (uint32_t i = 0; i < len; i++) {
		if (b->fault == OK)
			ran[i]->done(ran[i]);
		import_drop(b, ran[i]);
	}
}

/* The booking has gone another way here than the file tells: who reads that can do something. */
static bool state_told(struct import *im, uint32_t line, const struct command *c)
{
	struct str status;
	struct arena a;

	if (c->outcome != REFUSED_STATE || c->detail.n == 0)
		return false;
	arena_init(&a, DETAIL_ARENA_BYTES);
	status = json_str_at(arena_json(&a, c->detail, NULL), "booking_status");
	if (status.n > 0)
		import_fault(im, line, "",
			"the booking is %.*s here, so that what this row tells of it was not done: "
			"take the row out, or set the booking right at the desk and import it "
			"again",
			STR_FMT(status));
	arena_deinit(&a);
	return status.n > 0;
}

void import_refused(struct import *im, uint32_t line, const struct command *c)
{
	uint32_t fields = c->faults ? c->faults->len : 0;

	if (state_told(im, line, c))
		return;

	for (uint32_t i = 0; i < fields && i < ARRAY_LEN(c->faults->fault); i++)
		import_fault(
			im, line, c->faults->fault[i].pointer, "%s", c->faults->fault[i].detail);
	if (fields == 0)
		import_fault(im, line, "", "%s%s%.*s", outcome_title(c->outcome),
			c->detail.n ? ": " : "", STR_FMT(c->detail));
}
