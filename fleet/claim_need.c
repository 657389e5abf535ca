/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claim_need.h"

#include "fleet/attachment.h"

/* ---- what is there ---- */

/* Every paper that the solution asks for was seen (S17). */
static bool documents_seen(const struct booking *b, struct json first_out)
{
	struct json wanted = json_get(json_get(b->doc, "terms"), "documents");
	struct json seen = json_get(first_out, "documents_checked");

	for (struct json d = json_first(wanted); json_present(d); d = json_next(wanted, d)) {
		struct json s = json_first(seen);
		while (json_present(s) && !str_eq(json_str(s), json_str(d)))
			s = json_next(seen, s);
		if (!json_present(s))
			return false;
	}
	return true;
}

static bool has_photo(struct view *v, const struct booking *b, const char *moment)
{
	struct str ids[ATTACHMENTS_MAX];
	uint32_t n = attachments_of(v, b->id, ids);

	for (uint32_t i = 0; i < n; i++) {
		struct attachment a;
		if (attachment_get(v, ids[i], &a) &&
			(str_is(a.kind, "photo") || str_is(a.kind, "damage_photo")) &&
			str_is(json_str_at(a.doc, "moment"), moment))
			return true;
	}
	return false;
}

struct looking {
	struct claim_line *l;
	struct view *v;
	const struct booking *b;
	const struct claim_facts *facts;
};

static bool is_there(const struct looking *k, enum claim_need need)
{
	const struct claim *c = &k->l->claim;

	switch (need) {
	case LOAN_NOT_BACK: return k->b->status == BOOKING_RETURNED;
	case RO_NOT_CLOSED: return c->has_ro_closed;
	case RO_ODOMETER_MISSING:
		return c->ro_odometer_in != ODOMETER_UNKNOWN &&
		       c->ro_odometer_out != ODOMETER_UNKNOWN;
	case LOAN_ODOMETER_OUT_MISSING: return c->loan_odometer_out != ODOMETER_UNKNOWN;
	case LOAN_ODOMETER_IN_MISSING: return c->loan_odometer_in != ODOMETER_UNKNOWN;
	case CLAIM_NUMBER_MISSING: return k->l->cell[COLUMN_claim_number].type != CELL_NONE;
	case AUTHORISATION_MISSING: return c->authorisation_ref.n > 0;
	case INVOICE_NOT_KEPT: return c->supplier_invoice_ref.n > 0;
	case PAPERS_MISSING: return k->facts->papers > 0;
	case DOCUMENTS_NOT_CHECKED: return documents_seen(k->b, k->facts->first_out);
	case AGREEMENT_NOT_KEPT: return json_present(json_get(k->b->doc, "agreement"));
	case PHOTOS_OUT_MISSING: return has_photo(k->v, k->b, "check_out");
	case PHOTOS_IN_MISSING: return has_photo(k->v, k->b, "check_in");
	case CLAIM_NEEDS_LEN: break;
	}
	ASSERT(false);
}

/* ---- how it is mended ---- */

enum until { UNTIL_CHECK_OUT, UNTIL_RETURN, UNTIL_CLAIM };
static const char *const until_names[] = {
	[UNTIL_CHECK_OUT] = "check_out", [UNTIL_RETURN] = "check_in", [UNTIL_CLAIM] = "claim"};

struct mending {
	const char *where; /* whose work it is */
	enum until until;
};
static const struct mending of_findings[FINDINGS_LEN] = {
	[AUD01_RO_MISSING] = {"workshop", UNTIL_CLAIM},
	[AUD02_VIN_INVALID] = {"desk", UNTIL_CHECK_OUT},
	[AUD03_AGREEMENT_UNSIGNED] = {"desk", UNTIL_CHECK_OUT},
	[AUD04_LICENCE_NOT_CHECKED] = {"desk", UNTIL_CHECK_OUT},
	[AUD05_ODOMETER_INCONSISTENT] = {"desk", UNTIL_CLAIM},
	[AUD06_BEFORE_RO_OPEN] = {"workshop", UNTIL_CHECK_OUT},
	[AUD07_AFTER_RO_CLOSE] = {"workshop", UNTIL_CLAIM},
	[AUD08_OVER_CAP_NOT_AUTHORISED] = {"warranty", UNTIL_CLAIM},
	[AUD09_DELAY_NOT_JUSTIFIED] = {"warranty", UNTIL_CLAIM},
	[AUD10_RATE_OVER_CAP] = {"warranty", UNTIL_CLAIM},
	[AUD11_INVOICE_MISSING] = {"warranty", UNTIL_CLAIM},
	[AUD12_NO_MATCHING_RO_LINE] = {"workshop", UNTIL_CLAIM},
	[AUD13_DUPLICATE_PERIOD] = {"warranty", UNTIL_CLAIM},
};
static const struct mending of_needs[CLAIM_NEEDS_LEN] = {
	[LOAN_NOT_BACK] = {"desk", UNTIL_RETURN},
	[RO_NOT_CLOSED] = {"workshop", UNTIL_CLAIM},
	[RO_ODOMETER_MISSING] = {"workshop", UNTIL_CLAIM},
	[LOAN_ODOMETER_OUT_MISSING] = {"desk", UNTIL_CHECK_OUT},
	[LOAN_ODOMETER_IN_MISSING] = {"desk", UNTIL_RETURN},
	[CLAIM_NUMBER_MISSING] = {"warranty", UNTIL_CLAIM},
	[AUTHORISATION_MISSING] = {"warranty", UNTIL_CLAIM},
	[INVOICE_NOT_KEPT] = {"warranty", UNTIL_CLAIM},
	[PAPERS_MISSING] = {"warranty", UNTIL_CLAIM},
	[DOCUMENTS_NOT_CHECKED] = {"desk", UNTIL_CHECK_OUT},
	[AGREEMENT_NOT_KEPT] = {"desk", UNTIL_CHECK_OUT},
	[PHOTOS_OUT_MISSING] = {"desk", UNTIL_CHECK_OUT},
	[PHOTOS_IN_MISSING] = {"desk", UNTIL_RETURN},
};

static bool is_late(const struct claim_line *l, enum until until)
{
	switch (until) {
	case UNTIL_CHECK_OUT: return !booking_is_promise(l->loan);
	case UNTIL_RETURN: return l->loan == BOOKING_RETURNED;
	case UNTIL_CLAIM: return false;
	}
	ASSERT(false);
}

void claim_line_needs(struct claim_line *l, struct view *look, const struct booking *b,
	const struct claim_facts *facts)
{
	struct json site = json_get(json_get(b->doc, "decided"), "site");
	struct looking k = {.l = l, .v = look, .b = b, .facts = facts};
	uint32_t asked;

	l->loan = b->status;
	l->asked = payer_is_claimable(facts->payer) || str_is(facts->payer, "ask");
	if (!l->asked)
		return;
	asked = claim_needs_of(
		facts->rules, l->claim.vin, json_str_at(site, "market"), facts->payer);
	/* the payer did not say yet that he bears it */
	if (str_is(facts->payer, "ask"))
		asked |= NEED_BIT(AUTHORISATION_MISSING);
	for (int n = 0; n < CLAIM_NEEDS_LEN; n++) {
		/* what comes with the return is not missing before the keys leave */
		bool early = of_needs[n].until == UNTIL_RETURN && booking_is_promise(b->status);
		if ((asked >> n & 1) && !early && !is_there(&k, (enum claim_need)n))
			l->needs |= NEED_BIT(n);
	}
}

/* ---- the light ---- */

const char *claim_light_name(enum claim_light l)
{
	static const char *const names[] = {[LIGHT_NONE] = "none",
		[LIGHT_OPEN] = "open",
		[LIGHT_LATE] = "late",
		[LIGHT_READY] = "ready"};

	ASSERT(l < ARRAY_LEN(names));
	return names[l];
}

enum claim_light claim_line_light(const struct claim_line *l)
{
	enum claim_light light = LIGHT_READY;

	if (!l->asked)
		return LIGHT_NONE;
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (l->findings >> f & 1)
			light = is_late(l, of_findings[f].until) || light == LIGHT_LATE
					? LIGHT_LATE
					: LIGHT_OPEN;
	for (int n = 0; n < CLAIM_NEEDS_LEN; n++)
		if (l->needs >> n & 1)
			light = is_late(l, of_needs[n].until) || light == LIGHT_LATE ? LIGHT_LATE
										     : LIGHT_OPEN;
	return light;
}

void write_missing_codes(struct json_writer *w, const struct claim_line *l)
{
	json_array_begin(w);
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (l->findings >> f & 1)
			json_put_str(w, str_from(finding_code((enum finding)f)));
	for (int n = 0; n < CLAIM_NEEDS_LEN; n++)
		if (l->needs >> n & 1)
			json_put_str(w, str_from(claim_need_code((enum claim_need)n)));
	json_array_end(w);
}

static void write_one(struct json_writer *w, const struct claim_line *l, const char *code,
	const struct mending *mending)
{
	json_object_begin(w);
	json_kv_str(w, "code", str_from(code));
	if (is_late(l, mending->until))
		json_kv_bool(w, "late", true);
	json_kv_str(w, "until", str_from(until_names[mending->until]));
	json_kv_str(w, "where", str_from(mending->where));
	json_object_end(w);
}

void write_missing(struct json_writer *w, const struct claim_line *l)
{
	json_array_begin(w);
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (l->findings >> f & 1)
			write_one(w, l, finding_code((enum finding)f), &of_findings[f]);
	for (int n = 0; n < CLAIM_NEEDS_LEN; n++)
		if (l->needs >> n & 1)
			write_one(w, l, claim_need_code((enum claim_need)n), &of_needs[n]);
	json_array_end(w);
}
