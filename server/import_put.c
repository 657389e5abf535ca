/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Rows of objects that are PUT: sites, rule sets, resources, customers, vehicles, repair orders. */

#include <stdlib.h>

#include "fleet/external.h"
#include "fleet/merge.h"
#include "server/file.h"
#include "server/import_batch.h"
#include "server/import_key.h"
#include "server/import_order.h"
#include "server/import_younger.h"

enum { AGAIN_MAX = 8 };

struct putting {
	struct import_batch batch;
	struct import *im;
	const struct import_kind_facts *facts;
	struct view view;
	struct txn txn;
	struct arena scratch;		    /* of one row */
	struct import_row again[BATCH_MAX]; /* whose object somebody changed meanwhile; owned */
	uint32_t again_len;
};

/* What a command of ours remembers, in its own arena. */
struct put_context {
	struct putting *p;
	struct import_row row; /* where others write too: to be looked at again */
};

static void again_add(struct putting *p, struct import_row row)
{
	char *copy = malloc(row.doc.n ? row.doc.n : 1);

	if (!copy) {
		p->batch.fault = FAULT_MEMORY;
		return;
	}
	memcpy(copy, row.doc.p, row.doc.n);
	p->again[p->again_len++] = (struct import_row){row.line, {copy, row.doc.n}};
}

static void put_done(struct command *c)
{
	const struct put_context *context = c->context;
	struct putting *p = context->p;
	struct import *im = p->im;

	if (im->live && (c->outcome == REFUSED_STALE || c->outcome == REFUSED_NO_IF_MATCH)) {
		again_add(p, context->row);
	} else if (c->outcome != OK) {
		im->counts.refused++;
		import_refused(im, context->row.line, c);
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

static struct command *put_command(struct putting *p, const struct import_row *row,
	struct str journal, struct str id, struct str key)
{
	struct command *c = import_command(&p->batch, p->facts->verb, journal, id, key);
	struct put_context *context = c ? arena_alloc(&c->arena, sizeof *context) : NULL;

	if (!c)
		return NULL;
	ASSERT(context); /* the arena is fresh */
	*context = (struct put_context){
		p, {row->line, p->im->live ? arena_copy(&c->arena, row->doc) : STR_NULL}};
	c->context = context;
	c->done = put_done;
	return c;
}

/* Others write too: only what was looked at is changed. */
static void match_seen(struct putting *p, struct command *c, enum row_kind kind, struct str id)
{
	struct row row;
	bool some = kind == ROW_CUSTOMER ? customer_get(&p->view, id, &row)
					 : row_get(&p->view, kind, id, &row);

	c->if_match =
		some ? arena_printf(&c->arena, "\"%llu\"", (unsigned long long)row.rev) : STR_NULL;
}

/* The command for a row and its body; NULL: there is nothing to be done, or no way to. The key is
 * made of what the row says: the same words a second time change nothing, whatever has happened to
 * the object since. */
static struct command *put_ask(struct putting *p, const struct import_row *row, struct str *body)
{
	enum verb verb = p->facts->verb;
	struct json doc = arena_json(&p->scratch, row->doc, NULL);
	struct str id = json_str_at(doc, p->facts->id);
	struct str journal = verb_is_directory(verb) ? JOURNAL_DIRECTORY : json_str_at(doc, "site");
	struct hash hash = hash_of(row->doc);
	char hex[HASH_TEXT];
	struct str base = arena_printf(&p->scratch, "import/%s/%.*s/%.*s", p->facts->name,
		STR_FMT(id), STR_FMT(hash_print(&hash, hex)));
	struct import_key key;
	struct row row_now;
	struct command *c;

	if (verb == VERB_REPAIR_ORDER_PUT) {
		id = import_order_visit(&p->view, doc);
		if (!id.n) {
			p->im->counts.refused++;
			import_fault(p->im, row->line, "/number",
				"no visit here has this number, and none of this car began when it "
				"was opened: name its visit");
			return NULL;
		}
		doc = import_order_doc(&p->scratch, doc, id);
	}
	if (!base.p || !import_key_find(&p->view, journal, p->im->by, base, &key)) {
		p->batch.fault = FAULT_MEMORY;
		return NULL;
	}
	if (!key.text.p) {
		p->im->counts.same++;
		return NULL;
	}
	if (verb == VERB_CUSTOMER_PUT && !row_get(&p->view, ROW_CUSTOMER, id, &row_now))
		id = known_as(&p->view, doc, id); /* else an alias keeps foreign ids of its own */
	c = put_command(p, row, journal, id, key.text);
	if (!c)
		return NULL;
	if (verb == VERB_VEHICLE_PUT)
		doc = name_survivor(
			p, "owner", arena_json(&p->scratch, keep_cover(p, id, doc), NULL));
	if (verb == VERB_CUSTOMER_PUT) {
		doc = name_survivor(p, "customer", doc);
		id = json_str_at(doc, "customer");
	}
	*body = json_raw(doc);
	if (verb == VERB_RULESET_PUT)
		return c;
	if (p->im->live)
		match_seen(p, c, row_of(verb), id);
	*body = import_younger(p->im, &p->view, row_of(verb), journal, row->line, id, doc);
	return c;
}

static void put_row(struct putting *p, const struct import_row *row)
{
	struct str body = STR_NULL;
	struct command *c;

	import_look(p->im, &p->view, &p->txn, &p->scratch);
	c = put_ask(p, row, &body);
	fleet_look_end(&p->view); /* the batch may be full, and nobody waits with a look open */
	if (c && body.p) {
		import_batch_add(&p->batch, c, body);
	} else if (c) {
		import_drop(&p->batch, c);
		p->batch.fault = FAULT_MEMORY;
	}
	arena_reset(&p->scratch);
}

static void again_free(struct import_row *again, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		file_free(again[i].doc);
}

/* Somebody changed the object between the look and the decision: looked at again, what he typed is
 * younger. */
static void put_again(struct putting *p)
{
	struct import_row again[BATCH_MAX];

	for (int tries = 0; p->again_len && tries < AGAIN_MAX && p->batch.fault == OK; tries++) {
		uint32_t len = p->again_len;
		memcpy(again, p->again, len * sizeof again[0]);
		p->again_len = 0;
		for (uint32_t i = 0; i < len && p->batch.fault == OK; i++)
			put_row(p, &again[i]);
		import_batch_run(&p->batch);
		again_free(again, len);
	}
	for (uint32_t i = 0; i < p->again_len; i++) {
		p->im->counts.refused++;
		import_fault(p->im, p->again[i].line, "",
			"others keep changing this at the same moment: import it again");
	}
	again_free(p->again, p->again_len);
	p->again_len = 0;
}

static void put_one(struct putting *p, const struct import_row *row)
{
	if (p->batch.fault != OK || import_stops(p->im))
		return;
	put_row(p, row);
	if (p->again_len)
		put_again(p);
}

static struct putting *put_open(struct import *im, enum import_kind kind)
{
	struct putting *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->im = p->batch.im = im;
	p->facts = import_kind_facts(kind);
	arena_init(&p->scratch, ARENA_MAX_DEFAULT);
	return p;
}

static enum outcome put_close(struct putting *p)
{
	enum outcome o;

	import_batch_run(&p->batch);
	put_again(p);
	o = p->batch.fault;
	import_batch_end(&p->batch);
	arena_deinit(&p->scratch);
	free(p);
	return o;
}

enum outcome import_put(struct import *im, enum import_kind kind, const struct import_rows *rows)
{
	struct putting *p = put_open(im, kind);

	for (uint32_t i = 0; p && i < rows->len; i++) {
		put_one(p, &rows->row[i]);
		import_progress(im, "writing", i + 1, rows->len);
	}
	return p ? put_close(p) : FAULT_MEMORY;
}

static void on_fed(void *context, uint32_t line, struct str doc)
{
	put_one(context, &(struct import_row){line, doc});
}

enum outcome import_put_file(
	struct import *im, enum import_kind kind, struct str text, const struct import_rows *names)
{
	struct putting *p = put_open(im, kind);

	if (!p)
		return FAULT_MEMORY;
	import_feed(im, kind, text, names, on_fed, p);
	return put_close(p);
}
