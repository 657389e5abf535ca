/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/warranty_claim.h"

static const char *const status_names[] = {
#define X(name, text) [name] = text,
	WARRANTY_CLAIM_STATUSES(X)
#undef X
};

const char *warranty_claim_status_name(enum warranty_claim_status s)
{
	ASSERT(s < ARRAY_LEN(status_names));
	return status_names[s];
}

bool warranty_claim_status_from(enum warranty_claim_status *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(status_names); i++)
		if (str_is(name, status_names[i])) {
			*out = (enum warranty_claim_status)i;
			return true;
		}
	return false;
}

bool warranty_claim_holds(enum warranty_claim_status s)
{
	return s != CLAIM_CHARGED_BACK && s != CLAIM_WITHDRAWN;
}

bool payer_is_claimable(struct str payer)
{
	return payer.n && !str_is(payer, "dealer") && !str_is(payer, "customer") &&
	       !str_is(payer, "ask");
}

bool warranty_claim_get(struct view *v, struct str id, struct warranty_claim *out)
{
	struct row row;

	if (!row_get(v, ROW_CLAIM, id, &row))
		return false;
	*out = (struct warranty_claim){
		.id = json_str_at(row.doc, "claim"),
		.booking = json_str_at(row.doc, "booking"),
		.programme = json_str_at(row.doc, "programme"),
		.payer = json_str_at(row.doc, "payer"),
		.days = json_get(row.doc, "days"),
		.doc = row.doc,
		.rev = row.rev,
	};
	ASSERT(warranty_claim_status_from(&out->status, json_str_at(row.doc, "status")));
	return true;
}

uint32_t warranty_claims_of(
	struct view *v, struct str booking, struct str out[CLAIMS_OF_BOOKING_MAX])
{
	return ids_under(v, key_booking_claim_prefix(booking), out, CLAIMS_OF_BOOKING_MAX);
}

bool warranty_claim_of_row(struct view *v, struct str booking, struct str programme,
	struct str payer, struct warranty_claim *out)
{
	struct str ids[CLAIMS_OF_BOOKING_MAX];
	uint32_t n = warranty_claims_of(v, booking, ids);

	while (n-- > 0)
		if (warranty_claim_get(v, ids[n], out) && str_eq(out->programme, programme) &&
			str_eq(out->payer, payer))
			return true;
	return false;
}
