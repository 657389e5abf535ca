/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"

#include "fleet/merge.h"

/*
 * A complaint is taken about any record, answered within the day with the customer's agreement
 * (AVT-2b), and solved by a person's word: it is never deleted and never closes by itself (CSI-8 to
 * CSI-10).
 */

enum { COMPLAINT_BYTES_MAX = 2048, NEXT_DAYS_MAX = 366 };

/* ---- about whom ---- */

static enum outcome check_about(struct decide *d, struct str *customer)
{
	struct json about = json_get(d->body, "about");
	struct str id = json_str_at(about, "id"), word = json_str_at(about, "kind"), site;
	enum row_kind kind;
	struct row row;

	ASSERT(row_kind_from(&kind, word));
	if (!(kind == ROW_CUSTOMER ? customer_get(&d->view, id, &row)
				   : row_get(&d->view, kind, id, &row)))
		return refuse_field(d, "/about/id", "there is no such record");
	site = json_str_at(row.doc, "site");
	if (site.n && !str_eq(site, d->command->journal) &&
		!str_eq(json_str_at(row.doc, "for_site"), d->command->journal))
		return refuse_field(d, "/about/id", "this is another site's record");
	*customer = json_str_at(row.doc, kind == ROW_VEHICLE ? "owner" : "customer");
	if (!json_is_null(json_get(d->body, "customer"))) {
		*customer = json_str_at(d->body, "customer");
		if (!customer_get(&d->view, *customer, &row))
			return refuse_field(d, "/customer", "there is no such customer");
	}
	*customer = customer->n ? customer_of(&d->view, *customer) : STR_NULL;
	return OK;
}

/* ---- its steps ---- */

static void write_step(struct decide *d, struct json_writer *w, enum complaint_status status)
{
	json_object_begin(w);
	if (status == COMPLAINT_ANSWERED)
		json_kv_bool(w, "agreed", json_bool_at(d->body, "agreed", false));
	write_at_by(d, w);
	json_kv_str(w, "status", str_from(complaint_statuses[status]));
	json_object_end(w);
}

/* The words of each step, sealed in their order. */
static struct str sealed_words(struct decide *d, struct json doc, struct str subject)
{
	struct json private = private_open(&d->view, json_get(doc, "private"));
	struct json known = json_get(private, "words");
	struct json_writer w;

	arena_writer(
		d->view.arena, &w, json_raw(known).n + json_raw(json_get(d->body, "text")).n + 64);
	json_object_begin(&w);
	json_k(&w, "words");
	json_array_begin(&w);
	for (struct json e = json_first(known); json_present(e); e = json_next(known, e))
		json_put_raw(&w, json_raw(e));
	json_put_raw(&w, json_raw(json_get(d->body, "text")));
	json_array_end(&w);
	json_object_end(&w);
	return draft_private(d, doc, subject, arena_written(d->view.arena, &w));
}

/* ---- taken ---- */

enum outcome decide_complaint_make(struct decide *d)
{
	struct task_subject subject = {.booking = STR_NULL};
	bool top = str_is(json_str_at(d->body, "channel"), "importer");
	struct str customer, id, sealed, owner = json_str_at(d->body, "owner");
	struct json_writer w;
	enum outcome o;

	if (!decide_roster(d))
		return REFUSED_NOT_FOUND;
	o = check_about(d, &customer);
	if (o != OK)
		return o;
	if (owner.n && !(owner = task_owner_known(d, owner)).n)
		return refuse_field(d, "/owner", "nobody of this name may work at this site");
	id = id_new(d->view.arena, d->view.env, d->now);
	sealed = sealed_words(d, JSON_ABSENT, customer.n ? customer : id);
	if (!sealed.n)
		return FAULT_BUSY;
	arena_writer(d->view.arena, &w, sealed.n + COMPLAINT_BYTES_MAX);
	json_object_begin(&w);
	json_kv_raw(&w, "about", json_raw(json_get(d->body, "about")));
	write_at_by(d, &w);
	json_kv_raw(&w, "category", json_raw(json_get(d->body, "category")));
	json_kv_raw(&w, "channel", json_raw(json_get(d->body, "channel")));
	json_kv_str(&w, "complaint", id);
	if (customer.n)
		json_kv_str(&w, "customer", customer);
	json_kv_str(&w, "owner", owner.n ? owner : d->command->by);
	json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "site", d->command->journal);
	json_kv_str(&w, "status", str_from(complaint_statuses[COMPLAINT_OPEN]));
	json_k(&w, "steps");
	json_array_begin(&w);
	write_step(d, &w, COMPLAINT_OPEN);
	json_array_end(&w);
	if (top)
		json_kv_bool(&w, "top", true);
	json_object_end(&w);
	draft_put(d, ROW_COMPLAINT, id, arena_written(d->view.arena, &w));
	subject.complaint = id;
	subject.customer = customer;
	subject.owner = owner;
	subject.urgent = top;
	draft_promise(d, TASK_COMPLAINT, &subject, d->now);
	return OK;
}

/* ---- answered, solved, open again ---- */

static enum outcome refuse_complaint(struct decide *d, enum outcome o, struct json doc)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, COMPLAINT_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "complaint", json_str_at(doc, "complaint"));
	json_kv_str(&w, "complaint_status", json_str_at(doc, "status"));
	json_object_end(&w);
	return refuse_with(d, o, arena_written(d->view.arena, &w));
}

static enum outcome take_complaint(struct decide *d, struct row *row, enum complaint_status to)
{
	bool solved;

	if (!row_get(&d->view, ROW_COMPLAINT, d->command->target, row) ||
		!str_eq(json_str_at(row->doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	solved = str_is(json_str_at(row->doc, "status"), complaint_statuses[COMPLAINT_SOLVED]);
	if (solved != (to == COMPLAINT_OPEN))
		return refuse_complaint(d, REFUSED_STATE, row->doc);
	if (json_count(json_get(row->doc, "steps")) >= COMPLAINT_STEPS_MAX)
		return refuse_complaint(d, REFUSED_LIMIT, row->doc);
	return OK;
}

static void draft_step(struct decide *d, struct json doc, enum complaint_status to)
{
	struct json known = json_get(doc, "steps");
	struct str customer = json_str_at(doc, "customer");
	struct str sealed =
		sealed_words(d, doc, customer.n ? customer : json_str_at(doc, "complaint"));
	struct json_writer w;

	arena_writer(d->view.arena, &w, sealed.n + json_raw(known).n + COMPLAINT_BYTES_MAX);
	json_object_begin(&w);
	json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "status", str_from(complaint_statuses[to]));
	json_k(&w, "steps");
	json_array_begin(&w);
	for (struct json e = json_first(known); json_present(e); e = json_next(known, e))
		json_put_raw(&w, json_raw(e));
	write_step(d, &w, to);
	json_array_end(&w);
	json_object_end(&w);
	draft_set(d, ROW_COMPLAINT, d->command->target, arena_written(d->view.arena, &w));
}

static enum outcome check_next(struct decide *d, struct instant next)
{
	if (next.s <= d->now.s)
		return refuse_field(d, "/next_at", "this is past");
	if (next.s > d->now.s + NEXT_DAYS_MAX * INT64_C(86400))
		return refuse_field(d, "/next_at", "at most %d days ahead", NEXT_DAYS_MAX);
	return OK;
}

enum outcome decide_complaint_step(struct decide *d)
{
	enum verb verb = d->command->verb;
	enum complaint_status to = verb == VERB_COMPLAINT_ANSWER  ? COMPLAINT_ANSWERED
				   : verb == VERB_COMPLAINT_SOLVE ? COMPLAINT_SOLVED
								  : COMPLAINT_OPEN;
	struct task_subject subject = {.complaint = d->command->target};
	struct instant next;
	struct row row;
	bool has_next = doc_instant(d->body, "next_at", &next);
	enum outcome o = take_complaint(d, &row, to);

	if (o == OK && has_next)
		o = check_next(d, next);
	if (o != OK)
		return o;
	subject.customer = json_str_at(row.doc, "customer");
	subject.owner = json_str_at(row.doc, "owner");
	subject.urgent = json_bool_at(row.doc, "top", false);
	draft_step(d, row.doc, to);
	/* told, but he does not agree: the promise is not kept yet */
	if (to == COMPLAINT_SOLVED || json_bool_at(d->body, "agreed", false))
		draft_task_done(d, TASK_COMPLAINT, d->command->target);
	if (to == COMPLAINT_OPEN)
		draft_promise(d, TASK_COMPLAINT, &subject, d->now);
	if (to == COMPLAINT_SOLVED && !has_next)
		draft_task_done(d, TASK_FOLLOW_UP, d->command->target);
	if (has_next)
		draft_task_at(d, TASK_FOLLOW_UP, &subject, next);
	return OK;
}
