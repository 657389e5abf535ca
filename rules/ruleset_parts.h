/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files that read a rule set share among themselves; nobody else includes this. */

#include "rules/ruleset.h"
#include "rules/value.h"

/* Distinct payers a rule set may name: with dealer, ask, a goodwill's payer and the customer they
 * still fit into terms.payers. */
enum { RULESET_PAYERS_MAX = 12 };

/* A list of distinct words; the answer is how many were read. */
uint32_t ruleset_words_read(const struct value *list, struct str *out, uint32_t max);
/* A list of words that must all be among `names`: bit i for names[i]. */
uint32_t ruleset_bits_read(
	const struct value *list, const struct str *names, uint32_t names_len, const char *what);
int ruleset_word_index(const struct str *names, uint32_t names_len, struct str word);
/* An object of texts by language. */
struct json ruleset_names_read(const struct value *names);
/* The solution named by a member of a table keyed by solutions, or -1 with a fault. */
int ruleset_solution_key(const struct ruleset *r, const struct value *member);

void ruleset_solutions_read(struct ruleset *out, const struct value *root);
void ruleset_documents_read(struct ruleset *out, const struct value *root);
void ruleset_driver_limits_read(struct ruleset *out, const struct value *root);
void ruleset_programmes_read(struct ruleset *out, const struct value *list);
void ruleset_claim_profiles_read(struct ruleset *out, const struct value *root);
void ruleset_conditions_read(struct ruleset *out, const struct value *list);
