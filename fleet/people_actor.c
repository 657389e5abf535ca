/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/people_inside.h"

/* Who may do what, where: roles, and the rows that name an actor. */

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_OPERATOR] = "operator",
	[ROLE_ADVISOR] = "advisor",
	[ROLE_PREPARER] = "preparer",
	[ROLE_MANAGER] = "manager",
	[ROLE_WARRANTY] = "warranty",
	[ROLE_AUDITOR] = "auditor",
	[ROLE_ADMIN] = "admin",
};

const char *role_name(enum role r)
{
	ASSERT(r < ROLE_COUNT);
	return role_names[r];
}

bool role_from(enum role *out, struct str name)
{
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (!str_is(name, role_names[i]))
			continue;
		*out = (enum role)i;
		return true;
	}
	return false;
}

bool actor_has_site(const struct actor *a, struct str site)
{
	ASSERT(a->sites_len <= TOKEN_SITES_MAX);
	if (a->sites_len == 0)
		return true;
	for (uint32_t i = 0; i < a->sites_len; i++)
		if (str_is(site, a->sites[i]))
			return true;
	return false;
}

/* Cut names would be other names: what does not fit is refused. */
static bool name_take(char out[ID_MAX + 1], struct str s)
{
	if (s.n == 0 || s.n > ID_MAX)
		return false;
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
	return true;
}

bool actor_add_site(struct actor *a, struct str site)
{
	return a->sites_len < TOKEN_SITES_MAX && name_take(a->sites[a->sites_len++], site);
}

bool actor_set_name(struct actor *a, struct str name)
{
	return name_take(a->name, name);
}

struct json people_doc_read(struct people_doc *d, struct str value)
{
	d->doc = (struct json_doc){.nodes = d->nodes,
		.nodes_max = PEOPLE_NODES,
		.text = d->text,
		.text_max = sizeof(d->text)};
	return json_read(&d->doc, value) ? json_root(&d->doc) : JSON_ABSENT;
}

bool people_actor_read(struct actor *out, struct json doc)
{
	struct json sites = json_get(doc, "sites");

	*out = (struct actor){.role = ROLE_OPERATOR};
	if (!actor_set_name(out, json_str_at(doc, "name")) ||
		!role_from(&out->role, json_str_at(doc, "role")) || !json_is(sites, JSON_ARRAY) ||
		json_count(sites) > TOKEN_SITES_MAX)
		return false;
	for (struct json s = json_first(sites); json_present(s); s = json_next(sites, s))
		if (!actor_add_site(out, json_str(s)))
			return false;
	return true;
}

void people_kv_name(struct json_writer *w, const struct actor *actor)
{
	ASSERT(actor->name[0] != '\0');
	json_kv_str(w, "name", str_from(actor->name));
}

void people_kv_role_sites(struct json_writer *w, const struct actor *actor)
{
	ASSERT(actor->sites_len <= TOKEN_SITES_MAX);
	json_kv_str(w, "role", str_from(role_name(actor->role)));
	json_k(w, "sites");
	json_array_begin(w);
	for (uint32_t i = 0; i < actor->sites_len; i++)
		json_put_str(w, str_from(actor->sites[i]));
	json_array_end(w);
}

struct str people_chance(struct people *p, struct arena *a)
{
	uint8_t chance[PEOPLE_CHANCE];
	struct str text;

	p->env->random(p->env, chance, sizeof(chance));
	text = base64url_encode(a, (struct str){(const char *)chance, sizeof(chance)});
	explicit_bzero(chance, sizeof(chance));
	return text;
}
