/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/birth.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "fleet/data_dir.h"
#include "fleet/journal.h"

enum { PATH_BYTES = 4096 };

/* More than the beginning of a file, which holds nothing yet. */
static bool holds_data(const char *dir, const char *name)
{
	char path[PATH_BYTES];
	struct stat st;
	int n = snprintf(path, sizeof path, "%s/%s", dir, name);

	return n > 0 && (size_t)n < sizeof path && stat(path, &st) == 0 && st.st_size > 0 &&
	       !data_file_is_begun(path);
}

/* lost+found: a disk of its own may be the data directory. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = {".", "..", "data", "data-lock", "lock", "people",
		"lost+found", "signing-key", "signing-key.new", "checkpoints", "restored", "lost"};

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (strcmp(name, ours[i]) == 0)
			return true;
	return false;
}

static enum outcome check_empty(const char *dir, char *why, size_t why_size)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	enum outcome o = OK;

	if (!d)
		return OK; /* it is not there yet, or cannot be read: store_open says so */
	while (o == OK && (entry = readdir(d)) != NULL)
		if (!is_ours(entry->d_name)) {
			snprintf(why, why_size,
				"%s holds files that are not relais's (%.80s): name an empty "
				"directory",
				dir, entry->d_name);
			o = FAULT_CORRUPT;
		}
	closedir(d);
	return o;
}

enum outcome birth_check(const char *dir, bool create, char *why, size_t why_size)
{
	if (holds_data(dir, "data"))
		return OK;
	if (holds_data(dir, "people/data")) {
		snprintf(why, why_size,
			"%s/data is lost though %s/people is there: put it back or restore a "
			"backup",
			dir, dir);
		return FAULT_CORRUPT;
	}
	return create ? check_empty(dir, why, why_size) : OK;
}

bool birth_is_unfinished(struct store *store)
{
	struct txn t;
	struct str name = STR_NULL;
	bool some;

	txn_begin(&t, store, false);
	some = journal_next_name(&t, &name);
	some |= t.outcome != OK;
	txn_abort(&t);
	return !some;
}
