/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One table of outcomes: the enumerator, the slug of its problem type (/problems/SLUG, RFC 9457),
 * the HTTP status and the title. 0 is success. FAULT_* is the world's (disk, memory, network,
 * corruption): forwarded unchanged and logged once where it arises. REFUSED_* is an answer of the
 * trade and is handled by name. A switch over it has every case and no default.
 */

#include "rules/base.h"

// clang-format off
#define OUTCOMES(X) \
	X(OK, "ok", 200, "Done") \
	X(FAULT_DISK, "storage", 503, "Storage cannot be used just now") \
	X(FAULT_FULL, "storage-full", 503, "Storage is full") \
	X(FAULT_MEMORY, "memory", 503, "Not enough memory") \
	X(FAULT_CORRUPT, "corrupt", 500, "Stored data is damaged") \
	X(FAULT_UNKNOWN, "unknown-outcome", 503, \
		"The outcome is not known: repeat with the same key") \
	X(FAULT_BUSY, "busy", 503, "Too much work is waiting") \
	X(REFUSED_MALFORMED, "malformed", 400, "The request cannot be read") \
	X(REFUSED_KEY_MISSING, "idempotency-key", 400, "An Idempotency-Key header is required") \
	X(REFUSED_SIGN_IN, "sign-in", 401, "Sign in first") \
	X(REFUSED_CSRF, "csrf", 403, "The request does not come from our own page") \
	X(REFUSED_ROLE, "forbidden", 403, "Your role does not allow this") \
	X(REFUSED_NOT_FOUND, "not-found", 404, "There is no such thing here") \
	X(REFUSED_METHOD, "method", 405, "This method does not fit this address") \
	X(REFUSED_NO_SEAT, "no-seat", 409, "Nothing is free for this time") \
	X(REFUSED_TERMS_CHANGED, "terms-changed", 409, \
		"The terms are not those that were offered") \
	X(REFUSED_OFFER_EXPIRED, "offer-expired", 409, "The offer has expired") \
	X(REFUSED_NOT_OFFERED, "not-offered", 409, "This solution cannot be offered") \
	X(REFUSED_NO_RULESET, "no-ruleset", 409, "No rule set is in force on that day") \
	X(REFUSED_STATE, "wrong-state", 409, "The booking's state does not allow this") \
	X(REFUSED_IN_USE, "in-use", 409, "Promises still depend on this") \
	X(REFUSED_IMMUTABLE, "immutable", 409, "This cannot be changed once stored") \
	X(REFUSED_PROMISES_BROKEN, "promises-broken", 409, \
		"This would break promises already made") \
	X(REFUSED_CAR_NOT_READY, "car-not-ready", 409, "The car is not ready again yet") \
	X(REFUSED_ERASED, "erased", 409, "This person was forgotten") \
	X(REFUSED_MERGED, "merged", 409, "This customer was merged already") \
	X(REFUSED_KNOWN, "known", 409, "This was entered before") \
	X(REFUSED_TAKEN, "taken", 409, "That name is taken") \
	X(REFUSED_LIMIT, "limit", 409, "There are as many as there may be") \
	X(REFUSED_LAST_ADMIN, "last-admin", 409, "Somebody must remain who administers") \
	X(REFUSED_AGREEMENT_CHANGED, "agreement-changed", 409, \
		"The agreement is not the one that was shown") \
	X(REFUSED_CLAIM_FINDINGS, "claim-findings", 409, "Something is missing for this claim") \
	X(REFUSED_CLAIMED, "claimed", 409, "A day of it is claimed already") \
	X(REFUSED_CLAIM_CHANGED, "claim-changed", 409, \
		"The loan is not any more what the claim says") \
	X(REFUSED_APPOINTMENT_CLOSED, "appointment-closed", 409, \
		"Nobody receives customers then: the doors are shut") \
	X(REFUSED_APPOINTMENT_PAST, "appointment-past", 409, "That time has passed") \
	X(REFUSED_APPOINTMENT_FULL, "appointment-full", 409, \
		"No advisor can receive anybody then") \
	X(REFUSED_APPOINTMENT_LATE, "appointment-late", 409, \
		"This is later than promised: only if the customer agrees") \
	X(REFUSED_TRANSFERRED, "transferred", 409, "It was handed over once already") \
	X(REFUSED_STALE, "stale", 412, "It was changed in the meantime") \
	X(REFUSED_TOO_LARGE, "too-large", 413, "The body is too large") \
	X(REFUSED_MEDIA_TYPE, "media-type", 415, "The body must be application/json") \
	X(REFUSED_INVALID, "invalid", 422, "Some fields are wrong") \
	X(REFUSED_KEY_REUSED, "key-reused", 422, \
		"This Idempotency-Key was used for another request") \
	X(REFUSED_OFFER_INVALID, "offer-invalid", 422, \
		"This is not an offer of this installation") \
	X(REFUSED_NO_IF_MATCH, "if-match", 428, "An If-Match header is required") \
	X(REFUSED_TOO_MANY, "too-many", 429, "Too many requests")
// clang-format on

enum outcome {
#define X(name, slug, status, title) name,
	OUTCOMES(X)
#undef X
};

enum {
#define X(name, slug, status, title) +1
	OUTCOMES_LEN = 0 OUTCOMES(X)
#undef X
};

const char *outcome_name(enum outcome o);  /* "REFUSED_NO_SEAT" */
const char *outcome_slug(enum outcome o);  /* "no-seat" */
int outcome_status(enum outcome o);	   /* 409 */
const char *outcome_title(enum outcome o); /* "Nothing is free for this time" */
/* The outcome with this slug; OK when there is none. */
enum outcome outcome_from_slug(struct str slug);

static inline bool outcome_is_fault(enum outcome o)
{
	return o >= FAULT_DISK && o <= FAULT_BUSY;
}
