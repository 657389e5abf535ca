/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/words.h"

#include <stdio.h>

#include "fleet/embed.h"

enum { NAME_TEXT = 80 };

static struct str file_of(const char *kind, struct str code)
{
	char name[NAME_TEXT];

	snprintf(name, sizeof name, "%s%.*s.json", kind, STR_FMT(code));
	return embedded_find(word_files, name);
}

static struct str code_of(struct str language)
{
	return language.n < 2 ? STR("en") : (struct str){language.p, 2};
}

bool words_known(struct str language)
{
	struct str code = code_of(language);

	return language.n >= 2 && (language.n == 2 || language.p[2] == '-') &&
	       file_of("papers.", code).n > 0;
}

bool words_open(struct words *out, struct arena *a, struct str language)
{
	struct str code = words_known(language) ? code_of(language) : STR("en");

	*out = (struct words){.decimal = str_is(code, "en") ? '.' : ','};
	memcpy(out->language, code.p, code.n);
	out->papers = arena_json(a, file_of("papers.", code), NULL);
	out->pages = arena_json(a, file_of("", code), NULL);
	return json_present(out->papers) && json_present(out->pages);
}

struct str words_text(const struct words *w, const char *name)
{
	struct str text = json_str_at(w->papers, name);

	ASSERT(text.n);
	return text;
}

struct str words_named(const struct words *w, const char *group, struct str key)
{
	char name[NAME_TEXT];
	struct str text;

	if (snprintf(name, sizeof name, "%s.%.*s", group, STR_FMT(key)) >= NAME_TEXT)
		return STR_NULL;
	text = json_str_at(w->papers, name);
	return text.n ? text : json_str_at(w->pages, name);
}

struct str words_house(struct json site, const char *name, struct str language)
{
	struct json text = json_get(json_get(site, "texts"), name);
	struct str wanted[] = {language, json_str_at(site, "locale")};

	if (!json_is(text, JSON_OBJECT))
		return json_str(text);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		for (struct json t = json_first_value(text); json_present(t);
			t = json_next_value(text, t)) {
			struct str key = json_key(t);
			if (key.n >= 2 && wanted[i].n >= 2 && memcmp(key.p, wanted[i].p, 2) == 0)
				return json_str(t);
		}
	return json_str(json_first_value(text));
}
