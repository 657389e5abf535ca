/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * HUP: the configuration is read again from all of its places, with the certificate and the secrets
 * it names, and taken as a whole or not at all. What only a restart can change is told and waits
 * for one. The last attempt is remembered for who asks later.
 */

#include "rules/instant.h"
#include "server/config_load.h"
#include "server/messages.h"
#include "server/webhook.h"

enum { RELOAD_WHY_BYTES = 700, METRICS_TOKEN_MAX = 200 };

struct ssl_ctx_st;

/* Everything a configuration names, opened and ready to be used together. */
struct settings {
	struct config config;
	struct ssl_ctx_st *tls;			   /* owned; NULL: plain HTTP */
	char metrics_token[METRICS_TOKEN_MAX + 1]; /* "": none */
	struct webhook_key webhook_key;
	char smtp_password[MESSAGE_SECRET_MAX], sms_token[MESSAGE_SECRET_MAX]; /* "": none */
};

struct reload {
	uint32_t taken, refused;    /* so many attempts since the start */
	bool failed;		    /* the last one */
	char why[RELOAD_WHY_BYTES]; /* of a failure: the first fault */
};

/* The files that a faultless configuration names. False with a sentence in `why`. */
MUST_CHECK bool settings_open(struct settings *s, char *why, size_t why_size);
void settings_close(struct settings *s);

/* Fills `fresh` for the server to use instead of `now`; every fault goes to stderr. False: `now`
 * goes on as it was. */
MUST_CHECK bool reload_read(struct reload *r, struct settings *fresh, const struct settings *now,
	const struct config_sources *from);
