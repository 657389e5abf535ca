/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset_parts.h"

/*
 * condition_rules[].when: a closed grammar, clauses joined by " and ", each at most once (S17).
 * What is not understood is a fault: a condition nobody evaluates would be a term nobody states.
 */

enum { WHEN_MAX = 1000 };

static bool begins_with(struct str text, const char *head)
{
	size_t n = strlen(head);
	return text.n >= n && memcmp(text.p, head, n) == 0;
}

static struct str after(struct str text, size_t n)
{
	ASSERT(n <= text.n);
	return (struct str){text.p + n, text.n - n};
}

/* Takes *part, what stands before `mark`, off *rest. True: the mark was there and more must follow.
 */
static bool cut(struct str *rest, const char *mark, struct str *part)
{
	struct str whole = *rest;
	size_t n = strlen(mark);

	for (size_t i = 0; i + n <= whole.n; i++) {
		if (memcmp(whole.p + i, mark, n) != 0)
			continue;
		*part = (struct str){whole.p, i};
		*rest = after(whole, i + n);
		return true;
	}
	*part = whole;
	*rest = after(whole, whole.n);
	return false;
}

static void solutions_clause(struct condition_rule *c, const struct value *when,
	const struct ruleset *r, struct str list, const char *separator)
{
	struct str id;
	bool more;

	if (c->solutions)
		value_fault(when, "names solutions twice");
	do {
		more = cut(&list, separator, &id);
		int at = ruleset_solution_index(r, id);
		if (at < 0)
			value_fault(when, "\"%.*s\" is not a solution of solution_order",
				(int)(id.n < VALUE_WORD_MAX ? id.n : VALUE_WORD_MAX), id.p);
		else
			c->solutions |= UINT32_C(1) << at;
	} while (more);
}

static void decision_clause(struct condition_rule *c, const struct value *when, struct str decision)
{
	/* Conditions belong to offered solutions, so not_offered is none of them (S16, S17). */
	if (!str_is(decision, "free") && !str_is(decision, "paid") &&
		!str_is(decision, "partly_free"))
		value_fault(when, "a decision is free, paid or partly_free");
	if (c->decision.p)
		value_fault(when, "names a decision twice");
	c->decision = decision;
}

static void clause_read(struct condition_rule *c, const struct value *when, const struct ruleset *r,
	struct str clause)
{
	static const char in[] = "solution in ", is[] = "solution = ", decision[] = "decision = ";

	if (begins_with(clause, in))
		solutions_clause(c, when, r, after(clause, sizeof(in) - 1), ", ");
	else if (begins_with(clause, is))
		solutions_clause(c, when, r, after(clause, sizeof(is) - 1), "\n");
	else if (begins_with(clause, decision))
		decision_clause(c, when, after(clause, sizeof(decision) - 1));
	else if (str_is(clause, "driver not given"))
		c->driver_not_given = true;
	else if (str_is(clause, "value_minor > 0"))
		c->value_positive = true;
	else if (str_is(clause, "a covered row used authorisation extra days"))
		c->used_authorisation = true;
	else
		value_fault(when, "\"%.*s\" is not understood",
			(int)(clause.n < 80 ? clause.n : 80), clause.p);
}

static void when_read(
	struct condition_rule *rule, const struct value *when, const struct ruleset *r)
{
	struct str rest = json_str(when->json), clause;
	bool more;

	if (rest.n == 0 || rest.n > WHEN_MAX) {
		value_fault(when, "must be a text of 1 to %d bytes", WHEN_MAX);
		return;
	}
	do {
		more = cut(&rest, " and ", &clause);
		clause_read(rule, when, r, clause);
	} while (more);
}

static void condition_read(struct ruleset *out, const struct value *object)
{
	static const char *const known[] = {"when", "key"};
	struct value when = value_member(object, "when"), key = value_member(object, "key");
	struct condition_rule rule = {0};

	if (!value_is_object(object))
		return;
	value_members_known(object, known, ARRAY_LEN(known));
	rule.key = value_word(&key);
	when_read(&rule, &when, out);
	out->conditions[out->conditions_len++] = rule;
}

void ruleset_conditions_read(struct ruleset *out, const struct value *list)
{
	if (!value_is_array(list, CONDITIONS_MAX))
		return;
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e))
		condition_read(out, &e);
}
