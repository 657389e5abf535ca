/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/claim_profile.h"

#include "rules/ruleset_parts.h"

const struct str claim_need_words[CLAIM_NEEDS_LEN] = {
#define X(code, word) [code] = {word, sizeof(word) - 1},
	CLAIM_NEEDS(X)
#undef X
};
static const char *const codes[] = {
#define X(code, word) [code] = #code,
	CLAIM_NEEDS(X)
#undef X
};

const char *claim_need_code(enum claim_need n)
{
	ASSERT(n < CLAIM_NEEDS_LEN);
	return codes[n];
}

/* ---- asking ---- */

static bool fits(const struct profile_words *list, struct str word)
{
	for (uint32_t i = 0; i < list->len; i++)
		if (str_eq(list->word[i], word))
			return true;
	return list->len == 0;
}

static bool fits_vin(const struct profile_words *list, struct str vin)
{
	for (uint32_t i = 0; i < list->len; i++) {
		struct str p = list->word[i];
		if (vin.n >= p.n && memcmp(vin.p, p.p, p.n) == 0)
			return true;
	}
	return list->len == 0;
}

uint32_t claim_needs_of(
	const struct ruleset *r, struct str vin, struct str market, struct str payer)
{
	uint32_t needs = NEED_BIT(LOAN_NOT_BACK);

	for (uint32_t i = 0; r && i < r->claim_profiles_len; i++) {
		const struct claim_profile *p = &r->claim_profiles[i];
		if (fits_vin(&p->vin_prefixes, vin) && fits(&p->markets, market) &&
			fits(&p->payers, payer))
			needs |= p->needs;
	}
	return needs;
}

/* ---- reading ---- */

static void words_read(struct profile_words *out, const struct value *object, const char *key)
{
	struct value list = value_member(object, key);

	if (!value_given(&list))
		return;
	out->len = ruleset_words_read(&list, out->word, PROFILE_WORDS_MAX);
	/* an empty list would fit nothing in a reader's eyes, and everything in ours */
	if (!out->len && json_is(list.json, JSON_ARRAY))
		value_fault(&list, "must name one at least, or be left out");
}

static void profile_read(struct ruleset *out, const struct value *object)
{
	static const char *const known[] = {"id", "requires", "vin_prefixes", "markets", "payers"};
	struct claim_profile *p = &out->claim_profiles[out->claim_profiles_len];
	struct value id = value_member(object, "id"), requires = value_member(object, "requires");

	if (!value_is_object(object))
		return;
	value_members_known(object, known, ARRAY_LEN(known));
	*p = (struct claim_profile){.id = value_word(&id)};
	p->needs = ruleset_bits_read(
		&requires, claim_need_words, CLAIM_NEEDS_LEN, "requirement of a claim");
	words_read(&p->vin_prefixes, object, "vin_prefixes");
	words_read(&p->markets, object, "markets");
	words_read(&p->payers, object, "payers");
	for (uint32_t i = 0; i < out->claim_profiles_len; i++)
		if (str_eq(out->claim_profiles[i].id, p->id))
			value_fault(&id, "stands here twice");
	out->claim_profiles_len++;
}

void ruleset_claim_profiles_read(struct ruleset *out, const struct value *root)
{
	struct value list = value_member(root, "claim_profiles");

	if (!value_given(&list) || !value_is_array(&list, CLAIM_PROFILES_MAX))
		return;
	for (struct value e = value_first(&list); value_present(&e); e = value_next(&list, &e))
		profile_read(out, &e);
}
