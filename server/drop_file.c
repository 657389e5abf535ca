/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/drop_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/drop_row.h"

enum { PATH_BYTES = 400, PLACE_BYTES = 24, ROWS_OF_A_LOOK = 100 };
#define PART ".part"

struct dropping {
	struct fleet *fleet;
	const struct drop_file *to;
	struct str site;
	struct drop_result *out;
	struct arena ids; /* owned */
	uint32_t len;
	struct object {
		enum row_kind kind;
		struct str id;
	} object[DROP_OBJECTS_MAX];
	char *why;
	size_t why_size;
};

static enum outcome fault(struct dropping *d, const char *path)
{
	snprintf(d->why, d->why_size, "%s: %s", path, strerror(errno));
	return errno == ENOSPC || errno == EDQUOT ? FAULT_FULL : FAULT_DISK;
}

/* ---- a file as a whole, or none ---- */

static bool folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static FILE *part_open(const char *part, mode_t mode)
{
	/* Never through a link that somebody put into the folder. */
	int fd = unlink(part) == 0 || errno == ENOENT
			 ? open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
			 : -1;
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!f && fd >= 0)
		close(fd);
	return f;
}

/* Closes it, and gives it its name when it is on the disk. */
static bool part_keep(FILE *f, const char *folder, const char *part, const char *path)
{
	bool good = fflush(f) == 0 && fsync(fileno(f)) == 0;
	int error = errno;

	if (fclose(f) != 0 && good) {
		good = false;
		error = errno;
	}
	good = good && rename(part, path) == 0 && folder_sync(folder);
	if (!good) {
		error = error ? error : errno;
		unlink(part);
		errno = error;
	}
	return good;
}

/* ---- the place reached ---- */

static void place_path(const struct dropping *d, char out[PATH_BYTES])
{
	snprintf(out, PATH_BYTES, "%s/drop-%.*s", d->to->data, STR_FMT(d->site));
}

/* 0: from the beginning. A place behind the journal's end is of another journal: all is told again.
 */
static uint64_t place_read(const struct dropping *d, uint64_t head)
{
	char path[PATH_BYTES], text[PLACE_BYTES] = "";
	uint64_t place = 0;

	place_path(d, path);
	FILE *f = fopen(path, "re");
	if (f && fgets(text, sizeof text, f))
		place = strtoull(text, NULL, 10);
	if (f)
		fclose(f);
	return place <= head ? place : 0;
}

static enum outcome place_keep(struct dropping *d, uint64_t place)
{
	char path[PATH_BYTES], part[PATH_BYTES + sizeof PART];

	place_path(d, path);
	snprintf(part, sizeof part, "%s" PART, path);
	FILE *f = part_open(part, 0600);
	if (!f)
		return fault(d, part);
	fprintf(f, "%" PRIu64 "\n", place);
	return part_keep(f, d->to->data, part, path) ? OK : fault(d, path);
}

/* ---- what changed ---- */

static int by_object(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	/* a visit before its bookings */
	return x->kind != y->kind ? (x->kind == ROW_VISIT ? -1 : 1) : str_cmp(x->id, y->id);
}

static void objects_once(struct dropping *d)
{
	uint32_t len = 0;

	qsort(d->object, d->len, sizeof d->object[0], by_object);
	for (uint32_t i = 0; i < d->len; i++)
		if (!len || by_object(&d->object[len - 1], &d->object[i]) != 0)
			d->object[len++] = d->object[i];
	d->len = len;
}

static bool entry_names(struct dropping *d, struct arena *a, struct str bytes)
{
	struct event_head head;
	struct json effects;
	struct effect e;
	const char *why;

	if (event_read(a, arena_copy(a, bytes), &head, &effects, &why) != OK)
		return false;
	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j)) {
		if (!effect_read(&e, j) || e.op == EFFECT_REFUSE ||
			(e.kind != ROW_VISIT && e.kind != ROW_BOOKING))
			continue;
		ASSERT(d->len < DROP_OBJECTS_MAX);
		struct str id = arena_copy(&d->ids, e.id);
		if (!id.p)
			return false;
		d->object[d->len++] = (struct object){e.kind, id};
	}
	return true;
}

/* Entries from the place on, until there are enough of them or of what they name. */
static enum outcome gather(struct dropping *d)
{
	struct journal_entry entry;
	struct journal_head head;
	struct arena a;
	struct txn t;
	enum outcome o;

	arena_init(&a, ARENA_MAX_DEFAULT);
	txn_begin(&t, fleet_store(d->fleet), false);
	o = t.outcome;
	if (o == OK && journal_head(&t, d->site, &head)) {
		uint64_t seq = place_read(d, head.seq);
		d->out->first = seq + 1;
		while (o == OK && seq < head.seq && seq - d->out->first + 1 < DROP_ENTRIES_MAX &&
			d->len + EFFECTS_MAX <= DROP_OBJECTS_MAX) {
			if (!journal_entry(&t, d->site, ++seq, &entry) ||
				!entry_names(d, &a, entry.bytes))
				o = FAULT_CORRUPT;
			arena_reset(&a);
		}
		d->out->last = seq >= d->out->first ? seq : 0;
		d->out->more = seq < head.seq;
	}
	txn_abort(&t);
	arena_deinit(&a);
	objects_once(d);
	return o;
}

/* ---- the folder ---- */

static bool is_ours(const struct dropping *d, const char *name)
{
	char start[PATH_BYTES];
	int n = snprintf(start, sizeof start, "relais-%.*s-", STR_FMT(d->site));

	/* the number follows at once: a site may be called as another one begins */
	return strncmp(name, start, (size_t)n) == 0 && name[n] >= '0' && name[n] <= '9' &&
	       !strstr(name, PART);
}

static uint32_t waiting(const struct dropping *d)
{
	DIR *dir = opendir(d->to->folder);
	uint32_t n = 0;

	for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;)
		n += is_ours(d, e->d_name);
	if (dir)
		closedir(dir);
	return n;
}

void drop_file_tidy(const struct drop_file *to)
{
	DIR *dir = opendir(to->folder);
	char path[PATH_BYTES + 256];

	for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		size_t n = strlen(e->d_name);
		if (strncmp(e->d_name, "relais-", 7) != 0 || n < sizeof PART ||
			strcmp(e->d_name + n - (sizeof PART - 1), PART) != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", to->folder, e->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
}

/* ---- the file ---- */

/* Short looks: a slow disk must not hold an old state of the store. */
static enum outcome put_rows(struct dropping *d, FILE *f)
{
	struct arena a;
	struct view v;
	struct txn t;
	struct str line;

	arena_init(&a, ARENA_MAX_DEFAULT);
	if (!d->to->json) {
		line = drop_heading(&a, d->to->names);
		fwrite(line.p, 1, line.n, f);
	}
	for (uint32_t i = 0; i < d->len;) {
		fleet_look(d->fleet, &v, &t, &a);
		for (uint32_t n = 0; n < ROWS_OF_A_LOOK && i < d->len; n++, i++)
			if (drop_row(&v, d->object[i].kind, d->object[i].id, d->to->json,
				    d->to->names, &line)) {
				fwrite(line.p, 1, line.n, f);
				d->out->rows++;
			}
		fleet_look_end(&v);
		arena_reset(&a);
	}
	arena_deinit(&a);
	return ferror(f) ? FAULT_DISK : OK;
}

static enum outcome put_file(struct dropping *d)
{
	char path[PATH_BYTES], part[PATH_BYTES + sizeof PART];

	snprintf(path, sizeof path, "%s/relais-%.*s-%012" PRIu64 "-%012" PRIu64 ".%s",
		d->to->folder, STR_FMT(d->site), d->out->first, d->out->last,
		d->to->json ? "jsonl" : "csv");
	snprintf(part, sizeof part, "%s" PART, path);
	FILE *f = part_open(part, 0640);
	if (!f)
		return fault(d, part);
	if (put_rows(d, f) != OK) {
		enum outcome o = fault(d, part);
		fclose(f);
		unlink(part);
		return o;
	}
	return part_keep(f, d->to->folder, part, path) ? OK : fault(d, path);
}

enum outcome drop_file_write(struct fleet *fleet, const struct drop_file *to, struct str site,
	struct drop_result *out, char *why, size_t why_size)
{
	struct dropping *d = calloc(1, sizeof *d);
	enum outcome o;

	*out = (struct drop_result){0};
	snprintf(why, why_size, "a file for the workshop's system cannot be written");
	if (!d)
		return FAULT_MEMORY;
	d->fleet = fleet;
	d->to = to;
	d->site = site;
	d->out = out;
	d->why = why;
	d->why_size = why_size;
	arena_init(&d->ids, ARENA_MAX_DEFAULT);
	o = gather(d);
	if (o == OK && d->len > 0) {
		out->full = waiting(d) >= to->waiting_max;
		o = out->full ? OK : put_file(d);
	}
	if (o == OK && out->last && !out->full)
		o = place_keep(d, out->last);
	arena_deinit(&d->ids);
	free(d);
	return o;
}
