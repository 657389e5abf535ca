/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * /openapi.json (OpenAPI 3.1): the routes the caller serves and the shapes their bodies are checked
 * against, so that the document cannot say anything else than the server does. Answers are
 * described member by member (openapi_members.c); clients must expect later versions to add some.
 */

#include "server/query.h"
#include "server/shape.h"

struct openapi_route {
	const char *method; /* "GET" */
	const char *path;   /* "/v1/bookings/{booking}/check-out" */
	const char *summary;
	const struct shape *body; /* a named shape, NULL = none */
	/* What a success holds: a schema's name, case and - _ ignored ("Booking", "booking-list"),
	 * "[]Name" for the list of them (NameList), "text" or a media type ("text/csv"), or several
	 * between strokes, of a stored file; another
	 * word is any object, NULL = empty. */
	const char *answer;
	int status;		      /* of a success */
	bool people;		      /* about users, sessions, tokens: of no journal */
	bool raw;		      /* the body is application/octet-stream */
	bool key_required;	      /* Idempotency-Key */
	bool if_match;		      /* If-Match where the object exists */
	bool tagged, weak;	      /* of a GET: an ETag, a weak one */
	bool seq;		      /* of a GET: Relais-Seq */
	const char *roles;	      /* "advisor manager", NULL = without sign-in */
	const char *query_parameters; /* "site,from,until": of which only the name is known; NULL =
					 none */
	const struct query_field
		*query; /* the table of parameters, ends with a NULL name; NULL = none */
};

/* In the arena; STR_NULL when it is full. Canonical JSON but for keys such as "$ref" and paths. */
struct str openapi_document(struct arena *a, const struct openapi_route *routes, size_t routes_len,
	const char *version);
