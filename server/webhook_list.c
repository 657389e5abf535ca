/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/webhook_list.h"

#include <dirent.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "fleet/durable.h"
#include "fleet/seal.h"
#include "server/env_uv.h"

enum { FILE_BYTES_MAX = 64 << 10, FILE_NAME_BYTES = CONFIG_TEXT_MAX + 32, PLACE_TEXT = 24 };

struct webhook_list {
	uv_mutex_t mutex;      /* of the list */
	struct people *people; /* borrowed */
	char dir[CONFIG_TEXT_MAX];
	uint32_t len;
	struct webhook_made made[WEBHOOKS_MAX];
	bool unread; /* there is a file, and nobody knows what it says: it is not written over */
};

/* ---- paths ---- */

void webhook_place_path(
	char out[WEBHOOK_PATH_BYTES], const char *dir, const char *id, struct str site)
{
	snprintf(out, WEBHOOK_PATH_BYTES, "%s/%s%s-%.*s", dir, id[0] ? "hook-" : "webhook", id,
		STR_FMT(site));
}

void webhook_begun_path(char out[WEBHOOK_PATH_BYTES], const char *dir, const char *id)
{
	snprintf(out, WEBHOOK_PATH_BYTES, "%s/%s%s", dir, id[0] ? "hooks-" : "webhooks", id);
}

static void list_path(const struct webhook_list *l, char out[FILE_NAME_BYTES])
{
	snprintf(out, FILE_NAME_BYTES, "%s/webhook-list", l->dir);
}

void webhook_secret_text(char out[WEBHOOK_SECRET_MAX], const struct webhook_key *key)
{
	char text[WEBHOOK_SECRET_MAX];

	EVP_EncodeBlock((unsigned char *)text, key->byte, (int)key->n);
	snprintf(out, WEBHOOK_SECRET_MAX, "whsec_%.90s", text);
	OPENSSL_cleanse(text, sizeof text);
}

/* ---- the file ---- */

static struct str about(struct arena *a, const char *id)
{
	return arena_printf(a, "webhook %s", id);
}

static bool made_read(struct webhook_list *l, struct arena *a, struct json doc)
{
	struct webhook_made *m = &l->made[l->len];
	struct str id = json_str_at(doc, "webhook"), url = json_str_at(doc, "url"),
		   body = json_str_at(doc, "body"), key;

	if (l->len == WEBHOOKS_MAX || id.n != WEBHOOK_NAME_LEN || url.n >= sizeof m->url ||
		body.n >= sizeof m->body)
		return false;
	*m = (struct webhook_made){.created = {json_int_at(doc, "created_at", 0)}};
	memcpy(m->id, id.p, id.n);
	memcpy(m->url, url.p, url.n);
	memcpy(m->body, body.p, body.n);
	if (!unseal(a, people_secret(l->people), about(a, m->id), json_str_at(doc, "sealed"),
		    &key) ||
		key.n > sizeof m->key.byte)
		return false;
	memcpy(m->key.byte, key.p, key.n);
	m->key.n = key.n;
	l->len++;
	return true;
}

static void list_read(struct webhook_list *l)
{
	struct env *env = env_uv();
	char path[FILE_NAME_BYTES];
	struct arena a;

	list_path(l, path);
	if (access(path, F_OK) != 0)
		return;
	arena_init(&a, ARENA_MAX_DEFAULT);
	struct json list = arena_json(&a, durable_read(path, &a, FILE_BYTES_MAX), NULL);
	bool good = json_is(list, JSON_ARRAY);
	for (struct json e = good ? json_first(list) : JSON_ABSENT; json_present(e) && good;
		e = json_next(list, e))
		good = made_read(l, &a, e);
	l->unread = !good;
	if (!good) {
		l->len = 0;
		env->log(env, "webhook-list cannot be read: no other system is told by it");
	}
	arena_deinit(&a);
}

static void made_write(struct webhook_list *l, struct arena *a, struct json_writer *w,
	const struct webhook_made *m)
{
	struct str key = {(const char *)m->key.byte, m->key.n};

	json_object_begin(w);
	json_kv_str(w, "body", str_from(m->body));
	json_kv_int(w, "created_at", m->created.s);
	json_kv_str(w, "sealed", seal(a, env_uv(), people_secret(l->people), about(a, m->id), key));
	json_kv_str(w, "url", str_from(m->url));
	json_kv_str(w, "webhook", str_from(m->id));
	json_object_end(w);
}

/* The list that shall be; kept first, then it is so. */
static enum outcome list_become(
	struct webhook_list *l, const struct webhook_made *made, uint32_t len)
{
	char path[FILE_NAME_BYTES];
	struct json_writer w;
	struct arena a;

	if (l->unread)
		return FAULT_CORRUPT;
	arena_init(&a, ARENA_MAX_DEFAULT);
	list_path(l, path);
	arena_writer(&a, &w, FILE_BYTES_MAX);
	json_array_begin(&w);
	for (uint32_t i = 0; i < len; i++)
		made_write(l, &a, &w, &made[i]);
	json_array_end(&w);
	enum outcome o = durable_write(path, arena_written(&a, &w));
	arena_deinit(&a);
	if (o != OK)
		return o;
	uv_mutex_lock(&l->mutex);
	memcpy(l->made, made, len * sizeof *made);
	l->len = len;
	uv_mutex_unlock(&l->mutex);
	return OK;
}

/* ---- looking ---- */

uint32_t webhook_list_all(struct webhook_list *l, struct webhook_made out[WEBHOOKS_MAX])
{
	uv_mutex_lock(&l->mutex);
	uint32_t len = l->len;
	memcpy(out, l->made, len * sizeof *out);
	uv_mutex_unlock(&l->mutex);
	return len;
}

bool webhook_list_find(struct webhook_list *l, struct str id, struct webhook_made *out)
{
	bool found = false;

	uv_mutex_lock(&l->mutex);
	for (uint32_t i = 0; i < l->len && !found; i++)
		if ((found = str_is(id, l->made[i].id)))
			*out = l->made[i];
	uv_mutex_unlock(&l->mutex);
	return found;
}

/* ---- changing ---- */

/* Made of the request's key, so that a repeat is answered as the first one was. */
static void made_of(struct webhook_list *l, struct arena *a, const struct webhook_ask *ask,
	struct webhook_made *out)
{
	const uint8_t *secret = people_secret(l->people);
	struct env *env = env_uv();
	char hex[HASH_TEXT];
	struct hash name =
		hash_keyed(secret, arena_printf(a, "webhook of %.*s", STR_FMT(ask->by)), ask->key);
	struct hash chance =
		hash_keyed(secret, arena_printf(a, "secret of %.*s", STR_FMT(ask->by)), ask->key);
	struct hash body = hash_keyed(secret, STR("webhook body"), ask->body);

	*out = (struct webhook_made){.key.n = HASH_LEN, .created = env->now(env)};
	memcpy(out->key.byte, chance.bytes, HASH_LEN);
	memcpy(out->id, hash_print(&name, hex).p, WEBHOOK_NAME_LEN);
	memcpy(out->body, hash_print(&body, hex).p, HASH_TEXT - 1);
	snprintf(out->url, sizeof out->url, "%.*s", STR_FMT(ask->url));
}

enum outcome webhook_list_make(struct webhook_list *l, const struct webhook_ask *ask,
	struct webhook_made *out, bool *replayed)
{
	struct webhook_made made[WEBHOOKS_MAX], known;
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	made_of(l, &a, ask, out);
	arena_deinit(&a);
	*replayed = webhook_list_find(l, str_from(out->id), &known);
	if (*replayed && strcmp(known.body, out->body) != 0)
		return REFUSED_KEY_REUSED;
	if (*replayed) {
		*out = known;
		return OK;
	}
	uint32_t len = webhook_list_all(l, made);
	if (len == WEBHOOKS_MAX)
		return REFUSED_LIMIT;
	made[len] = *out;
	return list_become(l, made, len + 1);
}

/* The places that were reached of it: names that nothing else has. */
void webhook_list_forget(struct webhook_list *l, struct str id)
{
	char path[WEBHOOK_PATH_BYTES], prefix[WEBHOOK_NAME_LEN + 8];
	DIR *dir = opendir(l->dir);

	snprintf(prefix, sizeof prefix, "hook-%.*s", STR_FMT(id));
	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0)
			continue;
		int n = snprintf(path, sizeof path, "%s/%s", l->dir, e->d_name);
		if (n > 0 && (size_t)n < sizeof path)
			(void)unlink(path);
	}
	if (dir)
		closedir(dir);
	char id_text[WEBHOOK_NAME_LEN + 1];
	snprintf(id_text, sizeof id_text, "%.*s", STR_FMT(id));
	webhook_begun_path(path, l->dir, id_text);
	(void)unlink(path);
}

enum outcome webhook_list_remove(struct webhook_list *l, struct str id)
{
	struct webhook_made made[WEBHOOKS_MAX];
	uint32_t len = webhook_list_all(l, made), kept = 0;

	for (uint32_t i = 0; i < len; i++)
		if (!str_is(id, made[i].id))
			made[kept++] = made[i];
	if (kept == len)
		return REFUSED_NOT_FOUND;
	enum outcome o = list_become(l, made, kept);
	if (o == OK)
		webhook_list_forget(l, id);
	return o;
}

enum outcome webhook_list_replay(
	struct webhook_list *l, struct str id, struct str site, uint64_t entry)
{
	char path[WEBHOOK_PATH_BYTES], again[WEBHOOK_PATH_BYTES + 8], text[PLACE_TEXT];
	struct webhook_made made;

	if (!webhook_list_find(l, id, &made))
		return REFUSED_NOT_FOUND;
	webhook_place_path(path, l->dir, made.id, site);
	snprintf(again, sizeof again, "%s.again", path);
	int n = snprintf(text, sizeof text, "%" PRIu64 "\n", entry - 1);
	return durable_write(again, (struct str){text, (size_t)n});
}

/* ---- its life ---- */

struct webhook_list *webhook_list_open(const char *dir, struct people *people)
{
	struct webhook_list *l = calloc(1, sizeof *l);

	if (!l || uv_mutex_init(&l->mutex) != 0) {
		free(l);
		return NULL;
	}
	l->people = people;
	snprintf(l->dir, sizeof l->dir, "%s", dir);
	list_read(l);
	return l;
}

void webhook_list_close(struct webhook_list *l)
{
	if (!l)
		return;
	uv_mutex_destroy(&l->mutex);
	OPENSSL_cleanse(l->made, sizeof l->made);
	free(l);
}
