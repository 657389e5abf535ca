/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Rows of objects that are PUT: sites, rule sets, resources, customers, vehicles, repair orders. */

#include <stdlib.h>

#include "fleet/external.h"
#include "fleet/merge.h"
#include "server/import_batch.h"
#include "server/import_key.h"
#include "server/import_order.h"
#include "server/import_younger.h"

struct putting {
	struct import_batch batch;
	struct import *im;
	const struct import_kind_facts *facts;
	struct view view;
	struct txn txn;
	struct arena scratch; /* of one row */
};

/* What a command of ours remembers, in its own arena. */
struct put_context {
	struct putting *p;
	uint32_t line;
};

static void put_done(struct command *c)
{
	const struct put_context *context = c->context;
	struct import *im = context->p->im;

	if (c->outcome != OK) {
		im->counts.refused++;
		import_refused(im, context->line, c);
	} else if (c->unchanged || c->replayed) {
		im->counts.same++;
	} else if (c->created) {
		im->counts.created++;
	} else {
		im->counts.changed++;
	}
}

/* A vehicle's row says nothing of the cover that was looked up: what is known stays. */
static struct str keep_cover(struct putting *p, struct str vin, struct json doc)
{
	static const char *const kept[] = {"cover_checked", "coverages"};
	struct row present;
	struct json_writer w;

	if (!row_get(&p->view, ROW_VEHICLE, vin, &present))
		return json_raw(doc);
	arena_writer(&p->scratch, &w, present.text.n + 64);
	json_object_begin(&w);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (!json_present(json_get(doc, kept[i])) &&
			json_present(json_get(present.doc, kept[i])))
			json_kv_raw(&w, kept[i], json_raw(json_get(present.doc, kept[i])));
	json_object_end(&w);
	return doc_merge(
		&p->scratch, doc, arena_json(&p->scratch, arena_written(&p->scratch, &w), NULL));
}

/* A customer's row with a new id, whose foreign id is somebody's already: it is that one. */
static struct str known_as(struct view *v, struct json doc, struct str named)
{
	struct str found;
	struct row row;

	if (customer_get(v, named, &row))
		return json_str_at(row.doc, "customer");
	found = external_taken(v, ROW_CUSTOMER, STR_NULL, json_get(doc, "external"), STR_NULL);
	return found.n ? customer_of(v, found) : named;
}

/* Whoever the row names was perhaps merged into another: compared and changed is the survivor. */
static struct json name_survivor(struct putting *p, const char *member, struct json doc)
{
	struct str named = json_str_at(doc, member);
	struct str now = strcmp(member, "customer") == 0 ? known_as(&p->view, doc, named)
							 : import_customer(&p->view, named);
	struct json_writer w;

	if (!named.n || str_eq(named, now))
		return doc;
	arena_writer(&p->scratch, &w, now.n + 64);
	json_object_begin(&w);
	json_kv_str(&w, member, now);
	json_object_end(&w);
	return arena_json(&p->scratch,
		doc_merge(&p->scratch, doc,
			arena_json(&p->scratch, arena_written(&p->scratch, &w), NULL)),
		NULL);
}

static enum row_kind row_of(enum verb verb)
{
	if (verb == VERB_SITE_PUT)
		return ROW_SITE;
	if (verb == VERB_RESOURCE_PUT)
		return ROW_RESOURCE;
	if (verb == VERB_REPAIR_ORDER_PUT)
		return ROW_REPAIR_ORDER;
	return verb == VERB_CUSTOMER_PUT ? ROW_CUSTOMER : ROW_VEHICLE;
}

/* The key is made of what the row says: the same words a second time change nothing, whatever has
 * happened to the object since. */
static void put_row(struct putting *p, const struct import_row *row)
{
	struct json doc = arena_json(&p->scratch, row->doc, NULL);
	struct str id = json_str_at(doc, p->facts->id);
	struct str journal =
		verb_is_directory(p->facts->verb) ? JOURNAL_DIRECTORY : json_str_at(doc, "site");
	struct hash hash = hash_of(row->doc);
	char hex[HASH_TEXT];
	struct str base = arena_printf(&p->scratch, "import/%s/%.*s/%.*s", p->facts->name,
		STR_FMT(id), STR_FMT(hash_print(&hash, hex)));
	struct import_key key;
	struct command *c;
	struct row row_now;
	struct str body;
	struct put_context *context;

	if (p->facts->verb == VERB_REPAIR_ORDER_PUT) {
		id = import_order_visit(&p->view, doc);
		if (!id.n) {
			p->im->counts.refused++;
			import_fault(p->im, row->line, "/number",
				"no visit here has this number, and none of this car began when it "
				"was opened: name its visit");
			return;
		}
		doc = import_order_doc(&p->scratch, doc, id);
	}
	if (!base.p || !import_key_find(&p->view, journal, p->im->by, base, &key)) {
		p->batch.fault = FAULT_MEMORY;
		return;
	}
	if (!key.text.p) {
		p->im->counts.same++;
		return;
	}
	if (p->facts->verb == VERB_CUSTOMER_PUT && !row_get(&p->view, ROW_CUSTOMER, id, &row_now))
		id = known_as(&p->view, doc, id); /* else an alias keeps foreign ids of its own */
	c = import_command(&p->batch, p->facts->verb, journal, id, key.text);
	if (!c)
		return;
	context = arena_alloc(&c->arena, sizeof *context);
	ASSERT(context); /* the arena is fresh */
	*context = (struct put_context){p, row->line};
	c->context = context;
	c->done = put_done;
	if (p->facts->verb == VERB_VEHICLE_PUT)
		doc = name_survivor(
			p, "owner", arena_json(&p->scratch, keep_cover(p, id, doc), NULL));
	if (p->facts->verb == VERB_CUSTOMER_PUT) {
		doc = name_survivor(p, "customer", doc);
		id = json_str_at(doc, "customer");
	}
	body = json_raw(doc);
	if (p->facts->verb != VERB_RULESET_PUT)
		body = import_younger(
			p->im, &p->view, row_of(p->facts->verb), journal, row->line, id, doc);
	if (body.p) {
		import_batch_add(&p->batch, c, body);
	} else {
		import_drop(&p->batch, c);
		p->batch.fault = FAULT_MEMORY;
	}
}

enum outcome import_put(struct import *im, enum import_kind kind, const struct import_rows *rows)
{
	struct putting *p = calloc(1, sizeof *p);
	enum outcome o;

	if (!p)
		return FAULT_MEMORY;
	p->im = p->batch.im = im;
	p->facts = import_kind_facts(kind);
	arena_init(&p->scratch, ARENA_MAX_DEFAULT);
	for (uint32_t i = 0; i < rows->len && p->batch.fault == OK; i++) {
		fleet_look(im->fleet, &p->view, &p->txn, &p->scratch);
		put_row(p, &rows->row[i]);
		fleet_look_end(&p->view);
		import_progress(im, "writing", i + 1, rows->len);
		arena_reset(&p->scratch);
	}
	import_batch_run(&p->batch);
	o = p->batch.fault;
	import_batch_end(&p->batch);
	arena_deinit(&p->scratch);
	free(p);
	return o;
}
