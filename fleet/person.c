/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/person.h"

#include "fleet/merge.h"

static bool keyring_find(const struct keyring *k, struct str subject, uint8_t key[SEAL_KEY_LEN])
{
	for (uint32_t i = 0; i < k->len; i++)
		if (str_is(subject, k->fresh[i].subject)) {
			memcpy(key, k->fresh[i].key, SEAL_KEY_LEN);
			return true;
		}
	return people_key(k->people, subject, key);
}

bool keyring_key(struct keyring *k, struct str subject, uint8_t key[SEAL_KEY_LEN])
{
	ASSERT(subject.n > 0 && subject.n <= ID_MAX);
	if (keyring_find(k, subject, key))
		return true;
	if (k->len == KEYRING_MAX)
		return false;
	memcpy(k->fresh[k->len].subject, subject.p, subject.n);
	k->fresh[k->len].subject[subject.n] = '\0';
	k->env->random(k->env, k->fresh[k->len].key, SEAL_KEY_LEN);
	memcpy(key, k->fresh[k->len].key, SEAL_KEY_LEN);
	k->len++;
	return true;
}

enum outcome keyring_flush(struct keyring *k)
{
	struct people_new_key keys[64];
	uint32_t done = 0;

	while (done < k->len) {
		size_t n = 0;
		for (; n < ARRAY_LEN(keys) && done + n < k->len; n++) {
			keys[n].subject = str_from(k->fresh[done + n].subject);
			memcpy(keys[n].key, k->fresh[done + n].key, SEAL_KEY_LEN);
		}
		enum outcome o = people_add_keys(k->people, keys, n);
		if (o != OK)
			return o;
		done += (uint32_t)n;
	}
	k->len = 0;
	return OK;
}

struct str person_seal(struct keyring *k, struct arena *a, struct str subject, struct str plain)
{
	uint8_t key[SEAL_KEY_LEN];
	struct json_writer w;
	struct str sealed;

	if (!keyring_key(k, subject, key))
		return STR_NULL;
	sealed = seal(a, k->env, key, subject, plain);
	arena_writer(a, &w, sealed.n + 200);
	json_object_begin(&w);
	json_kv_str(&w, "of", subject);
	json_kv_str(&w, "sealed", sealed);
	json_object_end(&w);
	return arena_written(a, &w);
}

struct json person_unseal(struct view *v, const struct keyring *k, struct json member)
{
	struct str subject = json_str_at(member, "of"), sealed = json_str_at(member, "sealed"),
		   plain;
	uint8_t key[SEAL_KEY_LEN];

	if (!sealed.n || !subject.n)
		return JSON_ABSENT;
	if (k ? !keyring_find(k, subject, key) : !people_key(v->people, subject, key))
		return JSON_ABSENT; /* erased: the rest of the record stays */
	if (!unseal(v->arena, key, subject, sealed, &plain))
		return JSON_ABSENT;
	return arena_json(v->arena, plain, NULL);
}

struct json private_open(struct view *v, struct json sealed_member)
{
	return person_unseal(v, v->keyring, sealed_member);
}

struct json customer_person(struct view *v, struct str customer)
{
	struct row row;

	if (!customer_get(v, customer, &row))
		return JSON_ABSENT;
	return private_open(v, json_get(row.doc, "person"));
}

struct str customer_name(struct view *v, struct str customer)
{
	struct json person = customer_person(v, customer);
	struct str title = json_str_at(person, "title"), name = json_str_at(person, "name");

	if (!name.n)
		return STR_NULL;
	if (!title.n)
		return name;
	return arena_printf(v->arena, "%.*s %.*s", STR_FMT(title), STR_FMT(name));
}
