/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The files sql/NNNN_*.sql travel in the program and are run in their order, each once and each in
 * one transaction; relais.migration remembers their SHA-256. A file that was run never changes.
 */

#include "fleet/seal.h"
#include "sql/pg.h"

enum migrated {
	MIGRATED,	/* all there: *ran says how many this call brought */
	MIGRATE_NEEDED, /* some are missing, and this role may not or shall not bring them */
	MIGRATE_NEWER,	/* the database has what this version does not know, or another's */
	MIGRATE_AWAY,	/* no answer; what was run stays run */
	MIGRATE_FAILED, /* a sentence in pg->why */
};
/* How it stands, and with `apply` the missing ones. Only one server at a time applies. */
MUST_CHECK enum migrated migrate(struct pg *pg, bool apply, int64_t until_ms, uint32_t *ran);
uint32_t migrations_len(void);
