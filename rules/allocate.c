/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decide_parts.h"
#include "rules/money.h"

/*
 * Who pays what (D5: S8 to S15). Each day goes to exactly one programme, the one paying most; what
 * is left is the dealer's where a definition or collect_until says so, then goodwill's, then the
 * customer's.
 */

enum { DAY_S = 86400, NO_ROW = -1 };

struct allocation {
	struct terms *out;
	struct judgement *j;
	int64_t price_minor;
	int32_t collection_row, goodwill_bp;
	/* By programme of the rule set: days counted against its cap (S11), and its rows. */
	int32_t consumed[PROGRAMMES_MAX];
	int16_t row[PROGRAMMES_MAX], excess_row[PROGRAMMES_MAX];
};

static void notes_add(struct allocation *a, uint32_t notes)
{
	a->out->notes |= notes;
	ledger_note(a->j->ledger, notes);
}

static void note_add(struct allocation *a, enum note n)
{
	notes_add(a, UINT32_C(1) << n);
}

/* ---- rows ---- */

/* The last two rows are kept for COLLECTION and GOODWILL. */
static bool has_room(const struct allocation *a)
{
	return a->out->covered_len < COVERED_MAX - 2;
}

static struct covered_row *row_add(
	struct allocation *a, struct str programme, struct str payer, struct str cost_code)
{
	struct covered_row *row = &a->out->covered[a->out->covered_len++];

	ASSERT(a->out->covered_len <= COVERED_MAX);
	*row = (struct covered_row){.programme = programme, .payer = payer, .cost_code = cost_code};
	return row;
}

static ptrdiff_t programme_at(const struct allocation *a, const struct programme *p)
{
	ptrdiff_t at = p - a->j->ruleset->programmes;

	ASSERT(at >= 0 && at < PROGRAMMES_MAX);
	return at;
}

static const struct benefit *benefit_of(const struct allocation *a, const struct entry *e)
{
	return &e->programme->benefit[a->j->solution];
}

static struct covered_row *programme_row(struct allocation *a, const struct entry *e)
{
	int16_t *at = &a->row[programme_at(a, e->programme)];

	if (*at == NO_ROW) {
		*at = (int16_t)a->out->covered_len;
		(void)row_add(
			a, e->programme->id, e->programme->payer, benefit_of(a, e)->cost_code);
	}
	return &a->out->covered[*at];
}

/*
 * What a cap leaves of one day, where the definition gives it to the dealer or to a request to the
 * payer. A day counts once among the units: a day the programme itself paid for is in its own row.
 */
static void excess_take(struct allocation *a, const struct entry *e, int64_t amount, int32_t days)
{
	const struct benefit *b = benefit_of(a, e);
	int16_t *at = &a->excess_row[programme_at(a, e->programme)];

	if (b->excess_payer == EXCESS_CUSTOMER || amount == 0)
		return;
	if (*at == NO_ROW && !has_room(a))
		return;
	if (b->excess_payer == EXCESS_ASK)
		note_add(a, NOTE_AUTHORISATION_TO_ASK);
	if (*at == NO_ROW) {
		*at = (int16_t)a->out->covered_len;
		(void)row_add(a, e->programme->id,
			b->excess_payer == EXCESS_ASK ? STR("ask") : STR("dealer"), b->cost_code);
	}
	a->out->covered[*at].units += days;
	a->out->covered[*at].amount_minor += amount;
	ledger_pay(
		a->j->ledger, e->programme->id, a->out->covered[*at].payer, b->cost_code, amount);
}

/* ---- days (S9 to S11) ---- */

static bool is_working_day(const struct site_terms *site, struct day d)
{
	if (day_weekday(d) > 5)
		return false;
	for (uint32_t i = 0; i < site->holidays_len; i++)
		if (site->holidays[i].n == d.n)
			return false;
	return true;
}

static int64_t extra_days(const struct judgement *j, const struct programme *p)
{
	int64_t days = 0;

	for (uint32_t i = 0; i < j->request->authorisations_len; i++)
		if (str_eq(j->request->authorisations[i].programme, p->id))
			days += j->request->authorisations[i].extra_days;
	return days;
}

/* Why the programme does not take the day (S10), or NOTES_LEN where it can. */
static enum note day_refusal(const struct allocation *a, const struct entry *e, struct local start)
{
	const struct benefit *b = benefit_of(a, e);
	int64_t repair_day = (start.wall_s - a->j->request->drop_off.wall_s) / DAY_S + 1;

	ASSERT(start.wall_s >= a->j->request->drop_off.wall_s);
	if (!e->programme->continues_after_expiry && e->has_end &&
		local_day(start).n > e->last_day.n)
		return NOTE_PROGRAMME_ENDED_DURING_LOAN;
	if (repair_day < b->from_day)
		return NOTE_WAITING_PERIOD;
	if (b->max_days != NO_LIMIT && a->consumed[programme_at(a, e->programme)] >=
					       b->max_days + extra_days(a->j, e->programme))
		return NOTE_CAP_DAYS_REACHED;
	return NOTES_LEN;
}

static int64_t capped(int64_t amount, int64_t cap)
{
	return cap != NO_LIMIT && cap < amount ? cap : amount;
}

static void day_take(struct allocation *a, struct entry *e, int64_t pays, struct local start)
{
	const struct benefit *b = benefit_of(a, e);
	int32_t *consumed = &a->consumed[programme_at(a, e->programme)];
	bool consumes =
		b->day_count == COUNT_RENTAL_DAY || is_working_day(a->j->site, local_day(start));

	if (pays > 0) {
		struct covered_row *row = programme_row(a, e);
		row->units++;
		row->amount_minor += pays;
		row->consumed += consumes;
		ledger_pay(a->j->ledger, row->programme, row->payer, row->cost_code, pays);
		e->pays = true;
		/* Without the authorisation this day would have met the cap. */
		if (b->max_days != NO_LIMIT && *consumed >= b->max_days)
			a->j->used_authorisation = true;
	}
	*consumed += consumes;
	if (pays < a->price_minor) {
		note_add(a, NOTE_DAY_AMOUNT_CAPPED);
		excess_take(a, e, a->price_minor - pays, pays == 0);
	}
}

static void day_allocate(struct allocation *a, struct local start)
{
	struct entry *best = NULL, *over_cap = NULL;
	int64_t best_pays = -1;
	uint32_t refusals = 0;

	for (uint32_t i = 0; i < a->j->entries_len; i++) {
		struct entry *e = &a->j->entries[i];
		if (e->result != EVIDENCE_APPLICABLE)
			continue;
		enum note refusal = day_refusal(a, e, start);
		if (refusal != NOTES_LEN) {
			refusals |= UINT32_C(1) << refusal;
			if (refusal == NOTE_CAP_DAYS_REACHED && !over_cap &&
				benefit_of(a, e)->excess_payer != EXCESS_CUSTOMER)
				over_cap = e;
			continue;
		}
		int64_t pays = capped(a->price_minor, benefit_of(a, e)->max_per_day);
		/* Strictly more: entries stand in ascending priority, so a tie is the first's. */
		if (pays > best_pays &&
			(a->row[programme_at(a, e->programme)] != NO_ROW || has_room(a))) {
			best = e;
			best_pays = pays;
		}
	}
	if (best) {
		day_take(a, best, best_pays, start);
		return;
	}
	notes_add(a, refusals);
	if (over_cap)
		excess_take(a, over_cap, a->price_minor, 1);
}

/* A day on which the car waits for its owner because the door was shut or he had just been told. */
static void day_collection(struct allocation *a)
{
	if (a->price_minor == 0)
		return;
	if (a->collection_row == NO_ROW) {
		a->collection_row = (int32_t)a->out->covered_len;
		(void)row_add(a, STR("COLLECTION"), STR("dealer"), STR("COLLECTION"));
	}
	a->out->covered[a->collection_row].units++;
	a->out->covered[a->collection_row].amount_minor += a->price_minor;
	ledger_pay(
		a->j->ledger, STR("COLLECTION"), STR("dealer"), STR("COLLECTION"), a->price_minor);
}

static void days_allocate(struct allocation *a)
{
	const struct decision_request *r = a->j->request;
	struct terms *out = a->out;
	struct local start = r->loan_from;

	out->units = rental_days(r->loan_from, r->loan_to, a->j->site->grace_minutes);
	a->price_minor = a->j->tariff.price_minor;
	ASSERT(out->units <= LOAN_DAYS_MAX);
	ASSERT(money_multiply(&out->gross_minor, out->units, a->price_minor));
	for (int32_t k = 0; k < out->units; k++, start.wall_s += DAY_S) {
		ledger_open(a->j->ledger, start, a->price_minor);
		if (start.wall_s < r->drop_off.wall_s)
			note_add(a, NOTE_BEFORE_DROP_OFF);
		else if (start.wall_s < r->ready.wall_s)
			day_allocate(a, start);
		else if (r->has_collect_until && start.wall_s < r->collect_until.wall_s)
			day_collection(a);
		else
			note_add(a, NOTE_AFTER_COMPLETION);
	}
}

/* ---- trips (S12) ---- */

static int64_t trip_price(const struct tariff *t, int32_t distance_km)
{
	int64_t one = t->price_minor, times = t->trips, price = 0;

	if (t->unit == UNIT_LEG) {
		ASSERT(money_multiply(&one, t->per_km_minor, distance_km));
		one += t->base_minor;
		times = t->legs;
	}
	ASSERT(money_multiply(&price, one, times));
	return price;
}

static void trip_allocate(struct allocation *a)
{
	const struct tariff *t = &a->j->tariff;
	int32_t distance_km = a->j->request->distance_km;
	struct entry *best = NULL;
	int64_t best_pays = 0, best_at_distance = 0;

	a->out->units = t->unit == UNIT_LEG ? t->legs : t->trips;
	a->out->gross_minor = trip_price(t, distance_km);
	ledger_open(a->j->ledger, a->j->request->loan_from, a->out->gross_minor);
	for (uint32_t i = 0; i < a->j->entries_len; i++) {
		struct entry *e = &a->j->entries[i];
		if (e->result != EVIDENCE_APPLICABLE)
			continue;
		int32_t covered_km =
			(int32_t)capped(distance_km, benefit_of(a, e)->max_distance_km);
		int64_t at_distance = trip_price(t, covered_km);
		int64_t pays = capped(at_distance, benefit_of(a, e)->max_amount);
		if (best && pays <= best_pays)
			continue;
		best = e;
		best_pays = pays;
		best_at_distance = at_distance;
	}
	if (!best)
		return;
	if (best_at_distance < a->out->gross_minor)
		note_add(a, NOTE_DISTANCE_CAPPED);
	if (best_pays < best_at_distance)
		note_add(a, NOTE_AMOUNT_CAPPED);
	if (best_pays == 0)
		return;
	struct covered_row *row = programme_row(a, best);
	row->units = 1;
	row->amount_minor = best_pays;
	ledger_pay(a->j->ledger, row->programme, row->payer, row->cost_code, best_pays);
	best->pays = true;
}

/* ---- the rest (S13, S14) ---- */

static void sums_update(struct terms *out)
{
	out->value_minor = 0;
	for (uint32_t i = 0; i < out->covered_len; i++)
		out->value_minor += out->covered[i].amount_minor;
	out->customer_minor = out->gross_minor - out->value_minor;
	ASSERT(out->customer_minor >= 0);
}

static void goodwill_allocate(struct allocation *a)
{
	const struct goodwill *g = &a->j->request->goodwill;
	struct str id = a->j->ruleset->solutions[a->j->solution].solution.id;
	bool listed = false;

	for (uint32_t i = 0; g->given && i < g->solutions_len; i++)
		listed = listed || str_eq(g->solutions[i], id);
	if (!listed)
		return;
	if (g->authorisation_ref.n == 0) {
		a->out->notes |= UINT32_C(1) << NOTE_GOODWILL_NOT_AUTHORISED;
		return;
	}
	int64_t amount = money_share(a->out->customer_minor, g->percent_bp);
	if (amount == 0)
		return;
	struct covered_row *row = row_add(a, STR("GOODWILL"), g->payer, g->cost_code);
	row->units = a->out->units;
	row->amount_minor = amount;
	a->goodwill_bp = g->percent_bp;
}

/* What the payer repays of an amount that contains the site's tax: rounded half up. */
static void net_fill(struct allocation *a)
{
	for (uint32_t i = 0; i < a->j->ruleset->programmes_len; i++) {
		if (a->row[i] == NO_ROW || !a->j->ruleset->programmes[i].repays_net)
			continue;
		struct covered_row *row = &a->out->covered[a->row[i]];
		int64_t divisor = 10000 + (int64_t)a->j->site->tax_bp;
		row->has_net = true;
		row->net_minor = (row->amount_minor * 10000 + divisor / 2) / divisor;
	}
}

static void payer_add(struct terms *out, struct str payer)
{
	for (uint32_t i = 0; i < out->payers_len; i++)
		if (str_eq(out->payers[i], payer))
			return;
	ASSERT(out->payers_len < PAYERS_MAX);
	out->payers[out->payers_len++] = payer;
}

static void payers_fill(struct terms *out)
{
	for (uint32_t i = 0; i < out->covered_len; i++)
		payer_add(out, out->covered[i].payer);
	if (out->customer_minor > 0)
		payer_add(out, STR("customer"));
	if (out->gross_minor == 0)
		payer_add(out, STR("dealer"));
}

/* The visit's other bookings may have eaten from the caps already. */
static void consumed_start(struct allocation *a)
{
	const struct decision_request *r = a->j->request;

	for (uint32_t i = 0; i < r->used_len; i++) {
		const struct programme *p = ruleset_programme(a->j->ruleset, r->used[i].programme);
		if (p)
			a->consumed[programme_at(a, p)] += r->used[i].days;
	}
}

void allocate(struct terms *out, struct judgement *j)
{
	struct allocation a = {.out = out, .j = j, .collection_row = NO_ROW};

	for (uint32_t i = 0; i < PROGRAMMES_MAX; i++)
		a.row[i] = a.excess_row[i] = NO_ROW;
	consumed_start(&a);
	switch (j->tariff.unit) {
	case UNIT_DAY: days_allocate(&a); break;
	case UNIT_TRIP:
	case UNIT_LEG: trip_allocate(&a); break;
	case UNIT_NONE: out->units = 1; break;
	}
	sums_update(out);
	goodwill_allocate(&a);
	sums_update(out);
	ledger_close(j->ledger, a.goodwill_bp);
	net_fill(&a);
	payers_fill(out);
}
