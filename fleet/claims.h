/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What was lent at others' expense, line by line, for whoever has to prove it (contract 6): one
 * line for each covered row of a loan that has begun, with the findings an auditor would have.
 * A loan whose car was exchanged is one loan: it began, was signed for and had its papers seen when
 * the first car went out; the car lent, its odometer, fuel and charge, and who handed it over are
 * the last one's.
 */

#include "fleet/render_parts.h"
#include "fleet/warranty_claim.h"
#include "rules/audit.h"

// clang-format off
/* In the order of the table that people open; JSON has them by name. */
#define CLAIM_COLUMNS(X) \
	X(site) X(number) X(booking) X(visit) X(status) X(ro_number) X(ro_opened_at) \
	X(ro_closed_at) X(ro_odometer_in) X(ro_odometer_out) X(claim_number) \
	X(supplier_invoice) X(supplier_net_minor) X(vin) X(plate) \
	X(customer) X(programme) X(programme_title) X(programme_version) X(programme_article) \
	X(ruleset_version) X(ruleset_sha256) X(inputs_sha256) X(decision) X(payer) \
	X(cost_code) X(solution) X(class) X(currency) X(amount_minor) X(net_minor) \
	X(value_minor) X(customer_minor) X(days_claimed) X(cap_days) X(max_per_day) \
	X(authorisation_ref) X(delay_reason) X(resource) X(lent_plate) X(lent_vin) X(from) \
	X(until) X(loan_out_at) X(loan_in_at) X(claimed_from) X(claimed_to) \
	X(loan_odometer_out) X(loan_odometer_in) X(fuel_out) X(fuel_in) X(charge_out) \
	X(charge_in) X(documents_checked) X(licence_checked_at) X(agreement_signed_at) \
	X(handed_over_by) X(taken_back_by) X(journal_seq) X(journal_hash) X(findings) \
	X(claim_id) X(claim) X(claim_status) X(light) X(missing)
// clang-format on

enum claim_column {
#define X(name) COLUMN_##name,
	CLAIM_COLUMNS(X)
#undef X
		COLUMNS_LEN
};
extern const char *const claim_column_names[COLUMNS_LEN];

enum cell_type { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_INSTANT, CELL_RAW };
struct cell {
	enum cell_type type;
	struct str text; /* CELL_TEXT; CELL_RAW: canonical JSON, a list of words or a boolean */
	int64_t number;	 /* CELL_NUMBER; CELL_INSTANT: seconds */
};

struct claim_line {
	struct claim claim;
	struct str booking;
	uint32_t findings; /* bit = enum finding */
	uint32_t needs;	   /* bit = enum claim_need: what is missing beside them */
	bool asked;	   /* somebody outside the house bears it */
	enum booking_status loan;
	bool filed; /* a claim was drafted for it: its newest one's status */
	enum warranty_claim_status status;
	struct cell cell[COLUMNS_LEN];
};

struct claim_lines {
	struct view *view; /* its arena holds the lines */
	const struct roster *roster;
	struct claim_line **line;
	uint32_t len, cap;
	bool full;
};

void claim_lines_push(struct claim_lines *lines, struct claim_line *l); /* NULL: full */
/* Each programme that pays for a part of the loan is claimed apart. `look`: whose memory is taken
 * back soon. */
void claim_lines_add(struct claim_lines *lines, struct view *look, const struct booking *b,
	const struct row *row);
/* The lines of one booking first, whatever its status, then those of its car's loans at that time:
 * judged together. `own`: how many are the booking's. False without memory. */
MUST_CHECK bool claim_lines_of(struct claim_lines *out, struct view *v, const struct booking *b,
	const struct row *row, uint32_t *own);

/* ---- many, however many there are ---- */

/* Lines to be mended, those of promised loans too, where that is easiest; or lines to be claimed.
 * Neither is what left the house already. */
enum claims_ready { CLAIMS_ANY, CLAIMS_NOT_READY, CLAIMS_READY };
/* What is asked for; STR_NULL: any. A line is shown when its loan overlaps `span`. */
struct claim_filter {
	struct str site, vin, repair_order, payer, cost_code;
	struct span span;
	enum claims_ready ready;
};
/* Where a walk along them goes on: begin with zeros. */
struct claim_place {
	char tail[WALK_TAIL_MAX];
	uint8_t len;
	bool over; /* there are no more */
};
/* A walk from there along what may be asked for. */
void claim_loans_open(struct booking_walk *w, struct view *v, const struct claim_filter *f,
	struct claim_place *place);
/* One booking further; true: it is a loan that is asked for, in the look's memory. At the end
 * `place` is over. */
bool claim_loans_next(struct booking_walk *w, struct view *look, const struct claim_filter *f,
	struct claim_place *place, struct booking *b, struct row *row);
enum {
	CLAIM_PAGE_LOANS = 32,	   /* of one look */
	CLAIM_PAGE_BOOKINGS = 512, /* lent or not */
	LOANS_BESIDE_MAX = 500,	   /* of one car that are looked at for one at the same time */
};
/* Told of each loan that the lines are of, covered or not; the view's memory holds until the page
 * ends. */
struct loan_visitor {
	void *context;
	void (*loan)(void *context, struct view *v, const struct booking *b, const struct row *row);
};
/* Some more lines, in the order of their weeks or of their car's loans, each judged beside all
 * loans of its car: what is asked for does not change what is found. A page may have none. False
 * without memory, or when there is no such site. */
MUST_CHECK bool claim_lines_page(struct claim_lines *out, struct view *v,
	const struct claim_filter *f, struct claim_place *place);
MUST_CHECK bool claim_lines_visit(struct claim_lines *out, struct view *v,
	const struct claim_filter *f, struct claim_place *place,
	const struct loan_visitor *visitor);

/* ---- as others read them ---- */

// clang-format off
#define CLAIM_FORMATS(X) \
	X(JSON, "json") X(JSONL, "jsonl") X(CSV, "csv") X(CSV_FR, "csv-fr") X(XLSX, "xlsx")
// clang-format on
enum claim_format {
#define X(name, text) CLAIMS_##name,
	CLAIM_FORMATS(X)
#undef X
		CLAIM_FORMATS_LEN
};
extern const char *const claim_formats[CLAIM_FORMATS_LEN + 1]; /* NULL at the end */
/* CLAIM_FORMATS_LEN: none is called so. */
enum claim_format claim_format_find(struct str name);

/* A page after the other as text, in every format but XLSX; begin with the format alone. The whole
 * is one list ({"items":[...],"next":null}), one object a line, or one table with a head. CSV_FR is
 * what a French Excel opens by a double click: semicolons, decimal commas, days first, a mark that
 * it is UTF-8; columns of money are in whole units there and lose their `_minor`. */
struct claims_text {
	enum claim_format format;
	bool begun, some;
};
/* STR_NULL without memory; may be empty. In the arena of the lines' view. */
struct str claims_text_page(
	struct claims_text *text, const struct claim_lines *lines, bool is_last);
struct str claims_csv_page(const struct claims_text *text, const struct claim_lines *lines);
/* The row of CSV that a line of JSON Lines has beside it; JSON_ABSENT: the head. In the arena. */
struct str claims_csv_again(struct arena *a, struct json line);
/* One object, members in order. */
struct str claim_line_json(struct arena *a, const struct claim_line *l, const struct zone *zone);
