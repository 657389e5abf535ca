/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the parts of /openapi.json share: raw pieces of JSON and the schemas of answers. */

#include "server/openapi.h"

enum { OPENAPI_PIECE_MAX = 64 << 10 }; /* one operation, one schema */

/* A member whose key the writer of canonical JSON would not take ("$ref", "/v1/sites"). */
struct openapi_piece {
	const char *key;
	struct str raw;
};
/* Sorts the pieces by key and makes an object of them. STR_NULL when the arena is full. */
struct str openapi_object(struct arena *a, struct openapi_piece *pieces, size_t len);
/* {"$ref":"#/components/GROUP/NAME"} */
void openapi_put_ref(struct json_writer *w, const char *group, const char *name);

/* One method of one path. STR_NULL when the arena is full. */
struct str openapi_operation(struct arena *a, const struct openapi_route *route);
/* The member "components". STR_NULL when the arena is full. */
struct str openapi_components(struct arena *a);

/*
 * Answers as tables of their members (openapi_members, _lookups, _warranty, _audit). A type is a
 * word: a JSON type, "instant", "date", "any", one of several words ("held|booked", one alone
 * "vehicle|"), the name of a schema (capital first; "Resource/properties/now" is a member of one;
 * "A|B" is one of two). Before it, in this order: "!" always there, "?" may be null, "[]" a list of
 * it.
 */
struct openapi_member {
	const char *name, *type, *about;
};
struct openapi_schema {
	const char *name, *about;
	const struct openapi_member *members;
	size_t members_len;
};
extern const struct openapi_schema openapi_objects[], openapi_lookups[], openapi_warranty[],
	openapi_audit[], openapi_promises[];
extern const size_t openapi_objects_len, openapi_lookups_len, openapi_warranty_len,
	openapi_audit_len, openapi_promises_len;

/* The words of those tables. */
#define MEMBERS(id) static const struct openapi_member id[]
#define ANSWER(id, name, about)                \
	{                                      \
		name, about, id, ARRAY_LEN(id) \
	}
#define DECISION "free|paid|partly_free|not_offered"
#define BOOKING_STATUS "held|booked|out|returned|cancelled|no_show|expired"
#define ROLE "operator|advisor|preparer|manager|warranty|auditor|admin"
#define CLAIM_LIGHT "none|open|late|ready"
#define CLAIM_STATUS "draft|complete|exported|accepted|charged_back|withdrawn"
#define WAITING_STATUS "waiting|offered|booked|dropped|over"

/* Each of them as JSON Schema. */
size_t openapi_answers_len(void);
struct openapi_piece openapi_answer(struct arena *a, size_t i);
/* The name of the schema meant by a route's answer, NULL when there is none of that name. What is
 * stored may differ from what is sent: "customer" is CustomerStored where there is one. */
const char *openapi_schema_name(struct str answer);
