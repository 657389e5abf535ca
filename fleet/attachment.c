/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/attachment.h"

#include "fleet/erase.h"

enum { MEMBERS_BYTES = 1024 };

/* ---- types ---- */

static const struct {
	const char *media, *ending;
} types[FILE_TYPES_LEN] = {
	[FILE_PDF] = {"application/pdf", "pdf"},
	[FILE_JPEG] = {"image/jpeg", "jpg"},
	[FILE_PNG] = {"image/png", "png"},
	[FILE_HTML] = {"text/html", "html"},
	[FILE_SVG] = {"image/svg+xml", "svg"},
};

const char *file_type_media(enum file_type t)
{
	return types[t].media;
}

const char *file_type_ending(enum file_type t)
{
	return types[t].ending;
}

bool file_type_from(enum file_type *out, struct str media)
{
	for (size_t i = 0; i < FILE_TYPES_LEN; i++)
		if (str_is(media, types[i].media)) {
			*out = (enum file_type)i;
			return true;
		}
	return false;
}

bool file_type_sniff(struct str bytes, enum file_type *out)
{
	/* Pages (HTML, SVG) are made here and never taken from outside: they could hold script. */
	static const struct {
		enum file_type type;
		struct str magic;
	} magics[] = {
		{FILE_PDF, {"%PDF-", 5}},
		{FILE_JPEG, {"\xff\xd8\xff", 3}},
		{FILE_PNG, {"\x89PNG\r\n\x1a\n", 8}},
	};

	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if (bytes.n > magics[i].magic.n &&
			memcmp(bytes.p, magics[i].magic.p, magics[i].magic.n) == 0) {
			*out = magics[i].type;
			return true;
		}
	return false;
}

/* ---- reading ---- */

bool attachment_get(struct view *v, struct str id, struct attachment *out)
{
	struct row row;

	if (!id.n || id.n > ID_MAX || !row_get(v, ROW_ATTACHMENT, id, &row))
		return false;
	*out = (struct attachment){.id = id,
		.booking = json_str_at(row.doc, "booking"),
		.kind = json_str_at(row.doc, "kind"),
		.of = json_str_at(row.doc, "of"),
		.sha256 = json_str_at(row.doc, "sha256"),
		.size = (size_t)json_int_at(row.doc, "size", 0),
		.rev = row.rev,
		.doc = row.doc};
	ASSERT(file_type_from(&out->type, json_str_at(row.doc, "type")));
	ASSERT(out->size > 0 && out->size <= ATTACHMENT_BYTES_MAX);
	return true;
}

uint32_t attachments_of(struct view *v, struct str booking, struct str out[ATTACHMENTS_MAX])
{
	return ids_under(v, key_booking_attachment_prefix(booking), out, ATTACHMENTS_MAX);
}

static uint16_t parts_of(size_t size)
{
	return (uint16_t)((size + ATTACHMENT_PART_BYTES - 1) / ATTACHMENT_PART_BYTES);
}

/* What a piece is bound to: no other opens in its place. In buf. */
static struct str part_about(uint8_t buf[KEY_MAX], struct str id, uint16_t number, uint16_t count)
{
	struct key k = key_part(id, number);

	key_u16(&k, count);
	memcpy(buf, k.bytes, k.n);
	return (struct str){(const char *)buf, k.n};
}

static bool part_get(struct view *v, struct str id, uint16_t number, struct str *box)
{
	struct key key = key_part(id, number);

	return store_has(v->txn->store, DB_PARTS) && txn_get(v->txn, DB_PARTS, key_str(&key), box);
}

bool attachment_is_here(struct view *v, const struct attachment *a)
{
	uint8_t key[SEAL_KEY_LEN];
	struct str box;

	return people_key(v->people, a->of, key) && part_get(v, a->id, 0, &box);
}

enum attached attachment_open(struct view *v, const struct attachment *a, struct str *bytes)
{
	uint16_t count = parts_of(a->size);
	uint8_t key[SEAL_KEY_LEN], about[KEY_MAX];
	char hex[HASH_TEXT];
	uint8_t *out;
	size_t at = 0;

	*bytes = STR_NULL;
	if (!people_key(v->people, a->of, key))
		return ATTACHED_ERASED;
	out = arena_take(v->arena, a->size + 1);
	if (!out)
		return ATTACHED_NO_MEMORY;
	for (uint16_t i = 0; i < count; i++) {
		size_t left = a->size - at;
		size_t n = left < ATTACHMENT_PART_BYTES ? left : ATTACHMENT_PART_BYTES;
		struct str box;
		if (!part_get(v, a->id, i, &box))
			return ATTACHED_MISSING;
		if (box.n != n + SEAL_BOX_MORE ||
			!unseal_box(key, part_about(about, a->id, i, count), box, out + at))
			return ATTACHED_DAMAGED;
		at += n;
	}
	*bytes = (struct str){(const char *)out, at};
	struct hash hash = hash_of(*bytes);
	return str_eq(hash_print(&hash, hex), a->sha256) ? ATTACHED_WHOLE : ATTACHED_DAMAGED;
}

/* ---- drafting ---- */

enum outcome check_attached(
	struct decide *d, const struct booking *b, size_t count, size_t bytes, const char *pointer)
{
	struct json now = json_get(b->doc, "attached");
	int64_t have = json_int_at(now, "count", 0), held = json_int_at(now, "bytes", 0);

	if (have + (int64_t)count > ATTACHMENTS_MAX)
		return refuse_field(d, pointer,
			"a booking holds at most %d papers and photos, and has %lld",
			ATTACHMENTS_MAX, (long long)have);
	if (held + (int64_t)bytes > ATTACHED_BYTES_MAX)
		return refuse_field(d, pointer,
			"a booking's papers hold at most %d bytes together, and have %lld",
			ATTACHED_BYTES_MAX, (long long)held);
	return OK;
}

void write_attached(struct json_writer *w, const struct booking *b, size_t count, size_t bytes)
{
	struct json now = json_get(b->doc, "attached");

	json_k(w, "attached");
	json_object_begin(w);
	json_kv_int(w, "bytes", json_int_at(now, "bytes", 0) + (int64_t)bytes);
	json_kv_int(w, "count", json_int_at(now, "count", 0) + (int64_t)count);
	json_object_end(w);
}

enum outcome draft_attachment(
	struct decide *d, const struct booking *b, const struct attaching *what, struct str *id)
{
	struct str subject = b->customer.n ? b->customer : b->id;
	struct hash hash = hash_of(what->bytes);
	struct json_writer w;
	char hex[HASH_TEXT];
	uint32_t i = d->attached_len;

	ASSERT(i < ATTACHED_OF_ENTRY_MAX && what->bytes.n > 0 &&
		what->bytes.n <= ATTACHMENT_BYTES_MAX);
	*id = id_new(d->view.arena, d->view.env, d->now);
	if (!id->n)
		return FAULT_MEMORY;
	if (subject_is_erased(&d->view, subject))
		return REFUSED_ERASED;
	if (!keyring_key(d->keyring, subject, d->attached[i].key))
		return FAULT_BUSY;
	d->attached[i].attachment = *id;
	d->attached[i].bytes = what->bytes;
	d->attached_len++;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES);
	json_object_begin(&w);
	json_kv_instant(&w, "at", d->now);
	json_kv_str(&w, "attachment", *id);
	json_kv_str(&w, "booking", b->id);
	json_kv_str(&w, "by", d->command->by);
	if (b->for_site.n)
		json_kv_str(&w, "for_site", b->for_site);
	json_kv_str(&w, "kind", what->kind);
	if (what->moment.n)
		json_kv_str(&w, "moment", what->moment);
	json_kv_str(&w, "of", subject);
	json_kv_str(&w, "sha256", hash_print(&hash, hex));
	json_kv_str(&w, "site", b->site);
	json_kv_int(&w, "size", (int64_t)what->bytes.n);
	json_kv_str(&w, "type", str_from(file_type_media(what->type)));
	if (what->zone.n)
		json_kv_str(&w, "zone", what->zone);
	json_object_end(&w);
	draft_put(d, ROW_ATTACHMENT, *id, arena_written(d->view.arena, &w));
	return OK;
}

void attachments_keep(struct txn *t, const struct decide *d)
{
	uint8_t box[ATTACHMENT_PART_BYTES + SEAL_BOX_MORE], about[KEY_MAX];

	for (uint32_t i = 0; i < d->attached_len; i++) {
		struct str id = d->attached[i].attachment, left = d->attached[i].bytes;
		uint16_t count = parts_of(left.n);
		for (uint16_t k = 0; k < count; k++) {
			size_t n = left.n < ATTACHMENT_PART_BYTES ? left.n : ATTACHMENT_PART_BYTES;
			struct key key = key_part(id, k);
			seal_box(d->view.env, d->attached[i].key, part_about(about, id, k, count),
				(struct str){left.p, n}, box);
			txn_put(t, DB_PARTS, key_str(&key),
				(struct str){(const char *)box, n + SEAL_BOX_MORE});
			left = (struct str){left.p + n, left.n - n};
		}
	}
}
