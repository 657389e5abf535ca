/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One request on its way through the application: found in the table of routes, signed in, its
 * rights and its query checked, then handed to the handler the table names. Everything here runs on
 * the loop thread and lives in the exchange's arena.
 */

#include "fleet/fleet.h"
#include "server/auth.h"
#include "server/guess.h"
#include "server/gzip.h"
#include "server/http.h"
#include "server/rate.h"
#include "server/reload.h"
#include "server/route.h"

struct ticker;
struct writer;
struct demand_desk;
struct events;
struct exports;
struct uploads;
struct backup_clock;
struct drop_in;
struct drop_out;
struct upkeep;
struct outbound;
struct min_seqs;
struct imports;

/* What the handlers share; owned by the app. */
struct api {
	struct fleet *fleet;		 /* borrowed */
	struct writer *writer;		 /* borrowed */
	struct demand_desk *demand;	 /* borrowed */
	struct ticker *ticker;		 /* borrowed; NULL: the clock stands still */
	struct events *events;		 /* borrowed */
	struct exports *exports;	 /* borrowed */
	struct uploads *uploads;	 /* borrowed */
	struct http *http;		 /* borrowed; set after http_open */
	const struct settings *settings; /* borrowed: what is in use now */
	struct reload reload;
	struct backup_clock *backups; /* borrowed */
	struct drop_in *drop_in;      /* borrowed */
	struct drop_out *drop_out;    /* borrowed */
	struct min_seqs *min_seqs;    /* borrowed */
	struct imports *imports;      /* borrowed */
	struct outbound *outbound;    /* borrowed */
	struct upkeep *upkeep;	      /* borrowed */
	struct auth auth;
	struct guesses guesses;
	struct rates rates;
	struct lane hashes; /* of passwords: slow on purpose */
	struct lane people; /* what is written to DIR/people */
	struct gzip gzip;
	struct lane signing;	 /* of journals that never were */
	struct lane packing;	 /* of workbooks, of audit packs */
	uint32_t claims_exports; /* under way */
	uint32_t packs;		 /* the same */
	uint32_t countings;	 /* of figures, under way */
	uint32_t attaching;	 /* files on their way to the writer */
	bool draining;
	uint64_t unauthorised, forbidden, not_ours; /* for /metrics */
	uint64_t problems[OUTCOMES_LEN];	    /* answered, by enum outcome */
};

enum { COUNTINGS_MAX = 4, ATTACHING_MAX = 4, CLAIMS_EXPORTS_MAX = 8, PACKS_MAX = 2 };
enum {
	HASHES_RUNNING_MAX = 2,
	HASHES_WAITING_MAX = 16,
	PEOPLE_WAITING_MAX = 256,
	SIGNING_WAITING_MAX = 16
};

struct call {
	struct api *api;     /* borrowed */
	struct exchange *x;  /* borrowed */
	struct arena *arena; /* the exchange's */
	const struct route *route;
	struct str param[ROUTE_PARAMS_MAX];
	struct query query;
	struct actor actor; /* whoever asks; zeroed where no sign-in is needed */
	bool person;	    /* by a session, not by a token */
	bool looking;	    /* a view is open */
	uint32_t attaching; /* 1: it counts in the api's */
	struct txn txn;
	struct view view;
	struct reply reply; /* gathers headers until it is sent */
};

/* The http_handler: context is the struct api. */
void api_handle(void *context, struct exchange *x);

/* An answer took long: one line in the log, which names the kind of request and nobody. */
void api_slow(void *context, const struct exchange *x, int status, uint64_t took_ms);

/* From this machine, or with the token of metrics.token_file: figures tell a stranger how to hurt.
 */
bool call_may_be_told(struct call *call);
/* Signed in, with the role for it; of routes without sign-in. */
bool call_administers(struct call *call);

/* Whether the caller may still do what the route does, at that site (STR_NULL = of no site): for
 * answers that stay open. */
bool call_may_go_on(struct call *call, struct str site);

/* A short look at the state; ended by every respond_*, and never held across a callback. */
struct view *call_look(struct call *call);
void call_look_end(struct call *call);

/* The roster of a site that exists and that the actor may see; otherwise NULL, and 404 was
 * answered. */
const struct roster *call_site(struct call *call, struct str site);
/* A site of the actor's, or the directory that all share; else 404 was answered. */
MUST_CHECK bool call_journal(struct call *call, struct str journal);
/* The object in the address, of a site the actor may see; otherwise false, and 404 was answered. */
MUST_CHECK bool call_row(struct call *call, enum row_kind kind, struct str id, struct row *row);
/* The journal an object lives in ("directory" for what all sites share). */
struct str row_journal(enum row_kind kind, const struct row *row);
/* The spans of ?from=&until=; absent ends are open. 422 was answered when false. */
MUST_CHECK bool call_span(
	struct call *call, const struct zone *zone, int64_t days_max, struct span *out);
/* ?limit= and ?cursor=; 400 was answered when false: the cursor is not of this question. */
struct list_page;
MUST_CHECK bool call_page(struct call *call, struct list_page *out);

extern const char *const import_kinds[], *const import_flags[]; /* of /v1/imports */
extern const char *const claim_formats[];  /* fleet/claims.h; NULL at the end */
extern const char *const figures_tables[]; /* of GET /v1/figures; NULL at the end */

/* ---- handlers, by file ---- */
void api_row(struct call *call); /* api_read.c: GET of one object */
void api_repair_order(struct call *call);
void api_claim_ready(struct call *call);
void api_claim_list(struct call *call);
void api_ledger(struct call *call);
void api_erasure(struct call *call); /* api_erasure.c */
void api_retention(struct call *call);
void api_who_had(struct call *call); /* api_who_had.c */
void api_sites(struct call *call);
void api_resources(struct call *call);
void api_rulesets(struct call *call);
void api_bookings(struct call *call);
void api_tasks(struct call *call);
void api_day(struct call *call);
void api_contacts(struct call *call);
void api_complaints(struct call *call);
void api_voice(struct call *call);
void api_colleagues(struct call *call);
void api_waiting(struct call *call);
void api_upload(struct call *call); /* api_attach.c */
void api_attachments(struct call *call);
void api_attachment(struct call *call);
/* The file that a request to attach names the parts of, in the arena; STR_NULL: a part is not here.
 */
struct str api_attached_bytes(struct call *call, struct arena *a, struct json body);
void api_agreement(struct call *call); /* api_agreement.c */
void api_agreement_print(struct call *call);
void api_agreement_shown(struct call *call);
void api_sheet_day(struct call *call); /* api_sheet.c */
void api_sheet_ahead(struct call *call);
void api_search(struct call *call);
void api_board(struct call *call); /* api_time.c */
void api_appointment_times(struct call *call); /* api_appointment.c */
void api_appointments(struct call *call);
void api_availability(struct call *call);
void api_next(struct call *call);
void api_write(struct call *call);   /* api_write.c: every change */
void api_offer(struct call *call);   /* api_offer.c */
void api_demand(struct call *call);  /* api_demand.c */
void api_figures(struct call *call); /* api_figures.c */
void api_claims(struct call *call);  /* claims_export.c */
void api_ripple(struct call *call);  /* api_ripple.c: who is touched */
void api_alarms(struct call *call);
struct command;
void api_preview(struct call *call, struct command *c); /* of a change, instead of it */
void api_pack(struct call *call);			/* api_pack.c */
void api_journal(struct call *call);
void api_checkpoint(struct call *call);
void api_audit_key(struct call *call);
void api_calendar_link(struct call *call);
void api_calendar(struct call *call);
void api_events(struct call *call);  /* events.c */
void api_sign_in(struct call *call); /* api_session.c: people, their sessions */
void api_sign_in_first(struct call *call);
void api_session(struct call *call);
void api_sign_out(struct call *call);
void api_sign_out_everywhere(struct call *call);
void api_password(struct call *call);
void api_users(struct call *call); /* api_user.c */
void api_user(struct call *call);
void api_user_put(struct call *call);
void api_user_delete(struct call *call);
void api_tokens(struct call *call); /* api_token.c */
void api_token(struct call *call);
void api_token_make(struct call *call);
void api_token_delete(struct call *call);
void api_imports(struct call *call); /* api_import.c */
void api_import(struct call *call);
void api_import_rejected(struct call *call);
void api_import_make(struct call *call);
void api_import_stop(struct call *call);
void api_import_undo(struct call *call);
void page_docs(struct call *call); /* pages.c */
void page_problem(struct call *call);
void page_openapi(struct call *call);
void page_livez(struct call *call); /* health.c */
void page_readyz(struct call *call);
void page_metrics(struct call *call); /* metric.c */
void api_webhooks(struct call *call); /* api_webhook.c */
void api_webhook(struct call *call);
void api_webhook_make(struct call *call);
void api_webhook_delete(struct call *call);
void api_webhook_replay(struct call *call);
void api_webhook_test(struct call *call);
void page_confirm(struct call *call); /* api_confirm.c */
void page_confirmed(struct call *call);
void page_status(struct call *call);  /* status.c */
