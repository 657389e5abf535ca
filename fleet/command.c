/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/command.h"

#include <stdlib.h>

static const struct {
	const char *kind;
	bool directory;
	int status;
} table[] = {
#define X(name, kind, directory, status) [VERB_##name] = {kind, directory, status},
	VERBS(X)
#undef X
};

const char *verb_kind(enum verb v)
{
	ASSERT(v < VERBS_LEN);
	return table[v].kind;
}

bool verb_is_directory(enum verb v)
{
	ASSERT(v < VERBS_LEN);
	return table[v].directory;
}

int verb_status(enum verb v)
{
	ASSERT(v < VERBS_LEN);
	return table[v].status;
}

bool verb_from_kind(enum verb *out, struct str kind)
{
	for (size_t i = 0; i < VERBS_LEN; i++)
		if (str_is(kind, table[i].kind)) {
			*out = (enum verb)i;
			return true;
		}
	return false;
}

struct command *command_new(enum verb verb)
{
	struct command *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->verb = verb;
	c->body = STR("{}");
	arena_init(&c->arena, ARENA_MAX_DEFAULT);
	return c;
}

void command_renew(struct command *c, enum verb verb)
{
	struct arena arena = c->arena;

	arena_reset(&arena);
	*c = (struct command){.verb = verb, .body = STR("{}"), .arena = arena};
}

void command_free(struct command *c)
{
	if (!c)
		return;
	arena_deinit(&c->arena);
	free(c);
}
