/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A disk that forgets: it follows a record, knows for each sector what is surely on it and what was
 * written since and not synced, and shows what a power cut may leave. Of the versions a sector had
 * since its last sync any may be there; names of files that were not synced may be gone, and of a
 * name that was changed the disk has the one or the other, whole.
 */

#include "tests/disk/record.h"
#include "tests/http/house.h"

enum { MEDIUM_FILES = 24, MEDIUM_NAME = 64, SECTOR = 512, MEDIUM_NONE = -1 };

struct version {
	uint32_t sector;
	uint8_t bytes[SECTOR];
};

struct medium_file {
	char name[MEDIUM_NAME]; /* "": another file took it */
	char was[MEDIUM_NAME];	/* the name that the disk may still have; "": it has no other */
	int taken_by;		/* the file that took its name, or MEDIUM_NONE */
	bool is_directory, name_durable;
	uint8_t *durable, *seen; /* owned; both of `room` bytes, zero behind their ends */
	size_t durable_bytes, seen_bytes, room;
	struct version *pending; /* owned: in the order of writing */
	uint32_t pending_len, pending_room;
};

struct medium {
	struct medium_file files[MEDIUM_FILES]; /* in the order of their making */
	uint32_t len;
};

struct op {
	struct op_head head;
	struct str name, bytes; /* borrowed from the record */
};
/* The operation at *at of a record, which is moved behind it; false at the end. */
bool op_next(struct str record, size_t *at, struct op *out);

/* An operation comes to the disk, and then it returns: a cut may fall in between. */
void medium_begin(struct medium *m, const struct op *op);
void medium_end(struct medium *m, const struct op *op);
/* Writes what a cut leaves into `dir`; chance decides. The same name is written over. */
void medium_image(const struct medium *m, struct chance *chance, const char *dir);
void medium_free(struct medium *m);
