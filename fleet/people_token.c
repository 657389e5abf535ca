/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/account_inside.h"

#define TOKEN_MARK "rls_"
enum { TOKEN_LEN = 4 + 43, TOKEN_ID_BYTES = TOKEN_ID_LEN / 2 };

/* ---- the row ---- */

static struct key token_key(struct str token)
{
	/* 256 bits of chance need no slow hash: there is nothing to guess. */
	struct hash h = hash_of(token);
	struct key k = {.n = 0};

	key_u8(&k, PEOPLE_TOKEN);
	key_bytes(&k, h.bytes, HASH_LEN);
	return k;
}

/* The first digits of the hash name a token; they help nobody to make it. */
static void token_name(struct token *out, struct str row_key)
{
	struct hash h = {{0}};
	char hex[HASH_TEXT];

	ASSERT(row_key.n == 1 + HASH_LEN);
	memcpy(h.bytes, row_key.p + 1, HASH_LEN);
	memcpy(out->id, hash_print(&h, hex).p, TOKEN_ID_LEN);
	out->id[TOKEN_ID_LEN] = '\0';
}

static void token_put(struct txn *t, const struct key *key, const struct token *token)
{
	char row[PEOPLE_ROW_BYTES];
	struct json_writer w;

	json_writer_init(&w, row, sizeof(row));
	json_object_begin(&w);
	json_kv_int(&w, "created_at", token->created.s);
	people_kv_name(&w, &token->actor);
	people_kv_role_sites(&w, &token->actor);
	json_kv_int(&w, "used_at", token->used.s);
	json_object_end(&w);
	struct str written = json_written(&w);
	ASSERT(written.p); /* the bound is ours */
	account_put(t, key, written);
}

static bool token_read(struct token *out, struct str row_key, struct str value)
{
	struct people_doc d;
	struct json doc = people_doc_read(&d, value);

	token_name(out, row_key);
	out->created.s = json_int_at(doc, "created_at", 0);
	out->used.s = json_int_at(doc, "used_at", 0);
	return people_actor_read(&out->actor, doc);
}

/* ---- making ---- */

static enum outcome token_insert(struct people *p, struct txn *t, struct str text,
	const struct actor *actor, struct token *out)
{
	struct key key = token_key(text);

	if (people_count(t, PEOPLE_TOKEN) >= TOKENS_MAX)
		return REFUSED_LIMIT;
	*out = (struct token){.actor = *actor, .created = p->env->now(p->env)};
	token_name(out, key_str(&key));
	token_put(t, &key, out);
	return OK;
}

struct creating {
	struct str text;
	const struct actor *actor;
};

static enum outcome create(struct people *p, struct txn *t, void *context)
{
	const struct creating *c = context;
	struct token made;

	return token_insert(p, t, c->text, c->actor, &made);
}

enum outcome people_token_create(
	struct people *p, struct arena *a, const struct actor *actor, struct str *token)
{
	struct str text = people_chance(p, a);
	struct creating c = {.actor = actor};
	enum outcome o;

	*token = c.text = arena_printf(a, TOKEN_MARK "%.*s", STR_FMT(text));
	if (a->full)
		return FAULT_MEMORY;
	ASSERT(token->n == TOKEN_LEN);
	o = account_change(p, create, &c);
	if (o != OK)
		*token = STR_NULL;
	return o;
}

/* What was asked for with that key before: OK and nothing when this is the first time. */
static enum outcome issue_seen(
	struct txn *t, const struct key *row, const struct hash *body, bool *replayed)
{
	struct str value;

	*replayed = txn_get(t, DB_ROWS, key_str(row), &value);
	if (!*replayed)
		return OK;
	return value.n == HASH_LEN && memcmp(value.p, body->bytes, HASH_LEN) == 0
		       ? OK
		       : REFUSED_KEY_REUSED;
}

struct issuing {
	const struct token_issue *issue;
	struct key row;
	struct hash body;
	struct token *out;
	struct str text;
};

static enum outcome issue_token(struct people *p, struct txn *t, void *context)
{
	const struct issuing *y = context;
	enum outcome o = issue_seen(t, &y->row, &y->body, y->issue->replayed);

	if (o == OK && *y->issue->replayed) {
		struct key key = token_key(y->text);
		*y->out = (struct token){.actor = *y->issue->actor};
		token_name(y->out, key_str(&key));
		return OK;
	}
	if (o == OK)
		o = token_insert(p, t, y->text, y->issue->actor, y->out);
	if (o == OK)
		account_put(t, &y->row, (struct str){(const char *)y->body.bytes, HASH_LEN});
	return o;
}

enum outcome people_token_issue(struct people *p, struct arena *a, const struct token_issue *issue,
	struct token *out, struct str *text)
{
	/* Made from the key, so that a repeated request is answered as the first one although the
	 * token is kept nowhere. Without the installation's secret nobody makes it. */
	struct str about = arena_printf(a, "token of %.*s", STR_FMT(issue->by));
	struct hash chance = hash_keyed(p->secret, about, issue->key);
	struct hash name = hash_keyed(
		p->secret, arena_printf(a, "key of %.*s", STR_FMT(issue->by)), issue->key);
	struct str code = base64url_encode(a, (struct str){(const char *)chance.bytes, HASH_LEN});
	struct issuing y = {.issue = issue,
		.body = hash_keyed(p->secret, STR("body"), issue->body),
		.out = out};

	*text = y.text = arena_printf(a, TOKEN_MARK "%.*s", STR_FMT(code));
	if (a->full)
		return FAULT_MEMORY;
	key_u8(&y.row, PEOPLE_ISSUED);
	key_bytes(&y.row, name.bytes, HASH_LEN);
	return account_change(p, issue_token, &y);
}

/* ---- finding ---- */

static bool token_get(struct txn *t, struct str text, struct key *key, struct token *out)
{
	struct str value;

	if (text.n != TOKEN_LEN || memcmp(text.p, TOKEN_MARK, sizeof(TOKEN_MARK) - 1) != 0)
		return false;
	*key = token_key(text);
	return txn_get(t, DB_ROWS, key_str(key), &value) && token_read(out, key_str(key), value);
}

bool people_token_find(struct people *p, struct str text, struct token *out)
{
	struct key key;
	struct txn t;
	bool found;

	txn_begin(&t, p->store, false);
	found = token_get(&t, text, &key, out);
	txn_abort(&t);
	return found;
}

bool people_token_actor(struct people *p, struct str text, struct actor *out)
{
	struct token token;
	bool found = people_token_find(p, text, &token);

	if (found)
		*out = token.actor;
	return found;
}

static enum outcome use(struct people *p, struct txn *t, void *context)
{
	const struct str *text = context;
	struct token token;
	struct key key;

	if (!token_get(t, *text, &key, &token))
		return OK;
	token.used = p->env->now(p->env);
	token_put(t, &key, &token);
	return OK;
}

enum outcome people_token_used(struct people *p, struct str text)
{
	return account_change(p, use, &text);
}

size_t people_token_list(struct people *p, struct token *out, size_t max)
{
	const uint8_t tag = PEOPLE_TOKEN;
	const struct str prefix = {(const char *)&tag, 1};
	struct cursor c;
	struct txn t;
	size_t n = 0;

	txn_begin(&t, p->store, false);
	cursor_open(&c, &t, DB_ROWS);
	for (bool some = cursor_seek(&c, prefix); some && cursor_within(&c, prefix) && n < max;
		some = cursor_next(&c))
		if (token_read(&out[n], c.key, c.value))
			n++;
	cursor_close(&c);
	txn_abort(&t);
	return n;
}

/* The row whose hash begins so; false when no token has that id. */
static bool token_row(struct txn *t, struct str id, struct key *row, struct token *out)
{
	uint8_t start[1 + TOKEN_ID_BYTES] = {PEOPLE_TOKEN};
	const struct str prefix = {(const char *)start, sizeof(start)};
	char hex[HASH_LEN * 2];
	struct hash h;
	struct cursor c;
	bool found;

	memset(hex, '0', sizeof(hex));
	if (id.n != TOKEN_ID_LEN)
		return false;
	memcpy(hex, id.p, id.n);
	if (!hash_parse(&h, (struct str){hex, sizeof(hex)}))
		return false;
	memcpy(start + 1, h.bytes, TOKEN_ID_BYTES);
	cursor_open(&c, t, DB_ROWS);
	found = cursor_seek(&c, prefix) && cursor_within(&c, prefix) &&
		token_read(out, c.key, c.value);
	if (found) {
		row->n = c.key.n;
		memcpy(row->bytes, c.key.p, c.key.n);
	}
	cursor_close(&c);
	return found;
}

bool people_token_by_id(struct people *p, struct str id, struct token *out)
{
	struct key row;
	struct txn t;
	bool found;

	txn_begin(&t, p->store, false);
	found = token_row(&t, id, &row, out);
	txn_abort(&t);
	return found;
}

static enum outcome remove_token(struct people *p, struct txn *t, void *context)
{
	const struct str *id = context;
	struct token token;
	struct key row;

	(void)p;
	if (!token_row(t, *id, &row, &token))
		return REFUSED_NOT_FOUND;
	account_delete(t, &row);
	return OK;
}

enum outcome people_token_remove(struct people *p, struct str id)
{
	return account_change(p, remove_token, &id);
}
