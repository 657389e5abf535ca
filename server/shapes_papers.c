/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Papers of a booking: what is attached, what is shown to be signed, and the signature. */

#include "fleet/ink.h"
#include "server/shapes_parts.h"

/* ---- papers and photos ---- */

enum { UPLOAD_PARTS_MAX = 160 };
static const char *const attachment_kinds[] = {"agreement", "scan", "photo", "damage_photo", NULL};
static const char *const attachment_moments[] = {"check_out", "check_in", NULL};
static const struct shape part_attachment_kind = {ONE_OF(attachment_kinds)};
static const struct shape part_sha256 = {WORD(FORMAT_SHA256)};
static const struct shape part_upload_parts = {LIST(UPLOAD_PARTS_MAX, sha256), .min = 1};
OPTIONAL_PART(attachment_moment, ONE_OF(attachment_moments));
static const struct field attach_fields[] = {
	NEEDS("kind", attachment_kind, NULL),
	NEEDS("parts", upload_parts, "SHA-256 of each part of the file, in their order"),
	MAY("moment", attachment_moment, "of a photo: when it was taken"),
	MAY("zone", slug, "of a photo: where on the car"),
};
const struct shape shape_attach = {.name = "Attach", OBJECT(attach_fields)};

/* ---- the loan agreement ---- */

enum { AGREEMENT_KEYS_MAX = 9 };
OPTIONAL_PART(agreement_keys, INTEGER(0, AGREEMENT_KEYS_MAX));
/* What the hand-over has seen and has not written down yet. */
#define HANDED_OVER                                                                       \
	MAY("language", language, "absent = the customer's"),                             \
		MAY("resource", id, "what is handed over; absent = as planned"),          \
		MAY("odometer_km", odometer, "of the car handed over"),                   \
		MAY("fuel_percent", percent, NULL), MAY("charge_percent", percent, NULL), \
		MAY("keys", agreement_keys, "how many go along"),                         \
		MAY("where", place, "where it is handed over"),                           \
		MAY("damages", damages, "all that is seen on it before it goes"),         \
		MAY("drivers", drivers, "who else drives; absent = as booked")
static const struct field agreement_fields[] = {HANDED_OVER};
const struct shape shape_agreement = {.name = "AgreementAsk", OBJECT(agreement_fields)};

OPTIONAL_PART(ink_path, LINE(INK_BYTES_MAX));
static const struct field signature_fields[] = {
	MAY("path", ink_path, "strokes on a field of 1000 x 300: M10 20 L30 40 M5 5 L6 6"),
	MAY("typed", name, "or the name, typed by whoever cannot draw it"),
};
static const struct shape part_signature = {OBJECT(signature_fields)};
static const struct field sign_fields[] = {
	NEEDS("sha256", sha256, "of the page that was shown"),
	NEEDS("signature", signature, NULL),
	HANDED_OVER,
};
const struct shape shape_sign = {.name = "Sign", OBJECT(sign_fields)};
