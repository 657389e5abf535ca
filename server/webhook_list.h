/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The webhooks that an administrator asked for over HTTP, in DIR/webhook-list: their addresses, and
 * their secrets sealed with the installation's own. A secret is shown to whoever made it, then and
 * when he repeats the request under its key, and never else. They belong to this server: others on
 * the same journal have their own.
 */

#include "fleet/people.h"
#include "server/config.h"
#include "server/webhook.h"

enum { WEBHOOKS_MAX = 8, WEBHOOK_NAME_LEN = 24, REPLAYS_WAITING_MAX = 256 };

struct webhook_made {
	char id[WEBHOOK_NAME_LEN + 1];
	char url[CONFIG_TEXT_MAX];
	struct webhook_key key;
	struct instant created;
	char body[HASH_TEXT]; /* what was asked for, under that key */
};

struct webhook_list;
/* What is kept in that directory; NULL without memory. A file that cannot be read is told in the
 * log, and nothing is sent. */
struct webhook_list *webhook_list_open(const char *dir, struct people *people);
void webhook_list_close(struct webhook_list *l);
/* Copies; any thread. */
uint32_t webhook_list_all(struct webhook_list *l, struct webhook_made out[WEBHOOKS_MAX]);
bool webhook_list_find(struct webhook_list *l, struct str id, struct webhook_made *out);

/* Each is durable when it is OK; one at a time (a lane). */
struct webhook_ask {
	struct str by, key, body, url;
};
MUST_CHECK enum outcome webhook_list_make(struct webhook_list *l, const struct webhook_ask *ask,
	struct webhook_made *out, bool *replayed);
MUST_CHECK enum outcome webhook_list_remove(struct webhook_list *l, struct str id);
/* The places that were reached of one that was removed; a run under way may have kept one more. */
void webhook_list_forget(struct webhook_list *l, struct str id);
/* From that entry of the site on it is told again, whatever it was told. */
MUST_CHECK enum outcome webhook_list_replay(
	struct webhook_list *l, struct str id, struct str site, uint64_t entry);

/* Where the place reached, and what was asked to be told again, is kept. */
enum { WEBHOOK_PATH_BYTES = CONFIG_TEXT_MAX + WEBHOOK_NAME_LEN + ID_MAX + 32 };
void webhook_place_path(
	char out[WEBHOOK_PATH_BYTES], const char *dir, const char *id, struct str site);
void webhook_begun_path(char out[WEBHOOK_PATH_BYTES], const char *dir, const char *id);
/* "whsec_" and base64. */
void webhook_secret_text(char out[WEBHOOK_SECRET_MAX], const struct webhook_key *key);
