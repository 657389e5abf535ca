/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Papers and photos of a booking. The journal holds what they are:
 *   attachment: { "at", "attachment":ID, "booking", "by", "for_site"?, "kind", "moment"?,
 * "of":SUBJECT, "sha256", "site", "size", "type", "zone"? } and the bytes, which are about people
 * and may have to be forgotten, lie beside it: sealed with the subject's key, in pieces, put into
 * the store by the transaction that puts the entry. Without the key they are noise. `of`, as in
 * "private", is the customer or, while there is none, the booking.
 */

#include "fleet/decide.h"
#include "fleet/fleet.h"

enum {
	ATTACHMENT_BYTES_MAX = 10 << 20, /* contract 2 */
	ATTACHMENT_PART_BYTES = 64 << 10,
	ATTACHMENT_PARTS_MAX = ATTACHMENT_BYTES_MAX / ATTACHMENT_PART_BYTES,
	ATTACHMENTS_MAX = 60,	      /* of one booking */
	ATTACHED_BYTES_MAX = 64 << 20 /* of one booking, together */
};

/* What the bytes are, by the bytes themselves. */
enum file_type { FILE_PDF, FILE_JPEG, FILE_PNG, FILE_HTML, FILE_SVG, FILE_TYPES_LEN };
/* Of what comes from outside: PDF, JPEG, PNG; false for all else. */
MUST_CHECK bool file_type_sniff(struct str bytes, enum file_type *out);
const char *file_type_media(enum file_type t);	/* "application/pdf" */
const char *file_type_ending(enum file_type t); /* "pdf" */
bool file_type_from(enum file_type *out, struct str media);

struct attachment {
	struct str id, booking, kind, of, sha256;
	enum file_type type;
	size_t size;
	uint64_t rev;
	struct json doc;
};
/* ASSERTs the form: stored documents are ours. */
MUST_CHECK bool attachment_get(struct view *v, struct str id, struct attachment *out);
/* The ids of a booking's, the oldest first; in the arena. How many there are. */
uint32_t attachments_of(struct view *v, struct str booking, struct str out[ATTACHMENTS_MAX]);

enum attached {
	ATTACHED_WHOLE,
	ATTACHED_ERASED,  /* the subject's key is gone */
	ATTACHED_MISSING, /* a piece is not here: it was taken by another server of the journal */
	ATTACHED_DAMAGED,
	ATTACHED_NO_MEMORY, /* to read it into */
};
/* All its bytes, held against their SHA-256; in the arena. */
enum attached attachment_open(struct view *v, const struct attachment *a, struct str *bytes);
/* The same without reading them all: whether the key and the first piece are there. */
bool attachment_is_here(struct view *v, const struct attachment *a);

/* ---- drafting ---- */
struct attaching {
	struct str kind, moment, zone; /* moment, zone: STR_NULL = none */
	enum file_type type;
	struct str bytes; /* valid until the command is answered */
};
/* Drafts the object and remembers its bytes for attachments_keep(). FAULT_BUSY: the batch's keyring
 * is full. */
MUST_CHECK enum outcome draft_attachment(
	struct decide *d, const struct booking *b, const struct attaching *what, struct str *id);
/* Whether so much more may be attached: else a refusal at `pointer`. */
MUST_CHECK enum outcome check_attached(
	struct decide *d, const struct booking *b, size_t count, size_t bytes, const char *pointer);
/* {"bytes","count"}: of a booking when so much more is attached. */
void write_attached(struct json_writer *w, const struct booking *b, size_t count, size_t bytes);
/* Seals what was drafted into the transaction that holds the entry. */
void attachments_keep(struct txn *t, const struct decide *d);

/* ---- checks ---- */
/* A piece as it lies in the store, of a form that we write. */
bool part_is_good(struct str key, struct str value);
/* Holds every attachment that can be read against its entry, and looks for pieces without one. How
 * many findings. */
uint64_t attachments_check(struct fleet *f, const struct report *report);
