/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"
#include "fleet/task.h"

/* What people do with a task: they keep the promise, move it with a reason, or hand it over. */

enum { MOVED_DAYS_MAX = 366 };

static enum outcome refuse_closed(struct decide *d, struct json task)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, TASK_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "task", json_str_at(task, "task"));
	json_kv_str(&w, "task_status", json_str_at(task, "status"));
	json_object_end(&w);
	return refuse_with(d, REFUSED_STATE, arena_written(d->view.arena, &w));
}

/* The open task that is meant, of this site. */
static enum outcome take_task(struct decide *d, struct row *row)
{
	if (!row_get(&d->view, ROW_TASK, d->command->target, row) ||
		!str_eq(json_str_at(row->doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	if (!str_is(json_str_at(row->doc, "status"), task_status_name(TASK_OPEN)))
		return refuse_closed(d, row->doc);
	return OK;
}

/* Whose words a note's are: the customer's whom it is about. */
static struct str subject_of(struct decide *d, struct json task)
{
	struct str booking = json_str_at(task, "booking"), customer = json_str_at(task, "customer"),
		   about = task_about(task);
	struct row row;

	if (!customer.n && booking.n && row_get(&d->view, ROW_BOOKING, booking, &row))
		customer = json_str_at(row.doc, "customer");
	if (customer.n)
		return customer;
	return booking.n			? booking
	       : json_str_at(task, "contact").n ? about
						: json_str_at(task, "task");
}

static void write_done(struct decide *d, struct json_writer *w)
{
	json_k(w, "done");
	json_object_begin(w);
	write_at_by(d, w);
	json_object_end(w);
}

/* What the customer said on the telephone counts as what he says himself (decide_message.c). */
static void draft_comes(struct decide *d, struct json task)
{
	struct booking b;
	uint64_t rev;

	if (booking_get(&d->view, json_str_at(task, "booking"), &b, &rev) &&
		b.status == BOOKING_BOOKED && str_eq(b.site, d->command->journal))
		draft_confirmed(d, &b);
}

enum outcome decide_task_done(struct decide *d)
{
	struct row row;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_task(d, &row);
	bool comes = json_bool_at(d->body, "customer_confirmed", false);

	if (o != OK)
		return o;
	if (comes && !str_is(json_str_at(row.doc, "kind"), task_kind_name(TASK_CONFIRM)))
		return refuse_field(d, "/customer_confirmed",
			"this task does not ask the customer whether he comes");
	sealed = draft_private_text(d, row.doc, subject_of(d, row.doc), "note", "note");
	arena_writer(d->view.arena, &w, TASK_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	write_done(d, &w);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "status", str_from(task_status_name(TASK_DONE)));
	json_object_end(&w);
	draft_set(d, ROW_TASK, d->command->target, arena_written(d->view.arena, &w));
	if (comes)
		draft_comes(d, row.doc);
	return OK;
}

/* ---- moved, handed over: every step stays, with its reason ---- */

/* Why, sealed beside the reasons there were: one for each step, in their order. */
static struct str reasons_with(struct decide *d, struct json task)
{
	struct json private = private_open(&d->view, json_get(task, "private"));
	struct json known = json_get(private, "reasons"), reason = json_get(d->body, "reason");
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(known).n + json_raw(reason).n + 64);
	json_object_begin(&w);
	json_k(&w, "reasons");
	json_array_begin(&w);
	for (struct json e = json_first(known); json_present(e); e = json_next(known, e))
		json_put_raw(&w, json_raw(e));
	if (json_is_null(reason))
		json_put_str(&w, STR(""));
	else
		json_put_raw(&w, json_raw(reason));
	json_array_end(&w);
	json_object_end(&w);
	return draft_private(d, task, subject_of(d, task), arena_written(d->view.arena, &w));
}

static void write_steps(struct json_writer *w, const char *key, struct json known)
{
	json_k(w, key);
	json_array_begin(w);
	for (struct json e = json_first(known); json_present(e); e = json_next(known, e))
		json_put_raw(w, json_raw(e));
	json_object_begin(w);
}

static enum outcome check_steps(struct decide *d, struct json task)
{
	uint64_t steps = json_count(json_get(task, "moved")) + json_count(json_get(task, "handed"));

	if (steps < TASK_STEPS_MAX)
		return OK;
	return refuse_with(d, REFUSED_LIMIT,
		arena_printf(
			d->view.arena, "{\"task\":\"%.*s\"}", STR_FMT(json_str_at(task, "task"))));
}

static size_t steps_bytes(struct json task, struct str sealed)
{
	return json_raw(json_get(task, "moved")).n + json_raw(json_get(task, "handed")).n +
	       sealed.n + TASK_BYTES_MAX;
}

static enum outcome check_moved(struct decide *d, struct instant to)
{
	if (to.s <= d->now.s)
		return refuse_field(d, "/due_at",
			"this is past: a task is moved to a time that is still to come");
	if (to.s > d->now.s + MOVED_DAYS_MAX * INT64_C(86400))
		return refuse_field(
			d, "/due_at", "a task is moved by at most %d days", MOVED_DAYS_MAX);
	return OK;
}

enum outcome decide_task_move(struct decide *d)
{
	struct row row;
	struct json_writer w;
	struct instant due, to;
	struct str sealed;
	enum task_kind kind;
	enum outcome o = take_task(d, &row);

	if (o == OK)
		o = check_steps(d, row.doc);
	if (o != OK)
		return o;
	ASSERT(doc_instant(d->body, "due_at", &to) && doc_instant(row.doc, "due_at", &due) &&
		task_kind_from(&kind, json_str_at(row.doc, "kind")));
	o = check_moved(d, to);
	if (o != OK)
		return o;
	sealed = reasons_with(d, row.doc);
	arena_writer(d->view.arena, &w, steps_bytes(row.doc, sealed));
	json_object_begin(&w);
	json_kv_instant(&w, "due_at", to);
	/* who was told already is not told as if he knew nothing */
	write_escalates(&w, kind, to, json_int_at(row.doc, "escalated", 0));
	write_steps(&w, "moved", json_get(row.doc, "moved"));
	write_at_by(d, &w);
	json_kv_instant(&w, "from", due);
	json_kv_instant(&w, "to", to);
	json_object_end(&w);
	json_array_end(&w);
	json_kv_raw(&w, "private", sealed);
	json_object_end(&w);
	draft_set(d, ROW_TASK, d->command->target, arena_written(d->view.arena, &w));
	return OK;
}

enum outcome decide_task_hand_over(struct decide *d)
{
	struct row row;
	struct json_writer w;
	struct str to, was, sealed;
	enum outcome o = take_task(d, &row);

	if (o == OK)
		o = check_steps(d, row.doc);
	if (o != OK)
		return o;
	to = task_owner_known(d, json_str_at(d->body, "to"));
	if (!to.n)
		return refuse_field(d, "/to", "nobody of this name may work at this site");
	was = json_str_at(row.doc, "owner");
	if (str_eq(to, was))
		return refuse_field(d, "/to", "the task is this person's already");
	sealed = reasons_with(d, row.doc);
	arena_writer(d->view.arena, &w, steps_bytes(row.doc, sealed));
	json_object_begin(&w);
	write_steps(&w, "handed", json_get(row.doc, "handed"));
	write_at_by(d, &w);
	if (was.n)
		json_kv_str(&w, "from", was);
	json_kv_str(&w, "to", to);
	json_object_end(&w);
	json_array_end(&w);
	json_kv_str(&w, "owner", to);
	json_kv_raw(&w, "private", sealed);
	json_object_end(&w);
	draft_set(d, ROW_TASK, d->command->target, arena_written(d->view.arena, &w));
	return OK;
}
