/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet_inside.h"
#include "fleet/stored.h"

#include <stdio.h>
#include <stdlib.h>

/* Every decision that was stored, run again from its stored inputs and its rule set: same bytes, or
 * the booking is named. Decisions are found in the entries, so each one of a booking's life is
 * replayed. */

enum { LINE_BYTES = 400, TERMS_BYTES_MAX = 64 << 10 };

struct replay {
	struct view *view;
	const struct report *report;
	uint64_t findings;
	struct stored stored;
	struct terms terms;
};

static void tell(
	struct replay *r, const struct event_head *event, struct str booking, const char *what)
{
	char line[LINE_BYTES];

	snprintf(line, sizeof line, "journal %.*s entry %llu booking %.*s: %s",
		STR_FMT(event->site), (unsigned long long)event->seq, STR_FMT(booking), what);
	r->report->say(r->report->context, line);
	r->findings++;
}

static void replay_decision(struct replay *r, const struct event_head *event, struct str id,
	struct json doc, struct json now)
{
	struct stored *stored = &r->stored;
	const char *why = stored_read(stored, r->view, now, json_get(doc, "decided"));
	struct json_writer w;
	struct str again;

	if (why) {
		tell(r, event, id, why);
		return;
	}
	decide_terms(&r->terms, &stored->request, &stored->site, stored->rules.ruleset,
		stored->solution, stored->class);
	arena_writer(r->view->arena, &w, TERMS_BYTES_MAX);
	terms_write(&w, &r->terms, stored->rules.ruleset);
	again = arena_written(r->view->arena, &w);
	if (!str_eq(again, json_raw(json_get(doc, "terms"))))
		tell(r, event, id, "deciding again gives other terms");
}

static void replay_entry(struct replay *r, struct str journal, const struct journal_entry *entry)
{
	struct event_head event;
	struct json effects;
	const char *why;

	if (event_read(r->view->arena, arena_copy(r->view->arena, entry->bytes), &event, &effects,
		    &why) != OK)
		return; /* audit verify names it */
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		struct row then;
		if (!effect_read(&effect, e) ||
			(effect.op != EFFECT_PUT && effect.op != EFFECT_SET) ||
			effect.kind != ROW_BOOKING ||
			!json_present(json_get(effect.doc, "decided")))
			continue;
		if (row_at(r->view, ROW_BOOKING, effect.id, journal, entry->seq, &then))
			replay_decision(r, &event, effect.id, effect.doc, then.doc);
	}
}

uint64_t fleet_audit_replay(struct fleet *f, const struct report *report)
{
	struct replay *r = calloc(1, sizeof *r);
	struct arena a;
	struct txn t;
	struct view v;
	struct str name = STR_NULL;
	char kept[ID_MAX + 1];
	uint64_t findings;

	if (!r)
		return 1;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(f, &v, &t, &a);
	r->view = &v;
	r->report = report;
	while (journal_next_name(&t, &name)) {
		struct journal_entry entry;
		memcpy(kept, name.p, name.n);
		name.p = kept;
		for (uint64_t seq = 1; journal_entry(&t, name, seq, &entry); seq++) {
			arena_reset(&a);
			replay_entry(r, name, &entry);
		}
	}
	fleet_look_end(&v);
	arena_deinit(&a);
	findings = r->findings;
	free(r);
	return findings;
}
