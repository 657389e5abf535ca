/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Stored objects as the contract shows them: instants with the site's offset, personal data
 * unsealed, internals (claims, decision inputs) left out. One path for fresh answers, replayed
 * answers and GETs.
 */

#include "fleet/command.h"
#include "fleet/view.h"
#include "rules/appointment.h"

/* One object of contract 3 or 5. */
struct str render_row(struct view *v, enum row_kind kind, struct str id, const struct row *row);
/* What a command answers: read from the entry at `seq`, as things were then. *status, *etag_rev (0
 * = none), *location (a path, or STR_NULL) for the reply. For a journalled refusal: the outcome and
 * the detail. False: there is no such entry. */
struct answer {
	int status;
	uint64_t etag_rev;
	struct str location, body;
	struct str etag; /* the text between the quotes, where it is no revision; STR_NULL = none */
	enum outcome outcome; /* OK, or the refusal that was journalled */
	struct str detail;
};
bool render_answer(struct view *v, const struct command *c, struct answer *out);

/* What the command would do, by the same decision, nothing written: {"preview":true,"possible",
 * "hurt","moves","reason"?,"terms"?,"alternatives"?}. STR_NULL: c->outcome says why there is none.
 */
struct str render_preview(struct view *v, struct command *c);
/* Who pays which day of all loans of a visit, and their charges: by the stored decisions, each run
 * again. Bookings that were given up or lapsed pay nothing and are left out. */
struct str render_ledger(struct view *v, struct str visit, const struct row *row);
/* A booking at risk with the ways out of it; none for one that is not. */
struct str render_ripple(struct view *v, const struct row *row);
/* Cars out whose next promise is touched if they come back one step later: {"items":[...]}. */
struct str render_alarms(struct view *v, struct str site);

/* Lists and boards: contract 5 and 3; all read one snapshot. Canonical JSON in the arena. */
struct list_page {
	uint32_t limit;	   /* 1 .. 500 */
	struct str cursor; /* STR_NULL = from the start; opaque text */
	struct str about;  /* what is asked for: a cursor is of that question alone */
};
/* Whether the cursor, if there is one, was made here for that very question. Without this what is
 * no cursor of ours is the start. */
MUST_CHECK bool list_page_is_ours(struct arena *a, const struct list_page *page);
/* The place a page's cursor names; STR_NULL: the start. And the cursor of a place. */
struct str list_page_place(struct arena *a, const struct list_page *page);
struct str list_page_cursor(struct arena *a, const struct list_page *page, struct str place);
struct booking_filter {
	struct str site;
	bool has_span;
	struct span span;
	struct str status, resource, vin, q; /* STR_NULL = any */
};
struct str render_sites(struct view *v, const struct actor *actor);
struct str render_resources(struct view *v, struct str site, struct str kind, struct str class,
	const struct list_page *page);
struct str render_rulesets(struct view *v);
struct str render_bookings(
	struct view *v, const struct booking_filter *f, const struct list_page *page);
struct str render_tasks(
	struct view *v, struct str site, struct str status, const struct list_page *page);
/* What one person owes at a site, by when it is due: {"at","counts","items","more","owner"}. */
struct day_asked {
	struct str login;
	bool hears_all; /* whatever is told to somebody is told to him: a manager */
	bool all;	/* everybody's */
	uint32_t limit;
};
struct str render_day(struct view *v, struct str site, const struct day_asked *asked);
/* Contacts, the newest first: of a site, or of one customer there. */
struct str render_contacts(
	struct view *v, struct str site, struct str customer, const struct list_page *page);
/* Complaints: open first, of these the importer's, then the oldest. */
struct str render_complaints(
	struct view *v, struct str site, struct str status, const struct list_page *page);
/* What customers said in a span, counted. STR_NULL without memory. */
struct str render_voice(struct view *v, struct str site, struct span span);
/* The waiting list: who is in the line first, in its order. */
struct str render_waiting(
	struct view *v, struct str site, struct str status, const struct list_page *page);
/* What payers are asked for: drafts first. */
struct str render_claim_list(
	struct view *v, struct str site, struct str status, const struct list_page *page);
/* Attachments by their ids: {"items":[...]}. */
struct str render_attachments(struct view *v, const struct str *ids, uint32_t len);
struct str render_board(struct view *v, struct str site, struct span span);
struct str render_search(struct view *v, struct str q, const struct actor *actor);
/* Availability questions; solution and window were checked by the caller. JSON_ABSENT text on
 * unknown site. */
struct str render_availability(
	struct view *v, struct str site, struct str solution, struct str class, struct span span);
struct str render_next(struct view *v, struct str site, struct str solution, struct str class,
	int64_t minutes, struct instant after, uint32_t count);
/* When a customer may come (rules/appointment.h). */
struct appointment_times {
	struct str site, desk, visit; /* desk STR_NULL: of anybody; visit: which is to be moved */
	uint32_t serial;	      /* of its present claims; 0: there are none */
	enum appointment_why why;
	struct instant now, after;
	int64_t minutes; /* of work */
	int32_t wish_min;
	uint32_t count;
};
struct str render_appointment_times(struct view *v, const struct appointment_times *asked);
/* Whom the advisors of a site expect on a day, and how full it is. */
struct str render_appointments(struct view *v, struct str site, struct day day);
/* A month of the refused-demand book: counts, and what extra cars would have saved. STR_NULL on an
 * unknown site. */
struct str render_demand(struct view *v, struct str site, struct day first);
/* Figures that are counted (figures.h), whole as JSON or one table of them as CSV. STR_NULL without
 * memory. */
struct figures;
enum figures_table {
	TABLE_UTILISATION, /* by day and class */
	TABLE_CLASSES,	   /* turn rate, length of use, late returns; all classes last */
	TABLE_DEMAND,
	TABLE_PAYERS,
	TABLE_SUMMARY, /* what has no class */
};
struct str render_figures_json(const struct figures *f);
struct str render_figures_csv(const struct figures *f, enum figures_table table);
/* One event of the stream for an entry: {"seq","at","kind","changes":[{"kind","id"}]}: no personal
 * data. */
struct str render_event(struct view *v, struct str journal, uint64_t seq);
/* contract 6 */
/* The claim-ready light of a visit: what each payer's part of its loans still misses. */
struct str render_claim_ready(struct view *v, struct str visit, const struct row *row);
/* One line of the journal export, without newline: {"event":...,"hash":...,"prev":...}. */
struct str render_journal_line(struct view *v, struct str journal, uint64_t seq);
