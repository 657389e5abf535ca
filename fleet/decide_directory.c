/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"

#include "fleet/erase.h"

/* {"KEY":TEXT}: for merging an id into an object. */
static struct json one_member(struct decide *d, const char *key, struct str raw)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, raw.n + 80);
	json_object_begin(&w);
	json_kv_raw(&w, key, raw);
	json_object_end(&w);
	return arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL);
}

static struct json one_text(struct decide *d, const char *key, struct str text)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, text.n * 6 + 80);
	json_object_begin(&w);
	json_kv_str(&w, key, text);
	json_object_end(&w);
	return arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL);
}

enum outcome decide_ruleset_put(struct decide *d)
{
	struct str version = d->command->target;
	struct ruleset *ruleset = arena_alloc(d->view.arena, sizeof *ruleset);
	struct row present;

	d->command->faults = arena_alloc(d->view.arena, sizeof *d->command->faults);
	if (!ruleset || !d->command->faults)
		return FAULT_MEMORY;
	if (!ruleset_read(ruleset, d->body, true, d->command->faults))
		return REFUSED_INVALID;
	if (!str_eq(ruleset->version, version))
		return refuse_field(d, "/version", "differs from the version in the address");
	if (row_get(&d->view, ROW_RULESET, version, &present) &&
		!str_eq(present.text, json_raw(d->body)))
		return REFUSED_IMMUTABLE;
	return decide_put(d, ROW_RULESET, version, json_raw(d->body));
}

/* The kept form of what is put: an alias is told what its survivor is to be, but for the ids that
 * others know it by. */
static struct json customer_kept(struct decide *d, const struct row *present, bool alias)
{
	static const char *const own[] = {"external", "merged"};
	struct arena *a = d->view.arena;
	struct str id = json_str_at(present->doc, "customer");
	struct json doc = arena_json(a, doc_merge(a, d->body, one_text(d, "customer", id)), NULL);

	for (size_t i = alias ? 0 : 1; i < ARRAY_LEN(own); i++) {
		struct json value = json_get(present->doc, own[i]);
		struct str raw = json_present(value) ? json_raw(value) : STR("null");
		doc = arena_json(a, doc_merge(a, doc, one_member(d, own[i], raw)), NULL);
	}
	return doc;
}

/* Whether an alias has other foreign ids now. */
static bool alias_differs(struct decide *d)
{
	struct row alias;

	return row_get(&d->view, ROW_CUSTOMER, d->command->target, &alias) &&
	       !str_eq(json_raw(json_get(alias.doc, "external")),
		       json_raw(json_get(d->body, "external")));
}

static void draft_alias_ids(struct decide *d)
{
	struct json external = json_get(d->body, "external");

	draft_set(d, ROW_CUSTOMER, d->command->target,
		json_raw(one_member(
			d, "external", json_present(external) ? json_raw(external) : STR("null"))));
}

static bool same_customer(struct decide *d, const struct row *present, struct json kept)
{
	struct arena *a = d->view.arena;
	/* compared unsealed, a seal differs every time */
	struct json person = person_unseal(&d->view, d->keyring, json_get(present->doc, "person"));

	return str_eq(json_raw(kept),
		json_present(person)
			? doc_merge(a, present->doc, one_member(d, "person", json_raw(person)))
			: present->text);
}

enum outcome decide_customer_put(struct decide *d)
{
	struct str id = d->command->target, sealed;
	struct arena *a = d->view.arena;
	struct row present;
	struct json kept;
	bool known = customer_get(&d->view, id, &present), alias = false, other = false;

	if (known && customer_is_erased(present.doc))
		return REFUSED_ERASED;
	if (known) {
		id = json_str_at(present.doc, "customer");
		alias = !str_eq(id, d->command->target);
		other = alias && alias_differs(d);
		kept = customer_kept(d, &present, alias);
		if (same_customer(d, &present, kept) && !other) {
			d->command->unchanged = true;
			d->command->seq = present.rev;
			return OK;
		}
		enum outcome o = check_match(d, &present);
		if (o != OK)
			return o;
	} else {
		kept = arena_json(a, doc_merge(a, d->body, one_text(d, "customer", id)), NULL);
	}
	sealed = person_seal(d->keyring, a, id, json_raw(json_get(d->body, "person")));
	if (!sealed.n)
		return FAULT_BUSY;
	d->command->created = !known;
	draft_put(d, ROW_CUSTOMER, id, doc_merge(a, kept, one_member(d, "person", sealed)));
	if (other)
		draft_alias_ids(d);
	return OK;
}

enum outcome decide_vehicle_put(struct decide *d)
{
	struct str vin = d->command->target, owner = json_str_at(d->body, "owner");
	struct arena *a = d->view.arena;
	struct json doc = arena_json(a, doc_merge(a, d->body, one_text(d, "vin", vin)), NULL);
	struct row row;

	if (!owner.n)
		return decide_put(d, ROW_VEHICLE, vin, json_raw(doc));
	if (!customer_known(&d->view, owner, &row))
		return refuse_field(d, "/owner", "this customer is not known here");
	owner = json_str_at(row.doc, "customer");
	return decide_put(d, ROW_VEHICLE, vin, doc_merge(a, doc, one_text(d, "owner", owner)));
}

/* One coverage as it was read: where from and when. */
static void write_coverage(
	struct json_writer *w, struct json c, struct str source, struct instant now)
{
	static const char *const keys[] = {"claim_ref", "ends_on", "owner_id", "programme"};

	json_object_begin(w);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (!json_is_null(json_get(c, keys[i])))
			json_kv_raw(w, keys[i], json_raw(json_get(c, keys[i])));
	json_kv_instant(w, "read_at", now);
	json_kv_str(w, "source", source);
	json_kv_member(w, c, "start_on");
	json_kv_int(w, "suspended_days", json_int_at(c, "suspended_days", 0));
	json_kv_int(w, "uses", json_int_at(c, "uses", 0));
	json_object_end(w);
}

/* The cover was looked up (MAS-1.6): who, when, where; with what was found, or that nothing was. */
enum outcome decide_cover_check(struct decide *d)
{
	struct json coverages = json_get(d->body, "coverages");
	struct str source = json_str_at(d->body, "source");
	struct row present;
	struct json_writer w;
	bool nothing = json_bool_at(d->body, "nothing_found", false);

	if (!row_get(&d->view, ROW_VEHICLE, d->command->target, &present))
		return REFUSED_NOT_FOUND;
	if (nothing && json_count(coverages) > 0)
		return refuse_field(
			d, "/nothing_found", "either nothing was found, or these coverages were");
	/* the source stands once more with each coverage, beside figures of a known length */
	arena_writer(d->view.arena, &w,
		json_raw(d->body).n + (json_count(coverages) + 1) * (6 * source.n + 256));
	json_object_begin(&w);
	json_k(&w, "cover_checked");
	json_object_begin(&w);
	write_at_by(d, &w);
	json_kv_str(&w, "source", source);
	json_object_end(&w);
	if (nothing || json_present(coverages)) {
		json_k(&w, "coverages");
		json_array_begin(&w);
		for (struct json c = json_first(coverages); json_present(c);
			c = json_next(coverages, c))
			write_coverage(&w, c, source, d->now);
		json_array_end(&w);
	}
	json_object_end(&w);
	draft_set(d, ROW_VEHICLE, d->command->target, arena_written(d->view.arena, &w));
	return OK;
}
