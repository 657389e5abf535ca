/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"

#include "fleet/appointment.h"
#include "fleet/apply.h"
#include "fleet/external.h"
#include "fleet/pool.h"
#include "fleet/reseat.h"

#include <stdarg.h>
#include <stdio.h>

enum { DETAIL_BYTES_MAX = 16 << 10, NAMED_MAX = 20 };

static enum outcome decide_verb(struct decide *d)
{
	switch (d->command->verb) {
	case VERB_SITE_PUT: return decide_site_put(d);
	case VERB_RESOURCE_PUT: return decide_resource_put(d);
	case VERB_RESOURCE_READY: return decide_resource_ready(d);
	case VERB_BLOCK_ADD: return decide_block_add(d);
	case VERB_BLOCK_REMOVE: return decide_block_remove(d);
	case VERB_RULESET_PUT: return decide_ruleset_put(d);
	case VERB_CUSTOMER_PUT: return decide_customer_put(d);
	case VERB_CUSTOMER_ERASE: return decide_customer_erase(d);
	case VERB_CUSTOMER_MERGE: return decide_customer_merge(d);
	case VERB_VEHICLE_PUT: return decide_vehicle_put(d);
	case VERB_COVER_CHECK: return decide_cover_check(d);
	case VERB_VISIT_OPEN: return decide_visit_open(d);
	case VERB_VISIT_CHANGE: return decide_visit_change(d);
	case VERB_REPAIR_ORDER_PUT: return decide_repair_order_put(d);
	case VERB_CLAIM_DRAFT: return decide_claim_draft(d);
	case VERB_CLAIM_COMPLETE:
	case VERB_CLAIM_REOPEN:
	case VERB_CLAIM_EXPORT:
	case VERB_CLAIM_ACCEPT:
	case VERB_CLAIM_CHARGE_BACK:
	case VERB_CLAIM_WITHDRAW: return decide_claim_step(d);
	case VERB_VISIT_BOOKINGS: return decide_visit_bookings(d);
	case VERB_BOOKING_MAKE: return decide_booking_make(d);
	case VERB_BOOKING_BOOK: return decide_booking_book(d);
	case VERB_BOOKING_CANCEL: return decide_booking_cancel(d);
	case VERB_BOOKING_NO_SHOW: return decide_booking_no_show(d);
	case VERB_BOOKING_REINSTATE: return decide_booking_reinstate(d);
	case VERB_BOOKING_RESCHEDULE: return decide_booking_reschedule(d);
	case VERB_BOOKING_CHANGE: return decide_booking_change(d);
	case VERB_BOOKING_MOVE: return decide_booking_move(d);
	case VERB_BOOKING_PIN: return decide_booking_pin(d);
	case VERB_BOOKING_UNPIN: return decide_booking_unpin(d);
	case VERB_BOOKING_CHECK_OUT: return decide_booking_check_out(d);
	case VERB_BOOKING_CHECK_IN: return decide_booking_check_in(d);
	case VERB_BOOKING_EXCHANGE: return decide_booking_exchange(d);
	case VERB_BOOKING_EXTEND: return decide_booking_extend(d);
	case VERB_BOOKING_LATE: return decide_booking_late(d);
	case VERB_BOOKING_CORRECT: return decide_booking_correct(d);
	case VERB_BOOKING_NOTE: return decide_booking_note(d);
	case VERB_BOOKING_ATTACH: return decide_booking_attach(d);
	case VERB_BOOKING_ASKED: return decide_booking_asked(d);
	case VERB_BOOKING_SIGN: return decide_booking_sign(d);
	case VERB_BOOKING_CONFIRMED: return decide_booking_confirmed(d);
	case VERB_TASK_DONE: return decide_task_done(d);
	case VERB_TASK_MOVE: return decide_task_move(d);
	case VERB_TASK_HAND_OVER: return decide_task_hand_over(d);
	case VERB_TASK_MESSAGE: return decide_task_message(d);
	case VERB_CONTACT_MAKE: return decide_contact_make(d);
	case VERB_CONTACT_TRANSFER: return decide_contact_transfer(d);
	case VERB_CONTACT_ANSWERED: return decide_contact_answered(d);
	case VERB_COMPLAINT_MAKE: return decide_complaint_make(d);
	case VERB_COMPLAINT_ANSWER:
	case VERB_COMPLAINT_SOLVE:
	case VERB_COMPLAINT_REOPEN: return decide_complaint_step(d);
	case VERB_WAITING_ADD: return decide_waiting_add(d);
	case VERB_WAITING_DROP: return decide_waiting_drop(d);
	case VERB_TICK: return decide_tick(d);
	case VERB_DEMAND: return decide_demand(d);
	case VERB_IMPORT: return decide_import(d);
	case VERB_IMPORT_UNDO: return decide_import_undo(d);
	case VERBS_LEN: break;
	}
	ASSERT(false);
}

enum outcome decide(struct decide *d)
{
	enum outcome o;

	d->seating = (struct seating){.cap = SEATING_MAX,
		.claim = arena_take(d->view.arena, SEATING_MAX * sizeof *d->seating.claim)};
	if (!d->seating.claim)
		return FAULT_MEMORY;
	o = decide_verb(d);
	if (o == OK)
		draft_moves(d);
	if (o == OK)
		draft_tasks(d);
	if (o == OK && d->erased)
		return REFUSED_ERASED;
	return o == OK && (d->too_big || d->seating.full) ? FAULT_MEMORY : o;
}

uint32_t draft_place(const struct decide *d, struct str id)
{
	uint32_t i = 0;

	while (i < d->effects_len && !str_eq(d->drafted[i], id))
		i++;
	return i;
}

/* A visit and its repair order have one id. */
static bool is_drafted(const struct decide *d, enum row_kind kind, struct str id)
{
	for (uint32_t i = 0; i < d->effects_len; i++)
		if (d->kinds[i] == kind && str_eq(d->drafted[i], id))
			return true;
	return false;
}

static void draft(
	struct decide *d, const char *op, enum row_kind kind, struct str id, struct str doc)
{
	/* apply would read the object as it was before the entry, twice */
	ASSERT(!is_drafted(d, kind, id));
	if (d->effects_len == EFFECTS_MAX || (!doc.n && !str_is(str_from(op), "delete"))) {
		d->too_big = true;
		return;
	}
	d->drafted[d->effects_len] = id;
	d->kinds[d->effects_len] = kind;
	d->sets[d->effects_len] =
		kind == ROW_BOOKING && str_is(str_from(op), "set") ? doc : STR_NULL;
	d->puts[d->effects_len] =
		kind == ROW_BOOKING && str_is(str_from(op), "put") ? doc : STR_NULL;
	json_object_begin(&d->effects);
	if (doc.n)
		json_kv_raw(&d->effects, "doc", doc);
	json_kv_str(&d->effects, "id", id);
	json_kv_str(&d->effects, "kind", str_from(row_kind_name(kind)));
	json_kv_str(&d->effects, "op", str_from(op));
	json_object_end(&d->effects);
	d->effects_len++;
}

void draft_put(struct decide *d, enum row_kind kind, struct str id, struct str doc)
{
	draft(d, "put", kind, id, doc);
}

void draft_set(struct decide *d, enum row_kind kind, struct str id, struct str members)
{
	draft(d, "set", kind, id, members);
}

void draft_delete(struct decide *d, enum row_kind kind, struct str id)
{
	draft(d, "delete", kind, id, STR_NULL);
}

uint32_t draft_serial(struct decide *d)
{
	return site_serial(d->view.txn, d->command->journal) + ++d->serials;
}

void write_at_by(const struct decide *d, struct json_writer *w)
{
	json_kv_instant(w, "at", d->now);
	json_kv_str(w, "by", d->command->by);
}

struct str draft_number(struct decide *d, uint32_t serial)
{
	return arena_printf(d->view.arena, "%.*s-%06u", STR_FMT(d->command->journal), serial);
}

static struct faults *faults_of(struct decide *d)
{
	if (!d->command->faults)
		d->command->faults = arena_alloc(d->view.arena, sizeof *d->command->faults);
	return d->command->faults;
}

enum outcome refuse_field(struct decide *d, const char *pointer, const char *format, ...)
{
	struct faults *f = faults_of(d);
	char detail[160];
	va_list args;

	if (!f)
		return FAULT_MEMORY;
	va_start(args, format);
	vsnprintf(detail, sizeof detail, format, args);
	va_end(args);
	faults_add(f, pointer, "%s", detail);
	return REFUSED_INVALID;
}

enum outcome refuse_with(struct decide *d, enum outcome o, struct str detail)
{
	d->command->detail = detail;
	return o;
}

enum outcome refuse_no_seat(struct decide *d, const struct plan_ask *ask, enum plan_result why)
{
	struct str reason = str_from(plan_result_reason(why));
	struct json_writer w;

	d->unmet = demand_of(ask->roster, ask->window, ask->solution.id, ask->class,
		why == PLAN_NO_SEAT && ask->resource.n ? DEMAND_NAMED_SEAT : reason);
	arena_writer(d->view.arena, &w, DETAIL_BYTES_MAX);
	json_object_begin(&w);
	if (ask->class.n)
		json_kv_str(&w, "class", ask->class);
	json_kv_int(&w, "distance_km", ask->distance_km);
	if (ask->for_site)
		json_kv_str(&w, "for_site", ask->for_site->site);
	json_kv_instant(&w, "from", ask->window.from);
	json_kv_str(&w, "reason", reason);
	json_kv_str(&w, "solution", ask->solution.id);
	json_kv_instant(&w, "until", ask->window.until);
	json_object_end(&w);
	return refuse_with(d, REFUSED_NO_SEAT, arena_written(d->view.arena, &w));
}

bool serial_row(struct decide *d, uint32_t serial, enum row_kind *kind, struct str *id)
{
	struct key key = key_site_serial(d->command->journal, serial);
	struct str value;

	if (!txn_get(d->view.txn, DB_INDEX, key_str(&key), &value) || value.n < 2)
		return false;
	*kind = (enum row_kind)value.p[0];
	*id = arena_copy(d->view.arena, (struct str){value.p + 1, value.n - 1});
	return true;
}

bool serial_booking(struct decide *d, uint32_t serial, struct booking *b)
{
	return booking_of_serial(&d->view, d->command->journal, serial, b);
}

static void name_one(struct decide *d, struct json_writer *w, uint32_t serial)
{
	enum row_kind kind;
	struct str id;
	struct row row;
	struct instant from, until;

	if (!serial_row(d, serial, &kind, &id) || !row_get(&d->view, kind, id, &row))
		return;
	if (kind == ROW_VISIT) {
		appointment_named(w, id, row.doc);
		return;
	}
	if (!doc_instant(row.doc, "from", &from) || !doc_instant(row.doc, "until", &until))
		return;
	json_object_begin(w);
	json_kv_str(w, kind == ROW_BLOCK ? "block" : "booking", id);
	json_kv_instant(w, "from", from);
	if (kind == ROW_BOOKING)
		json_kv_str(w, "number", draft_number(d, serial));
	else if (kind == ROW_DESK && row_get(&d->view, ROW_BOOKING, id, &row))
		json_kv_str(w, "number", json_str_at(row.doc, "number"));
	json_kv_instant(w, "until", until);
	json_object_end(w);
}

static enum outcome refuse_naming(struct decide *d, enum outcome o, struct str resource,
	const uint32_t *serials, uint32_t len)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, DETAIL_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "bookings");
	json_array_begin(&w);
	for (uint32_t i = 0; i < len && i < NAMED_MAX; i++)
		name_one(d, &w, serials[i]);
	json_array_end(&w);
	json_kv_str(&w, "resource", resource);
	json_object_end(&w);
	return refuse_with(d, o, arena_written(d->view.arena, &w));
}

enum outcome refuse_hurt(
	struct decide *d, struct str resource, const uint32_t *serials, uint32_t len)
{
	return refuse_naming(d, REFUSED_PROMISES_BROKEN, resource, serials, len);
}

enum outcome refuse_broken(struct decide *d, enum outcome o, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except)
{
	struct claim_row claims[NAMED_MAX];
	uint32_t serials[NAMED_MAX], len = 0;
	size_t n = calendar_claims(d->view.txn, seat, from, until, claims, NAMED_MAX);

	for (size_t i = 0; i < n && i < NAMED_MAX; i++)
		if (claims[i].serial != except)
			serials[len++] = claims[i].serial;
	return refuse_naming(d, o, seat.resource, serials, len);
}

enum outcome check_external(struct decide *d, enum row_kind kind, struct str site,
	struct json external, struct str except)
{
	struct str other = external_taken(&d->view, kind, site, external, except);
	struct json_writer w;

	if (!other.n)
		return OK;
	arena_writer(d->view.arena, &w, DETAIL_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, row_kind_name(kind), other);
	json_object_end(&w);
	return refuse_with(d, REFUSED_KNOWN, arena_written(d->view.arena, &w));
}

enum outcome check_match(struct decide *d, const struct row *present)
{
	struct str expected =
		arena_printf(d->view.arena, "\"%llu\"", (unsigned long long)present->rev);

	if (!d->command->if_match.n)
		return REFUSED_NO_IF_MATCH;
	if (str_is(d->command->if_match, "*") || str_eq(d->command->if_match, expected))
		return OK;
	return REFUSED_STALE;
}

enum outcome decide_put(struct decide *d, enum row_kind kind, struct str id, struct str doc)
{
	struct row present;
	enum outcome o;

	if (!row_get(&d->view, kind, id, &present)) {
		d->command->created = true;
		draft_put(d, kind, id, doc);
		return OK;
	}
	if (str_eq(present.text, doc)) {
		d->command->unchanged = true;
		d->command->seq = present.rev;
		return OK;
	}
	o = check_match(d, &present);
	if (o == OK)
		draft_put(d, kind, id, doc);
	return o;
}

enum outcome take_booking(struct decide *d, struct booking *b, unsigned allowed)
{
	uint64_t rev;
	struct json_writer w;

	if (!booking_get(&d->view, d->command->target, b, &rev) ||
		!str_eq(b->site, d->command->journal))
		return REFUSED_NOT_FOUND;
	if (allowed >> b->status & 1)
		return OK;
	arena_writer(d->view.arena, &w, DETAIL_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "booking", b->id);
	json_kv_str(&w, "booking_status", str_from(booking_status_name(b->status)));
	json_object_end(&w);
	return refuse_with(d, REFUSED_STATE, arena_written(d->view.arena, &w));
}

const struct roster *decide_roster(struct decide *d)
{
	return roster_of(&d->view, d->command->journal);
}
