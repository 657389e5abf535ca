/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/problem.h"

#include "fleet/event.h"

enum { PROBLEM_BYTES_MAX = 64 << 10 };

/* The outcomes themselves say what happened; this is the rest, for people. */
static const char *const advice[] = {
	[OK] = "Nothing is wrong.",
	[FAULT_DISK] = "The server could not read or write its storage. Try again; the operator's "
		       "log says more.",
	[FAULT_FULL] =
		"The server's storage has no room for new promises; returns and cancellations "
		"still work. Repeat when the operator has made room.",
	[FAULT_MEMORY] = "The server is short of memory. Try again in a moment.",
	[FAULT_CORRUPT] = "Stored data does not read as it was written. The operator should run "
			  "`relais verify`.",
	[FAULT_UNKNOWN] =
		"It is not known whether this was done. Repeat it with the same Idempotency-Key.",
	[FAULT_BUSY] =
		"More work is waiting than the server takes. Nothing was done; repeat in a moment.",
	[REFUSED_MALFORMED] =
		"The request is not formed as it must be. Sending it again will not help.",
	[REFUSED_KEY_MISSING] = "A POST that changes something needs an Idempotency-Key of 1 to "
				"255 characters, so that it can be repeated safely.",
	[REFUSED_SIGN_IN] = "Sign in with your name and password; a program sends Authorization: "
			    "Bearer TOKEN with a token of this installation.",
	[REFUSED_CSRF] = "With the session's cookie every change needs the header Relais-CSRF as "
			 "sign-in gave it, and must come from our own page. Load the page again.",
	[REFUSED_ROLE] = "You are signed in, but your role is not one that may do this.",
	[REFUSED_NOT_FOUND] =
		"Either it does not exist, or it belongs to a site that is not yours.",
	[REFUSED_METHOD] = "The Allow header names the methods of this address.",
	[REFUSED_NO_SEAT] = "Nothing of this kind is free then, however promises are seated. The "
			    "alternatives are.",
	[REFUSED_TERMS_CHANGED] = "It would cost the customer more than was offered. Say so, and "
				  "repeat with accept_customer_minor.",
	[REFUSED_OFFER_EXPIRED] =
		"Make a new offer: prices, cover and what is free may have changed.",
	[REFUSED_NOT_OFFERED] =
		"The offer did not include this solution for this customer, car or driver.",
	[REFUSED_NO_RULESET] =
		"Store a rule set whose valid_from is not after the day of drop-off.",
	[REFUSED_STATE] = "The object is not in a state from which this step leads on: its status "
			  "stands here. Read it again, it may have changed.",
	[REFUSED_IN_USE] = "Other objects still refer to it.",
	[REFUSED_IMMUTABLE] = "Store it anew under another name or version.",
	[REFUSED_PROMISES_BROKEN] = "The bookings named here would lose what they were promised.",
	[REFUSED_CAR_NOT_READY] =
		"It came back from the booking named here and is being made ready until "
		"ready_from. Say that it is ready if it is, wait, or hand over another car.",
	[REFUSED_ERASED] = "Nothing is kept under this id any more. Enter the person anew, under "
			   "another one.",
	[REFUSED_MERGED] = "What is asked of it is asked of the customer named under merged_into.",
	[REFUSED_KNOWN] =
		"Another system's id names it already: the one named here. Change that one.",
	[REFUSED_TAKEN] = "Choose another name.",
	[REFUSED_LIMIT] = "Remove one that nobody needs any more.",
	[REFUSED_LAST_ADMIN] = "Give somebody else the role admin for all sites first.",
	[REFUSED_AGREEMENT_CHANGED] =
		"Something it speaks of has changed meanwhile. Show the new page, and let it be "
		"signed.",
	[REFUSED_CLAIM_FINDINGS] =
		"An auditor would charge it back. What is missing is named under findings: mend "
		"that, then repeat with a new key.",
	[REFUSED_CLAIMED] = "A day is claimed once. The claim named here holds one of these days, "
			    "until it is withdrawn or charged back.",
	[REFUSED_CLAIM_CHANGED] =
		"Days or amounts were decided again since it was complete. Reopen it, and look at "
		"it as it is now.",
	[REFUSED_APPOINTMENT_CLOSED] =
		"Ask for times (GET /v1/appointments/times): they lie in the opening hours.",
	[REFUSED_APPOINTMENT_PAST] = "Ask for times that are to come.",
	[REFUSED_APPOINTMENT_FULL] =
		"`reason` says what is in the way; ask for times: those that come back are free.",
	[REFUSED_APPOINTMENT_LATE] =
		"Take a time not after `until`, or say `customer_agreed` when the customer wants a "
		"later one.",
	[REFUSED_TRANSFERRED] = "A customer is handed over once. Whoever has him now goes on.",
	[REFUSED_STALE] = "Read it again and repeat the change with the new ETag.",
	[REFUSED_TOO_LARGE] = "The limit is stated in the documentation. Send less at a time.",
	[REFUSED_MEDIA_TYPE] = "Send the body as application/json in UTF-8.",
	[REFUSED_INVALID] = "The request reads well, but some of its values cannot be. Each is "
			    "named under errors.",
	[REFUSED_KEY_REUSED] = "A key stands for one request. Use a new key for a new request.",
	[REFUSED_OFFER_INVALID] = "The offer was altered or comes from elsewhere. Make a new one.",
	[REFUSED_NO_IF_MATCH] = "Read the object, then repeat with If-Match set to its ETag.",
	[REFUSED_TOO_MANY] = "Slow down and repeat after the time in Retry-After.",
};

const char *problem_advice(enum outcome outcome)
{
	ASSERT(outcome < ARRAY_LEN(advice) && advice[outcome]);
	return advice[outcome];
}

static void errors_write(struct json_writer *w, const struct faults *f)
{
	uint32_t len = f->len < RULESET_FAULTS_MAX ? f->len : RULESET_FAULTS_MAX;
	json_k(w, "errors");
	json_array_begin(w);
	for (uint32_t i = 0; i < len; i++) {
		json_object_begin(w);
		json_kv_str(w, "detail", str_from(f->fault[i].detail));
		json_kv_str(w, "pointer", str_from(f->fault[i].pointer));
		json_object_end(w);
	}
	json_array_end(w);
}

struct str problem_body(struct arena *a, const struct problem *p)
{
	char type[64] = "/problems/";
	struct str slug = str_from(outcome_slug(p->outcome));
	size_t at = strlen(type);
	ASSERT(at + slug.n < sizeof type);
	memcpy(type + at, slug.p, slug.n + 1);

	struct json_writer w;
	arena_writer(a, &w, PROBLEM_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "detail", p->detail.n ? p->detail : str_from(problem_advice(p->outcome)));
	if (p->faults && p->faults->len)
		errors_write(&w, p->faults);
	if (p->request.n)
		json_kv_str(&w, "instance", p->request);
	json_kv_int(&w, "status", outcome_status(p->outcome));
	json_kv_str(&w, "title", str_from(outcome_title(p->outcome)));
	json_kv_str(&w, "type", str_from(type));
	json_object_end(&w);
	struct str body = arena_written(a, &w);
	if (body.p && p->members.n) {
		struct json base = arena_json(a, body, NULL);
		struct json more = arena_json(a, p->members, NULL);
		ASSERT(!json_present(more) || json_is(more, JSON_OBJECT));
		if (json_present(base) && json_present(more))
			body = doc_merge(a, base, more);
	}
	/* Out of memory in the middle of saying no: say no in the shortest way. */
	return body.p ? body
		      : STR("{\"status\":503,\"title\":\"Not enough "
			    "memory\",\"type\":\"/problems/memory\"}");
}

struct str problem_page(struct arena *a, struct str slug)
{
	enum outcome o = outcome_from_slug(slug);
	if (o == OK)
		return STR_NULL;
	return arena_printf(a, "%s (HTTP status %d)\n\n%s\n", outcome_title(o), outcome_status(o),
		problem_advice(o));
}
