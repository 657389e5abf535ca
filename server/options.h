/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The command line: each command names its options in a table; anything else is a usage error, exit
 * 64 (sysexits). "--name VALUE" and "--name=VALUE" mean the same, "--" ends the options.
 */

#include "rules/base.h"

enum { OPTION_VALUES_MAX = 32, WORDS_MAX = 4 };

struct option {
	const char *name;  /* "data" for --data */
	const char *takes; /* "DIR": what its value is; NULL for a flag */
	const char *about; /* one line */
	bool flag;	   /* takes no value */
	bool required;
	bool usual;			      /* a synopsis shows it as if it were required */
	uint32_t max;			      /* how often it may stand; 0 = once */
	uint32_t len;			      /* out: how often it stood */
	const char *value[OPTION_VALUES_MAX]; /* out, borrowed from argv */
};

struct words {
	uint32_t min, max; /* how many words beside the options */
	uint32_t len;	   /* out */
	const char *value[WORDS_MAX];
};

#define OPTION_DATA                                                                             \
	{                                                                                       \
		.name = "data", .takes = "DIR", .about = "the data directory", .required = true \
	}

/* argv without the command's own words. False: `why` has the sentence. */
MUST_CHECK bool options_read(int argc, char **argv, struct option *options, size_t options_len,
	struct words *words, char *why, size_t why_size);
/* The value of an option that may stand once; NULL when it did not. */
static inline const char *option_value(const struct option *o)
{
	return o->len ? o->value[0] : NULL;
}
