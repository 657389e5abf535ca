/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/oracle.h"

#include <stdarg.h>
#include <unistd.h>

void wrong(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fputs("wrong: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	fflush(NULL);
	_exit(EXIT_FAILURE);
}

enum { CONFLICT = 409 };

/* The entry of the site's journal that answers a request; 0: none does. */
static uint64_t bound(const struct sim_oracle *o, const struct request *r)
{
	const struct judged_journal *j = &o->journals[0];

	for (uint64_t i = j->len; i-- > 0 && r->key[0];)
		if (strcmp(j->entries[i].key, r->key_sha256) == 0)
			return i + 1;
	return 0;
}

/* Whether the journal says that it was done: an entry may also say no. */
static bool is_done(const struct sim_oracle *o, const struct request *r)
{
	uint64_t seq = bound(o, r);

	return seq && !o->journals[0].entries[seq - 1].slug[0];
}

/* Yes, and a no that was decided at the head: it has one entry, for ever the same. */
static void judge_bound(const struct sim_oracle *o, struct request *r, uint32_t body,
	const struct command *c, enum outcome outcome, uint64_t answer)
{
	uint64_t seq = bound(o, r);
	const struct judged_entry *e = &o->journals[0].entries[seq - 1];

	if (seq == 0)
		wrong("%s %s was answered %s, but is not in the journal", verb_kind(c->verb),
			r->key, outcome_name(outcome));
	if (c->seq != seq)
		wrong("%s is entry %llu, but entry %llu was named", r->key, (unsigned long long)seq,
			(unsigned long long)c->seq);
	if (strcmp(e->body, r->body_sha256[body]) != 0)
		wrong("%s was answered, but another body is bound", r->key);
	if (strcmp(e->slug, outcome == OK ? "" : outcome_slug(outcome)) != 0)
		wrong("%s was answered %s, but the journal says \"%s\"", r->key,
			outcome_name(outcome), e->slug);
	if (!r->told.some && seq <= r->before)
		wrong("%s is older than its question", r->key);
	if (c->replayed && r->sent < 2)
		wrong("%s was sent once and answered again", r->key);
	if (r->told.some && (r->told.seq != seq || r->told.outcome != outcome ||
				    (outcome == OK && r->told.answer != answer)))
		wrong("%s was answered in two ways", r->key);
	r->told = (struct told){true, outcome, seq, answer};
}

void oracle_answer(const struct sim_oracle *o, struct request *r, uint32_t body,
	const struct command *c, enum outcome outcome, uint64_t answer)
{
	uint64_t seq = bound(o, r);

	if (outcome_is_fault(outcome))
		return; /* nobody knows: it is sent again */
	if (!r->key[0]) {
		if (outcome == OK && c->seq > o->journals[0].len)
			wrong("%s of %s was answered, but is not in the journal",
				verb_kind(c->verb), r->target);
	} else if (outcome == REFUSED_KEY_REUSED) {
		if (!seq || strcmp(o->journals[0].entries[seq - 1].body, r->body_sha256[body]) == 0)
			wrong("the key %s was not used for another request", r->key);
	} else if ((outcome == OK && !c->unchanged) || outcome_status(outcome) == CONFLICT) {
		judge_bound(o, r, body, c, outcome, answer);
	} else if (r->open == 1 && r->vanished == 0) {
		/* a no that binds no key: this try was all there is, so it is never done. Another
		 * one beside it may have been told no by the state of things. */
		if (is_done(o, r))
			wrong("%s was refused, but was done", r->key);
		r->never = outcome != OK;
	}
}

void oracle_rest(const struct sim_oracle *o, const struct request *requests, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++) {
		const struct request *r = &requests[i];
		uint64_t seq = bound(o, r);
		if (r->never && is_done(o, r))
			wrong("%s was refused for good, but was done", r->key);
		if (r->told.some && r->told.seq != seq)
			wrong("%s was answered, but its entry is gone", r->key);
		if (r->key[0] && !r->settled)
			wrong("%s never had an answer", r->key);
	}
}
