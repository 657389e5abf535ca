/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/disk/medium.h"

#include <fcntl.h>

bool op_next(struct str record, size_t *at, struct op *out)
{
	size_t left = record.n - *at;

	if (left < sizeof(out->head))
		return false;
	memcpy(&out->head, record.p + *at, sizeof(out->head));
	left -= sizeof(out->head);
	if (left < (size_t)out->head.name_bytes + out->head.bytes)
		return false; /* the process was killed while it wrote this */
	out->name = (struct str){record.p + *at + sizeof(out->head), out->head.name_bytes};
	out->bytes = (struct str){out->name.p + out->name.n, out->head.bytes};
	*at += sizeof(out->head) + out->name.n + out->bytes.n;
	return true;
}

/* ---- files ---- */

static struct medium_file *file_find(struct medium *m, struct str name)
{
	for (uint32_t i = 0; i < m->len; i++)
		if (str_is(name, m->files[i].name))
			return &m->files[i];
	return NULL;
}

static void file_make(struct medium *m, struct str name, bool is_directory)
{
	struct medium_file *f = &m->files[m->len++];

	assert_true(m->len <= MEDIUM_FILES && name.n < MEDIUM_NAME && !file_find(m, name));
	*f = (struct medium_file){.is_directory = is_directory, .taken_by = MEDIUM_NONE};
	snprintf(f->name, sizeof(f->name), "%.*s", STR_FMT(name));
}

static void file_reach(struct medium_file *f, size_t end)
{
	size_t room = f->room ? f->room : 64 << 10;

	while (room < end + SECTOR)
		room *= 2;
	if (room > f->room) {
		f->durable = realloc(f->durable, room);
		f->seen = realloc(f->seen, room);
		assert_true(f->durable && f->seen);
		memset(f->durable + f->room, 0, room - f->room);
		memset(f->seen + f->room, 0, room - f->room);
		f->room = room;
	}
	if (f->seen_bytes < end)
		f->seen_bytes = end;
}

static uint8_t *sector_of(uint8_t *bytes, uint32_t sector)
{
	return bytes + (size_t)sector * SECTOR;
}

static void file_write(struct medium_file *f, uint64_t at, struct str bytes)
{
	uint32_t first = (uint32_t)(at / SECTOR), last = (uint32_t)((at + bytes.n - 1) / SECTOR);

	file_reach(f, at + bytes.n);
	memcpy(f->seen + at, bytes.p, bytes.n);
	for (uint32_t s = first; s <= last; s++) {
		if (f->pending_len == f->pending_room) {
			f->pending_room = f->pending_room ? f->pending_room * 2 : 256;
			f->pending = realloc(f->pending, f->pending_room * sizeof(*f->pending));
			assert_non_null(f->pending);
		}
		f->pending[f->pending_len].sector = s;
		memcpy(f->pending[f->pending_len++].bytes, sector_of(f->seen, s), SECTOR);
	}
}

static void file_sync(struct medium_file *f)
{
	for (uint32_t i = 0; i < f->pending_len; i++)
		memcpy(sector_of(f->durable, f->pending[i].sector), f->pending[i].bytes, SECTOR);
	f->pending_len = 0;
	f->durable_bytes = f->seen_bytes;
}

/* A write that is durable when it returns: its own sectors, and the size that holds them. */
static void file_sync_range(struct medium_file *f, uint64_t at, size_t n)
{
	uint32_t first = (uint32_t)(at / SECTOR), last = (uint32_t)((at + n - 1) / SECTOR),
		 kept = 0;

	for (uint32_t i = 0; i < f->pending_len; i++) {
		struct version *v = &f->pending[i];
		if (v->sector < first || v->sector > last)
			f->pending[kept++] = *v;
		else
			memcpy(sector_of(f->durable, v->sector), v->bytes, SECTOR);
	}
	f->pending_len = kept;
	if (f->durable_bytes < at + n)
		f->durable_bytes = at + n;
}

static void file_free(struct medium_file *f)
{
	free(f->durable);
	free(f->seen);
	free(f->pending);
}

/* ---- names ---- */

/* Names in a directory, not below another one in it. */
static bool is_in(const char *name, struct str directory)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;

	return str_eq(directory, (struct str){name, n});
}

/* It takes the name of whatever is there already. */
static void file_rename(struct medium *m, struct medium_file *f, struct str to)
{
	struct medium_file *there = file_find(m, to);

	/* Whoever renames twice without a sync of the names in between needs more than this. */
	assert_true(f && !*f->was && !f->is_directory && to.n < MEDIUM_NAME);
	if (there) {
		assert_true(!*there->was && !there->is_directory);
		memcpy(there->was, there->name, MEDIUM_NAME);
		*there->name = '\0';
		there->taken_by = (int)(f - m->files);
	}
	memcpy(f->was, f->name, MEDIUM_NAME);
	snprintf(f->name, sizeof(f->name), "%.*s", STR_FMT(to));
}

static void file_forget(struct medium *m, uint32_t file)
{
	file_free(&m->files[file]);
	memmove(&m->files[file], &m->files[file + 1], (--m->len - file) * sizeof(m->files[file]));
	for (uint32_t i = 0; i < m->len; i++)
		if (m->files[i].taken_by > (int)file)
			m->files[i].taken_by--;
}

static void names_sync(struct medium *m, struct str directory)
{
	for (uint32_t i = m->len; i-- > 0;) {
		struct medium_file *f = &m->files[i];
		if (!is_in(*f->name ? f->name : f->was, directory))
			continue;
		if (!*f->name) {
			file_forget(m, i);
			continue;
		}
		*f->was = '\0';
		f->name_durable = true;
	}
}

/* ---- the record ---- */

void medium_begin(struct medium *m, const struct op *op)
{
	struct medium_file *f = file_find(m, op->name);

	switch ((enum op_kind)op->head.kind) {
	case OP_MAKE:
	case OP_MAKE_DIR: file_make(m, op->name, op->head.kind == OP_MAKE_DIR); return;
	case OP_WRITE:
		assert_non_null(f);
		file_write(f, op->head.at, op->bytes);
		return;
	case OP_SIZE:
		/* Files of a data directory only grow: who cuts one needs more than this. */
		assert_true(f && op->head.at >= f->seen_bytes);
		file_reach(f, op->head.at);
		return;
	case OP_RENAME: file_rename(m, f, op->bytes); return;
	case OP_UNLINK: fail_msg("%.*s loses its name: not known here", STR_FMT(op->name)); return;
	case OP_START:
	case OP_SYNC:
	case OP_SYNC_NAMES:
	case OP_ANSWER: return;
	}
	fail_msg("the record is damaged");
}

void medium_end(struct medium *m, const struct op *op)
{
	struct medium_file *f = file_find(m, op->name);

	if (op->head.kind == OP_WRITE && op->head.durable)
		file_sync_range(f, op->head.at, op->bytes.n);
	if (op->head.kind == OP_SYNC)
		file_sync(f);
	if (op->head.kind == OP_SYNC_NAMES)
		names_sync(m, op->name);
}

void medium_free(struct medium *m)
{
	for (uint32_t i = 0; i < m->len; i++)
		file_free(&m->files[i]);
	*m = (struct medium){.len = 0};
}

/* ---- what a cut leaves ---- */

static void put_file(const char *dir, const char *name, const uint8_t *bytes, size_t n)
{
	char path[SCRATCH_PATH * 3];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	for (size_t at = 0; at < n;) {
		ssize_t done = pwrite(fd, bytes + at, n - at, (off_t)at);
		assert_true(done > 0);
		at += (size_t)done;
	}
	close(fd);
}

/* How much of what was not synced arrived: nothing, all, the first part of it, or sectors by
 * themselves, few or many. */
struct luck {
	enum { LUCK_NONE, LUCK_ALL, LUCK_FIRST, LUCK_ANY } kind;
	uint32_t first, eighths;
};

static struct luck luck_of(struct chance *c, const struct medium_file *f)
{
	static const uint32_t eighths[] = {1, 4, 7};
	struct luck l = {.kind = chance_below(c, 8)};

	if (l.kind > LUCK_ANY)
		l.kind = l.kind % 2 ? LUCK_ANY : LUCK_FIRST;
	l.first = chance_below(c, f->pending_len + 1);
	l.eighths = eighths[chance_below(c, ARRAY_LEN(eighths))];
	return l;
}

static bool arrives(const struct luck *l, struct chance *c, uint32_t i)
{
	switch (l->kind) {
	case LUCK_NONE: return false;
	case LUCK_ALL: return true;
	case LUCK_FIRST: return i < l->first;
	case LUCK_ANY: return chance_below(c, 8) < l->eighths;
	}
	return false;
}

static void file_image(
	const struct medium_file *f, const char *name, struct chance *c, const char *dir)
{
	struct luck luck = luck_of(c, f);
	size_t end = f->durable_bytes;
	uint8_t *bytes = calloc(1, f->room + SECTOR);

	assert_non_null(bytes);
	if (f->room)
		memcpy(bytes, f->durable, f->room);
	for (uint32_t i = 0; i < f->pending_len; i++) {
		const struct version *v = &f->pending[i];
		size_t behind = ((size_t)v->sector + 1) * SECTOR;
		if (!arrives(&luck, c, i))
			continue;
		memcpy(sector_of(bytes, v->sector), v->bytes, SECTOR);
		if (end < behind)
			end = behind < f->seen_bytes ? behind : f->seen_bytes;
	}
	/* The size is known to the disk before the bytes are, or not. */
	if (chance_below(c, 2))
		end = f->seen_bytes;
	put_file(dir, name, bytes, end);
	free(bytes);
}

/* A name is lost with the directory that it is in. */
static bool parent_is_there(
	const struct medium *m, const char *name, uint32_t file, const bool there[])
{
	for (uint32_t i = 0; i < file; i++)
		if (m->files[i].is_directory && is_in(name, str_from(m->files[i].name)))
			return there[i];
	return true; /* the data directory itself */
}

void medium_image(const struct medium *m, struct chance *chance, const char *dir)
{
	char path[SCRATCH_PATH * 3];
	bool names_arrive = true, there[MEDIUM_FILES] = {false}, renamed[MEDIUM_FILES];

	/* Locks, and whatever the last image's program left beside them, go with the machine. */
	scratch_empty(dir, 0);
	assert_int_equal(mkdir(dir, 0700), 0);
	for (uint32_t i = 0; i < m->len; i++)
		renamed[i] = *m->files[i].was && *m->files[i].name && chance_below(chance, 2);
	/* Names arrive in the order in which they were given. */
	for (uint32_t i = 0; i < m->len; i++) {
		const struct medium_file *f = &m->files[i];
		const char *name = *f->was && !renamed[i] ? f->was : f->name;
		if (f->taken_by != MEDIUM_NONE && renamed[f->taken_by])
			continue;
		if (!f->name_durable && !renamed[i])
			names_arrive = names_arrive && chance_below(chance, 4) > 0;
		there[i] = (f->name_durable || renamed[i] || names_arrive) &&
			   parent_is_there(m, name, i, there);
		if (!there[i])
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		if (f->is_directory)
			assert_int_equal(mkdir(path, 0700), 0);
		else
			file_image(f, name, chance, dir);
	}
}
