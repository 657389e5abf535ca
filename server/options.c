/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/options.h"

#include <stdio.h>

static struct option *option_find(
	struct option *options, size_t len, const char *name, size_t name_n)
{
	for (size_t i = 0; i < len; i++)
		if (strlen(options[i].name) == name_n && memcmp(options[i].name, name, name_n) == 0)
			return &options[i];
	return NULL;
}

/* The option argv[*at], and its value where it takes one. */
static bool option_take(int argc, char **argv, int *at, struct option *options, size_t len,
	char *why, size_t why_size)
{
	const char *name = argv[*at] + 2;
	const char *equals = strchr(name, '=');
	size_t name_n = equals ? (size_t)(equals - name) : strlen(name);
	struct option *o = option_find(options, len, name, name_n);
	const char *value = equals ? equals + 1 : NULL;
	if (!o) {
		snprintf(why, why_size, "--%.*s is not an option of this command", (int)name_n,
			name);
		return false;
	}
	if (o->flag && value) {
		snprintf(why, why_size, "--%s takes no value", o->name);
		return false;
	}
	if (!o->flag && !value && *at + 1 < argc)
		value = argv[++*at];
	if (!o->flag && (!value || !*value)) {
		snprintf(why, why_size, "--%s needs a value", o->name);
		return false;
	}
	uint32_t max = o->max ? o->max : 1;
	ASSERT(max <= OPTION_VALUES_MAX);
	if (o->len == max) {
		snprintf(why, why_size, "--%s stands there too often", o->name);
		return false;
	}
	o->value[o->len++] = value;
	return true;
}

bool options_read(int argc, char **argv, struct option *options, size_t options_len,
	struct words *words, char *why, size_t why_size)
{
	bool only_words = false;
	ASSERT(words->max <= WORDS_MAX);
	for (int i = 0; i < argc; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
			if (!option_take(argc, argv, &i, options, options_len, why, why_size))
				return false;
		} else if (words->len == words->max) {
			snprintf(why, why_size, "\"%s\" is one word too many", argv[i]);
			return false;
		} else {
			words->value[words->len++] = argv[i];
		}
	}
	for (size_t i = 0; i < options_len; i++)
		if (options[i].required && !options[i].len) {
			snprintf(why, why_size, "--%s is required", options[i].name);
			return false;
		}
	if (words->len < words->min)
		snprintf(why, why_size, "something is missing behind the command");
	return words->len >= words->min;
}
