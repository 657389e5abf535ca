/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_number.h"

#include "fleet/key.h"
#include "rules/json.h"

enum { DIGITS_MAX = 16, GROUPS_MAX = 8, GROUP_DIGITS = 3, WORD_MAX = 8 };

/* Digits between marks: 12.345,00 is 12, 345, 00 with '.' and ',' before the last two. */
struct groups {
	uint32_t len;
	struct str digits[GROUPS_MAX];
	char mark[GROUPS_MAX]; /* what stands before the group */
};

/* What parts groups at the start of `text`, one mark for all blanks and one for all apostrophes;
 * 0: something else. *n is its length. */
static char mark_of(struct str text, size_t *n)
{
	static const struct {
		const char *bytes;
		char mark;
	} marks[] = {
		{",", ','},
		{".", '.'},
		{" ", ' '},
		{"\xC2\xA0", ' '},     /* no-break space */
		{"\xE2\x80\xAF", ' '}, /* narrow no-break space */
		{"'", '\''},
		{"\xE2\x80\x99", '\''},
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		*n = strlen(marks[i].bytes);
		if (text.n >= *n && memcmp(text.p, marks[i].bytes, *n) == 0)
			return marks[i].mark;
	}
	return '\0';
}

static bool groups_read(struct groups *g, struct str text)
{
	char mark = '\0';
	size_t n = 0;

	for (g->len = 0; g->len < GROUPS_MAX; g->len++) {
		size_t digits = 0;
		while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
			digits++;
		if (digits == 0)
			return false;
		g->digits[g->len] = (struct str){text.p, digits};
		g->mark[g->len] = mark;
		text = (struct str){text.p + digits, text.n - digits};
		if (text.n == 0) {
			g->len++;
			return true;
		}
		mark = mark_of(text, &n);
		if (!mark)
			return false;
		text = (struct str){text.p + n, text.n - n};
	}
	return false;
}

static bool is_point(char mark)
{
	return mark == '.' || mark == ',';
}

/* Drops a fraction of zeros. A point that stands alone before three digits may part thousands. */
static void drop_fraction(struct groups *g)
{
	uint32_t last = g->len - 1;

	if (g->len < 2 || !is_point(g->mark[last]))
		return;
	if (g->len == 2 && g->digits[last].n == GROUP_DIGITS)
		return;
	for (uint32_t i = 1; i < last; i++)
		if (g->mark[i] == g->mark[last])
			return;
	for (size_t i = 0; i < g->digits[last].n; i++)
		if (g->digits[last].p[i] != '0')
			return;
	g->len--;
}

static bool groups_are_thousands(const struct groups *g, bool had_fraction)
{
	if (g->len == 1)
		return true;
	if (g->digits[0].n > GROUP_DIGITS)
		return false;
	for (uint32_t i = 1; i < g->len; i++)
		if (g->digits[i].n != GROUP_DIGITS || g->mark[i] != g->mark[1])
			return false;
	return g->len > 2 || had_fraction || !is_point(g->mark[1]);
}

bool import_number_read(int64_t *out, struct str text)
{
	struct groups g;
	bool negative = text.n > 0 && text.p[0] == '-';
	uint32_t read, digits = 0;

	*out = 0;
	if (!groups_read(&g, (struct str){text.p + negative, text.n - negative}))
		return false;
	read = g.len;
	drop_fraction(&g);
	if (!groups_are_thousands(&g, g.len < read))
		return false;
	for (uint32_t i = 0; i < g.len; i++)
		for (size_t k = 0; k < g.digits[i].n; k++) {
			if (++digits > DIGITS_MAX)
				return false;
			*out = *out * 10 + (g.digits[i].p[k] - '0');
		}
	if (*out > JSON_INT_MAX)
		return false;
	*out = negative ? -*out : *out;
	return true;
}

bool import_bool_read(bool *out, struct str text)
{
	static const struct {
		const char *word;
		bool means;
	} words[] = {
		{"true", true},
		{"yes", true},
		{"1", true},
		{"oui", true},
		{"vrai", true},
		{"si", true},
		{"vero", true},
		{"false", false},
		{"no", false},
		{"0", false},
		{"non", false},
		{"faux", false},
		{"falso", false},
	};
	char buf[WORD_MAX];
	struct str folded = text.n < WORD_MAX ? key_fold(buf, sizeof buf, text) : STR_NULL;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(folded, words[i].word)) {
			*out = words[i].means;
			return true;
		}
	return false;
}
