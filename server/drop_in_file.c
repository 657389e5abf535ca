/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/drop_in_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/file.h"
#include "server/imports.h"

enum { PATH_BYTES = 4096 + DROP_IN_NAME_MAX };

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcasecmp(name + n - m, end) == 0;
}

static bool is_data(const char *name)
{
	return name[0] != '.' && (ends_in(name, ".csv") || ends_in(name, ".json") ||
					 ends_in(name, ".tsv") || ends_in(name, ".txt"));
}

bool drop_in_kind(enum import_kind *out, const char *name)
{
	for (uint32_t i = 0; i < IMPORT_KINDS_LEN; i++) {
		const char *kind = import_kind_facts((enum import_kind)i)->name;
		size_t n = strlen(kind);
		if (strncmp(name, kind, n) == 0 && !isalpha((unsigned char)name[n])) {
			*out = (enum import_kind)i;
			return true;
		}
	}
	return false;
}

/* ---- which ---- */

static bool was_so(const struct drop_in_seen *seen, const char *name, const struct stat *s)
{
	int64_t ns = s->st_mtim.tv_sec * INT64_C(1000000000) + s->st_mtim.tv_nsec;

	for (uint32_t i = 0; i < seen->len; i++)
		if (strcmp(seen->file[i].name, name) == 0)
			return seen->file[i].bytes == s->st_size && seen->file[i].written_ns == ns;
	return false;
}

static void now_so(struct drop_in_seen *seen, const char *name, const struct stat *s)
{
	if (seen->len == DROP_IN_SEEN_MAX)
		return; /* these have their turn when others have gone */
	snprintf(seen->file[seen->len].name, DROP_IN_NAME_MAX, "%s", name);
	seen->file[seen->len].bytes = s->st_size;
	seen->file[seen->len].written_ns =
		s->st_mtim.tv_sec * INT64_C(1000000000) + s->st_mtim.tv_nsec;
	seen->len++;
}

/* Kinds lean on those before them; of one kind the name decides. */
static bool comes_before(const char *a, const char *b)
{
	enum import_kind x = IMPORT_KINDS_LEN, y = IMPORT_KINDS_LEN;

	(void)!drop_in_kind(&x, a);
	(void)!drop_in_kind(&y, b);
	return x != y ? x < y : strcmp(a, b) < 0;
}

static bool pick(DIR *dir, struct drop_in_seen *seen, char name[DROP_IN_NAME_MAX])
{
	struct drop_in_seen *now = calloc(1, sizeof *now);

	name[0] = '\0';
	for (const struct dirent *e; now && (e = readdir(dir)) != NULL;) {
		struct stat s;
		if (!is_data(e->d_name) || strlen(e->d_name) >= DROP_IN_NAME_MAX ||
			fstatat(dirfd(dir), e->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 ||
			!S_ISREG(s.st_mode))
			continue;
		now_so(now, e->d_name, &s);
		if (was_so(seen, e->d_name, &s) && (!name[0] || comes_before(e->d_name, name)))
			snprintf(name, DROP_IN_NAME_MAX, "%s", e->d_name);
	}
	if (now)
		*seen = *now;
	free(now);
	return name[0] != '\0';
}

/* ---- what stands in it ---- */

/* Never through a link, and of what is no plain file nothing. */
static struct str read_file(int folder, const char *name, size_t max, struct instant *written,
	char *why, size_t why_size)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat s;
	char *p = NULL;
	size_t n = 0;
	ssize_t got = 0;

	if (fd < 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
		snprintf(why, why_size, "%s cannot be read: %s", name, strerror(errno));
	} else if ((uint64_t)s.st_size > max) {
		snprintf(why, why_size, "%s has more than %zu MiB: cut it, or use relais import",
			name, max >> 20);
	} else {
		p = malloc((size_t)s.st_size + 1);
		while (p && n < (size_t)s.st_size &&
			(got = read(fd, p + n, (size_t)s.st_size - n)) > 0)
			n += (size_t)got;
		if (!p || got < 0)
			snprintf(why, why_size, "%s cannot be read: %s", name, strerror(errno));
		if (got < 0) {
			free(p);
			p = NULL;
		}
		written->s = s.st_mtim.tv_sec;
	}
	if (fd >= 0)
		close(fd);
	return p ? (struct str){p, n} : STR_NULL;
}

bool drop_in_next(const char *folder, struct drop_in_seen *seen, struct drop_in_file *out)
{
	char mapping[DROP_IN_NAME_MAX], ignored[DROP_IN_WHY_BYTES];
	struct instant when;
	DIR *dir = opendir(folder);

	*out = (struct drop_in_file){.text = STR_NULL, .mapping = STR_NULL};
	if (!dir) {
		snprintf(out->why, sizeof out->why, "%s: %s", folder, strerror(errno));
		return false;
	}
	bool some = pick(dir, seen, out->name);
	out->unknown = some && !drop_in_kind(&out->kind, out->name);
	if (some && !out->unknown) {
		snprintf(mapping, sizeof mapping, "%s.ini", import_kind_facts(out->kind)->name);
		out->text = read_file(dirfd(dir), out->name, IMPORT_SERVED_BYTES_MAX, &out->written,
			out->why, sizeof out->why);
		out->mapping = read_file(dirfd(dir), mapping, IMPORT_MAPPING_BYTES_MAX, &when,
			ignored, sizeof ignored);
		out->sha256 = hash_of(out->text.p ? out->text : STR(""));
	} else if (some) {
		snprintf(out->why, sizeof out->why,
			"the name does not begin with what stands in it: sites, rulesets, "
			"resources, customers, vehicles, coverages, bookings or repair-orders");
	}
	closedir(dir);
	return some;
}

/* ---- out of the way ---- */

/* Persons may be named in it. */
static bool put(int folder, const char *name, const char *end, struct str text)
{
	char full[DROP_IN_NAME_MAX + 32];
	size_t n = 0;
	ssize_t put_n = 0;

	snprintf(full, sizeof full, "%s%s", name, end);
	int fd = unlinkat(folder, full, 0) == 0 || errno == ENOENT
			 ? openat(folder, full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
			 : -1;
	while (fd >= 0 && n < text.n && (put_n = write(fd, text.p + n, text.n - n)) > 0)
		n += (size_t)put_n;
	return fd >= 0 && close(fd) == 0 && n == text.n;
}

bool drop_in_away(const char *folder, const char *name, bool good, struct str report,
	struct str rejected, char *why, size_t why_size)
{
	const char *to = good ? "done" : "failed";
	int from_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), to_fd = -1;
	bool moved = false;

	if (from_fd >= 0 && (mkdirat(from_fd, to, 0700) == 0 || errno == EEXIST))
		to_fd = openat(from_fd, to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to_fd >= 0 && put(to_fd, name, ".report.json", report) &&
		(!rejected.n || put(to_fd, name, ".rejected.csv", rejected)))
		moved = renameat(from_fd, name, to_fd, name) == 0;
	if (!moved)
		snprintf(why, why_size, "%s cannot go to %s/%s: %s", name, folder, to,
			strerror(errno));
	if (to_fd >= 0)
		close(to_fd);
	if (from_fd >= 0)
		close(from_fd);
	return moved;
}
