/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/ical.h"

#include "fleet/booking.h"
#include "fleet/render_parts.h"

enum { EVENT_BYTES = 2048, FRAME_BYTES = 512, STAMP_TEXT = 17 };

/* ---- lines ---- */

struct fold {
	char *out;
	size_t n, octets; /* written; of the line at hand */
};

/* One character, whole on its line. */
static void fold_put(struct fold *f, const char *p, size_t n)
{
	if (f->octets + n > ICAL_LINE_OCTETS) {
		memcpy(f->out + f->n, "\r\n ", 3);
		f->n += 3;
		f->octets = 1;
	}
	memcpy(f->out + f->n, p, n);
	f->n += n;
	f->octets += n;
}

size_t ical_line(char *out, const char *name, struct str value)
{
	struct fold f = {.out = out};

	for (const char *p = name; *p; p++)
		fold_put(&f, p, 1);
	fold_put(&f, ":", 1);
	for (size_t i = 0; i < value.n;) {
		size_t len = json_utf8_len(value.p + i, value.n - i);
		char c = value.p[i];
		len = len ? len : 1;
		if (c == '\n')
			fold_put(&f, "\\n", 2);
		else if (c == '\\' || c == ';' || c == ',')
			fold_put(&f, (const char[]){'\\', c}, 2);
		else if ((unsigned char)c >= ' ' && c != 0x7f)
			fold_put(&f, value.p + i, len);
		i += len;
	}
	memcpy(out + f.n, "\r\n", 2);
	return f.n + 2;
}

/* ---- a calendar ---- */

struct feed {
	struct row_look look;
	const struct roster *roster;
	const struct ical_filter *filter;
	struct arena *arena;
	struct str *event; /* of ICAL_EVENTS_MAX */
	uint32_t len;
	size_t bytes;
};
struct lines {
	char *at;
	size_t n, cap;
};

static void put(struct lines *l, const char *name, struct str value)
{
	if (l->n + ICAL_LINE_BYTES(name, value.n) <= l->cap)
		l->n += ical_line(l->at + l->n, name, value);
}

static void put_time(struct lines *l, const char *name, struct instant t)
{
	char text[INSTANT_TEXT], stamp[STAMP_TEXT + 1];
	struct str utc = instant_print_utc(t, text);
	size_t n = 0;

	for (size_t i = 0; i < utc.n && n < STAMP_TEXT; i++)
		if (utc.p[i] != '-' && utc.p[i] != ':')
			stamp[n++] = utc.p[i];
	put(l, name, (struct str){stamp, n});
}

static bool fits(const struct feed *f, struct str resource)
{
	const struct resource *r = roster_resource(f->roster, resource);

	if (f->filter->resource.n && !str_eq(f->filter->resource, resource))
		return false;
	return !f->filter->kind.n || (r && str_eq(json_str_at(r->doc, "kind"), f->filter->kind));
}

/* `part`: of a booking with several drives; 0 = the whole. */
static void put_event(struct feed *f, const struct booking *b, struct span when, uint32_t part)
{
	struct arena *a = &f->look.arena;
	const struct resource *r = b->resource.n ? roster_resource(f->roster, b->resource) : NULL;
	struct str plate = r ? json_str_at(r->doc, "plate") : STR_NULL;
	struct lines l = {.at = arena_take(a, EVENT_BYTES), .cap = EVENT_BYTES};
	struct instant made = when.from;

	if (!l.at || f->len == ICAL_EVENTS_MAX || when.until.s <= when.from.s ||
		!span_overlaps(when, f->filter->span))
		return;
	(void)doc_instant(json_get(b->doc, "offered"), "at", &made);
	put(&l, "BEGIN", STR("VEVENT"));
	if (part)
		put(&l, "UID", arena_printf(a, "%.*s-%u@relais", STR_FMT(b->id), part));
	else
		put(&l, "UID", arena_printf(a, "%.*s@relais", STR_FMT(b->id)));
	put_time(&l, "DTSTAMP", made);
	put_time(&l, "DTSTART", when.from);
	put_time(&l, "DTEND", when.until);
	put(&l, "SUMMARY",
		arena_printf(a, "%.*s %.*s%s%.*s%s%.*s", STR_FMT(b->number), STR_FMT(b->solution),
			b->class.n ? " " : "", STR_FMT(b->class), plate.n ? " " : "",
			STR_FMT(plate)));
	put(&l, "STATUS", b->status == BOOKING_HELD ? STR("TENTATIVE") : STR("CONFIRMED"));
	put(&l, "END", STR("VEVENT"));
	f->event[f->len] = arena_copy(f->arena, (struct str){l.at, l.n});
	f->bytes += f->event[f->len++].n;
}

/* The loan of a car; each drive, or talk at the desk, of who serves it. */
static void put_parts(struct feed *f, const struct booking *b)
{
	const struct span whole = {b->from, booking_end(b)};
	bool lent = false;

	if (!f->filter->kind.n && !f->filter->resource.n) {
		put_event(f, b, whole, 0);
		return;
	}
	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		if (!fits(f, c->seat.resource) || c->row.what == CLAIM_EARLIER_CAR)
			continue;
		if (c->row.what != CLAIM_CAR)
			put_event(f, b,
				(struct span){
					minute_instant(c->row.from), minute_instant(c->row.until)},
				i + 1);
		else if (!lent)
			put_event(f, b, whole, 0);
		lent |= c->row.what == CLAIM_CAR;
	}
}

static void look_at(struct feed *f, const struct week_walk *walk)
{
	struct booking b;
	struct row row;

	if (!row_get(&f->look.view, ROW_BOOKING, walk->id, &row))
		return;
	booking_read(&b, row.doc);
	if (booking_is_live(b.status) && week_walk_is_first(walk, b.from))
		put_parts(f, &b);
}

static struct str joined(struct feed *f)
{
	struct lines l = {.cap = f->bytes + FRAME_BYTES};

	l.at = arena_take(f->arena, l.cap);
	if (!l.at || f->arena->full)
		return STR_NULL;
	put(&l, "BEGIN", STR("VCALENDAR"));
	put(&l, "VERSION", STR("2.0"));
	put(&l, "PRODID", STR("-//relais//relais//EN"));
	for (uint32_t i = 0; i < f->len; i++) {
		memcpy(l.at + l.n, f->event[i].p, f->event[i].n);
		l.n += f->event[i].n;
	}
	put(&l, "END", STR("VCALENDAR"));
	return (struct str){l.at, l.n};
}

struct str ical_calendar(
	struct view *v, const struct roster *roster, const struct ical_filter *filter)
{
	struct feed f = {.roster = roster,
		.filter = filter,
		.arena = v->arena,
		.event = arena_take(v->arena, ICAL_EVENTS_MAX * sizeof *f.event)};
	struct week_walk walk;

	if (!f.event)
		return STR_NULL;
	row_look_open(&f.look, v);
	week_walk_open(&walk, v->txn, roster->site, filter->span, STR_NULL);
	while (f.len < ICAL_EVENTS_MAX && week_walk_next(&walk)) {
		if (walk.kind == ROW_BOOKING)
			look_at(&f, &walk);
		row_look_next(&f.look);
	}
	week_walk_close(&walk);
	row_look_close(&f.look);
	return joined(&f);
}

struct str ical_appointment(struct arena *a, const struct ical_appointment *e)
{
	struct lines l = {.cap = FRAME_BYTES + EVENT_BYTES + 8 * (e->summary.n + e->place.n)};

	l.at = arena_take(a, l.cap);
	if (!l.at)
		return STR_NULL;
	put(&l, "BEGIN", STR("VCALENDAR"));
	put(&l, "VERSION", STR("2.0"));
	put(&l, "PRODID", STR("-//relais//relais//EN"));
	put(&l, "METHOD", STR("PUBLISH"));
	put(&l, "BEGIN", STR("VEVENT"));
	put(&l, "UID", arena_printf(a, "%.*s@relais", STR_FMT(e->uid)));
	put_time(&l, "DTSTAMP", e->made);
	put_time(&l, "DTSTART", e->from);
	put_time(&l, "DTEND", e->until);
	put(&l, "SUMMARY", e->summary);
	if (e->place.n)
		put(&l, "LOCATION", e->place);
	put(&l, "END", STR("VEVENT"));
	put(&l, "END", STR("VCALENDAR"));
	return (struct str){l.at, l.n};
}
