/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fleet/attachment.h"
#include "fleet/checkpoint.h"
#include "fleet/data_dir.h"
#include "fleet/people_carry.h"
#include "fleet/render.h"

enum {
	JOURNAL_BYTES = 256,
	ENTRIES_PER_LOOK = 200,
	SMALL_LINE_BYTES = 64 << 10,
	PART_LINE_BYTES = 2 * ATTACHMENT_PART_BYTES,
};

struct head {
	char journal[ID_MAX + 1];
	uint64_t seq;
	struct hash hash;
};

struct writing {
	struct fleet *fleet;		/* borrowed */
	const struct backup_pace *pace; /* borrowed, may be NULL */
	FILE *out;
	struct hash_run sum;
	struct head *heads; /* owned */
	size_t heads_len, since_pause;
	struct arena arena;
	bool good;
};

/* ---- lines ---- */

/* A line, which gets its end here. STR_NULL: it could not be made. */
static void put(struct writing *w, struct str line)
{
	w->good &=
		line.p && fwrite(line.p, 1, line.n, w->out) == line.n && fputc('\n', w->out) != EOF;
	if (!w->good)
		return;
	hash_add(&w->sum, line);
	hash_add(&w->sum, STR("\n"));
	w->since_pause += line.n + 1;
	if (!w->pace || w->since_pause < w->pace->bytes)
		return;
	w->since_pause = 0;
	/* What waits in memory is brought to the disk now: at the end it would come all at once. */
	w->good = fflush(w->out) == 0 && fdatasync(fileno(w->out)) == 0 &&
		  w->pace->pause(w->pace->context);
}

/* {"KEY":"VALUE"} and {"KEY":"VALUE","KEY2":"VALUE2"}. */
static void put_pair(
	struct writing *w, const char *key, struct str value, const char *key2, struct str value2)
{
	struct json_writer j;

	arena_writer(&w->arena, &j, SMALL_LINE_BYTES);
	json_object_begin(&j);
	json_kv_str(&j, key, value);
	if (key2)
		json_kv_str(&j, key2, value2);
	json_object_end(&j);
	put(w, arena_written(&w->arena, &j));
	arena_reset(&w->arena);
}

/* ---- the heads ---- */

static bool head_add(struct writing *w, struct str name, const struct journal_head *head)
{
	struct head *more = realloc(w->heads, (w->heads_len + 1) * sizeof(*more));

	if (!more)
		return false;
	w->heads = more;
	w->heads[w->heads_len] = (struct head){.seq = head->seq, .hash = head->hash};
	memcpy(w->heads[w->heads_len++].journal, name.p, name.n);
	return true;
}

static void heads_take(struct writing *w)
{
	struct txn t;
	struct str name = STR_NULL;
	struct journal_head head;

	txn_begin(&t, fleet_store(w->fleet), false);
	while (w->good && journal_next_name(&t, &name))
		w->good = journal_head(&t, name, &head) && head_add(w, name, &head);
	w->good &= t.outcome == OK;
	txn_abort(&t);
}

static void put_header(struct writing *w, struct backup_summary *out)
{
	struct env *env = fleet_env(w->fleet);
	struct json_writer j;
	char hex[HASH_TEXT];

	(void)instant_print_utc(env->now(env), out->made_at);
	arena_writer(&w->arena, &j, SMALL_LINE_BYTES + w->heads_len * JOURNAL_BYTES);
	json_object_begin(&j);
	json_kv_int(&j, "backup", BACKUP_VERSION);
	json_kv_str(&j, "data", STORE_FORMAT);
	json_kv_int(&j, "entry", ENTRY_VERSION);
	json_k(&j, "journals");
	json_array_begin(&j);
	for (size_t i = 0; i < w->heads_len; i++) {
		json_object_begin(&j);
		json_kv_str(&j, "hash", hash_print(&w->heads[i].hash, hex));
		json_kv_str(&j, "journal", str_from(w->heads[i].journal));
		json_kv_int(&j, "seq", (int64_t)w->heads[i].seq);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_kv_str(&j, "made_at", str_from(out->made_at));
	json_object_end(&j);
	put(w, arena_written(&w->arena, &j));
	arena_reset(&w->arena);
}

/* ---- what there is ---- */

/* A journal only grows: short looks, some entries each, and no reader that pins old pages. */
static void put_entries(struct writing *w, const struct head *head)
{
	for (uint64_t seq = 1; w->good && seq <= head->seq;) {
		struct view v;
		struct txn t;
		fleet_look(w->fleet, &v, &t, &w->arena);
		struct str lines[ENTRIES_PER_LOOK];
		size_t n = 0;
		for (; n < ENTRIES_PER_LOOK && seq <= head->seq; n++, seq++)
			lines[n] = render_journal_line(&v, str_from(head->journal), seq);
		fleet_look_end(&v);
		for (size_t i = 0; i < n && w->good; i++)
			put(w, lines[i]);
		arena_reset(&w->arena);
	}
}

/* A note that was signed while this was written speaks of entries that are not in it: left out. */
static void put_note(struct writing *w, const struct head *head)
{
	struct checkpoints *c = fleet_checkpoints(w->fleet);
	struct str text = checkpoint_text(c, &w->arena, str_from(head->journal));
	const struct note_key *key = checkpoints_key(c);
	struct signed_note note;
	const char *why;

	if (text.p && key && note_read(&note, key, &w->arena, text, &why) && note.size <= head->seq)
		put_pair(w, "journal", str_from(head->journal), "note", text);
	arena_reset(&w->arena);
}

/* Whether the entry that attached it is in this backup. */
static bool is_taken(const struct writing *w, const struct attachment *a)
{
	struct str site = json_str_at(a->doc, "site");

	for (size_t i = 0; i < w->heads_len; i++)
		if (str_is(site, w->heads[i].journal))
			return a->rev <= w->heads[i].seq;
	return false;
}

static struct str part_line(struct writing *w, struct str key, struct str value)
{
	struct json_writer j;

	arena_writer(&w->arena, &j, PART_LINE_BYTES);
	json_object_begin(&j);
	json_kv_str(&j, "part", base64url_encode(&w->arena, key));
	json_kv_str(&j, "value", base64url_encode(&w->arena, value));
	json_object_end(&j);
	return arena_written(&w->arena, &j);
}

/* The pieces that begin at `from`, of one attachment at most; *from is the key of the last of them.
 * How many lines: 0 at the end, also where what is there is too new. */
static size_t part_lines(struct writing *w, struct key *from, struct str lines[], bool *more)
{
	struct view v;
	struct txn t;
	struct cursor c;
	struct attachment a;
	struct str id;
	size_t n = 0, at = 0;

	fleet_look(w->fleet, &v, &t, &w->arena);
	*more = store_has(t.store, DB_PARTS);
	if (*more) {
		cursor_open(&c, &t, DB_PARTS);
		*more = cursor_seek(&c, key_str(from));
		if (*more && key_take_text(c.key, &at, &id)) {
			struct key prefix = key_part_prefix(id);
			*from = prefix;
			from->bytes[from->n - 1] = 1; /* next time: past this attachment */
			bool taken = attachment_get(&v, arena_copy(&w->arena, id), &a) &&
				     is_taken(w, &a);
			for (bool some = taken; some && cursor_within(&c, key_str(&prefix)) &&
						n < ATTACHMENT_PARTS_MAX;
				some = cursor_next(&c))
				lines[n++] = part_line(w, c.key, c.value);
		}
		cursor_close(&c);
	}
	w->good &= t.outcome == OK;
	fleet_look_end(&v);
	return n;
}

/* A look for each attachment. What was attached since the heads were taken is left out. */
static void put_parts(struct writing *w)
{
	struct str lines[ATTACHMENT_PARTS_MAX];
	struct key from = {.n = 0};
	bool more = true;

	key_u8(&from, 0);
	while (w->good && more) {
		size_t n = part_lines(w, &from, lines, &more);
		for (size_t i = 0; i < n && w->good; i++)
			put(w, lines[i]);
		arena_reset(&w->arena);
	}
}

static bool put_row(void *context, struct str key, struct str value)
{
	struct writing *w = context;

	put_pair(w, "row", base64url_encode(&w->arena, key), "value",
		base64url_encode(&w->arena, value));
	return w->good;
}

static void put_all(struct writing *w, struct backup_summary *out)
{
	const struct note_key *key = checkpoints_key(fleet_checkpoints(w->fleet));
	struct people *people = fleet_people(w->fleet);

	heads_take(w);
	if (w->good)
		put_header(w, out);
	for (size_t i = 0; i < w->heads_len; i++)
		put_entries(w, &w->heads[i]);
	for (size_t i = 0; i < w->heads_len && w->good; i++)
		put_note(w, &w->heads[i]);
	if (key)
		put_pair(w, "signing_key", note_key_print_private(key, &w->arena), NULL, STR_NULL);
	struct str secret = {(const char *)people_secret(people), SEAL_KEY_LEN};
	put_pair(w, "secret", base64url_encode(&w->arena, secret), NULL, STR_NULL);
	put_parts(w);
	/* People last: a key is durable before the first entry that needs it. */
	w->good = w->good && people_carry_out(people, w, put_row);
}

static void put_end(struct writing *w, struct backup_summary *out)
{
	char hex[HASH_TEXT];

	out->sha256 = hash_end(&w->sum);
	w->good = w->good &&
		  fprintf(w->out, "{\"end\":\"%.*s\"}\n", STR_FMT(hash_print(&out->sha256, hex))) >
			  0 &&
		  fflush(w->out) == 0 && fsync(fileno(w->out)) == 0;
}

/* ---- the file ---- */

static enum outcome write_beside(struct writing *w, const char *beside, struct backup_summary *out,
	char *why, size_t why_size)
{
	int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	w->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!w->out) {
		snprintf(why, why_size, "%s cannot be made: %s", beside, strerror(errno));
		if (fd >= 0)
			close(fd);
		return FAULT_DISK;
	}
	hash_begin(&w->sum);
	arena_init(&w->arena, ARENA_MAX_DEFAULT);
	put_all(w, out);
	put_end(w, out);
	snprintf(why, why_size, "%s cannot be written: %s", beside, strerror(errno));
	w->good &= fclose(w->out) == 0;
	arena_deinit(&w->arena);
	free(w->heads);
	return w->good ? OK : FAULT_DISK;
}

static enum outcome pace_entry(void *context, const struct pending_entry *entry)
{
	struct writing *w = context;

	w->since_pause += entry->bytes.n;
	if (!w->pace || w->since_pause < w->pace->bytes)
		return OK;
	w->since_pause = 0;
	return w->pace->pause(w->pace->context) ? OK : FAULT_BUSY;
}

static enum outcome read_again(struct writing *w, const char *beside, struct backup_summary *out,
	char *why, size_t why_size)
{
	const struct backup_taker taker = {.context = w, .entry = pace_entry};

	return backup_read(beside, &taker, out, why, why_size);
}

/* The name is given only to what was read again and is whole, and never taken from another. */
static enum outcome name_it(const char *beside, const char *file, char *why, size_t why_size)
{
	if (link(beside, file) != 0) {
		snprintf(why, why_size, "%s cannot be made: %s", file, strerror(errno));
		return FAULT_DISK;
	}
	unlink(beside);
	if (data_dir_sync(file) == 0)
		return OK;
	snprintf(why, why_size, "%s: its directory cannot be synced", file);
	return FAULT_DISK;
}

enum outcome backup_write(struct fleet *f, const char *file, const struct backup_pace *pace,
	struct backup_summary *out, char *why, size_t why_size)
{
	struct writing w = {.fleet = f, .pace = pace, .good = true};
	char beside[PATH_MAX];
	int n = snprintf(beside, sizeof(beside), "%s.part", file);
	struct backup_summary written = {.entries = 0};

	if (n < 0 || (size_t)n >= sizeof(beside)) {
		snprintf(why, why_size, "the path is too long");
		return FAULT_DISK;
	}
	if (access(file, F_OK) == 0) {
		snprintf(why, why_size, "%s is there already: name a new file", file);
		return FAULT_DISK;
	}
	enum outcome o = write_beside(&w, beside, &written, why, why_size);
	/* What another left under that name is not ours to remove. */
	if (o != OK && !w.out)
		return o;
	if (o == OK)
		o = read_again(&w, beside, out, why, why_size);
	if (o == OK && memcmp(&out->sha256, &written.sha256, sizeof(out->sha256)) != 0) {
		snprintf(why, why_size, "%s: other bytes are read than were written", file);
		o = FAULT_CORRUPT;
	}
	if (o == OK)
		o = name_it(beside, file, why, why_size);
	if (o != OK)
		unlink(beside);
	return o;
}
