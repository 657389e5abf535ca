/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"

/* Terms as the contract shows them (section 4); the same bytes for the same terms, for ever. */

static void covered_write(struct json_writer *w, const struct terms *t)
{
	json_k(w, "covered");
	json_array_begin(w);
	for (uint32_t i = 0; i < t->covered_len; i++) {
		const struct covered_row *row = &t->covered[i];
		json_object_begin(w);
		json_kv_int(w, "amount_minor", row->amount_minor);
		json_kv_str(w, "cost_code", row->cost_code);
		if (row->has_net)
			json_kv_int(w, "net_minor", row->net_minor);
		json_kv_str(w, "payer", row->payer);
		json_kv_str(w, "programme", row->programme);
		json_kv_int(w, "units", row->units);
		json_object_end(w);
	}
	json_array_end(w);
}

static void evidence_write(struct json_writer *w, const struct terms *t)
{
	json_k(w, "evidence");
	json_array_begin(w);
	for (uint32_t i = 0; i < t->evidence_len; i++) {
		json_object_begin(w);
		json_kv_str(w, "programme", t->evidence[i].programme);
		json_kv_str(w, "result", str_from(evidence_code(t->evidence[i].result)));
		json_object_end(w);
	}
	json_array_end(w);
}

static void conditions_write(
	struct json_writer *w, const struct terms *t, const struct ruleset *ruleset)
{
	json_k(w, "conditions");
	json_array_begin(w);
	for (uint32_t i = 0; i < ruleset->conditions_len; i++)
		if (t->conditions & UINT32_C(1) << i)
			json_put_str(w, ruleset->conditions[i].key);
	json_array_end(w);
}

static void documents_write(
	struct json_writer *w, const struct terms *t, const struct ruleset *ruleset)
{
	const struct ruleset_solution *s = &ruleset->solutions[t->solution];

	json_k(w, "documents");
	json_array_begin(w);
	/* Nothing is to be brought for what is not offered. */
	for (uint32_t i = 0; t->decision != DECISION_NOT_OFFERED && i < s->documents_len; i++)
		json_put_str(w, ruleset->documents[s->documents[i]].key);
	json_array_end(w);
}

/* S7: what is not offered has no amounts, which is not the same as an amount of nothing. */
static void amount_write(struct json_writer *w, const char *key, const struct terms *t, int64_t v)
{
	if (t->decision == DECISION_NOT_OFFERED)
		json_kv_null(w, key);
	else
		json_kv_int(w, key, v);
}

void terms_write(struct json_writer *w, const struct terms *t, const struct ruleset *ruleset)
{
	ASSERT(t->solution < ruleset->solutions_len);
	json_object_begin(w);
	conditions_write(w, t, ruleset);
	covered_write(w, t);
	json_kv_str(w, "currency", t->currency);
	amount_write(w, "customer_minor", t, t->customer_minor);
	json_kv_str(w, "decision", str_from(decision_name(t->decision)));
	documents_write(w, t, ruleset);
	evidence_write(w, t);
	amount_write(w, "gross_minor", t, t->gross_minor);
	json_k(w, "notes");
	json_array_begin(w);
	for (int n = 0; n < NOTES_LEN; n++)
		if (t->notes & UINT32_C(1) << n)
			json_put_str(w, str_from(note_code((enum note)n)));
	json_array_end(w);
	json_k(w, "payers");
	json_array_begin(w);
	for (uint32_t i = 0; i < t->payers_len; i++)
		json_put_str(w, t->payers[i]);
	json_array_end(w);
	if (t->reason == OFFERED)
		json_kv_null(w, "reason");
	else
		json_kv_str(w, "reason", str_from(offer_reason_code(t->reason)));
	amount_write(w, "units", t, t->units);
	amount_write(w, "value_minor", t, t->value_minor);
	json_object_end(w);
}
