/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * decide reads the state at the journal's head and drafts one entry, or refuses. `now` and fresh
 * ids come in from outside; nothing here writes the store.
 */

#include "fleet/booking.h"
#include "fleet/command.h"
#include "fleet/demand.h"
#include "fleet/inputs.h"
#include "fleet/person.h"
#include "fleet/plan.h"
#include "fleet/task.h"

enum { EFFECT_BYTES_MAX = ENTRY_BYTES_MAX - 4096, ATTACHED_OF_ENTRY_MAX = 2 };

struct decide {
	struct view view;
	struct keyring *keyring; /* borrowed: the batch's */
	struct command *command; /* borrowed */
	struct instant now;	 /* never before the journal's last entry */
	struct json body;
	struct json_writer effects; /* the entry's effects, in the command's arena */
	uint32_t effects_len;
	struct str drafted[EFFECTS_MAX]; /* the ids, in the order of the effects */
	enum row_kind kinds[EFFECTS_MAX];
	struct str sets[EFFECTS_MAX]; /* new members of a booking that is changed; else none */
	struct str puts[EFFECTS_MAX]; /* a booking that is made; else none */
	uint32_t tasks_len;
	struct {
		enum task_kind kind;
		struct str subject;
	} tasks[EFFECTS_MAX];	/* drafted or dropped: see task.h */
	bool too_big;		/* a draft did not fit its room: there is no entry */
	bool erased;		/* words were to be sealed for who is forgotten: likewise */
	uint32_t serials;	/* given in this decision */
	struct seating seating; /* the calendar as this decision leaves it */
	struct demand unmet;	/* of the last refuse_no_seat(); without a solution: none */
	uint32_t attached_len;
	struct {
		struct str attachment, bytes;
		uint8_t key[SEAL_KEY_LEN];
	} attached[ATTACHED_OF_ENTRY_MAX]; /* kept with the entry: see attachment.h */
};

/* OK with effects: an entry. OK without: nothing to do, command->seq names the revision. Else a
 * refusal: command->detail and command->faults say more. */
MUST_CHECK enum outcome decide(struct decide *d);

/* ---- drafting ---- */
void draft_put(struct decide *d, enum row_kind kind, struct str id, struct str doc);
void draft_set(struct decide *d, enum row_kind kind, struct str id, struct str members);
void draft_delete(struct decide *d, enum row_kind kind, struct str id);
/* Where that object stands among the drafts, effects_len when it does not: an entry changes an
 * object once, so whoever drafts many asks first. */
uint32_t draft_place(const struct decide *d, struct str id);
/* The next serial and number of the journal's site. */
uint32_t draft_serial(struct decide *d);
struct str draft_number(struct decide *d, uint32_t serial);

/* "at" and "by": now, and who asks. */
void write_at_by(const struct decide *d, struct json_writer *w);
/* `members` (a canonical object) joins what `doc` already holds sealed: free words are about
 * people. The
 * {"of","sealed"} member for a set; STR_NULL when the batch's keyring is full. For whoever is
 * erased no key is made again: the decision becomes REFUSED_ERASED. */
struct str draft_private(struct decide *d, struct json doc, struct str subject, struct str members);
/* The same for one text of the request's body: {"NAME":TEXT}. STR_NULL when the body has none. */
struct str draft_private_text(
	struct decide *d, struct json doc, struct str subject, const char *name, const char *key);

/* The customer says that he comes at its time. */
void draft_confirmed(struct decide *d, const struct booking *b);
/* Beside a refusal: what was wanted and could not be had joins the refused-demand book. */
void draft_unmet(struct decide *d);

/* ---- refusing ---- */
enum outcome refuse_field(struct decide *d, const char *pointer, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* A refusal with facts, written by the caller as a canonical object. */
enum outcome refuse_with(struct decide *d, enum outcome o, struct str detail);
/* "Nothing is free": the facts from which alternatives are computed anew whenever it is answered.
 */
enum outcome refuse_no_seat(struct decide *d, const struct plan_ask *ask, enum plan_result why);
/* Names the bookings that stand in the way: what lies on a seat, or these serials. */
enum outcome refuse_broken(struct decide *d, enum outcome o, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except);
enum outcome refuse_hurt(
	struct decide *d, struct str resource, const uint32_t *serials, uint32_t len);
/* Whether another object of this site has one of these foreign ids: REFUSED_KNOWN names it. */
enum outcome check_external(struct decide *d, enum row_kind kind, struct str site,
	struct json external, struct str except);
/* 428 without If-Match, 412 when it is stale. */
enum outcome check_match(struct decide *d, const struct row *present);
/* PUT of a whole object whose kept form is `doc`: unchanged, new (created) or replaced. */
enum outcome decide_put(struct decide *d, enum row_kind kind, struct str id, struct str doc);

/* The booking meant, of this site; REFUSED_NOT_FOUND otherwise. REFUSED_STATE unless its status is
 * one of `allowed` (bits 1 << enum booking_status). */
enum outcome take_booking(struct decide *d, struct booking *b, unsigned allowed);
/* The booking behind a claim's serial at this site; false when it is a block, or nothing. */
bool serial_booking(struct decide *d, uint32_t serial, struct booking *b);
/* The object behind a serial of this site: a booking, a block, or a desk that is kept. */
bool serial_row(struct decide *d, uint32_t serial, enum row_kind *kind, struct str *id);
const struct roster *decide_roster(struct decide *d);

/* ---- one function per verb ---- */
enum outcome decide_site_put(struct decide *d);
enum outcome decide_resource_put(struct decide *d);
enum outcome decide_resource_ready(struct decide *d);
enum outcome decide_block_add(struct decide *d);
enum outcome decide_block_remove(struct decide *d);
enum outcome decide_ruleset_put(struct decide *d);
enum outcome decide_customer_put(struct decide *d);
enum outcome decide_customer_erase(struct decide *d);
enum outcome decide_customer_merge(struct decide *d);
enum outcome decide_vehicle_put(struct decide *d);
enum outcome decide_cover_check(struct decide *d);
enum outcome decide_visit_open(struct decide *d);
enum outcome decide_visit_change(struct decide *d);
enum outcome decide_repair_order_put(struct decide *d);
enum outcome decide_claim_draft(struct decide *d);
enum outcome decide_claim_step(struct decide *d);
enum outcome decide_visit_bookings(struct decide *d);
enum outcome decide_booking_make(struct decide *d);
enum outcome decide_booking_book(struct decide *d);
enum outcome decide_booking_cancel(struct decide *d);
enum outcome decide_booking_no_show(struct decide *d);
enum outcome decide_booking_reinstate(struct decide *d);
enum outcome decide_booking_reschedule(struct decide *d);
enum outcome decide_booking_change(struct decide *d);
enum outcome decide_booking_move(struct decide *d);
enum outcome decide_booking_pin(struct decide *d);
enum outcome decide_booking_unpin(struct decide *d);
enum outcome decide_booking_check_out(struct decide *d);
enum outcome decide_booking_check_in(struct decide *d);
enum outcome decide_booking_exchange(struct decide *d);
enum outcome decide_booking_extend(struct decide *d);
enum outcome decide_booking_late(struct decide *d);
enum outcome decide_booking_correct(struct decide *d);
enum outcome decide_booking_note(struct decide *d);
enum outcome decide_booking_attach(struct decide *d);
enum outcome decide_booking_asked(struct decide *d);
enum outcome decide_booking_sign(struct decide *d);
enum outcome decide_booking_confirmed(struct decide *d);
enum outcome decide_task_done(struct decide *d);
enum outcome decide_task_move(struct decide *d);
enum outcome decide_task_hand_over(struct decide *d);
enum outcome decide_task_message(struct decide *d);
enum outcome decide_contact_make(struct decide *d);
enum outcome decide_contact_transfer(struct decide *d);
enum outcome decide_contact_answered(struct decide *d);
enum outcome decide_complaint_make(struct decide *d);
enum outcome decide_complaint_step(struct decide *d);
enum outcome decide_waiting_add(struct decide *d);
enum outcome decide_waiting_drop(struct decide *d);
enum outcome decide_tick(struct decide *d);
enum outcome decide_demand(struct decide *d);
enum outcome decide_import(struct decide *d);
enum outcome decide_import_undo(struct decide *d);
