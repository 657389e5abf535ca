/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/figures_parts.h"

#include <stdlib.h>

#include "fleet/task.h"

/* Promises that were broken, visits and what they were offered, cars that are overdue. */

/* ---- broken: from the tasks of promises at risk ---- */

/* Whether an entry that dropped the task gave the promise up, or made another of it, and did not
 * find a seat for it. */
static bool entry_ended(struct str bytes, struct arena *a, struct str booking, struct instant due)
{
	struct event_head head;
	struct json effects;
	const char *why;

	if (event_read(a, bytes, &head, &effects, &why) != OK || head.at.s >= due.s)
		return true;
	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j)) {
		enum booking_status status;
		struct effect e;
		if (!effect_read(&e, j) || e.kind != ROW_BOOKING || !str_eq(e.id, booking))
			continue;
		if (e.op != EFFECT_SET || json_present(json_get(e.doc, "solution")) ||
			json_present(json_get(e.doc, "from")))
			return true;
		return booking_status_from(&status, json_str_at(e.doc, "status")) &&
		       !booking_is_live(status);
	}
	return false;
}

static bool task_is_broken(
	struct figures *f, struct view *look, const struct row *task, struct instant due)
{
	struct str booking = json_str_at(task->doc, "booking");
	struct journal_entry entry;
	enum task_status status;

	ASSERT(task_status_from(&status, json_str_at(task->doc, "status")));
	switch (status) {
	case TASK_DONE: return true;
	case TASK_OPEN: return due.s <= f->now.s;
	case TASK_DROPPED:
		return journal_entry(look->txn, f->site, task->rev, &entry) &&
		       entry_ended(entry.bytes, look->arena, booking, due);
	}
	return false;
}

static void add_task(struct figures *f, struct view *look, struct str id)
{
	struct instant due;
	struct row row;
	struct booking b;
	uint64_t rev;

	if (!row_get(look, ROW_TASK, id, &row) ||
		!str_is(json_str_at(row.doc, "kind"), task_kind_name(TASK_AT_RISK)) ||
		!doc_instant(row.doc, "due_at", &due) || !task_is_broken(f, look, &row, due) ||
		!booking_get(look, json_str_at(row.doc, "booking"), &b, &rev) ||
		b.status == BOOKING_HELD || b.status == BOOKING_EXPIRED)
		return;
	f->broken = figures_grown(f, f->broken, f->broken_len, &f->broken_cap, sizeof *f->broken);
	if (f->broken)
		f->broken[f->broken_len++] = figures_keep(f, b.id);
}

static int id_order(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* In order, each once. */
static void settle_broken(struct figures *f)
{
	uint32_t len = 0;

	if (f->broken_len)
		qsort(f->broken, f->broken_len, sizeof *f->broken, id_order);
	for (uint32_t i = 0; i < f->broken_len; i++)
		if (!len || !str_eq(f->broken[len - 1], f->broken[i]))
			f->broken[len++] = f->broken[i];
	f->broken_len = len;
	f->promises = len;
}

bool figures_is_broken(const struct figures *f, struct str booking)
{
	return f->broken_len &&
	       bsearch(&booking, f->broken, f->broken_len, sizeof *f->broken, id_order);
}

/* Tasks of one status that are due on these days. */
static void walk_tasks(struct figures *f, struct row_look *look, enum task_status status)
{
	struct key prefix = key_site_task_prefix(f->site), start;
	struct cursor c;

	key_u8(&prefix, (uint8_t)status);
	start = prefix;
	key_u32(&start, f->day_start[0]);
	cursor_open(&c, look->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&start));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		uint32_t due;
		struct str id;
		if (!key_take_u32(c.key, &at, &due) || due >= f->day_start[f->days_len] ||
			!key_take_text(c.key, &at, &id))
			break;
		add_task(f, &look->view, id);
		row_look_next(look);
	}
	cursor_close(&c);
}

bool figures_risks(struct figures *f, struct view *v)
{
	struct row_look look;

	row_look_open(&look, v);
	walk_tasks(f, &look, TASK_OPEN);
	walk_tasks(f, &look, TASK_DONE);
	walk_tasks(f, &look, TASK_DROPPED);
	row_look_close(&look);
	settle_broken(f);
	return false;
}

/* ---- visits ---- */

/* How many solutions it was offered; 0: nobody has kept that. */
static int64_t solutions_offered(struct view *look, struct json visit)
{
	struct json offered = json_get(visit, "offered"), bookings = json_get(visit, "bookings");
	int64_t most = 0;

	for (struct json o = json_first(offered); json_present(o); o = json_next(offered, o)) {
		int64_t n = json_int_at(o, "solutions", 0);
		most = n > most ? n : most;
	}
	for (struct json e = json_first(bookings); json_present(e); e = json_next(bookings, e)) {
		struct row row;
		int64_t n = 0;
		if (row_get(look, ROW_BOOKING, json_str(e), &row))
			n = json_int_at(json_get(row.doc, "offered"), "solutions", 0);
		most = n > most ? n : most;
	}
	return most;
}

static void add_visit(struct figures *f, struct view *look, struct str id)
{
	struct str site;
	struct row row;
	int64_t n;

	if (!row_get(look, ROW_VISIT, id, &row))
		return;
	site = json_str_at(row.doc, "for_site");
	if (!str_eq(site.n ? site : json_str_at(row.doc, "site"), f->site))
		return;
	n = solutions_offered(look, row.doc);
	f->visits++;
	f->visits_asked += n > 0;
	f->visits_two += n >= 2;
}

/* Their ids say when they were opened: those of all sites that were opened on these days are
 * looked at. */
bool figures_visits(struct figures *f, struct view *v)
{
	struct str first = id_floor(f->arena, minute_instant(f->day_start[0])),
		   end = id_floor(f->arena, minute_instant(f->day_start[f->days_len]));
	struct key prefix = key_row_prefix(ROW_VISIT), start;
	struct row_look look;
	struct cursor c;
	uint32_t rows = 0;
	bool some;

	f->full |= !first.n || !end.n;
	start = prefix;
	if (f->place.n)
		key_text(&start, f->place); /* the last that was counted */
	else
		key_bytes(&start, first.p, first.n);
	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_ROWS);
	some = !f->full && cursor_seek(&c, key_str(&start));
	if (some && f->place.n && str_eq(c.key, key_str(&start)))
		some = cursor_next(&c);
	for (; some && rows < FIGURES_STEP_ROWS && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c), rows++) {
		size_t at = prefix.n;
		struct str id;
		if (!key_take_text(c.key, &at, &id) || str_cmp(id, end) >= 0)
			break;
		if (rows == FIGURES_STEP_ROWS - 1)
			f->place = figures_keep(f, id);
		add_visit(f, &look.view, id);
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
	return rows == FIGURES_STEP_ROWS && !f->full;
}

/* ---- overdue ---- */

/* Cars out are few: each stands in the index of what is due. */
void figures_overdue(struct figures *f, struct view *v)
{
	struct key prefix = key_site_due_prefix(f->site);
	struct row_look look;
	struct cursor c;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct booking b;
		uint64_t rev;
		if (booking_get(&look.view, c.value, &b, &rev) && b.status == BOOKING_OUT)
			f->overdue_now += b.until.s + f->grace_s < f->now.s;
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
}
