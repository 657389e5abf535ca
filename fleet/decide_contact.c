/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"

#include "fleet/merge.h"

#include <stdio.h>

/* A call or a message is written down; what was promised in it falls due by the site's rules. */

enum { CONTACT_BYTES_MAX = 4096, POINTER_MAX = 40 };

/* ---- what is promised ---- */

struct promise {
	enum task_kind kind;
	struct str owner;
	struct instant due;
};

static bool is_event(enum task_kind kind)
{
	return kind == TASK_AFTER_DELIVERY || kind == TASK_PROSPECT;
}

/* "When it suits the customer" (LEX-6) is a time that is still to come, with somebody there. */
static enum outcome wish(struct decide *d, const struct roster *r, const char *at,
	struct instant wished, struct promise *p)
{
	char pointer[POINTER_MAX];

	snprintf(pointer, sizeof pointer, "%s/at", at);
	if (wished.s <= d->now.s)
		return refuse_field(d, pointer, "this is past");
	if (!opening_holds(&r->opening, roster_local(r, wished).wall_s, 0))
		return refuse_field(d, pointer, "nobody is there then: the doors are shut");
	p->due = wished;
	return OK;
}

static enum outcome read_promise(
	struct decide *d, const struct roster *r, struct json said, uint32_t i, struct promise *p)
{
	char at[POINTER_MAX / 2], pointer[POINTER_MAX];
	struct instant event = d->now;
	struct str owner = json_str_at(said, "owner");
	bool has_at = doc_instant(said, "at", &event);

	snprintf(at, sizeof at, "/promises/%u", i);
	snprintf(pointer, sizeof pointer, "%s/kind", at);
	ASSERT(task_kind_from(&p->kind, json_str_at(said, "kind")));
	if (!deadline_said(r->doc, task_deadline(p->kind)).on)
		return refuse_field(d, pointer, "this site has turned %s off",
			deadline_rule(task_deadline(p->kind))->id);
	if (!deadline_due(&p->due, task_deadline(p->kind), &r->opening, r->zone, event))
		return refuse_field(d, pointer, "the doors of this site stay shut");
	if (p->due.s <= d->now.s) {
		snprintf(pointer, sizeof pointer, "%s/at", at);
		return refuse_field(d, pointer, "what is due after that is past already");
	}
	snprintf(pointer, sizeof pointer, "%s/owner", at);
	if (owner.n && !(p->owner = task_owner_known(d, owner)).n)
		return refuse_field(d, pointer, "nobody of this name may work at this site");
	return has_at && !is_event(p->kind) ? wish(d, r, at, event, p) : OK;
}

static enum outcome read_promises(struct decide *d, struct promise *out, uint32_t *len)
{
	const struct roster *r = decide_roster(d);
	struct json list = json_get(d->body, "promises");
	char pointer[POINTER_MAX];
	enum outcome o = OK;

	*len = 0;
	for (struct json e = json_first(list); json_present(e) && o == OK; e = json_next(list, e)) {
		struct promise *p = &out[*len];
		*p = (struct promise){.owner = STR_NULL};
		o = read_promise(d, r, e, *len, p);
		for (uint32_t i = 0; i < *len && o == OK; i++)
			if (out[i].kind == p->kind) {
				snprintf(pointer, sizeof pointer, "/promises/%u/kind", *len);
				o = refuse_field(d, pointer, "this is promised twice");
			}
		++*len;
	}
	return o;
}

/* A prospect is contacted after seven working days, and once more after a month (AVT-4b). */
static void draft_promises(
	struct decide *d, const struct promise *p, uint32_t len, struct task_subject subject)
{
	for (uint32_t i = 0; i < len; i++) {
		subject.owner = p[i].owner;
		draft_task(d, p[i].kind, &subject, p[i].due);
		if (p[i].kind == TASK_PROSPECT)
			draft_promise(d, TASK_PROSPECT_MONTH, &subject, d->now);
	}
}

/* ---- the contact ---- */

/* What it is about: each of them known, and this site's where it is a site's. */
static enum outcome check_about(struct decide *d, struct str *customer)
{
	struct str booking = json_str_at(d->body, "booking"), visit = json_str_at(d->body, "visit"),
		   vin = json_str_at(d->body, "vin");
	struct row row;

	*customer = json_str_at(d->body, "customer");
	if (customer->n && !customer_get(&d->view, *customer, &row))
		return refuse_field(d, "/customer", "there is no such customer");
	if (vin.n && !row_get(&d->view, ROW_VEHICLE, vin, &row))
		return refuse_field(d, "/vin", "there is no such car");
	if (visit.n && (!row_get(&d->view, ROW_VISIT, visit, &row) ||
			       !str_eq(json_str_at(row.doc, "site"), d->command->journal)))
		return refuse_field(d, "/visit", "there is no such visit at this site");
	if (visit.n && !customer->n)
		*customer = json_str_at(row.doc, "customer");
	if (booking.n && (!row_get(&d->view, ROW_BOOKING, booking, &row) ||
				 !str_eq(json_str_at(row.doc, "site"), d->command->journal)))
		return refuse_field(d, "/booking", "there is no such booking at this site");
	if (booking.n && !customer->n)
		*customer = json_str_at(row.doc, "customer");
	*customer = customer->n ? customer_of(&d->view, *customer) : STR_NULL;
	return OK;
}

static struct str sealed_words(struct decide *d, struct str subject)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(d->body).n + 64);
	json_object_begin(&w);
	if (json_count(json_get(d->body, "questions")))
		json_kv_raw(&w, "questions", json_raw(json_get(d->body, "questions")));
	json_kv_raw(&w, "reason", json_raw(json_get(d->body, "reason")));
	json_object_end(&w);
	return draft_private(d, JSON_ABSENT, subject, arena_written(d->view.arena, &w));
}

static void write_promised(struct json_writer *w, const struct promise *p, uint32_t len)
{
	if (!len)
		return;
	json_k(w, "promised");
	json_array_begin(w);
	for (uint32_t i = 0; i < len; i++)
		json_put_str(w, str_from(task_kind_name(p[i].kind)));
	json_array_end(w);
}

static void write_handed(struct decide *d, struct json_writer *w, struct str to)
{
	json_k(w, "handed");
	json_object_begin(w);
	write_at_by(d, w);
	json_kv_str(w, "to", to);
	json_object_end(w);
}

enum outcome decide_contact_make(struct decide *d)
{
	struct promise promises[CONTACT_PROMISES_MAX];
	struct str to = json_str_at(d->body, "handed_to"), customer, id, sealed;
	struct task_subject subject = {.booking = STR_NULL};
	struct json_writer w;
	uint32_t len;
	enum outcome o;

	if (!decide_roster(d))
		return REFUSED_NOT_FOUND;
	o = check_about(d, &customer);
	if (o == OK)
		o = read_promises(d, promises, &len);
	if (o != OK)
		return o;
	if (to.n && !(to = task_owner_known(d, to)).n)
		return refuse_field(d, "/handed_to", "nobody of this name may work at this site");
	id = id_new(d->view.arena, d->view.env, d->now);
	sealed = sealed_words(d, customer.n ? customer : id);
	if (!sealed.n)
		return FAULT_BUSY;
	arena_writer(d->view.arena, &w, sealed.n + json_raw(d->body).n + CONTACT_BYTES_MAX);
	json_object_begin(&w);
	json_kv_instant(&w, "at", d->now);
	json_kv_member(&w, d->body, "booking");
	json_kv_str(&w, "by", d->command->by);
	json_kv_member(&w, d->body, "channel");
	json_kv_member(&w, d->body, "confirmed");
	json_kv_member(&w, d->body, "consent");
	json_kv_str(&w, "contact", id);
	if (customer.n)
		json_kv_str(&w, "customer", customer);
	json_kv_member(&w, d->body, "direction");
	if (to.n)
		write_handed(d, &w, to);
	json_kv_int(&w, "open", json_count(json_get(d->body, "questions")));
	json_kv_raw(&w, "private", sealed);
	write_promised(&w, promises, len);
	json_kv_str(&w, "site", d->command->journal);
	json_kv_member(&w, d->body, "vin");
	json_kv_member(&w, d->body, "visit");
	json_object_end(&w);
	draft_put(d, ROW_CONTACT, id, arena_written(d->view.arena, &w));
	subject.contact = id;
	subject.customer = customer;
	for (uint32_t i = 0; i < len; i++)
		if (!promises[i].owner.n)
			promises[i].owner = to; /* who takes it over keeps its promises */
	draft_promises(d, promises, len, subject);
	return OK;
}

/* ---- afterwards ---- */

static enum outcome take_contact(struct decide *d, struct row *row)
{
	if (!row_get(&d->view, ROW_CONTACT, d->command->target, row) ||
		!str_eq(json_str_at(row->doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	return OK;
}

static enum outcome refuse_contact(struct decide *d, enum outcome o)
{
	return refuse_with(d, o,
		arena_printf(d->view.arena, "{\"contact\":\"%.*s\"}", STR_FMT(d->command->target)));
}

/* What was promised goes along with whoever promised it himself. */
static void pass_tasks(struct decide *d, struct str to)
{
	for (int k = 0; k < TASK_KINDS_LEN; k++) {
		struct str id;
		struct row task;
		struct json_writer w;
		if (!task_open_find(d, (enum task_kind)k, d->command->target, &id) ||
			!row_get(&d->view, ROW_TASK, id, &task) ||
			!str_eq(json_str_at(task.doc, "owner"), d->command->by) ||
			!task_room(d, (enum task_kind)k, d->command->target))
			continue;
		arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
		json_object_begin(&w);
		json_kv_str(&w, "owner", to);
		json_object_end(&w);
		draft_set(d, ROW_TASK, id, arena_written(d->view.arena, &w));
	}
}

/* At most one transfer (LEX-5a2). */
enum outcome decide_contact_transfer(struct decide *d)
{
	struct str to = json_str_at(d->body, "to");
	struct json_writer w;
	struct row row;
	enum outcome o = take_contact(d, &row);

	if (o != OK)
		return o;
	if (json_present(json_get(row.doc, "handed")))
		return refuse_contact(d, REFUSED_TRANSFERRED);
	to = task_owner_known(d, to);
	if (!to.n)
		return refuse_field(d, "/to", "nobody of this name may work at this site");
	if (str_eq(to, d->command->by))
		return refuse_field(d, "/to", "this is who hands over");
	arena_writer(d->view.arena, &w, CONTACT_BYTES_MAX);
	json_object_begin(&w);
	write_handed(d, &w, to);
	json_object_end(&w);
	draft_set(d, ROW_CONTACT, d->command->target, arena_written(d->view.arena, &w));
	pass_tasks(d, to);
	return OK;
}

enum outcome decide_contact_answered(struct decide *d)
{
	struct json_writer w;
	struct row row;
	struct str customer, sealed;
	enum outcome o = take_contact(d, &row);

	if (o != OK)
		return o;
	if (json_int_at(row.doc, "open", 0) == 0)
		return refuse_contact(d, REFUSED_STATE);
	customer = json_str_at(row.doc, "customer");
	sealed = draft_private_text(
		d, row.doc, customer.n ? customer : d->command->target, "answers", "answers");
	arena_writer(d->view.arena, &w, sealed.n + CONTACT_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "done");
	json_object_begin(&w);
	write_at_by(d, &w);
	json_object_end(&w);
	json_kv_int(&w, "open", 0);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_object_end(&w);
	draft_set(d, ROW_CONTACT, d->command->target, arena_written(d->view.arena, &w));
	return OK;
}
