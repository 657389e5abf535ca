/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/config_load.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "server/file.h"

enum { WHY_BYTES = 600, PATH_BYTES = 600, VARIABLE_BYTES = 64 };
#define VARIABLE_PREFIX "RELAIS_"
#define PART_END ".conf"

/* ---- files ---- */

static void file_take(struct config *c, const char *path, struct config_faults *f)
{
	char why[WHY_BYTES];
	struct str text = file_read(path, CONFIG_BYTES_MAX, why, sizeof why);

	if (!text.p) {
		config_fault(f, "", "%s", why);
		return;
	}
	config_read(c, path, text, f);
	file_free(text);
}

static bool is_part(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name), end = strlen(PART_END);

	return entry->d_name[0] != '.' && n > end && strcmp(entry->d_name + n - end, PART_END) == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The names in DIR that end as parts do, in their order; how many, -1 when there are too many. */
static int parts_list(DIR *dir, char names[CONFIG_PARTS_MAX][CONFIG_TEXT_MAX])
{
	int n = 0;

	for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (!is_part(entry))
			continue;
		if (n == CONFIG_PARTS_MAX)
			return -1;
		snprintf(names[n++], CONFIG_TEXT_MAX, "%s", entry->d_name);
	}
	qsort(names, (size_t)n, CONFIG_TEXT_MAX, by_name);
	return n;
}

static void parts_take(struct config *c, const char *file, struct config_faults *f)
{
	char path[PATH_BYTES], names[CONFIG_PARTS_MAX][CONFIG_TEXT_MAX];
	DIR *dir;
	int n;

	snprintf(path, sizeof path, "%s.d", file);
	dir = opendir(path);
	if (!dir) {
		if (errno != ENOENT)
			config_fault(f, path, "%s", strerror(errno));
		return;
	}
	n = parts_list(dir, names);
	closedir(dir);
	if (n < 0)
		config_fault(f, path, "there are more than %d files in it", CONFIG_PARTS_MAX);
	for (int i = 0; i < n; i++) {
		int length = snprintf(path, sizeof path, "%s.d/%s", file, names[i]);
		if (length < 0 || (size_t)length >= sizeof path)
			config_fault(f, file, "the name of a part is too long: %s", names[i]);
		else
			file_take(c, path, f);
	}
}

/* ---- the environment ---- */

/* "http.streams_max" as "RELAIS_HTTP_STREAMS_MAX". */
static void variable_name(char out[VARIABLE_BYTES], const char *key)
{
	size_t n = strlen(VARIABLE_PREFIX);

	memcpy(out, VARIABLE_PREFIX, n);
	for (; *key && n < VARIABLE_BYTES - 1; key++)
		out[n++] = *key == '.' ? '_' : (char)toupper((unsigned char)*key);
	out[n] = '\0';
}

/* The part before the dot, as variables have it: RELAIS_HTTP_ is ours whatever follows. */
static bool is_of_section(const char *variable, const char *key)
{
	char name[VARIABLE_BYTES];
	const char *dot = strchr(key, '.');

	variable_name(name, key);
	return dot &&
	       strncmp(variable, name, strlen(VARIABLE_PREFIX) + (size_t)(dot - key) + 1) == 0;
}

/* Others may use the prefix for what they mean by it (RELAIS_BIN in our tests): a variable is a
 * fault when it would be one of ours but for a slip, or stands in a section of ours. */
static void variable_unknown(const char *variable, size_t n, struct config_faults *f)
{
	char key[VARIABLE_BYTES], name[VARIABLE_BYTES], meant[VARIABLE_BYTES];
	const char *resembles = NULL;
	bool ours = false;

	snprintf(name, sizeof name, "%.*s", (int)n, variable);
	snprintf(key, sizeof key, "%s", name + strlen(VARIABLE_PREFIX));
	for (char *p = key; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	for (uint32_t i = 0; i < config_keys_len && !ours; i++) {
		const char *dot = strchr(config_keys[i].name, '.');
		ours = is_of_section(variable, config_keys[i].name);
		if (ours)
			key[dot - config_keys[i].name] = '.';
	}
	resembles = config_meant(str_from(key));
	if (resembles)
		variable_name(meant, resembles);
	if (resembles)
		config_fault(f, name, "this is not a key: did you mean %s?", meant);
	else if (ours)
		config_fault(f, name, "this is not a key");
}

static void variable_take(struct config *c, const char *variable, struct config_faults *f)
{
	const char *equals = strchr(variable, '=');
	char name[VARIABLE_BYTES];

	if (!equals || strncmp(variable, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) != 0)
		return;
	size_t n = (size_t)(equals - variable);
	for (uint32_t i = 0; i < config_keys_len; i++) {
		variable_name(name, config_keys[i].name);
		if (strlen(name) != n || memcmp(name, variable, n) != 0)
			continue;
		config_set(c, i, name, str_from(equals + 1), f);
		return;
	}
	variable_unknown(variable, n, f);
}

/* ---- all of them ---- */

static void option_take(struct config *c, const char *key, const char *option, const char *value,
	struct config_faults *f)
{
	for (uint32_t i = 0; value && i < config_keys_len; i++)
		if (strcmp(config_keys[i].name, key) == 0)
			config_set(c, i, option, str_from(value), f);
}

bool config_load(struct config *c, const struct config_sources *from, struct config_faults *f)
{
	uint32_t before = f->len;

	config_default(c);
	if (from->file && strlen(from->file) >= CONFIG_TEXT_MAX) {
		config_fault(f, from->file, "the path is too long");
	} else if (from->file) {
		file_take(c, from->file, f);
		parts_take(c, from->file, f);
	}
	for (const char *const *e = from->environment; e && *e; e++)
		variable_take(c, *e, f);
	option_take(c, "listen", "--listen", from->listen, f);
	option_take(c, "data", "--data", from->data, f);
	option_take(c, "journal.url", "--journal", from->journal, f);
	config_check(c, f);
	return f->len == before;
}

/* ---- secrets ---- */

bool config_secret(char *out, size_t size, const char *path, char *why, size_t why_size)
{
	struct stat st;
	struct str text = file_read(path, size + 1, why, why_size);
	size_t n = text.n;

	if (!text.p)
		return false;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IROTH)) {
		snprintf(why, why_size, "%s may be read by everybody: chmod o-r %s", path, path);
		file_free(text);
		return false;
	}
	while (n && (text.p[n - 1] == '\n' || text.p[n - 1] == '\r'))
		n--;
	bool good = n > 0 && n < size;
	for (size_t i = 0; i < n && good; i++)
		good = (unsigned char)text.p[i] > 0x20 && (unsigned char)text.p[i] < 0x7f;
	if (good) {
		memcpy(out, text.p, n);
		out[n] = '\0';
	} else {
		snprintf(why, why_size, "%s must hold one line of 1 to %zu printable characters",
			path, size - 1);
	}
	file_free(text);
	return good;
}
