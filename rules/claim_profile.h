/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a claim must have beside an audit without findings, as makers and markets ask: data of the
 * rule set. {"id", "requires":[WORD], "vin_prefixes"?, "markets"?, "payers"?}; a list that is
 * absent asks for nothing. All profiles that fit a claim count together.
 */

#include "rules/base.h"

// clang-format off
/* What is missing, and the word that asks for it. That the loan is back is always asked. */
#define CLAIM_NEEDS(X) \
	X(LOAN_NOT_BACK, "loan_back") X(RO_NOT_CLOSED, "ro_closed") \
	X(RO_ODOMETER_MISSING, "ro_odometer") X(LOAN_ODOMETER_OUT_MISSING, "loan_odometer_out") \
	X(LOAN_ODOMETER_IN_MISSING, "loan_odometer_in") X(CLAIM_NUMBER_MISSING, "claim_number") \
	X(AUTHORISATION_MISSING, "authorisation") X(INVOICE_NOT_KEPT, "supplier_invoice") \
	X(PAPERS_MISSING, "papers") X(DOCUMENTS_NOT_CHECKED, "documents_checked") \
	X(AGREEMENT_NOT_KEPT, "agreement_kept") X(PHOTOS_OUT_MISSING, "photos_out") \
	X(PHOTOS_IN_MISSING, "photos_in")
// clang-format on
enum claim_need {
#define X(code, word) code,
	CLAIM_NEEDS(X)
#undef X
		CLAIM_NEEDS_LEN
};
const char *claim_need_code(enum claim_need n);
extern const struct str claim_need_words[CLAIM_NEEDS_LEN];
#define NEED_BIT(n) (UINT32_C(1) << (n))

enum { CLAIM_PROFILES_MAX = 16, PROFILE_WORDS_MAX = 16 };
struct profile_words {
	uint32_t len; /* 0: any */
	struct str word[PROFILE_WORDS_MAX];
};
struct claim_profile {
	struct str id;
	struct profile_words vin_prefixes, markets, payers;
	uint32_t needs; /* bit = enum claim_need */
};

struct ruleset;
/* The needs of all profiles that fit, and that the loan is back. `r` NULL: only that. */
uint32_t claim_needs_of(
	const struct ruleset *r, struct str vin, struct str market, struct str payer);
