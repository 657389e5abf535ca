/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"
#include "fleet/erase.h"

struct str draft_private(struct decide *d, struct json doc, struct str subject, struct str members)
{
	struct json known = json_get(doc, "private");
	struct json plain = person_unseal(&d->view, d->keyring, known);

	if (json_str_at(known, "of").n)
		subject = json_str_at(known, "of");
	if (json_present(plain))
		members = doc_merge(d->view.arena, plain, arena_json(d->view.arena, members, NULL));
	else if (subject_is_erased(&d->view, subject)) {
		d->erased = true;
		return STR("{}"); /* of an entry that is not written */
	}
	return person_seal(d->keyring, d->view.arena, subject, members);
}

struct str draft_private_text(
	struct decide *d, struct json doc, struct str subject, const char *name, const char *key)
{
	struct json text = json_get(d->body, key);
	struct json_writer w;

	if (json_is_null(text))
		return STR_NULL;
	arena_writer(d->view.arena, &w, json_raw(text).n + 80);
	json_object_begin(&w);
	json_kv_raw(&w, name, json_raw(text));
	json_object_end(&w);
	return draft_private(d, doc, subject, arena_written(d->view.arena, &w));
}
