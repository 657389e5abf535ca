/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/waiting.h"

static const char *const status_names[] = {
	[WAITING_IN_LINE] = "waiting",
	[WAITING_OFFERED] = "offered",
	[WAITING_BOOKED] = "booked",
	[WAITING_DROPPED] = "dropped",
	[WAITING_OVER] = "over",
};

const char *waiting_status_name(enum waiting_status s)
{
	ASSERT(s < ARRAY_LEN(status_names));
	return status_names[s];
}

bool waiting_status_from(enum waiting_status *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(status_names); i++)
		if (str_is(name, status_names[i])) {
			*out = (enum waiting_status)i;
			return true;
		}
	return false;
}

uint32_t waiting_line(struct decide *d, struct str ids[WAITING_MAX])
{
	struct key prefix = key_site_waiting_prefix(d->command->journal);
	struct cursor c;
	uint32_t n = 0;

	key_u8(&prefix, WAITING_IN_LINE);
	cursor_open(&c, d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && n < WAITING_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c)) {
		size_t at = prefix.n + sizeof(uint32_t);
		struct str id;
		if (!key_take_text(c.key, &at, &id))
			break;
		ids[n++] = arena_copy(d->view.arena, id);
	}
	cursor_close(&c);
	return n;
}

/* As if the offer had this one line. What it costs is told when he is called, so whatever it costs
 * now was offered. */
static void read_line(struct offer_line *line, struct json doc)
{
	*line = (struct offer_line){.solution = json_str_at(doc, "solution"),
		.class = json_str_at(doc, "class"),
		.customer_minor = INT64_MAX,
		.offered = true};
	ASSERT(doc_instant(doc, "drop_off_at", &line->drop_off) &&
		doc_instant(doc, "ready_at", &line->ready));
	ASSERT(doc_instant(doc, "from", &line->from) && doc_instant(doc, "until", &line->until));
}

bool waiting_open(struct making *m, struct decide *d, struct json doc)
{
	struct json private = person_unseal(&d->view, d->keyring, json_get(doc, "private"));

	memset(m, 0, sizeof *m);
	m->d = d;
	m->at = "";
	m->body = doc; /* its members are those of a booking's wish */
	m->roster = m->home = decide_roster(d);
	m->waiting = json_str_at(doc, "waiting");
	m->offer.site = d->command->journal;
	m->offer.visit = json_str_at(doc, "visit");
	m->offer.vin = json_str_at(doc, "vin");
	m->offer.customer = json_str_at(doc, "customer");
	m->offer.language = json_str_at(doc, "language");
	m->offer.request = json_get(private, "facts");
	m->offer.lines_len = 1;
	read_line(&m->offer.lines[0], doc);
	return json_present(m->offer.request);
}
