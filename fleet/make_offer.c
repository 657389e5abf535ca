/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

#include <stdio.h>

/* What of the offer is meant: that it is ours and still holds, and the window that is wished. */

enum outcome refuse_wish(struct making *m, const char *member, const char *why)
{
	char pointer[100];

	snprintf(pointer, sizeof pointer, "%s/%s", m->at, member);
	return refuse_field(m->d, pointer, "%s", why);
}

/* The line of the offer that was meant: this very window if it was offered, else the solution's
 * first. */
const struct offer_line *find_line(
	const struct making *m, struct str solution, struct str class, bool exact)
{
	const struct offer_line *first = NULL;

	for (uint32_t i = 0; i < m->offer.lines_len; i++) {
		const struct offer_line *l = &m->offer.lines[i];
		bool class_fits = !l->class.n || !class.n || str_eq(l->class, class);
		if (!str_eq(l->solution, solution) || !class_fits)
			continue;
		if (exact && (l->from.s != m->stay.from.s || l->until.s != m->stay.until.s))
			continue;
		/* a line of the very class is nearer than the solution's common one */
		if (!first || (class.n && str_eq(l->class, class) && !str_eq(first->class, class) &&
				      l->from.s == first->from.s))
			first = l;
	}
	return first;
}

/* A car of another site for a customer of the offer's: an entry of the car's home, for its claims
 * live there alone. */
static enum outcome make_away(struct making *m)
{
	struct str home = m->old ? m->old->site : json_str_at(m->body, "home_site");
	struct str class = json_str_at(m->body, "class");

	if (m->old && !str_eq(m->old->for_site, m->roster->site))
		return refuse_wish(m, "offer",
			"this offer was made for another site: make one for the customer's");
	if (!m->home || !str_eq(home, m->home->site) || m->home == m->roster)
		return refuse_wish(m, "home_site",
			"this is not the home of another site's car: book such a car by itself");
	if (!class.n || roster_transfer(m->home, class, m->roster->site) < 0)
		return refuse_wish(m, "class",
			"name the class as the offer named it: cars that are shared with its site");
	if (json_present(json_get(m->body, "check_out")))
		return refuse_wish(
			m, "check_out", "a car of another site is handed over when it has come");
	if (json_str_at(m->body, "instead_of").n)
		return refuse_wish(m, "instead_of", "a car of another site stands in for none");
	return OK;
}

enum outcome make_open(struct making *m)
{
	struct decide *d = m->d;
	enum outcome o = offer_open(&d->view, json_str_at(m->body, "offer"), &m->offer);

	if (o != OK)
		return o;
	if (d->now.s > m->offer.expires_at.s)
		return REFUSED_OFFER_EXPIRED;
	m->home = decide_roster(d);
	m->roster = roster_of(&d->view, m->offer.site);
	ASSERT(m->roster); /* the offer was made for it */
	if (m->old ? m->old->for_site.n : json_str_at(m->body, "home_site").n)
		return make_away(m);
	return m->home == m->roster ? OK : REFUSED_OFFER_INVALID;
}

/* When: the wish, else what was offered for that solution and class. Moving the loan by itself
 * moves the workshop's times with it. */
enum outcome make_stay(struct making *m)
{
	struct str solution = json_str_at(m->body, "solution"),
		   asked = json_str_at(m->body, "instead_of");
	struct str class = asked.n ? asked : json_str_at(m->body, "class");
	const struct offer_line *line = find_line(m, solution, class, false);
	bool from = doc_instant(m->body, "from", &m->stay.from),
	     until = doc_instant(m->body, "until", &m->stay.until);

	if (!line)
		return refuse_wish(m, "solution", "the offer has no such solution");
	m->stay.drop_off = line->drop_off;
	m->stay.ready = line->ready;
	if (!from)
		m->stay.from = line->from;
	if (!until)
		m->stay.until = line->until;
	if (m->stay.until.s <= m->stay.from.s)
		return refuse_wish(m, "until", "this must be later than the start");
	if (m->stay.until.s <= m->d->now.s)
		return refuse_wish(m, "until", "this time is over");
	if (m->stay.until.s - m->stay.from.s > (int64_t)LOAN_DAYS_MAX * 86400)
		return refuse_wish(m, "until", "a loan lasts at most 366 days");
	if (m->stay.from.s % 60 || m->stay.until.s % 60)
		return refuse_wish(m, "from", "planned times are whole minutes");
	const struct offer_line *exact = find_line(m, solution, class, true);
	if (exact) {
		m->stay.drop_off = exact->drop_off;
		m->stay.ready = exact->ready;
	} else if (m->stay.from.s >= m->stay.ready.s || m->stay.until.s <= m->stay.drop_off.s) {
		int64_t shift = m->stay.from.s - line->from.s;
		m->stay.drop_off.s += shift;
		m->stay.ready.s += shift;
	}
	return OK;
}
