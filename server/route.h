/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Every address of the server in one table (contract.md sections 2 to 6): method, path, who may,
 * what the body looks like, which verb or which reader answers. The router, the rights,
 * /openapi.json, /docs and the tests of all of them read this table; nothing is said twice.
 */

#include "fleet/command.h"
#include "fleet/people.h"
#include "server/query.h"
#include "server/shape.h"

struct call; /* api.h */

enum { ROUTE_PARAMS_MAX = 2 };

/* Where the site of a request stands: whose zone reads local times, whose people may ask. */
enum route_site {
	SITE_NONE,    /* the whole installation: customers, vehicles, rule sets */
	SITE_PATH,    /* {site} */
	SITE_QUERY,   /* ?site= */
	SITE_JOURNAL, /* ?journal=: a site, or the directory that all share */
	SITE_BODY,    /* the member "site" */
	SITE_TARGET,  /* of the object in the address */
	SITE_OFFER,   /* sealed in the member "offer" */
};

/* What lets a reader see that an answer to GET is still the one he knows. Every row says it. */
enum route_tag {
	TAG_UNSAID,
	TAG_NONE,   /* a stream, or of one moment */
	TAG_STRONG, /* of a stored object or of one file: made by its handler */
	TAG_WEAK,   /* made of what is said (respond.c), so that it may be packed */
};
/* Whether an answer to GET says the heads of the journals that it shows. Every row says it. */
enum route_seq {
	SEQ_UNSAID,
	SEQ_NONE,  /* of no journal, or it says itself how far it goes */
	SEQ_SHOWN, /* Relais-Seq */
};

struct route {
	const char *method;  /* "GET" answers HEAD too */
	const char *pattern; /* "/v1/bookings/{booking}/check-out" */
	uint32_t roles;	     /* bit = enum role; 0 = without sign-in */
	enum route_site site;
	enum row_kind target;		 /* the object in the address; 0 = none */
	const struct shape *body;	 /* NULL = none */
	const struct query_field *query; /* NULL = no parameters */
	void (*handle)(struct call *call);
	enum verb verb;	     /* where writes: handle is api_write */
	bool writes;	     /* changes something when it succeeds */
	bool people;	     /* about users, sessions, tokens: in DIR/people and in no journal */
	bool key;	     /* Idempotency-Key required */
	bool if_match;	     /* If-Match required where the object exists */
	enum route_tag tag;  /* of a GET */
	enum route_seq seq;  /* of a GET */
	bool whole;	     /* a list without pages: what it shows has a small limit */
	bool page;	     /* for people: not in /openapi.json */
	bool raw;	     /* the body is bytes, application/octet-stream */
	int status;	     /* of a success, where no verb has one; 0 = 200 */
	enum row_kind shows; /* what stands below the target under its id; 0: the target itself */
	const char *answer;  /* schema of a success in /openapi.json ("booking", "list", "text"),
				NULL = empty */
	const char *about;   /* one line for /openapi.json and /docs */
};

extern const struct route routes[];
extern const uint32_t routes_len;

#define ROLE_BIT(r) (UINT32_C(1) << (r))

/* The parts of the path that stood for {placeholders}, in order; borrowed from the path. */
struct route_match {
	const struct route *route; /* NULL when none fits */
	bool path_known;	   /* another method would fit: 405 */
	struct str param[ROUTE_PARAMS_MAX];
};
struct route_match route_find(struct str method, struct str path);
/* "GET, HEAD, PUT": what this path takes, for the Allow header. In buf. */
enum { ROUTE_ALLOW_TEXT = 64 };
struct str route_allow(char buf[ROUTE_ALLOW_TEXT], struct str path);
/* Whether a path fits a pattern; fills the parameters. */
bool route_fits(const char *pattern, struct str path, struct str param[ROUTE_PARAMS_MAX]);
bool route_allows(const struct route *route, enum role role);
/* The name of the i-th placeholder of a pattern ("booking"); STR_NULL beyond the last. */
struct str route_param_name(const char *pattern, uint32_t i);
