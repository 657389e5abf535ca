/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"
#include "fleet/visit.h"

/* An appointment as it is decided: by the rules of its site, at the calendar's head. */

enum { APPOINTMENT_BYTES_MAX = 4096, REFUSAL_BYTES = 400 };

struct deciding {
	struct decide *d;
	const struct appointment_wish *wish;
	struct appointment_book book;
	struct appointment_ask ask;
	struct appointment_made *out;
	bool has_latest, has_back;
	struct instant latest, back;
	uint32_t advisor, back_advisor;
	struct appointment_work work[APPOINTMENT_WORK_DAYS_MAX];
	uint32_t work_len;
};

static enum outcome refuse_part(struct deciding *a, const char *member, const char *why)
{
	struct str pointer =
		arena_printf(a->d->view.arena, "%s%s%s", a->wish->at, *member ? "/" : "", member);

	return refuse_field(a->d, pointer.p ? pointer.p : a->wish->at, "%s", why);
}

/* What was wished, why not, and by when at the latest. */
static enum outcome refuse_time(struct deciding *a, enum outcome o, const char *reason)
{
	struct json_writer w;

	arena_writer(a->d->view.arena, &w, REFUSAL_BYTES);
	json_object_begin(&w);
	json_kv_instant(&w, "from", a->out->at);
	json_kv_str(&w, "reason", str_from(reason));
	if (a->ask.advisor >= 0)
		json_kv_str(&w, "resource", appointment_desk(&a->book, (uint32_t)a->ask.advisor));
	if (a->has_latest)
		json_kv_instant(&w, "until", a->latest);
	json_object_end(&w);
	return refuse_with(a->d, o, arena_written(a->d->view.arena, &w));
}

/* The strictest of what is said and what is known (CIT-2.2, AVT-S1). */
static enum appointment_why why_of(struct decide *d, const struct appointment_wish *wish)
{
	enum appointment_why said = APPOINTMENT_PLANNED, known = APPOINTMENT_PLANNED;
	struct json jobs = json_get(wish->facts, "jobs");
	struct row car;

	(void)appointment_why_from(&said, json_str_at(wish->wish, "why"));
	for (struct json j = json_first(jobs); json_present(j); j = json_next(jobs, j))
		if (str_is(json_str_at(j, "type"), "warranty_repair"))
			known = APPOINTMENT_WARRANTY;
	if (wish->follows)
		known = APPOINTMENT_COMEBACK;
	if (json_bool_at(wish->facts, "immobile", false) ||
		(wish->vin.n && row_get(&d->view, ROW_VEHICLE, wish->vin, &car) &&
			json_bool_at(car.doc, "immobile", false)))
		known = APPOINTMENT_IMMOBILE;
	return said > known ? said : known;
}

/* What it had lies in nobody's way any more. */
static void give_up(struct decide *d, struct json visit)
{
	struct booking_claim claims[2];
	size_t n = appointment_claims(visit, claims);

	for (size_t i = 0; i < n; i++)
		seating_drop(&d->seating, claims[i].seat, claims[i].row);
}

static enum outcome begin(struct deciding *a)
{
	const struct roster *roster = decide_roster(a->d);
	struct str desk = json_str_at(a->wish->wish, "desk");

	if (!roster || !roster->has_appointments)
		return refuse_part(a, "", "this site takes no appointments");
	appointment_book_open(&a->book, &a->d->view, roster, &a->ask, a->d->now);
	a->book.seating = &a->d->seating;
	a->book.visit = json_present(a->wish->visit) ? a->wish->id : STR_NULL;
	give_up(a->d, a->wish->visit);
	a->ask.why = why_of(a->d, a->wish);
	a->ask.minutes = jobs_minutes(a->wish->facts);
	if (a->ask.minutes <= 0)
		a->ask.minutes = JOB_MINUTES_DEFAULT;
	ASSERT(doc_instant(a->wish->wish, "at", &a->out->at));
	a->out->until.s = a->out->at.s + roster->appointments.reception_minutes * 60;
	a->has_latest = appointment_latest(&a->latest, &a->ask.place, a->ask.why, a->d->now);
	if (!desk.n)
		return OK;
	a->ask.advisor = appointment_advisor(&a->book, desk);
	return a->ask.advisor < 0 || (uint32_t)a->ask.advisor >= a->ask.advisors
		       ? refuse_part(a, "desk", "no advisor of this site has this desk")
		       : OK;
}

static enum outcome receive(struct deciding *a)
{
	enum appointment_fit fit =
		appointment_receive(&a->ask, a->out->at, &a->advisor, &a->out->ready);

	switch (fit) {
	case APPOINTMENT_FITS: break;
	case APPOINTMENT_CLOSED: return refuse_time(a, REFUSED_APPOINTMENT_CLOSED, "closed");
	case APPOINTMENT_PAST: return refuse_time(a, REFUSED_APPOINTMENT_PAST, "past");
	case APPOINTMENT_OFF_GRID:
		return refuse_part(a, "at", "appointments begin at the quarters of an hour");
	case APPOINTMENT_NOBODY:
	case APPOINTMENT_KEPT:
	case APPOINTMENT_RESERVED:
	case APPOINTMENT_PEAK:
	case APPOINTMENT_TAKEN:
	case APPOINTMENT_CUSTOMERS:
	case APPOINTMENT_WORKSHOP:
		return refuse_time(a, REFUSED_APPOINTMENT_FULL, appointment_fits[fit]);
	}
	if (a->has_latest && a->out->at.s > a->latest.s &&
		!json_bool_at(a->wish->wish, "customer_agreed", false))
		return refuse_time(a, REFUSED_APPOINTMENT_LATE, "late");
	a->work_len = appointment_work(
		a->work, &a->ask.place, a->out->at, a->ask.minutes, a->ask.why, &a->out->ready);
	return OK;
}

static void take(struct deciding *a, uint32_t advisor, struct instant at, int32_t minutes)
{
	uint32_t from = minute_down(at);

	seating_add(&a->d->seating, (struct seat){appointment_desk(&a->book, advisor), 0},
		(struct claim_row){
			from, from + (uint32_t)minutes, a->out->serial, CLAIM_APPOINTMENT, true});
}

/* A wish for the way back is kept, or refused by name. */
static enum outcome give_back(struct deciding *a)
{
	int32_t minutes = a->ask.place.rules->hand_back_minutes;
	enum appointment_fit fit;

	if (a->wish->has_ready)
		a->out->ready = a->wish->ready;
	a->has_back = doc_instant(a->wish->wish, "back_at", &a->back);
	if (!a->has_back) {
		struct instant from =
			a->out->ready.s > a->wish->back_from.s ? a->out->ready : a->wish->back_from;
		a->has_back =
			appointment_back(&a->ask, from, a->advisor, &a->back, &a->back_advisor);
		return OK;
	}
	if (a->back.s < a->out->ready.s)
		return refuse_part(a, "back_at", "the car is not ready by then");
	a->out->at = a->back; /* a refusal names the time it is about */
	a->back_advisor = a->advisor;
	for (uint32_t i = 0; i <= a->ask.advisors; i++) {
		uint32_t who = i == 0 ? a->advisor : i - 1;
		fit = appointment_hand_back(&a->ask.place, a->back, who);
		if (fit == APPOINTMENT_CLOSED)
			return refuse_time(a, REFUSED_APPOINTMENT_CLOSED, "closed");
		if (fit == APPOINTMENT_OFF_GRID)
			return refuse_part(
				a, "back_at", "appointments begin at the quarters of an hour");
		if (fit == APPOINTMENT_FITS &&
			a->book.supply.is_free(&a->book, who, a->back, minutes)) {
			a->back_advisor = who;
			return OK;
		}
	}
	return refuse_time(a, REFUSED_APPOINTMENT_FULL, "taken");
}

static void write_work(struct deciding *a, struct json_writer *w)
{
	json_k(w, "work");
	json_array_begin(w);
	for (uint32_t i = 0; i < a->work_len; i++) {
		json_object_begin(w);
		json_kv_day(w, "day", a->work[i].day);
		json_kv_int(w, "minutes", a->work[i].minutes);
		json_object_end(w);
	}
	json_array_end(w);
}

static void write_back(
	struct json_writer *w, struct str advisor, struct instant at, int32_t minutes)
{
	json_k(w, "back");
	json_object_begin(w);
	json_kv_str(w, "advisor", advisor);
	json_kv_instant(w, "at", at);
	json_kv_instant(w, "until", (struct instant){at.s + minutes * 60});
	json_object_end(w);
}

static struct str doc_of(struct deciding *a)
{
	struct json_writer w;

	arena_writer(a->d->view.arena, &w, APPOINTMENT_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "advisor", appointment_desk(&a->book, a->advisor));
	json_kv_instant(&w, "at", a->out->at);
	if (a->has_back)
		write_back(&w, appointment_desk(&a->book, a->back_advisor), a->back,
			a->ask.place.rules->hand_back_minutes);
	json_kv_str(&w, "by", a->d->command->by);
	if (json_bool_at(a->wish->wish, "customer_agreed", false))
		json_kv_bool(&w, "customer_agreed", true);
	if (a->has_latest)
		json_kv_instant(&w, "latest_at", a->latest);
	json_kv_instant(&w, "made_at", a->d->now);
	json_kv_instant(&w, "until", a->out->until);
	json_kv_str(&w, "why", str_from(appointment_whys[a->ask.why]));
	write_work(a, &w);
	json_object_end(&w);
	return arena_written(a->d->view.arena, &w);
}

enum outcome appointment_make(
	struct decide *d, const struct appointment_wish *wish, struct appointment_made *out)
{
	struct deciding *a = arena_alloc(d->view.arena, sizeof *a);
	struct instant at;
	enum outcome o;

	if (!a)
		return FAULT_MEMORY;
	*a = (struct deciding){.d = d, .wish = wish, .out = out};
	memset(out, 0, sizeof *out);
	o = begin(a);
	if (o == OK)
		o = receive(a);
	if (o != OK)
		return o;
	out->serial = (uint32_t)json_int_at(wish->visit, "serial", 0);
	if (!out->serial)
		out->serial = draft_serial(d);
	take(a, a->advisor, out->at, a->ask.place.rules->reception_minutes);
	at = out->at;
	o = give_back(a);
	out->at = at;
	if (o != OK)
		return o;
	if (a->has_back)
		take(a, a->back_advisor, a->back, a->ask.place.rules->hand_back_minutes);
	out->doc = doc_of(a);
	return out->doc.n ? OK : FAULT_MEMORY;
}

struct str appointment_later(struct decide *d, struct json visit, struct instant ready)
{
	const struct roster *roster = decide_roster(d);
	struct appointment_time in, back;
	struct appointment_book book;
	struct appointment_ask ask;
	struct json_writer w;
	struct instant at;
	int32_t advisor;
	uint32_t by;

	if (!roster || !roster->has_appointments || !appointment_time(visit, APPOINTMENT_IN, &in) ||
		!appointment_time(visit, APPOINTMENT_OUT, &back) || back.at.s >= ready.s)
		return STR_NULL;
	appointment_book_open(&book, &d->view, roster, &ask, d->now);
	book.seating = &d->seating;
	book.serial = (uint32_t)json_int_at(visit, "serial", 0);
	advisor = appointment_advisor(&book, in.advisor);
	arena_writer(d->view.arena, &w, APPOINTMENT_BYTES_MAX);
	json_object_begin(&w);
	if (appointment_back(&ask, ready, advisor < 0 ? 0 : (uint32_t)advisor, &at, &by))
		write_back(&w, appointment_desk(&book, by), at,
			roster->appointments.hand_back_minutes);
	else
		json_kv_null(&w, "back"); /* nobody has time: the old one is no promise any more */
	json_object_end(&w);
	return doc_merge(d->view.arena, json_get(visit, "appointment"),
		arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL));
}
