/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/disk/verdict.h"

#include "server/env_uv.h"

static char sentence[1024];

static const char *say(const char *format, ...) PRINTF_LIKE(1, 2);
static const char *say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	return sentence;
}

/* ---- the truth ---- */

enum { JOURNALS = 2 };
static const char *const journals[JOURNALS] = {"LYO", "directory"};

struct truth {
	struct hash *hashes[JOURNALS]; /* owned: of entry n at n - 1 */
	uint64_t len[JOURNALS];
};

static struct fleet *fleet_of(const char *dir, bool read_only, const char **why)
{
	struct fleet_options options = {.env = env_uv(),
		.create = !read_only,
		.read_only = read_only,
		.map_bytes = 64 << 20};
	struct fleet *f;
	char text[400] = "";

	*why = NULL;
	if (fleet_open(&f, dir, &options, text, sizeof(text)) == OK)
		return f;
	*why = say("it does not open: %s", text);
	return NULL;
}

static void truth_read(struct truth *t, struct txn *txn, int j)
{
	struct str name = str_from(journals[j]);
	struct journal_head head;
	struct journal_entry entry;

	assert_true(journal_head(txn, name, &head));
	t->len[j] = head.seq;
	t->hashes[j] = calloc(head.seq, sizeof(struct hash));
	assert_non_null(t->hashes[j]);
	for (uint64_t seq = 1; seq <= head.seq; seq++) {
		assert_true(journal_entry(txn, name, seq, &entry));
		t->hashes[j][seq - 1] = entry.hash;
	}
}

struct truth *truth_open(const char *dir)
{
	struct truth *t = calloc(1, sizeof(*t));
	const char *why;
	struct fleet *f = fleet_of(dir, true, &why);
	struct txn txn;

	if (!f)
		fail_msg("%s", why);
	assert_non_null(t);
	txn_begin(&txn, fleet_store(f), false);
	for (int j = 0; j < JOURNALS; j++)
		truth_read(t, &txn, j);
	txn_abort(&txn);
	fleet_close(f);
	return t;
}

void truth_close(struct truth *t)
{
	for (int j = 0; j < JOURNALS; j++)
		free(t->hashes[j]);
	free(t);
}

/* ---- one directory ---- */

static const char *check_prefix(struct truth *t, const struct known *k, struct view *v)
{
	uint64_t promised[JOURNALS] = {0};

	for (uint32_t i = 0; i < k->acks_len; i++) {
		const struct ack *a = &k->acks->acks[i];
		promised[0] = a->site_seq > promised[0] ? a->site_seq : promised[0];
		promised[1] = a->directory_seq > promised[1] ? a->directory_seq : promised[1];
	}
	for (int j = 0; j < JOURNALS; j++) {
		struct journal_head head = {.seq = 0};
		if (!journal_head(v->txn, str_from(journals[j]), &head))
			head.seq = 0;
		if (head.seq < promised[j])
			return say("LOST: %s ends at %llu, and %llu was acknowledged", journals[j],
				(unsigned long long)head.seq, (unsigned long long)promised[j]);
		if (head.seq > t->len[j] ||
			(head.seq && memcmp(&head.hash, &t->hashes[j][head.seq - 1],
					     sizeof(struct hash)) != 0))
			return say("%s is not a prefix of what was written", journals[j]);
	}
	return NULL;
}

/* Each acknowledged booking, and each customer's name behind its seal. */
static const char *check_rows(const struct known *k, struct view *v)
{
	struct key prefix = key_row_prefix(ROW_CUSTOMER);
	struct cursor c;
	const char *why = NULL;

	for (uint32_t i = 0; i < k->acks_len && !why; i++) {
		struct str id = str_from(k->acks->acks[i].booking);
		struct row row;
		if (id.n && !row_get(v, ROW_BOOKING, id, &row))
			why = say("LOST: booking %.*s was acknowledged", STR_FMT(id));
		else if (id.n && json_present(json_get(row.doc, "private")) &&
			 !json_present(private_open(v, json_get(row.doc, "private"))))
			why = say("LOST: the key of booking %.*s", STR_FMT(id));
	}
	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && !why && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct str id;
		if (!key_take_text(c.key, &at, &id))
			why = "a row's key cannot be read";
		else if (!json_str_at(customer_person(v, id), "name").n)
			why = say("LOST: the name of customer %.*s", STR_FMT(id));
	}
	cursor_close(&c);
	return why;
}

static void first_finding(void *context, const char *line)
{
	const char **why = context;

	if (!*why)
		*why = say("%s", line);
}

static const char *check_people(const struct known *k, struct fleet *f, struct arena *a)
{
	struct actor actor;
	struct str found[8];

	if (k->acks_len > 0 && !people_token_actor(fleet_people(f),
				       str_from(k->bearer + strlen("Bearer ")), &actor))
		return "LOST: the token that was answered";
	if (k->furnished &&
		people_search(fleet_people(f), a, STR("keeper"), found, ARRAY_LEN(found)) < 4)
		return "the search words do not follow the journal";
	return NULL;
}

static const char *check(struct truth *t, const struct known *k, struct fleet *f)
{
	const char *why = NULL;
	struct arena a;
	struct view v;
	struct txn txn;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(f, &v, &txn, &a);
	if (t)
		why = check_prefix(t, k, &v);
	if (!why)
		why = check_rows(k, &v);
	fleet_look_end(&v);
	if (!why)
		why = check_people(k, f, &a);
	arena_deinit(&a);
	return why;
}

/* The chain of each journal, and that all else follows from it. */
static const char *check_whole(struct fleet *f, const char *scratch)
{
	const char *why = NULL;
	const struct report report = {.context = &why, .say = first_finding};

	(void)fleet_verify(f, scratch, &report);
	scratch_empty(scratch, 0);
	return why;
}

/* One more promise, or one more customer where nothing can be promised yet. */
static struct command *one_more(const struct known *k)
{
	struct command *c = command_new(k->furnished ? VERB_BOOKING_MAKE : VERB_CUSTOMER_PUT);
	char from[INSTANT_TEXT], until[INSTANT_TEXT];

	assert_non_null(c);
	c->by = STR("tester");
	if (k->furnished) {
		(void)instant_print_utc(k->day, from);
		(void)instant_print_utc((struct instant){k->day.s + 7200}, until);
		c->journal = STR("LYO");
		c->key = STR("after the cut");
		c->body = arena_printf(&c->arena,
			"{\"accept_customer_minor\":99999999,\"customer\":\"K1\",\"from\":\"%s\","
			"\"offer\":\"%.*s\",\"solution\":\"rental\",\"until\":\"%s\"}",
			from, STR_FMT(k->offer), until);
	} else {
		c->journal = JOURNAL_DIRECTORY;
		c->target = STR("AFTER");
		c->body = STR("{\"customer\":\"AFTER\",\"language\":\"en\",\"person\":{\"name\":"
			      "\"Late Comer\"},\"preferred_channel\":\"sms\",\"segment\":"
			      "\"private\"}");
	}
	return c;
}

static const char *write_again(const struct known *k, struct fleet *f, struct ack *made)
{
	struct command *c = one_more(k);
	const char *why = NULL;
	struct arena a;
	struct view v;
	struct txn t;
	struct json answer;

	if (fleet_do(f, c) != OK || c->outcome != OK || !c->seq)
		why = say("it takes no booking: %s %.*s", outcome_name(c->outcome),
			STR_FMT(c->detail));
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(f, &v, &t, &a);
	if (!why && k->furnished) {
		struct answer rendered = {0};
		made->site_seq = c->seq;
		if (render_answer(&v, c, &rendered))
			answer = arena_json(&a, rendered.body, NULL);
		else
			answer = JSON_ABSENT;
		snprintf(made->booking, sizeof(made->booking), "%.*s",
			STR_FMT(json_str_at(answer, "booking")));
		if (!made->booking[0])
			why = "the new booking has no answer";
	}
	fleet_look_end(&v);
	arena_deinit(&a);
	command_free(c);
	return why;
}

const char *verdict(struct truth *t, const struct known *k, const char *dir, const char *scratch)
{
	struct ack made = {.at = 0};
	struct acks more = {.acks = &made, .len = 1};
	struct known then = *k;
	const char *why;
	struct fleet *f = fleet_of(dir, false, &why);

	if (!why)
		why = check(t, k, f);
	if (!why)
		why = write_again(k, f, &made);
	fleet_close(f);
	if (why)
		return why;
	then.acks = &more;
	then.acks_len = k->acks_len > 0 || k->furnished ? 1 : 0;
	f = fleet_of(dir, false, &why);
	if (!why)
		why = check(NULL, &then, f);
	/* Once is enough: what was wrong before it was written to is wrong now. */
	if (!why)
		why = check_whole(f, scratch);
	fleet_close(f);
	return why;
}
