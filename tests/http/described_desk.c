/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_desk.h"

const char *desk_offer_body(struct caller *c, const char *day, const char *more)
{
	return text_of(c,
		"{'site':'T1','language':'fr','jobs':[{'type':'warranty_repair',"
		"'immobilisation_minutes':300}],'drop_off_at':'%sT09:00','ready_at':'%sT17:00',"
		"'distance_km':12%s%s}",
		day, day, c->facts ? c->facts : "", more);
}

const char *desk_offer(struct caller *c, const char *day, const char *more)
{
	struct told t = CALL(c, 200, "POST", "/v1/offers", desk_offer_body(c, day, more));
	return member_of(c, &t, "offer");
}

struct told desk_book(
	struct caller *c, int status, const char *day, const char *solution, const char *more)
{
	return CALL(c, status, "POST", "/v1/bookings",
		text_of(c, "{'offer':'%s','solution':'%s'%s}", desk_offer(c, day, DRIVER), solution,
			more));
}

struct told desk_verb(struct caller *c, int status, const struct told *booking, const char *name,
	const char *body)
{
	assert_true(booking->location[0]);
	return CALL(c, status, "POST", text_of(c, "%s/%s", booking->location, name), body);
}
