/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/window.h"

/*
 * A booking that was given up, or that lapsed, is a promise again: under its own number, for its
 * own time, if the seat can still be given. What it costs is decided anew, as for every promise.
 */

enum { MEMBERS_BYTES_MAX = 96 << 10 };

static enum outcome check_reinstate(struct decide *d, const struct booking *b)
{
	if (!b->customer.n)
		return refuse_field(d, "",
			"nobody was named for this hold: make a new booking, with a customer");
	if (b->until.s <= d->now.s)
		return refuse_field(d, "", "the booking's time is over: make a new one");
	return OK;
}

/* A seat for its window, as for any new promise. Whoever comes late is received as he comes: the
 * desk time of an hour that is past is nobody's any more. */
static struct plan_ask ask_again(struct decide *d, const struct booking *b)
{
	struct plan_ask ask = ask_of(d, b, (struct span){b->from, b->until}, b->class);

	ask.fresh = true;
	if (b->from.s < d->now.s)
		ask.desk_out = false;
	return ask;
}

/* Why it was given up is no longer so; the journal remembers. */
static struct str without_reason(struct decide *d, const struct booking *b)
{
	struct json known = json_get(b->doc, "private");

	return json_present(known) ? draft_private(d, b->doc, b->customer, STR("{\"reason\":null}"))
				   : STR_NULL;
}

enum outcome decide_booking_reinstate(struct decide *d)
{
	struct booking b;
	struct plan_ask ask;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	struct str sealed;
	enum plan_result planned;
	enum outcome o = take_booking(
		d, &b, 1u << BOOKING_CANCELLED | 1u << BOOKING_NO_SHOW | 1u << BOOKING_EXPIRED);

	if (o == OK)
		o = check_reinstate(d, &b);
	if (o != OK)
		return o;
	ask = ask_again(d, &b);
	planned = plan_find(&d->view, &ask, &plan);
	if (planned != PLAN_FREE)
		return refuse_no_seat(d, &ask, planned);
	plan_take(&d->seating, &plan, b.serial);
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from, b.until};
	o = redecide(d, &b, &stay, plan.class, -1, &again);
	if (o == OK)
		o = check_offered(d, &again);
	if (o != OK)
		return o;
	sealed = without_reason(d, &b);
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	write_claims(&w, &plan);
	if (plan.class.n)
		json_kv_str(&w, "class", plan.class);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	write_booking_legs(&w, &ask, &plan);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	if (plan.resource.n)
		json_kv_str(&w, "resource", plan.resource);
	else
		json_kv_null(&w, "resource");
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_BOOKED)));
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}
