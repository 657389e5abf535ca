/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/chain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "fleet/event.h"
#include "server/json.h"

enum { ENTRY_MEMBERS = 3 };

static bool chain_fault(struct chain *chain, const char *format, ...) PRINTF_LIKE(2, 3);

static bool chain_fault(struct chain *chain, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(chain->why, sizeof chain->why, format, args);
	va_end(args);
	return false;
}

/* Where the entry stands: one journal, one number after the other. */
static bool place_check(struct chain *chain, struct json event, uint64_t *seq)
{
	struct str journal = json_str_at(event, "site");
	int64_t n = json_int_at(event, "seq", 0);
	if (json_int_at(event, "v", ENTRY_VERSION) > ENTRY_VERSION)
		return chain_fault(chain, "it was written by a newer version of relais, which this "
					  "one cannot read");
	if (!journal.n || journal.n > ID_MAX || n < 1)
		return chain_fault(chain, "it has no journal or no sequence number");
	*seq = (uint64_t)n;
	if (!chain->seq)
		return true;
	if (!str_is(journal, chain->journal))
		return chain_fault(chain, "it is of another journal than the entries before it");
	if (*seq != chain->seq + 1)
		return chain_fault(chain, "it says it is entry %" PRIu64, *seq);
	return true;
}

/* The first good line says which journal it is, and where the export begins. */
static void chain_begin(struct chain *chain, struct str journal, uint64_t seq)
{
	memcpy(chain->journal, journal.p, journal.n);
	chain->first_seq = seq;
}

bool chain_line(struct chain *chain, struct arena *a, struct str line)
{
	struct str why = STR_NULL;
	struct str canonical = json_from_outside(a, line, &why);
	if (!canonical.p)
		return chain_fault(chain, "it cannot be read: %.*s", STR_FMT(why));
	/* Blanks and the order of members are the copyist's affair, an export may be laid out anew.
	 * But where that changes no length nothing was laid out anew: a byte was touched, be it one
	 * that says the same (the case of an escape's digit). */
	if (line.n == canonical.n && memcmp(line.p, canonical.p, line.n) != 0)
		return chain_fault(chain, "it was altered: it is not as relais writes it");
	struct json entry = arena_json(a, canonical, NULL);
	struct json event = json_get(entry, "event");
	struct hash prev;
	struct hash said;
	uint64_t seq = 0;
	if (!json_is(event, JSON_OBJECT) || !hash_parse(&prev, json_str_at(entry, "prev")) ||
		!hash_parse(&said, json_str_at(entry, "hash")))
		return chain_fault(chain, "it is not an entry: event, hash and prev are needed");
	if (!place_check(chain, event, &seq))
		return false;
	/* No hash covers them: what anybody could have put there proves nothing. */
	if (json_count(entry) != ENTRY_MEMBERS)
		return chain_fault(chain, "it has members beside event, hash and prev");
	/* The first entry of a journal stands on 32 zero bytes; an export may begin later than
	 * that. */
	struct hash expected = chain->seq ? chain->head : seq == 1 ? (struct hash){{0}} : prev;
	if (memcmp(prev.bytes, expected.bytes, HASH_LEN) != 0)
		return chain_fault(chain, "it does not stand on the one before it");
	struct hash made =
		hash_of2((struct str){(const char *)prev.bytes, HASH_LEN}, json_raw(event));
	if (memcmp(made.bytes, said.bytes, HASH_LEN) != 0)
		return chain_fault(chain, "it was altered: its hash does not fit");
	if (!chain->seq)
		chain_begin(chain, json_str_at(event, "site"), seq);
	chain->seq = seq;
	chain->head = said;
	return true;
}
