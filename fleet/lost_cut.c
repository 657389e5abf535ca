/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/lost_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/checkpoint.h"
#include "fleet/data_dir.h"
#include "fleet/people_inside.h"
#include "fleet/renew.h"
#include "fleet/rosters.h"

/*
 * The way on after a loss. What this server has and the journal has not goes into a file of
 * DIR/lost, durable, before anything else; then its journals end where they are the journal's
 * still, and all that is made of them is made anew, in one commit.
 */

/* ---- the file ---- */

static bool folder_name(const struct fleet *f, char out[PATH_MAX])
{
	size_t n = strlen(f->people->dir) - strlen("/people");
	int len = snprintf(out, PATH_MAX, "%.*s/lost", (int)n, f->people->dir);

	return len > 0 && len < PATH_MAX - 64;
}

FILE *lost_file_open(struct fleet *f)
{
	char folder[PATH_MAX], path[PATH_MAX + 64];
	FILE *file;
	int fd;

	if (!folder_name(f, folder) || (mkdir(folder, 0700) != 0 && errno != EEXIST) ||
		data_dir_sync(folder) != 0)
		return NULL;
	snprintf(path, sizeof path, "%s/%lld.jsonl", folder, (long long)f->env->now(f->env).s);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	file = fd >= 0 ? fdopen(fd, "a") : NULL;
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

bool lost_file_close(struct fleet *f, FILE *file)
{
	char folder[PATH_MAX], inside[PATH_MAX + 64];
	bool good = fflush(file) == 0 && fsync(fileno(file)) == 0;

	good &= fclose(file) == 0 && folder_name(f, folder);
	if (!good)
		return false;
	snprintf(inside, sizeof inside, "%s/.", folder);
	return data_dir_sync(inside) == 0;
}

uint32_t lost_files(const struct fleet *f)
{
	char folder[PATH_MAX];
	DIR *dir = folder_name(f, folder) ? opendir(folder) : NULL;
	uint32_t n = 0;

	if (!dir)
		return 0;
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		n += e->d_name[0] != '.';
	closedir(dir);
	return n;
}

/* ---- the cut ---- */

static void request_drop(struct txn *t, struct str journal, uint64_t seq, struct str bytes)
{
	struct hash key_sha256, body_sha256, ignored;
	struct key key;
	uint64_t there;

	if (!event_request(bytes, &key_sha256, &body_sha256) ||
		!journal_request(t, journal, &key_sha256, &there, &ignored) || there != seq)
		return;
	key = key_request(journal, key_sha256.bytes);
	txn_delete(t, DB_REQUESTS, key_str(&key));
}

static void entry_drop(struct txn *t, struct arena *a, struct str journal, uint64_t seq)
{
	struct key key = key_journal(journal, seq);
	struct journal_entry e;

	arena_reset(a);
	if (!journal_entry(t, journal, seq, &e))
		return;
	struct str bytes = arena_copy(a, e.bytes); /* what is written moves the page */
	request_drop(t, journal, seq, bytes);
	share_parts_drop(t, a, bytes);
	txn_delete(t, DB_JOURNAL, key_str(&key));
}

static enum outcome cut(struct txn *t, struct arena *a, const struct lost_journal *lost)
{
	struct str journal = str_from(lost->name);
	struct key key = key_head(journal), value = {.n = 0};
	struct journal_entry last;
	struct event_head event;
	struct json effects;
	const char *why;

	for (uint64_t seq = lost->head; seq > lost->common; seq--)
		entry_drop(t, a, journal, seq);
	arena_reset(a);
	if (lost->common == 0) {
		txn_delete(t, DB_HEAD, key_str(&key));
		return t->outcome;
	}
	if (!journal_entry(t, journal, lost->common, &last) ||
		event_read(a, arena_copy(a, last.bytes), &event, &effects, &why) != OK)
		return FAULT_CORRUPT;
	journal_head_write(&value, lost->common, &last.hash, event.at);
	txn_put(t, DB_HEAD, key_str(&key), key_str(&value));
	return t->outcome;
}

/* Words of whoever is no customer any more would lead nowhere; the others follow once more. */
static enum outcome words_again(struct fleet *f, const struct lost_journal *lost)
{
	struct people *p = f->people;
	enum outcome o = OK;

	f->people_seq = 0;
	if (people_cursor(p) > lost->common)
		o = people_set_cursor(p, lost->common);
	for (size_t i = 0; i < lost->customers_len && o == OK; i++) {
		struct row row;
		struct txn t;
		struct view v = {.txn = &t, .arena = &f->scratch, .env = f->env, .people = p};
		arena_reset(&f->scratch);
		txn_begin(&t, f->store, false);
		bool there = row_get(&v, ROW_CUSTOMER, str_from(lost->customers[i]), &row);
		txn_abort(&t);
		if (!there)
			o = people_index(p, str_from(lost->customers[i]), STR_NULL, STR_NULL);
	}
	return o;
}

enum outcome lost_cut(struct fleet *f, const struct lost_journal *lost, size_t len)
{
	struct arena a;
	struct txn t;
	enum outcome o = OK;

	arena_init(&a, ARENA_MAX_DEFAULT);
	txn_begin(&t, f->store, true);
	for (size_t i = 0; i < len && o == OK; i++)
		o = cut(&t, &a, &lost[i]);
	if (o == OK)
		o = projection_make(&t, &a);
	arena_deinit(&a);
	/* a revision may come again with other content: nobody who reads holds on to the first */
	atomic_store(&f->reading_is_stale, true);
	if (o == OK) {
		o = txn_commit(&t);
	} else {
		txn_abort(&t);
	}
	atomic_store(&f->reading_is_stale, true);
	rosters_forget(f->writing);
	for (size_t i = 0; i < len && o == OK; i++) {
		checkpoint_set_aside(f->checkpoints, str_from(lost[i].name), lost[i].common);
		if (str_eq(str_from(lost[i].name), JOURNAL_DIRECTORY))
			o = words_again(f, &lost[i]);
	}
	return o;
}
