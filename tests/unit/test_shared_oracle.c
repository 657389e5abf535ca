/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Cars shared between three sites, held against a search that tries every car for every promise:
 * the answer is yes exactly when all promises can have a car that serves their site, the road
 * before and after included.
 */

#include "tests/lib/two_sites.h"

enum { CARS = 4, SITES = 3, ASKED = 14, CLASSES = 5, STORES = 6 };
static const char *const names[SITES] = {"PAR", "LYO", "GVA"};
static const uint32_t roads[SITES] = {0, 90, 35};

struct promise {
	uint32_t from, until; /* what it takes of a car */
	unsigned site;
};

static bool shared[CARS][SITES];

/* Any car for each promise, the first ones given: nothing of the product is in here. */
static bool fits(const struct promise *p, unsigned n, unsigned at, unsigned *car)
{
	if (at == n)
		return true;
	for (car[at] = 0; car[at] < CARS; car[at]++) {
		bool free = shared[car[at]][p[at].site];
		for (unsigned i = 0; i < at; i++)
			free &= car[i] != car[at] || p[i].until <= p[at].from ||
				p[at].until <= p[i].from;
		if (free && fits(p, n, at + 1, car))
			return true;
	}
	return false;
}

static uint64_t state_of_chance = 20260316;

static uint32_t draw(uint32_t below)
{
	state_of_chance = state_of_chance * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(state_of_chance >> 33) % below;
}

static void share_cars(unsigned class)
{
	for (unsigned c = 0; c < CARS; c++) {
		const char *list[SITES] = {"", "", ""};
		shared[c][0] = true;
		for (unsigned s = 1; s < SITES; s++) {
			shared[c][s] = draw(2);
			if (shared[c][s])
				list[s] = arena_printf(&w.arena,
					"{\"site\":\"%s\",\"transfer_minutes\":%u}", names[s],
					roads[s])
						  .p;
		}
		car(arena_printf(&w.arena, "X%u%u", class, c).p,
			arena_printf(&w.arena, "x%u", class).p,
			arena_printf(&w.arena, "%s%s%s", list[1],
				shared[c][1] && shared[c][2] ? "," : "", list[2])
				.p);
	}
}

static enum outcome request(
	unsigned class, const struct str *offers, uint32_t from, uint32_t until, unsigned at)
{
	char a[INSTANT_TEXT], b[INSTANT_TEXT];
	struct command *c;
	enum outcome o;

	instant_print_utc(minute_instant(from), a);
	instant_print_utc(minute_instant(until), b);
	c = dealer_do(&w, VERB_BOOKING_MAKE, "PAR", NULL,
		arena_printf(&w.arena,
			"{\"accept_customer_minor\":99999999,\"class\":\"x%u\",\"customer\":\"C2\","
			"\"from\":\"%s\"%s,\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
			"\"until\":\"%s\"}",
			class, a, at ? ",\"home_site\":\"PAR\"" : "", STR_FMT(offers[at]), b)
			.p,
		NULL);
	o = c->outcome;
	command_free(c);
	return o;
}

static unsigned said[2];

static void play(unsigned class, const struct str *offers)
{
	struct promise p[ASKED];
	unsigned n = 0, tried[ASKED];
	uint32_t base = minute_of("2026-03-16T00:00:00+01:00");

	share_cars(class);
	for (unsigned i = 0; i < ASKED; i++) {
		unsigned at = draw(SITES);
		uint32_t from = base + 15 * draw(240), until = from + 60 + 15 * draw(80);
		enum outcome o;
		bool any = false;
		for (unsigned c = 0; c < CARS; c++)
			any |= shared[c][at];
		if (!any)
			continue; /* refused for another reason */
		p[n] = (struct promise){from - roads[at], until + roads[at] + 60, at};
		o = request(class, offers, from, until, at);
		bool yes = fits(p, n + 1, 0, tried);
		assert_int_equal(o, yes ? OK : REFUSED_NO_SEAT);
		said[yes]++;
		n += yes;
	}
}

static void yes_exactly_when_an_assignment_exists(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STORES; i++) {
		struct str offers[SITES];
		const char *always =
			"{\"handover_minutes\":0,\"holidays\":[],\"opening\":[{\"days\":[1,2,3,4,5,"
			"6,7],\"from\":\"00:00\",\"until\":\"24:00\"}],\"return_minutes\":0}";
		(void)open_dealer(NULL);
		for (unsigned s = 0; s < SITES; s++) {
			if (s != 1)
				site(names[s], always);
		}
		struct str body =
			doc_merge(&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")), json_of(always));
		command_free(dealer_put(&w, VERB_SITE_PUT, "LYO", "LYO",
			arena_printf(&w.arena, "%.*s", STR_FMT(body)).p, "*"));
		for (unsigned s = 0; s < SITES; s++)
			offers[s] = json_str_at(ask(names[s], MONDAY_9, TUESDAY_17), "offer");
		for (unsigned class = 0; class < CLASSES; class ++)
			play(class, offers);
		(void)close_dealer(NULL);
	}
	assert_true(said[0] > 50 && said[1] > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yes_exactly_when_an_assignment_exists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
