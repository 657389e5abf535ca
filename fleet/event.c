/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/event.h"

/*
 * An entry is written in one place and read in one place, and the reader accepts exactly what the
 * writer writes: canonical bytes, these members and no others, effects that apply can carry out. So
 * apply never meets a surprise, and two servers never read one entry in two ways.
 */

/* ---- kinds of objects ---- */

static const struct {
	enum row_kind kind;
	const char *name;
} kinds[] = {
	{ROW_SITE, "site"},
	{ROW_RESOURCE, "resource"},
	{ROW_BLOCK, "block"},
	{ROW_CUSTOMER, "customer"},
	{ROW_VEHICLE, "vehicle"},
	{ROW_RULESET, "ruleset"},
	{ROW_VISIT, "visit"},
	{ROW_BOOKING, "booking"},
	{ROW_TASK, "task"},
	{ROW_DEMAND, "demand"},
	{ROW_WAITING, "waiting"},
	{ROW_DESK, "desk"},
	{ROW_ATTACHMENT, "attachment"},
	{ROW_REPAIR_ORDER, "repair-order"},
	{ROW_CLAIM, "claim"},
	{ROW_CONTACT, "contact"},
	{ROW_COMPLAINT, "complaint"},
	{ROW_IMPORT, "import"},
};

const char *row_kind_name(enum row_kind kind)
{
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].kind == kind)
			name = kinds[i].name;
	ASSERT(name);
	return name;
}

bool row_kind_from(enum row_kind *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!str_is(name, kinds[i].name))
			continue;
		*out = kinds[i].kind;
		return true;
	}
	return false;
}

/* ---- writing ---- */

static void write_request(struct json_writer *w, const struct event_head *head)
{
	char hex[HASH_TEXT];

	json_k(w, "request");
	if (!head->has_request) {
		json_null(w);
		return;
	}
	json_object_begin(w);
	json_kv_str(w, "body_sha256", hash_print(&head->body_sha256, hex));
	json_kv_str(w, "key_sha256", hash_print(&head->key_sha256, hex));
	json_object_end(w);
}

struct str event_write(struct arena *a, const struct event_head *head, struct str effects)
{
	/* No character of a name grows beyond six bytes; 512 is for all that does not vary. */
	size_t names = head->by.n + head->kind.n + head->site.n + head->group.n;
	char at[INSTANT_TEXT];
	struct json_writer w;
	struct str bytes;

	ASSERT(head->seq > 0 && head->seq <= (uint64_t)JSON_INT_MAX);
	ASSERT(head->kind.n > 0 && head->site.n > 0 && head->site.n <= ID_MAX);
	ASSERT(effects.n >= 2 && effects.p[0] == '[' && effects.p[effects.n - 1] == ']');
	arena_writer(a, &w, effects.n + 6 * names + 512);
	json_object_begin(&w);
	json_kv_str(&w, "at", instant_print_utc(head->at, at));
	json_kv_str(&w, "by", head->by);
	json_kv_raw(&w, "effects", effects);
	if (head->group.n)
		json_kv_str(&w, "group", head->group);
	else
		json_kv_null(&w, "group");
	json_kv_str(&w, "kind", head->kind);
	write_request(&w, head);
	json_kv_int(&w, "seq", (int64_t)head->seq);
	json_kv_str(&w, "site", head->site);
	json_kv_int(&w, "v", ENTRY_VERSION);
	json_object_end(&w);
	bytes = arena_written(a, &w);
	return bytes.n <= ENTRY_BYTES_MAX ? bytes : STR_NULL;
}

/* ---- reading ---- */

/* An object with exactly these members: as many as there are, and each of them there. */
static bool has_members(struct json object, const char *const *names, uint32_t count)
{
	if (!json_is(object, JSON_OBJECT) || json_count(object) != count)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!json_present(json_get(object, names[i])))
			return false;
	return true;
}

static bool key_is_plain(struct str key)
{
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-')
			return false;
	}
	return true;
}

/* The writer only writes plain keys; a document with others could not be merged and written again.
 */
static bool keys_are_plain(const struct json_doc *doc)
{
	for (uint32_t i = 0; i < doc->nodes_len; i++) {
		struct json object = {doc, i};
		struct json v = json_first_value(object);
		for (; json_present(v); v = json_next_value(object, v))
			if (!key_is_plain(json_key(v)))
				return false;
	}
	return true;
}

/* An id is a key of the store: neither empty nor cut when it becomes one. */
static bool id_read(struct str *out, struct json v)
{
	*out = json_str(v);
	return out->n > 0 && out->n <= ID_MAX;
}

bool effect_read(struct effect *out, struct json effect)
{
	static const char *const with_doc[] = {"doc", "id", "kind", "op"};
	static const char *const with_id[] = {"id", "kind", "op"};
	static const char *const refusal[] = {"detail", "op", "slug"};
	struct str op = json_str_at(effect, "op");

	*out = (struct effect){.doc = JSON_ABSENT};
	if (str_is(op, "refuse")) {
		out->op = EFFECT_REFUSE;
		out->slug = json_str_at(effect, "slug");
		out->detail = json_get(effect, "detail");
		return has_members(effect, refusal, ARRAY_LEN(refusal)) && out->slug.n > 0 &&
		       json_is(out->detail, JSON_OBJECT);
	}
	if (!row_kind_from(&out->kind, json_str_at(effect, "kind")) ||
		!id_read(&out->id, json_get(effect, "id")))
		return false;
	if (str_is(op, "delete")) {
		out->op = EFFECT_DELETE;
		return has_members(effect, with_id, ARRAY_LEN(with_id));
	}
	out->op = str_is(op, "put") ? EFFECT_PUT : EFFECT_SET;
	out->doc = json_get(effect, "doc");
	return (str_is(op, "put") || str_is(op, "set")) && json_is(out->doc, JSON_OBJECT) &&
	       has_members(effect, with_doc, ARRAY_LEN(with_doc));
}

static const char *effects_fault(struct json effects)
{
	struct effect ignored;

	if (!json_is(effects, JSON_ARRAY) || json_count(effects) > EFFECTS_MAX)
		return "effects is not an array of a bearable length";
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e))
		if (!effect_read(&ignored, e))
			return "an effect cannot be read";
	return NULL;
}

/* YYYY-MM-DDTHH:MM:SSZ and nothing else: what is printed again must be the same text. */
static bool at_read(struct instant *out, struct str text)
{
	struct local local;
	char again[INSTANT_TEXT];

	if (!instant_parse(&local, text))
		return false;
	*out = local_instant(local);
	return str_eq(instant_print_utc(*out, again), text);
}

static bool request_read(struct event_head *head, struct json request)
{
	static const char *const members[] = {"body_sha256", "key_sha256"};

	head->has_request = json_present(request) && !json_is_null(request);
	if (!head->has_request)
		return true;
	return has_members(request, members, ARRAY_LEN(members)) &&
	       hash_parse(&head->body_sha256, json_str_at(request, "body_sha256")) &&
	       hash_parse(&head->key_sha256, json_str_at(request, "key_sha256"));
}

static const char *head_fault(struct event_head *head, struct json root)
{
	static const char *const members[] = {
		"at", "by", "effects", "group", "kind", "request", "seq", "site", "v"};
	struct json group = json_get(root, "group");
	int64_t seq = json_int_at(root, "seq", 0);

	if (!has_members(root, members, ARRAY_LEN(members)))
		return "the members of an entry are not those expected";
	if (json_int_at(root, "v", 0) != ENTRY_VERSION)
		return "the entry is of another version";
	if (!at_read(&head->at, json_str_at(root, "at")))
		return "at is not an instant of UTC";
	if (!json_is(json_get(root, "by"), JSON_STRING))
		return "by is not text";
	if (!json_is_null(group) && json_str(group).n == 0)
		return "group is neither null nor an id";
	if (!request_read(head, json_get(root, "request")))
		return "request is neither null nor two hashes";
	if (seq < 1)
		return "seq is not a positive number";
	if (json_str_at(root, "kind").n == 0 || !id_read(&head->site, json_get(root, "site")))
		return "kind or site is not a name";
	head->by = json_str_at(root, "by");
	head->kind = json_str_at(root, "kind");
	head->group = json_str(group);
	head->seq = (uint64_t)seq;
	return NULL;
}

/* Why these bytes are no entry; NULL when they are one. */
static const char *event_fault(
	struct arena *a, struct str bytes, struct event_head *head, struct json *effects)
{
	struct json_doc *doc;
	struct json root;
	const char *fault;

	if (bytes.n > ENTRY_BYTES_MAX)
		return "the entry is too long";
	root = arena_json(a, bytes, &doc);
	if (!json_present(root))
		return doc->error;
	if (!doc->canonical || !keys_are_plain(doc))
		return "the entry is not canonical";
	fault = head_fault(head, root);
	if (fault)
		return fault;
	*effects = json_get(root, "effects");
	return effects_fault(*effects);
}

enum outcome event_read(struct arena *a, struct str bytes, struct event_head *head,
	struct json *effects, const char **why)
{
	*head = (struct event_head){.seq = 0};
	*effects = JSON_ABSENT;
	*why = event_fault(a, bytes, head, effects);
	if (!*why)
		return OK;
	/* Not the entry's fault when there was no room to read it. */
	return a->full ? FAULT_MEMORY : FAULT_CORRUPT;
}

bool event_request(struct str bytes, struct hash *key_sha256, struct hash *body_sha256)
{
	/* The member stands near the end, and inside a string its quotes would be escaped: the last
	 * place where these bytes occur is the member itself. */
	static const char before[] = ",\"request\":{\"body_sha256\":\"",
			  between[] = "\",\"key_sha256\":\"";
	enum { BEFORE = sizeof(before) - 1, BETWEEN = sizeof(between) - 1, HEX = HASH_TEXT - 1 };
	static const char name[] = ",\"request\":";
	size_t at = bytes.n;
	const char *p;

	for (;; at--) {
		if (at < sizeof(name) - 1)
			return false;
		p = bytes.p + at - (sizeof(name) - 1);
		if (memcmp(p, name, sizeof(name) - 1) == 0)
			break;
	}
	if ((size_t)(bytes.p + bytes.n - p) < BEFORE + BETWEEN + 2 * HEX ||
		memcmp(p, before, BEFORE) != 0 || memcmp(p + BEFORE + HEX, between, BETWEEN) != 0)
		return false;
	return hash_parse(body_sha256, (struct str){p + BEFORE, HEX}) &&
	       hash_parse(key_sha256, (struct str){p + BEFORE + HEX + BETWEEN, HEX});
}

struct hash event_hash(const struct hash *prev, struct str bytes)
{
	return hash_of2((struct str){(const char *)prev->bytes, HASH_LEN}, bytes);
}
