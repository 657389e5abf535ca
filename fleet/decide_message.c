/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"
#include "fleet/erase.h"
#include "fleet/message.h"

/* What is said to a customer in writing: it is written, then it was handed over or finally was not,
 * and he says that he comes. Whoever sends asks again after a crash, so what does not fit any more
 * is no fault: nothing happens. */

enum { MESSAGE_BYTES_MAX = 1024, WHY_BYTES_MAX = 200 };

static enum outcome nothing(struct decide *d, const struct row *row)
{
	d->command->unchanged = true;
	d->command->seq = row->rev;
	return OK;
}

/* ---- written ---- */

static bool is_wanted(struct decide *d, struct str channel)
{
	struct json channels = json_get(d->body, "channels");

	for (struct json c = json_first(channels); json_present(c); c = json_next(channels, c))
		if (str_eq(json_str(c), channel))
			return true;
	return false;
}

/* Its site is where the customer is. */
static bool of_booking(struct decide *d, struct json task, struct message_of *m)
{
	struct instant from;
	struct row row;

	if (!row_get(&d->view, ROW_BOOKING, json_str_at(task, "booking"), &row) ||
		!doc_instant(row.doc, "from", &from))
		return false;
	m->booking = row.doc;
	m->now = d->now;
	struct str for_site = json_str_at(row.doc, "for_site");
	struct str base = json_str_at(d->body, "link");
	if (!row_get(&d->view, ROW_SITE, for_site.n ? for_site : d->command->journal, &row))
		return false;
	m->site = row.doc;
	if (base.n)
		m->link = arena_printf(d->view.arena, "%.*s/c/%.*s", STR_FMT(base),
			STR_FMT(confirm_token(d->view.arena, people_secret(d->view.people),
				json_str_at(m->booking, "booking"), from)));
	return true;
}

static void draft_message(struct decide *d, const struct message_of *m, struct str sealed)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, sealed.n + MESSAGE_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "message");
	json_object_begin(&w);
	json_kv_instant(&w, "at", d->now);
	json_kv_str(&w, "channel", str_from(message_channel_name(m->who.channel)));
	json_kv_str(&w, "message", id_new(d->view.arena, d->view.env, d->now));
	json_kv_raw(&w, "private", sealed);
	json_kv_str(&w, "status", str_from(message_status_name(MESSAGE_WAITING)));
	json_object_end(&w);
	json_object_end(&w);
	draft_set(d, ROW_TASK, d->command->target, arena_written(d->view.arena, &w));
}

static enum outcome written(struct decide *d, const struct row *task)
{
	struct message_of m = {.who = message_recipient(&d->view, task->doc)};
	struct str plain, sealed;

	if (!message_is_wanted(&d->view, task->doc, d->now) || m.who.channel == MESSAGE_NONE ||
		!is_wanted(d, str_from(message_channel_name(m.who.channel))) ||
		subject_is_erased(&d->view, m.who.customer) || !of_booking(d, task->doc, &m))
		return nothing(d, task);
	plain = message_write(&d->view, &m);
	sealed = plain.n ? person_seal(d->keyring, d->view.arena, m.who.customer, plain) : STR_NULL;
	if (!sealed.n)
		return FAULT_MEMORY;
	draft_message(d, &m, sealed);
	return OK;
}

/* ---- handed over, or not ---- */

/* The message as it was, with how it went. */
static void write_went(struct decide *d, struct json_writer *w, struct json message, bool sent)
{
	struct str why = json_str_at(d->body, "why");
	struct json_writer over;

	arena_writer(d->view.arena, &over, MESSAGE_BYTES_MAX + why.n);
	json_object_begin(&over);
	if (!sent)
		json_kv_instant(&over, "failed_at", d->now);
	if (sent)
		json_kv_instant(&over, "sent_at", d->now);
	json_kv_str(&over, "status",
		str_from(message_status_name(sent ? MESSAGE_SENT : MESSAGE_FAILED)));
	if (!sent && why.n)
		json_kv_str(&over, "why", (struct str){why.p, why.n < WHY_BYTES_MAX ? why.n : 0});
	json_object_end(&over);
	json_kv_raw(w, "message",
		doc_merge(d->view.arena, message,
			arena_json(d->view.arena, arena_written(d->view.arena, &over), NULL)));
}

/* What was handed over keeps the promise; what was not is a person's at once. */
static enum outcome went(struct decide *d, const struct row *task, bool sent)
{
	struct json message = json_get(task->doc, "message");
	struct json_writer w;

	if (!str_eq(json_str_at(message, "message"), json_str_at(d->body, "message")) ||
		!str_is(json_str_at(message, "status"), message_status_name(MESSAGE_WAITING)))
		return nothing(d, task);
	arena_writer(d->view.arena, &w, json_raw(message).n + TASK_BYTES_MAX + MESSAGE_BYTES_MAX);
	json_object_begin(&w);
	if (sent) {
		json_k(&w, "done");
		json_object_begin(&w);
		write_at_by(d, &w);
		json_object_end(&w);
	} else {
		json_kv_instant(&w, "escalates_at", d->now);
	}
	write_went(d, &w, message, sent);
	if (sent)
		json_kv_str(&w, "status", str_from(task_status_name(TASK_DONE)));
	json_object_end(&w);
	draft_set(d, ROW_TASK, d->command->target, arena_written(d->view.arena, &w));
	return OK;
}

enum outcome decide_task_message(struct decide *d)
{
	struct str step = json_str_at(d->body, "step");
	struct row task;

	if (!row_get(&d->view, ROW_TASK, d->command->target, &task) ||
		!str_eq(json_str_at(task.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	if (!str_is(json_str_at(task.doc, "status"), task_status_name(TASK_OPEN)) ||
		!str_is(json_str_at(task.doc, "kind"), task_kind_name(TASK_CONFIRM)))
		return nothing(d, &task);
	if (str_is(step, "write"))
		return written(d, &task);
	return went(d, &task, str_is(step, "sent"));
}

/* ---- the customer says that he comes ---- */

void draft_confirmed(struct decide *d, const struct booking *b)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, MESSAGE_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "customer_confirmed");
	json_object_begin(&w);
	write_at_by(d, &w);
	json_kv_instant(&w, "from", b->from);
	json_object_end(&w);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b->id, arena_written(d->view.arena, &w));
}

enum outcome decide_booking_confirmed(struct decide *d)
{
	struct booking b;
	struct row row;
	struct instant from, before;
	enum outcome o = take_booking(d, &b, 1u << BOOKING_BOOKED);

	if (o != OK)
		return o;
	ASSERT(doc_instant(d->body, "from", &from));
	if (from.s != b.from.s)
		return refuse_with(d, REFUSED_STATE,
			arena_printf(d->view.arena, "{\"booking\":\"%.*s\"}", STR_FMT(b.id)));
	if (doc_instant(json_get(b.doc, "customer_confirmed"), "from", &before) &&
		before.s == b.from.s && row_get(&d->view, ROW_BOOKING, b.id, &row))
		return nothing(d, &row);
	draft_confirmed(d, &b);
	draft_task_done(d, TASK_CONFIRM, b.id);
	return OK;
}
