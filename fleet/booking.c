/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/booking.h"

static const char *const status_names[] = {
	[BOOKING_HELD] = "held",
	[BOOKING_BOOKED] = "booked",
	[BOOKING_OUT] = "out",
	[BOOKING_RETURNED] = "returned",
	[BOOKING_CANCELLED] = "cancelled",
	[BOOKING_NO_SHOW] = "no_show",
	[BOOKING_EXPIRED] = "expired",
};

const char *booking_status_name(enum booking_status s)
{
	ASSERT(s < ARRAY_LEN(status_names));
	return status_names[s];
}

bool booking_status_from(enum booking_status *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(status_names); i++)
		if (str_is(name, status_names[i])) {
			*out = (enum booking_status)i;
			return true;
		}
	return false;
}

bool booking_is_live(enum booking_status s)
{
	return s == BOOKING_HELD || s == BOOKING_BOOKED || s == BOOKING_OUT;
}

bool booking_is_promise(enum booking_status s)
{
	return s == BOOKING_HELD || s == BOOKING_BOOKED;
}

uint32_t claims_read(
	struct booking_claim *out, uint32_t max, struct json claims, uint32_t serial, bool pinned)
{
	uint32_t n = 0;

	for (struct json c = json_first(claims); json_present(c); c = json_next(claims, c)) {
		struct booking_claim *claim = &out[n];
		struct instant from, until;
		ASSERT(n < max);
		ASSERT(doc_instant(c, "from", &from) && doc_instant(c, "until", &until));
		claim->seat.resource = json_str_at(c, "resource");
		claim->seat.number = (uint16_t)json_int_at(c, "seat", 0);
		claim->row.from = minute_down(from);
		claim->row.until = minute_up(until);
		claim->row.serial = serial;
		claim->row.what = (uint8_t)json_int_at(c, "what", 0);
		claim->row.pinned = pinned;
		n++;
	}
	return n;
}

void booking_read(struct booking *b, struct json doc)
{
	memset(b, 0, sizeof *b);
	b->doc = doc;
	b->id = json_str_at(doc, "booking");
	b->number = json_str_at(doc, "number");
	b->site = json_str_at(doc, "site");
	b->for_site = json_str_at(doc, "for_site");
	b->visit = json_str_at(doc, "visit");
	b->customer = json_str_at(doc, "customer");
	b->vin = json_str_at(doc, "vin");
	b->solution = json_str_at(doc, "solution");
	b->class = json_str_at(doc, "class");
	b->resource = json_str_at(doc, "resource");
	b->upgraded_from = json_str_at(doc, "upgraded_from");
	b->repair_order = json_str_at(doc, "repair_order");
	ASSERT(booking_status_from(&b->status, json_str_at(doc, "status")));
	b->pinned = json_bool_at(doc, "pinned", false);
	b->at_risk = json_bool_at(doc, "at_risk", false);
	b->distance_km = (int32_t)json_int_at(doc, "distance_km", 0);
	b->serial = (uint32_t)json_int_at(doc, "serial", 0);
	ASSERT(doc_instant(doc, "from", &b->from) && doc_instant(doc, "until", &b->until));
	ASSERT(doc_instant(doc, "drop_off_at", &b->drop_off_at) &&
		doc_instant(doc, "ready_at", &b->ready_at));
	b->has_hold_until = doc_instant(doc, "hold_until", &b->hold_until);
	b->has_expected = doc_instant(doc, "expected_at", &b->expected_at);
	b->has_left = doc_instant(json_get(doc, "in"), "left_at", &b->left_at) ||
		      doc_instant(json_get(doc, "in"), "at", &b->left_at);
	b->claims_len = claims_read(b->claims, BOOKING_CLAIMS_MAX, json_get(doc, "claims"),
		b->serial, b->pinned || !booking_is_promise(b->status));
}

bool booking_get(struct view *v, struct str id, struct booking *out, uint64_t *rev)
{
	struct row row;

	if (!row_get(v, ROW_BOOKING, id, &row))
		return false;
	booking_read(out, row.doc);
	*rev = row.rev;
	return true;
}

struct instant booking_end(const struct booking *b)
{
	if (b->status == BOOKING_OUT && b->has_expected && b->expected_at.s > b->until.s)
		return b->expected_at;
	if (b->status == BOOKING_RETURNED && b->has_left && b->left_at.s > b->until.s)
		return b->left_at;
	return b->until;
}

uint32_t booking_use_end(
	const struct booking *b, const struct booking_claim *c, uint32_t turnaround)
{
	uint32_t left = minute_up(b->left_at), until = c->row.until;

	until = until - c->row.from > turnaround ? until - turnaround : c->row.from;
	/* ready before its time: the claim was cut */
	if (b->status == BOOKING_RETURNED && b->has_left && c->row.what == CLAIM_CAR &&
		left > until && left < c->row.until)
		return left;
	return until;
}

bool handed_at_desk(struct json place)
{
	struct str where = json_str_at(place, "where");

	return !where.n || str_is(where, "desk");
}

bool booking_at_desk(const struct booking *b, const char *end)
{
	struct json place = json_get(b->doc, end);

	return json_present(place) && handed_at_desk(place);
}
