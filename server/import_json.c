/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_json.h"

void import_json_init(struct import_json *j, struct str text)
{
	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		text = (struct str){text.p + 3, text.n - 3};
	*j = (struct import_json){.text = text, .line = 1};
}

/* The byte there, 0 at the end. */
static char peek(const struct import_json *j)
{
	return j->at < j->text.n ? j->text.p[j->at] : '\0';
}

static void step(struct import_json *j)
{
	if (j->at < j->text.n) {
		j->line += j->text.p[j->at] == '\n';
		j->at++;
	}
}

static void skip_blanks(struct import_json *j)
{
	while (peek(j) == ' ' || peek(j) == '\t' || peek(j) == '\n' || peek(j) == '\r')
		step(j);
}

static bool stop(struct import_json *j, const char *error)
{
	j->error = error;
	return false;
}

static void skip_string(struct import_json *j)
{
	step(j);
	while (j->at < j->text.n && peek(j) != '"') {
		if (peek(j) == '\\')
			step(j);
		step(j);
	}
	step(j);
}

/* Over one value: brackets are counted, strings passed over; the parser judges the rest. */
static bool skip_value(struct import_json *j)
{
	size_t depth = 0;

	while (j->at < j->text.n) {
		char ch = peek(j);
		if (ch == '"') {
			skip_string(j);
			continue;
		}
		if (depth == 0 && (ch == ',' || ch == ']'))
			return true;
		if (ch == '{' || ch == '[')
			depth++;
		if (ch == '}' || ch == ']')
			depth -= depth > 0;
		step(j);
		if (depth == 0 && (ch == '}' || ch == ']'))
			return true;
	}
	return depth == 0;
}

static bool begin(struct import_json *j)
{
	j->begun = true;
	skip_blanks(j);
	j->array = peek(j) == '[';
	if (j->array)
		step(j);
	else if (peek(j) != '{')
		return stop(j, "must be an object or a list of objects");
	skip_blanks(j);
	return true;
}

/* What stands between two elements, or after the last. False: there is none to come. */
static bool go_on(struct import_json *j)
{
	skip_blanks(j);
	if (j->array && peek(j) == ',') {
		step(j);
		skip_blanks(j);
		return true;
	}
	if (j->array) {
		if (peek(j) != ']')
			return stop(j, "must have , or ] here");
		step(j);
		skip_blanks(j);
	}
	return j->at < j->text.n ? stop(j, "has something after its end") : false;
}

bool import_json_next(struct import_json *j, struct str *element, uint32_t *line)
{
	bool first = !j->begun;

	if (j->error || (first && !begin(j)))
		return false;
	if (first && j->array && peek(j) == ']')
		return go_on(j);
	if (!first && !go_on(j))
		return false;
	size_t start = j->at;
	*line = j->line;
	if (!skip_value(j))
		return stop(j, "ends in the middle of a value");
	*element = (struct str){j->text.p + start, j->at - start};
	return true;
}
