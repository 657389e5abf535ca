/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The table itself. Roles are those of contract.md section 1, each set named once. */

#include "server/api.h"
#include "server/shapes.h"
#include "server/web.h"

enum {
	PUBLIC = 0,
	ALL = (1 << ROLE_COUNT) - 1,
	WARRANTY = 1 << ROLE_WARRANTY | 1 << ROLE_ADMIN,
	WARRANTY_AND_AUDIT = 1 << ROLE_WARRANTY | 1 << ROLE_AUDITOR | 1 << ROLE_ADMIN,
	/* offers, customers, vehicles, visits, bookings */
	DESK = 1 << ROLE_OPERATOR | 1 << ROLE_ADVISOR | 1 << ROLE_MANAGER | 1 << ROLE_ADMIN,
	DESK_READS = DESK | WARRANTY_AND_AUDIT,
	HAND_OVER = 1 << ROLE_ADVISOR | 1 << ROLE_MANAGER | 1 << ROLE_ADMIN,
	NAMES_DRIVERS = 1 << ROLE_MANAGER | 1 << ROLE_AUDITOR | 1 << ROLE_ADMIN,
	FIGURES = 1 << ROLE_MANAGER | WARRANTY_AND_AUDIT,
	ADMIN = 1 << ROLE_ADMIN,
	MANAGE = 1 << ROLE_MANAGER | 1 << ROLE_ADMIN,
	PREPARE = 1 << ROLE_PREPARER | MANAGE,
	ON_SHIFT = 1 << ROLE_PREPARER | DESK, /* whoever sees the customer, or the car */
};

static const char *const resource_kinds[] = {"car", "chauffeur", "desk", "allotment", NULL};
static const char *const booking_statuses[] = {
	"held", "booked", "out", "returned", "cancelled", "no_show", "expired", NULL};
static const char *const task_statuses[] = {"open", "done", "dropped", NULL};
static const char *const waiting_statuses[] = {
	"waiting", "offered", "booked", "dropped", "over", NULL};
static const char *const claim_formats[] = {"json", "csv", "xlsx", NULL};
static const char *const figures_formats[] = {"json", "csv", NULL};
static const char *const journal_formats[] = {"jsonl", NULL};

#define FIELD_SITE                                                                      \
	{                                                                               \
		.name = "site", .type = QUERY_ID, .required = true, .about = "the site" \
	}
#define FIELD_FROM                                                                  \
	{                                                                           \
		.name = "from", .type = QUERY_INSTANT, .about = "start of the span" \
	}
#define FIELD_UNTIL                                                                           \
	{                                                                                     \
		.name = "until", .type = QUERY_INSTANT, .about = "end of the span, not in it" \
	}
#define FIELD_FROM_REQUIRED                                              \
	{                                                                \
		.name = "from", .type = QUERY_INSTANT, .required = true, \
		.about = "start of the span"                             \
	}
#define FIELD_UNTIL_REQUIRED                                              \
	{                                                                 \
		.name = "until", .type = QUERY_INSTANT, .required = true, \
		.about = "end of the span, not in it"                     \
	}
#define FIELD_LIMIT                                                       \
	{                                                                 \
		.name = "limit", .type = QUERY_INT, .min = 1, .max = 500, \
		.about = "at most so many items"                          \
	}
#define FIELD_CURSOR                                                                       \
	{                                                                                  \
		.name = "cursor", .type = QUERY_TEXT, .about = "`next` of the page before" \
	}
#define FIELD_SOLUTION                                                  \
	{                                                               \
		.name = "solution", .type = QUERY_ID, .required = true, \
		.about = "the kind of mobility"                         \
	}
#define FIELD_CLASS                                                            \
	{                                                                      \
		.name = "class", .type = QUERY_ID, .about = "the class of car" \
	}

static const struct query_field query_resources[] = {
	FIELD_SITE,
	{.name = "kind", .type = QUERY_CHOICE, .values = resource_kinds, .about = "only this kind"},
	FIELD_CLASS,
	{0},
};
static const struct query_field query_bookings[] = {
	FIELD_SITE,
	FIELD_FROM,
	FIELD_UNTIL,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = booking_statuses,
		.about = "only this status"},
	{.name = "resource", .type = QUERY_ID, .about = "only of this resource"},
	{.name = "vin", .type = QUERY_ID, .about = "only for this car"},
	{.name = "q", .type = QUERY_TEXT, .about = "number, plate or repair order"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_who_had[] = {
	{.name = "plate", .type = QUERY_TEXT, .required = true, .about = "of a car of the fleet"},
	{.name = "at", .type = QUERY_INSTANT, .required = true, .about = "the instant asked for"},
	{.name = "noticed_on",
		.type = QUERY_DAY,
		.about = "day of the notice; absent: the day of the instant itself"},
	{0},
};
static const struct query_field query_tasks[] = {
	FIELD_SITE,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = task_statuses,
		.about = "only this status"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_waiting[] = {
	FIELD_SITE,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = waiting_statuses,
		.about = "only this status"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_agreement[] = {
	{.name = "language",
		.type = QUERY_ID,
		.about = "of one that is not signed; absent: the customer's"},
	{0},
};
static const struct query_field query_sheet[] = {
	FIELD_SITE,
	{.name = "day", .type = QUERY_DAY, .about = "of the site; absent: today, or in two days"},
	{.name = "language", .type = QUERY_ID, .about = "absent: the site's"},
	{0},
};
static const struct query_field query_calendar[] = {FIELD_SITE,
	{.name = "kind", .type = QUERY_CHOICE, .values = resource_kinds, .about = "only this kind"},
	{.name = "resource", .type = QUERY_ID, .about = "absent: all of them"}, {0}};
static const struct query_field query_search[] = {
	{.name = "q",
		.type = QUERY_TEXT,
		.required = true,
		.about = "plate, VIN, surname, phone, booking number, repair order"},
	{0},
};
static const struct query_field query_board[] = {
	FIELD_SITE, FIELD_FROM_REQUIRED, FIELD_UNTIL_REQUIRED, {0}};
static const struct query_field query_availability[] = {
	FIELD_SITE, FIELD_SOLUTION, FIELD_CLASS, FIELD_FROM_REQUIRED, FIELD_UNTIL_REQUIRED, {0}};
static const struct query_field query_next[] = {
	FIELD_SITE,
	FIELD_SOLUTION,
	FIELD_CLASS,
	{.name = "minutes",
		.type = QUERY_INT,
		.required = true,
		.min = 1,
		.max = 366 * 1440,
		.about = "how long, on the site's clock"},
	{.name = "after", .type = QUERY_INSTANT, .about = "not before; absent: now"},
	{.name = "count", .type = QUERY_INT, .min = 1, .max = 16, .about = "how many; absent: 2"},
	{0},
};
static const struct query_field query_demand[] = {
	FIELD_SITE,
	{.name = "month",
		.type = QUERY_MONTH,
		.required = true,
		.about = "YYYY-MM: the month in which what was refused would have begun"},
	{0},
};
static const struct query_field query_figures[] = {
	FIELD_SITE,
	{.name = "from",
		.type = QUERY_DAY,
		.required = true,
		.about = "the first day, of the site"},
	{.name = "until",
		.type = QUERY_DAY,
		.required = true,
		.about = "the day after the last, at most 400 days after from"},
	{.name = "format",
		.type = QUERY_CHOICE,
		.values = figures_formats,
		.about = "absent: json"},
	{.name = "table",
		.type = QUERY_CHOICE,
		.values = figures_tables,
		.about = "which table comes as csv; absent: utilisation"},
	{0},
};
static const struct query_field query_site[] = {FIELD_SITE, {0}};
static const struct query_field query_claims[] = {
	FIELD_SITE,
	FIELD_FROM,
	FIELD_UNTIL,
	{.name = "vin", .type = QUERY_ID, .about = "only for this car"},
	{.name = "format", .type = QUERY_CHOICE, .values = claim_formats, .about = "absent: json"},
	{0},
};
static const struct query_field query_checkpoint[] = {
	{.name = "journal", .type = QUERY_ID, .required = true, .about = "a site, or `directory`"},
	{0},
};
static const struct query_field query_journal[] = {
	{.name = "site", .type = QUERY_ID, .required = true, .about = "a site, or `directory`"},
	{.name = "from_seq",
		.type = QUERY_INT,
		.min = 1,
		.max = JSON_INT_MAX / 16,
		.about = "the first entry wanted"},
	{.name = "format",
		.type = QUERY_CHOICE,
		.values = journal_formats,
		.about = "absent: jsonl"},
	{0},
};

#define WRITE(verb_) .handle = api_write, .verb = VERB_##verb_, .writes = true

const struct route routes[] = {
	/* ---- without sign-in ---- */
	{"GET", "/", .roles = PUBLIC, .handle = page_app, .answer = "text/html", .page = true,
		.about = "The desk and the board, for people"},
	{"GET", "/assets/{asset}", .roles = PUBLIC, .handle = page_asset, .answer = "text",
		.page = true, .about = "What its pages are made of"},
	{"GET", "/livez", .roles = PUBLIC, .handle = page_livez, .answer = "text",
		.about = "The process answers"},
	{"GET", "/readyz", .roles = PUBLIC, .handle = page_readyz, .answer = "text",
		.about = "The data is open and the writer takes work"},
	{"GET", "/metrics", .roles = PUBLIC, .handle = page_metrics, .answer = "text",
		.about = "Prometheus figures, from this machine only"},
	{"GET", "/status", .roles = PUBLIC, .handle = page_status, .answer = "text/html",
		.page = true, .about = "How the installation is"},
	{"GET", "/openapi.json", .roles = PUBLIC, .handle = page_openapi, .answer = "json",
		.about = "This description"},
	{"GET", "/docs", .roles = PUBLIC, .handle = page_docs, .answer = "text/html",
		.about = "This description, to read"},
	{"GET", "/problems/{problem}", .roles = PUBLIC, .handle = page_problem, .answer = "text",
		.about = "What a problem means and what to do"},

	/* ---- people who sign in ---- */
	{"POST", "/v1/session", .roles = PUBLIC, .people = true, .body = &shape_sign_in,
		.handle = api_sign_in, .answer = "session",
		.about = "Sign in: the session is in the cookie " AUTH_COOKIE},
	{"POST", "/v1/session/first", .roles = PUBLIC, .people = true, .body = &shape_sign_in_first,
		.handle = api_sign_in_first, .answer = "session",
		.about = "Make the first administrator by the link of the first start"},
	{"GET", "/v1/session", .roles = ALL, .people = true, .handle = api_session,
		.answer = "session", .about = "Who is signed in here"},
	{"DELETE", "/v1/session", .roles = ALL, .people = true, .handle = api_sign_out,
		.status = 204, .about = "Sign out here"},
	{"DELETE", "/v1/sessions", .roles = ALL, .people = true, .handle = api_sign_out_everywhere,
		.status = 204, .about = "Sign out everywhere"},
	{"POST", "/v1/session/password", .roles = ALL, .people = true,
		.body = &shape_password_change, .handle = api_password, .status = 204,
		.about = "Another password for oneself: the other sessions end"},

	{"GET", "/v1/users", .roles = WARRANTY_AND_AUDIT, .people = true, .handle = api_users,
		.answer = "user_list", .about = "Who may sign in, for whoever acts for all sites"},
	{"GET", "/v1/users/{name}", .roles = WARRANTY_AND_AUDIT, .people = true, .handle = api_user,
		.answer = "user", .about = "A user"},
	{"PUT", "/v1/users/{name}", .roles = ADMIN, .people = true, .body = &shape_user,
		.handle = api_user_put, .if_match = true, .answer = "user",
		.about = "Make or change a user"},
	{"DELETE", "/v1/users/{name}", .roles = ADMIN, .people = true, .handle = api_user_delete,
		.if_match = true, .status = 204, .about = "Remove a user and all his sessions"},
	{"GET", "/v1/tokens", .roles = WARRANTY_AND_AUDIT, .people = true, .handle = api_tokens,
		.answer = "token_list", .about = "The tokens of programs, without their texts"},
	{"GET", "/v1/tokens/{token_id}", .roles = WARRANTY_AND_AUDIT, .people = true,
		.handle = api_token, .answer = "token", .about = "A token, without its text"},
	{"POST", "/v1/tokens", .roles = ADMIN, .people = true, .body = &shape_token_make,
		.handle = api_token_make, .key = true, .status = 201, .answer = "token",
		.about = "Make a token: its text is in this answer and nowhere else"},
	{"DELETE", "/v1/tokens/{token_id}", .roles = ADMIN, .people = true,
		.handle = api_token_delete, .if_match = true, .status = 204,
		.about = "Withdraw a token"},

	/* ---- sites and what they have ---- */
	{"GET", "/v1/sites", .roles = ALL, .handle = api_sites, .answer = "site_list",
		.about = "The sites you may see"},
	{"GET", "/v1/sites/{site}", .roles = ALL, .site = SITE_PATH, .target = ROW_SITE,
		.handle = api_row, .answer = "site", .about = "A site"},
	{"PUT", "/v1/sites/{site}", .roles = MANAGE, .site = SITE_PATH, .target = ROW_SITE,
		.body = &shape_site, WRITE(SITE_PUT), .if_match = true, .answer = "site",
		.about = "Make or change a site"},
	{"GET", "/v1/resources", .roles = ALL, .site = SITE_QUERY, .query = query_resources,
		.handle = api_resources, .answer = "resource_list",
		.about = "Cars, chauffeurs, desks, allotments of a site"},
	{"GET", "/v1/resources/{resource}", .roles = ALL, .site = SITE_TARGET,
		.target = ROW_RESOURCE, .handle = api_row, .answer = "resource",
		.about = "A resource"},
	{"PUT", "/v1/resources/{resource}", .roles = MANAGE, .site = SITE_BODY,
		.target = ROW_RESOURCE, .body = &shape_resource, WRITE(RESOURCE_PUT),
		.if_match = true, .answer = "resource", .about = "Make or change a resource"},
	{"POST", "/v1/resources/{resource}/ready", .roles = PREPARE, .site = SITE_TARGET,
		.target = ROW_RESOURCE, .body = &shape_ready, WRITE(RESOURCE_READY), .key = true,
		.answer = "resource", .about = "The car is washed, fuelled and stands ready"},
	{"POST", "/v1/resources/{resource}/blocks", .roles = MANAGE, .site = SITE_TARGET,
		.target = ROW_RESOURCE, .body = &shape_block, WRITE(BLOCK_ADD), .key = true,
		.answer = "block_stored", .about = "Take a resource out of use for a while"},
	{"DELETE", "/v1/blocks/{block}", .roles = MANAGE, .site = SITE_TARGET, .target = ROW_BLOCK,
		WRITE(BLOCK_REMOVE), .if_match = true, .about = "Give it back"},

	/* ---- customers, cars, rule sets: the whole installation's ---- */
	{"GET", "/v1/customers/{customer}", .roles = DESK_READS, .target = ROW_CUSTOMER,
		.handle = api_row, .answer = "customer", .about = "A customer"},
	{"PUT", "/v1/customers/{customer}", .roles = DESK, .target = ROW_CUSTOMER,
		.body = &shape_customer, WRITE(CUSTOMER_PUT), .if_match = true,
		.answer = "customer", .about = "Make or change a customer"},
	{"POST", "/v1/customers/{customer}/merge", .roles = HAND_OVER, .target = ROW_CUSTOMER,
		.body = &shape_merge, WRITE(CUSTOMER_MERGE), .key = true, .answer = "customer",
		.about = "Entered twice: this one becomes an alias of another, for ever"},
	{"POST", "/v1/customers/{customer}/erase", .roles = ADMIN, .target = ROW_CUSTOMER,
		.body = &shape_empty, WRITE(CUSTOMER_ERASE), .key = true, .answer = "customer",
		.about = "Forget a person for ever: nothing that was sealed can be read any more"},
	{"GET", "/v1/vehicles/{vin}", .roles = DESK_READS, .target = ROW_VEHICLE, .handle = api_row,
		.answer = "vehicle", .about = "A customer's car"},
	{"PUT", "/v1/vehicles/{vin}", .roles = DESK, .target = ROW_VEHICLE, .body = &shape_vehicle,
		WRITE(VEHICLE_PUT), .if_match = true, .answer = "vehicle",
		.about = "Make or change a customer's car"},
	{"POST", "/v1/vehicles/{vin}/cover-check", .roles = DESK, .target = ROW_VEHICLE,
		.body = &shape_cover_check, WRITE(COVER_CHECK), .key = true, .answer = "vehicle",
		.about = "The cover was looked up: what was found"},
	{"GET", "/v1/rulesets", .roles = DESK_READS, .handle = api_rulesets,
		.answer = "ruleset_list", .about = "The rule sets there are"},
	{"GET", "/v1/rulesets/{version}", .roles = DESK_READS, .target = ROW_RULESET,
		.handle = api_row, .answer = "ruleset", .about = "A rule set"},
	{"PUT", "/v1/rulesets/{version}", .roles = MANAGE, .target = ROW_RULESET,
		.body = &shape_ruleset, WRITE(RULESET_PUT), .if_match = true, .answer = "ruleset",
		.about = "Store a rule set, once and for ever"},
	{"GET", "/v1/search", .roles = DESK_READS, .query = query_search, .handle = api_search,
		.answer = "search_results", .about = "Find a car, a customer, a booking"},

	/* ---- the offer and the visit ---- */
	{"POST", "/v1/offers", .roles = DESK, .site = SITE_BODY, .body = &shape_offer_request,
		.handle = api_offer, .answer = "offer",
		.about = "What is free, what it costs, what is covered; books nothing"},
	{"POST", "/v1/visits", .roles = DESK, .site = SITE_BODY, .body = &shape_visit_open,
		WRITE(VISIT_OPEN), .key = true, .answer = "visit",
		.about = "Open a stay in the workshop"},
	{"GET", "/v1/visits/{visit}", .roles = DESK_READS, .site = SITE_TARGET, .target = ROW_VISIT,
		.handle = api_row, .answer = "visit", .about = "A visit"},
	{"PATCH", "/v1/visits/{visit}", .roles = DESK, .site = SITE_TARGET, .target = ROW_VISIT,
		.body = &shape_visit_change, WRITE(VISIT_CHANGE), .if_match = true,
		.answer = "visit", .about = "Change a visit (RFC 7396)"},
	{"PUT", "/v1/visits/{visit}/repair-order", .roles = WARRANTY, .site = SITE_TARGET,
		.target = ROW_VISIT, .shows = ROW_REPAIR_ORDER, .body = &shape_repair_order,
		WRITE(REPAIR_ORDER_PUT), .if_match = true, .answer = "repair_order",
		.about = "The workshop's repair order, and what a claim needs beside it"},
	{"GET", "/v1/visits/{visit}/repair-order", .roles = DESK_READS, .site = SITE_TARGET,
		.target = ROW_VISIT, .shows = ROW_REPAIR_ORDER, .handle = api_repair_order,
		.answer = "repair_order", .about = "The same"},
	{"GET", "/v1/visits/{visit}/ledger", .roles = DESK_READS, .site = SITE_TARGET,
		.target = ROW_VISIT, .handle = api_ledger, .answer = "ledger",
		.about = "Who pays which day of its loans, and their charges"},
	{"POST", "/v1/visits/{visit}/bookings", .roles = DESK, .site = SITE_TARGET,
		.target = ROW_VISIT, .body = &shape_visit_bookings, WRITE(VISIT_BOOKINGS),
		.key = true, .answer = "booking_list", .about = "Several bookings, all or none"},

	/* ---- bookings ---- */
	{"POST", "/v1/bookings", .roles = DESK, .site = SITE_OFFER, .body = &shape_booking_make,
		WRITE(BOOKING_MAKE), .key = true, .answer = "booking",
		.about = "Promise what was offered"},
	{"GET", "/v1/bookings", .roles = ALL, .site = SITE_QUERY, .query = query_bookings,
		.handle = api_bookings, .answer = "booking_list",
		.about = "The bookings of a site"},
	{"GET", "/v1/bookings/{booking}", .roles = ALL, .site = SITE_TARGET, .target = ROW_BOOKING,
		.handle = api_row, .answer = "booking", .about = "A booking"},
#define BOOKING_VERB(path, who, shape, verb_, line)                                               \
	{                                                                                         \
		"POST", "/v1/bookings/{booking}/" path,                                           \
			.roles = who, .site = SITE_TARGET, .target = ROW_BOOKING, .body = &shape, \
			WRITE(verb_), .key = true, .answer = "booking", .about = line             \
	}
	BOOKING_VERB("book", DESK, shape_book, BOOKING_BOOK, "A held booking becomes a promise"),
	BOOKING_VERB("cancel", DESK, shape_cancel, BOOKING_CANCEL, "Give it up"),
	BOOKING_VERB("no-show", DESK, shape_no_show, BOOKING_NO_SHOW, "The customer did not come"),
	BOOKING_VERB("reinstate", DESK, shape_empty, BOOKING_REINSTATE,
		"Given up or lapsed: a promise again, if the seat can still be given"),
	BOOKING_VERB(
		"reschedule", DESK, shape_reschedule, BOOKING_RESCHEDULE, "Another time or class"),
	BOOKING_VERB("change", DESK, shape_change, BOOKING_CHANGE,
		"Another solution from a new offer: all of it, or nothing"),
	BOOKING_VERB("move", DESK, shape_move, BOOKING_MOVE, "Another seat"),
	BOOKING_VERB("pin", DESK, shape_empty, BOOKING_PIN, "This very seat was promised"),
	BOOKING_VERB("unpin", DESK, shape_empty, BOOKING_UNPIN, "Any seat of the class will do"),
	BOOKING_VERB("check-out", HAND_OVER, shape_check_out, BOOKING_CHECK_OUT, "Handed over"),
	BOOKING_VERB("check-in", HAND_OVER, shape_check_in, BOOKING_CHECK_IN, "Taken back"),
	BOOKING_VERB("exchange", HAND_OVER, shape_exchange, BOOKING_EXCHANGE,
		"Another car within one agreement"),
	BOOKING_VERB("extend", DESK, shape_extend, BOOKING_EXTEND, "Keep it longer"),
	BOOKING_VERB("late", DESK, shape_late, BOOKING_LATE, "It will come back late: a fact"),
	BOOKING_VERB("correct", HAND_OVER, shape_correct, BOOKING_CORRECT,
		"A fact was written down wrongly: what it was stays beside it"),
	BOOKING_VERB("note", DESK, shape_note, BOOKING_NOTE, "A note, for staff"),

	/* ---- papers and photos ---- */
	{"PUT", "/v1/uploads/{sha256}", .roles = HAND_OVER, .raw = true, .handle = api_upload,
		.status = 204,
		.about = "Leave a part of a file here for a quarter of an hour, known by its "
			 "SHA-256, to attach it"},
	{"POST", "/v1/bookings/{booking}/attachments", .roles = HAND_OVER, .site = SITE_TARGET,
		.target = ROW_BOOKING, .body = &shape_attach, WRITE(BOOKING_ATTACH), .key = true,
		.answer = "attachment", .about = "Attach a file, from parts that were left here"},
	{"GET", "/v1/bookings/{booking}/attachments", .roles = DESK_READS, .site = SITE_TARGET,
		.target = ROW_BOOKING, .handle = api_attachments, .answer = "attachment_list",
		.about = "Papers and photos of a booking, the oldest first"},
	{"GET", "/v1/bookings/{booking}/attachments/{attachment}", .roles = DESK_READS,
		.site = SITE_TARGET, .target = ROW_BOOKING, .handle = api_attachment,
		.answer = "application/pdf|image/jpeg|image/png|image/svg+xml|text/html",
		.about = "Its bytes: PDF, JPEG or PNG, with their SHA-256 as ETag"},
	{"POST", "/v1/bookings/{booking}/agreement", .roles = HAND_OVER, .site = SITE_TARGET,
		.target = ROW_BOOKING, .body = &shape_agreement, .handle = api_agreement,
		.answer = "agreement_shown",
		.about = "Make the loan agreement to be shown and signed; changes nothing"},
	{"GET", "/v1/bookings/{booking}/agreement", .roles = DESK_READS, .site = SITE_TARGET,
		.target = ROW_BOOKING, .query = query_agreement, .handle = api_agreement_print,
		.answer = "text/html|application/pdf|image/jpeg|image/png",
		.about = "The loan agreement, to print: with its signature where it is signed"},
	{"GET", "/v1/bookings/{booking}/agreement/{sha256}", .roles = HAND_OVER,
		.site = SITE_TARGET, .target = ROW_BOOKING, .handle = api_agreement_shown,
		.answer = "text/html", .about = "The page that is to be signed"},
	BOOKING_VERB("sign", HAND_OVER, shape_sign, BOOKING_SIGN,
		"The customer signs the agreement that was shown: it is kept to the byte"),

	{"GET", "/v1/bookings/{booking}/ripple", .roles = DESK_READS, .site = SITE_TARGET,
		.target = ROW_BOOKING, .handle = api_ripple, .answer = "ripple",
		.about = "Whom to call when it is at risk, and the ways out of it"},

	/* ---- what somebody must do ---- */
	{"GET", "/v1/alarms", .roles = DESK_READS, .site = SITE_QUERY, .query = query_site,
		.handle = api_alarms, .answer = "alarm_list",
		.about = "Cars out that touch the next promise unless they come back in time"},
	{"GET", "/v1/tasks", .roles = ALL, .site = SITE_QUERY, .query = query_tasks,
		.handle = api_tasks, .answer = "task_list",
		.about = "What must be done at a site: open first, then by when it is due"},
	{"GET", "/v1/tasks/{task}", .roles = ALL, .site = SITE_TARGET, .target = ROW_TASK,
		.handle = api_row, .answer = "task", .about = "A task"},
	{"POST", "/v1/tasks/{task}/done", .roles = ON_SHIFT, .site = SITE_TARGET,
		.target = ROW_TASK, .body = &shape_task_done, WRITE(TASK_DONE), .key = true,
		.answer = "task", .about = "Done, with a note for staff if there is one"},

	/* ---- who waits ---- */
	{"POST", "/v1/waiting", .roles = DESK, .site = SITE_OFFER, .body = &shape_waiting_add,
		WRITE(WAITING_ADD), .key = true, .answer = "waiting",
		.about = "Wait for what is not free: the first in the line gets what frees"},
	{"GET", "/v1/waiting", .roles = DESK_READS, .site = SITE_QUERY, .query = query_waiting,
		.handle = api_waiting, .answer = "waiting_list",
		.about = "Who waits at a site, in the order of the line"},
	{"GET", "/v1/waiting/{waiting}", .roles = DESK_READS, .site = SITE_TARGET,
		.target = ROW_WAITING, .handle = api_row, .answer = "waiting",
		.about = "Somebody who waits"},
	{"POST", "/v1/waiting/{waiting}/drop", .roles = DESK, .site = SITE_TARGET,
		.target = ROW_WAITING, .body = &shape_empty, WRITE(WAITING_DROP), .key = true,
		.answer = "waiting", .about = "Does not want it any more"},

	/* ---- what is free ---- */
	{"GET", "/v1/availability", .roles = ALL, .site = SITE_QUERY, .query = query_availability,
		.handle = api_availability, .answer = "availability", .about = "Is it free then?"},
	{"GET", "/v1/availability/next", .roles = ALL, .site = SITE_QUERY, .query = query_next,
		.handle = api_next, .answer = "next_dates", .about = "When is it free?"},
	{"GET", "/v1/board", .roles = ALL, .site = SITE_QUERY, .query = query_board,
		.handle = api_board, .answer = "board",
		.about = "Resources and bars in one answer"},
	{"GET", "/v1/events", .roles = ALL, .site = SITE_QUERY, .query = query_site,
		.handle = api_events, .answer = "text/event-stream",
		.about = "What changes, live; Last-Event-ID resumes"},

	/* ---- to look at elsewhere, to print ---- */
	{"GET", "/v1/calendar-link", .roles = DESK_READS, .site = SITE_QUERY,
		.query = query_calendar, .handle = api_calendar_link, .answer = "text",
		.about = "The secret address of a calendar; it ends with the token that asks"},
	{"GET", "/v1/calendar/{link}", .roles = PUBLIC, .handle = api_calendar,
		.answer = "text/calendar",
		.about = "iCalendar (RFC 5545), for who has the address"},
	{"GET", "/v1/sheets/day", .roles = ALL, .site = SITE_QUERY, .query = query_sheet,
		.handle = api_sheet_day, .answer = "text/html",
		.about = "A site's day on paper: out, back, deliveries, papers to lay ready"},
	{"GET", "/v1/sheets/ahead", .roles = DESK_READS, .site = SITE_QUERY, .query = query_sheet,
		.handle = api_sheet_ahead, .answer = "text/html",
		.about = "The appointments 48 hours ahead, with what is looked at before"},

	/* ---- figures ---- */
	{"GET", "/v1/demand", .roles = FIGURES, .site = SITE_QUERY, .query = query_demand,
		.handle = api_demand, .answer = "demand",
		.about = "What was refused, and which extra cars would have saved how much of it"},
	{"GET", "/v1/figures", .roles = FIGURES, .site = SITE_QUERY, .query = query_figures,
		.handle = api_figures, .answer = "figures",
		.about = "What the fleet did on some days: use, loans, promises, cost"},

	/* ---- audit ---- */
	{"GET", "/v1/who-had", .roles = NAMES_DRIVERS, .query = query_who_had,
		.handle = api_who_had, .answer = "who_had",
		.about = "Who drove a car of the fleet at an instant, and by when to say so"},
	{"GET", "/v1/audit/claims", .roles = WARRANTY_AND_AUDIT, .site = SITE_QUERY,
		.query = query_claims, .handle = api_claims, .answer = "list",
		.about = "Covered lines with their findings"},
	{"GET", "/v1/audit/journal", .roles = WARRANTY_AND_AUDIT, .site = SITE_QUERY,
		.query = query_journal, .handle = api_journal, .answer = "application/jsonl",
		.about = "The journal, an entry a line, with its hash chain"},
	{"GET", "/v1/audit/checkpoint", .roles = WARRANTY_AND_AUDIT, .site = SITE_JOURNAL,
		.query = query_checkpoint, .handle = api_checkpoint, .answer = "text/plain",
		.about = "The last signed checkpoint of a journal: keep it, and later see with "
			 "`relais audit verify` that nothing before it was cut off or changed"},
};
const uint32_t routes_len = ARRAY_LEN(routes);
