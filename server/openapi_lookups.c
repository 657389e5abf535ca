/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/openapi_parts.h"

/* What is looked up, member by member: what is free, what was found, and lists. */

/* ---- people ---- */

MEMBERS(session) = {
	{"name", "!string", "the login"},
	{"role", "!" ROLE, NULL},
	{"sites", "![]string", "none: all sites"},
	{"csrf", "!string", "for the header Relais-CSRF of every change with the cookie"},
	{"expires_at", "!instant", "unless something is asked before, or at the latest"},
};

MEMBERS(user) = {
	{"user", "!string", "another one for whoever takes the same login later"},
	{"name", "!string", "the login"},
	{"role", "!" ROLE, NULL},
	{"sites", "![]string", "none: all sites"},
	{"disabled", "!boolean", NULL},
	{"created_at", "!instant", NULL},
	{"last_seen_at", "instant", "to the minute; absent: never signed in"},
};
MEMBERS(user_list) = {{"items", "![]User", "by login"}};
MEMBERS(token) = {
	{"token_id", "!string", NULL},
	{"name", "!string", NULL},
	{"role", "!" ROLE, NULL},
	{"sites", "![]string", "none: all sites"},
	{"token", "string", "in the answer that made it, and nowhere else"},
	{"created_at", "instant", NULL},
	{"last_used_at", "instant", "to the hour; absent: never"},
};
MEMBERS(webhook) = {
	{"webhook_id", "!string", NULL},
	{"url", "!string", NULL},
	{"secret", "string", "in the answer that made it, and nowhere else"},
	{"created_at", "instant", NULL},
	{"sent", "integer", "messages since the start; in the list"},
	{"failed", "integer", "tries since the start"},
	{"failed_in_a_row", "integer", "of the message that is tried now"},
	{"last_sent_at", "instant", NULL},
	{"last_failure", "string", "absent: the last try went well"},
};
MEMBERS(webhook_list) = {{"items", "![]Webhook", NULL}};
MEMBERS(webhook_tested) = {
	{"sent", "!boolean", "it answered with 2xx"},
	{"why", "string", "it did not"},
};
MEMBERS(token_list) = {{"items", "![]Token", NULL}};

/* ---- what is free ---- */

MEMBERS(availability) = {
	{"free", "!?integer", "seats free for the whole window; null: without limit"},
	{"seats", "!?integer", "of how many; null: without limit"},
	{"feasible", "!boolean", "whether one more booking fits, promises changing places"},
	{"undecided", "boolean", "the search ended at its bound: nobody knows whether it fits"},
};
MEMBERS(next_date) = {
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"class", "!?string", NULL},
};
MEMBERS(next_dates) = {{"items", "![]NextDate", NULL}};
MEMBERS(board) = {
	{"site", "!string", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"seq", "!integer", "the journal's entry that this shows; events go on from it"},
	{"resources", "![]Lane", NULL},
	{"unassigned", "![]Bar", "what is promised and stands on no resource of the site"},
};
MEMBERS(lane) = {
	{"resource", "!string", NULL},
	{"kind", "!Resource/properties/kind", NULL},
	{"class", "!string", NULL},
	{"label", "!string", NULL},
	{"plate", "string", NULL},
	{"status", "!Resource/properties/status", NULL},
	{"now", "Resource/properties/now", NULL},
	{"bars", "![]Bar", "in order of time"},
};
MEMBERS(bar) = {
	{"kind", "!booking|block", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"turnaround_until", "instant", "until then it is made ready again"},
	{"seat", "integer", "which of the resource's seats, from 0"},
	{"what", "car|desk_out|desk_in|chauffeur|dealer_car|block", "what it takes there"},
	{"booking", "string", NULL},
	{"number", "string", NULL},
	{"status", BOOKING_STATUS, NULL},
	{"at_risk", "boolean", NULL},
	{"pinned", "boolean", NULL},
	{"solution", "string", NULL},
	{"class", "string", NULL},
	{"home_site", "string", "of a booking that another site sends its car for"},
	{"customer_name", "string", NULL},
	{"block", "string", NULL},
	{"reason", "string", "of a block; its first 200 bytes"},
};

/* ---- what was refused ---- */

MEMBERS(demand) = {
	{"site", "!string", NULL},
	{"month", "!string", "YYYY-MM"},
	{"items", "![]RefusedDemand", "offers join them within the hour, bookings at once"},
	{"cars", "![]ExtraCar", "by class: the first extra car, the second, the third"},
};
MEMBERS(refused_demand) = {
	{"day", "!date", "the first that was wanted"},
	{"days", "!integer", "how many days of the calendar; 0 with other"},
	{"class", "string", "absent: any"},
	{"solution", "!string", NULL},
	{"reason", "!string",
		"as of no-seat; named_seat: that very car; other: too many kinds for one day"},
	{"offers", "!integer", "offers whose best solution was not free"},
	{"bookings", "!integer", "bookings that were refused"},
};
MEMBERS(extra_car) = {
	{"class", "!string", NULL},
	{"extra", "!integer", "how many extra cars there are with this one"},
	{"saved", "!integer", "refusals that this one more would have made a yes"},
	{"days", "![]date", "on which all of them would have been out"},
};

/* ---- what was done ---- */

#define CAR_TIME                                                                                  \
	{"cars", "!integer", "in service; of more days the most on one"},                         \
		{"in_service_minutes", "!integer", "all day and night, of all cars"},             \
		{"used_minutes", "!integer", "of them those in which a car was out or promised"}, \
		{"blocked_minutes", "!integer", "of them those of blocks"},                       \
	{                                                                                         \
		"used_per_mille", "!?integer", "utilisation; null: nothing was in service"        \
	}
MEMBERS(figures) = {
	{"site", "!string", NULL},
	{"from", "!date", NULL},
	{"until", "!date", "not among them"},
	{"currency", "!string", NULL},
	{"utilisation", "![]DayUse", "by day, then class"},
	{"classes", "![]ClassUse", NULL},
	{"total", "!ClassUse", "of all classes"},
	{"demand", "![]RefusedKind", "the refused-demand book of these days"},
	{"payers", "![]PayerCost", "what each payer pays for mobility that began on these days"},
	{"summary", "!FiguresSummary", NULL},
};
MEMBERS(day_use) = {
	{"day", "!date", NULL},
	{"class", "!string", NULL},
	CAR_TIME,
};
MEMBERS(class_use) = {
	{"class", "string", "absent: all"},
	CAR_TIME,
	{"loans", "!integer", "that began on these days"},
	{"loans_per_car_month_milli", "!?integer", "turn rate, in thousandths; null as above"},
	{"returns", "!integer", "loans that came back on these days"},
	{"late", "!integer", "of them those later than agreed, by more than grace_minutes"},
	{"late_per_mille", "!?integer", NULL},
	{"median_minutes", "!?integer", "how long they lasted; null: none came back"},
	{"p90_minutes", "!?integer", "nine of ten lasted no longer"},
};
MEMBERS(refused_kind) = {
	{"class", "string", "absent: any"},
	{"solution", "!string", NULL},
	{"reason", "!string", "as in RefusedDemand"},
	{"offers", "!integer", NULL},
	{"bookings", "!integer", NULL},
};
MEMBERS(payer_cost) = {
	{"payer", "!string", "customer: what customers pay themselves"},
	{"bookings", "!integer", "of which it pays something"},
	{"amount_minor", "!integer", NULL},
};
MEMBERS(figures_summary) = {
	{"overdue_now", "!integer", "cars out beyond what was agreed and grace_minutes"},
	{"promises", "!integer", "bookings that began on these days"},
	{"broken", "!integer", "of them those that lost their seat and did not get one in time"},
	{"broken_per_mille", "!?integer", NULL},
	{"visits", "!integer", "opened on these days"},
	{"visits_asked", "!integer",
		"of them those where it is known how many solutions there were"},
	{"visits_two", "!integer", "of those: two or more to choose from"},
	{"visits_two_per_mille", "!?integer", NULL},
	{"given", "!integer", "mobility that began on these days and was really given"},
	{"given_free", "!integer", "of it that for which the customer paid less than its price"},
	{"value_minor", "!integer", "how much less: the value of free mobility"},
};

/* ---- who is touched ---- */

MEMBERS(way) = {
	{"kind", "!seat|class|solution|date", "what would be another"},
	{"solution", "!string", NULL},
	{"class", "!?string", NULL},
	{"instead_of", "string", "the promised class, which the site lets this one stand in for"},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
};
#define TOUCHED                                                                    \
	{"number", "string", "of the booking"}, {"customer_name", "string", NULL}, \
		{"phone", "string", NULL}, {"status", BOOKING_STATUS, NULL},       \
		{"solution", "string", NULL}, {"class", "string", NULL},           \
		{"from", "!instant", NULL}, {"until", "!instant", NULL},           \
	{                                                                          \
		"ways", "[]Way", "out of it, all free, the least disturbing first" \
	}
MEMBERS(hurt) = {
	{"booking", "string", "a booking, or"},
	{"block", "string", "a block, which has no ways out, or"},
	{"visit", "string", "somebody whom this advisor expects"},
	TOUCHED,
};
MEMBERS(ripple) = {
	{"booking", "!string", NULL},
	{"at_risk", "!boolean", NULL},
	TOUCHED,
};
MEMBERS(moved) = {
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"customer_name", "string", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"resource_from", "!string", NULL},
	{"resource_to", "!string", NULL},
};
#define WOULD_DO                                                                            \
	{"possible", "!boolean", NULL}, {"reason", "string", "the problem type, if not"},   \
		{"moves", "![]Moved", "who would find another seat by himself"},            \
		{"hurt", "![]Hurt", "who would lose his seat, or stands against it"},       \
		{"terms", "Terms", "the booking's new ones, where they are decided again"}, \
	{                                                                                   \
		"alternatives", "[]Alternative", "with no-seat: what is really free"        \
	}
MEMBERS(preview) = {
	{"preview", "!boolean", "true: nothing was changed"},
	WOULD_DO,
};
MEMBERS(extension) = {
	{"booking", "!string", "the loan that ends too early"},
	{"number", "!string", NULL},
	{"until", "!instant", "the first return after the car is ready"},
	WOULD_DO,
};
MEMBERS(alarm) = {
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"resource", "!string", NULL},
	{"customer_name", "string", NULL},
	{"phone", "string", NULL},
	{"expected_at", "!instant", NULL},
	{"overdue", "!boolean", NULL},
	{"next", "!AlarmNext", NULL},
};
MEMBERS(alarm_next) = {
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"customer_name", "string", NULL},
	{"phone", "string", NULL},
	{"from", "!instant", NULL},
};
MEMBERS(alarms) = {{"items", "![]Alarm", "by when they are due"}};

/* ---- search ---- */

MEMBERS(found_vehicle) = {
	{"kind", "!vehicle|", NULL},
	{"vin", "!string", NULL},
	{"plate", "string", NULL},
	{"model", "string", NULL},
	{"customer", "string", "the owner"},
	{"name", "string", "of the owner"},
};
MEMBERS(found_customer) = {
	{"kind", "!customer|", NULL},
	{"customer", "!string", NULL},
	{"name", "string", NULL},
	{"phone", "string", NULL},
};
MEMBERS(found_booking) = {
	{"kind", "!booking|", NULL},
	{"booking", "!string", NULL},
	{"number", "!string", NULL},
	{"visit", "!string", NULL},
	{"site", "!string", NULL},
	{"status", "!" BOOKING_STATUS, NULL},
	{"at_risk", "!boolean", NULL},
	{"solution", "!string", NULL},
	{"class", "string", NULL},
	{"resource", "string", NULL},
	{"from", "!instant", NULL},
	{"until", "!instant", NULL},
	{"customer", "string", NULL},
	{"customer_name", "string", NULL},
	{"vin", "string", NULL},
	{"repair_order", "string", NULL},
};
MEMBERS(found_resource) = {
	{"kind", "!resource|", NULL},
	{"resource", "!string", NULL},
	{"resource_kind", "!Resource/properties/kind", NULL},
	{"site", "!string", NULL},
	{"status", "!Resource/properties/status", NULL},
	{"label", "!string", NULL},
	{"class", "!string", NULL},
	{"plate", "string", NULL},
};
MEMBERS(found_visit) = {
	{"kind", "!visit|", NULL},
	{"visit", "!string", NULL},
	{"site", "!string", NULL},
	{"drop_off_at", "!instant", NULL},
	{"ready_at", "!instant", NULL},
	{"vin", "string", NULL},
	{"customer", "string", NULL},
	{"name", "string", "of the customer"},
	{"repair_order", "string", NULL},
};
#define FOUND "FoundVehicle|FoundCustomer|FoundBooking|FoundResource|FoundVisit"
MEMBERS(search) = {{"items", "![]" FOUND, "best first"}};

/* ---- imports ---- */

#define IMPORT_STATE \
	"waiting|reading|writing|undoing|checked|done|failed|stopped|undone|interrupted"
MEMBERS(import_column) = {
	{"column", "!string", "as the file has it"},
	{"member", "!?string", "what it was taken for; null: it is passed over"},
};
MEMBERS(import_line) = {
	{"detail", "!string", NULL},
	{"line", "!integer", "of the file, where the row begins; 0: none"},
	{"pointer", "!string", "the member; of an undo the object"},
};
MEMBERS(import_understood) = {
	{"columns", "[]ImportColumn", "of a CSV"},
	{"encoding", "string", NULL},
	{"rows", "!integer", "without a fault"},
	{"sample", "![]any", "the first rows in the form that is kept"},
	{"separator", "string", "of a CSV"},
};
MEMBERS(import_counts) = {
	{"changed", "!integer", NULL},
	{"created", "!integer", NULL},
	{"kept", "!integer", "values typed here later, which stay"},
	{"not_yet", "!integer", "bookings that lie ahead of the import"},
	{"over", "!integer", "bookings that were over already"},
	{"refused", "!integer", NULL},
	{"same", "!integer", "as before"},
};
MEMBERS(import_undone) = {
	{"at", "instant", "when it was over"},
	{"by", "string", NULL},
	{"stays", "!integer", "what could not be taken back"},
	{"taken_back", "!integer", NULL},
	{"why", "[]ImportLine", "while this server remembers it"},
};
MEMBERS(import_progress) = {
	{"all", "!integer", "bytes while it reads, rows while it writes"},
	{"done", "!integer", NULL},
};
MEMBERS(import) = {
	{"asked_by", "!string", NULL},
	{"begun_at", "!instant", NULL},
	{"counts", "!ImportCounts", NULL},
	{"dry_run", "!boolean", NULL},
	{"ended_at", "instant", NULL},
	{"faults", "[]ImportLine", "the first thousand, while this server remembers them"},
	{"faults_total", "integer", NULL},
	{"file", "!string", "its name"},
	{"import", "!string", NULL},
	{"kept", "[]ImportLine", "what stays as it was typed here, and what the file says"},
	{"kind", "!string", NULL},
	{"progress", "ImportProgress", "until it is over"},
	{"rejected", "!boolean", "a file of the rejected rows is kept"},
	{"sha256", "!string", "of the file"},
	{"state", "!" IMPORT_STATE,
		"interrupted: its server ended before it could; the same file goes on"},
	{"stopped_by", "string", "what kept it from its end: `asked`, or a problem's slug"},
	{"understood", "ImportUnderstood", "of the file"},
	{"undone", "ImportUndone", NULL},
};

/* ---- lists ---- */

#define LIST_OF(id, type, next)                                \
	MEMBERS(id) = {                                        \
		{"items", "![]" type, NULL},                   \
		{"next", next, "the cursor of the next page"}, \
	}
LIST_OF(sites, "Site", "!?string");
LIST_OF(resources, "ResourceStored", "!?string");
LIST_OF(rulesets, "Ruleset", "!?string");
LIST_OF(claims, "Claim", "!?string");
LIST_OF(claims_stored, "ClaimStored", "!?string");
LIST_OF(tasks, "Task", "!?string");
LIST_OF(waiting, "Waiting", "!?string");
LIST_OF(imports, "Import", "!?string");
/* There are never so many that they would come in pages. */
MEMBERS(attachments) = {
	{"items", "![]Attachment", NULL},
};
/* The bookings of one visit are answered whole, without a cursor. */
LIST_OF(bookings, "Booking", "?string");

const struct openapi_schema openapi_lookups[] = {
	ANSWER(session, "Session", "who is signed in"),
	ANSWER(user, "User", "somebody who may sign in"),
	ANSWER(user_list, "UserList", NULL),
	ANSWER(token, "Token", "a program that may ask"),
	ANSWER(token_list, "TokenList", NULL),
	ANSWER(webhook, "Webhook", "another system that is told what changes"),
	ANSWER(webhook_list, "WebhookList", NULL),
	ANSWER(webhook_tested, "WebhookTested", NULL),
	ANSWER(availability, "Availability", NULL),
	ANSWER(next_date, "NextDate", NULL),
	ANSWER(next_dates, "NextDates", NULL),
	ANSWER(board, "Board", NULL),
	ANSWER(lane, "Lane", "a resource with its bars"),
	ANSWER(bar, "Bar", "a booking or block where it stands"),
	ANSWER(demand, "Demand", "a month of the refused-demand book"),
	ANSWER(refused_demand, "RefusedDemand", "how often the same was refused"),
	ANSWER(extra_car, "ExtraCar", NULL),
	ANSWER(figures, "Figures", "what the fleet did on some days"),
	ANSWER(day_use, "DayUse", "a class on a day"),
	ANSWER(class_use, "ClassUse", "a class on all of these days"),
	ANSWER(refused_kind, "RefusedKind", "how often the same was refused"),
	ANSWER(payer_cost, "PayerCost", NULL),
	ANSWER(figures_summary, "FiguresSummary", "what has no class"),
	ANSWER(way, "Way", "a way out: what is really free instead"),
	ANSWER(hurt, "Hurt", "whom to call, and what to propose"),
	ANSWER(ripple, "Ripple", "a booking with the ways out, where it is at risk"),
	ANSWER(moved, "Moved", "a promise that changes its seat"),
	ANSWER(preview, "Preview", "what a change would do"),
	ANSWER(extension, "Extension", "what extending the visit's loan would do"),
	ANSWER(alarm, "Alarm", "a car out, and whom it touches if it is late"),
	ANSWER(alarm_next, "AlarmNext", NULL),
	ANSWER(alarms, "AlarmList", NULL),
	ANSWER(found_vehicle, "FoundVehicle", NULL),
	ANSWER(found_customer, "FoundCustomer", NULL),
	ANSWER(found_booking, "FoundBooking", NULL),
	ANSWER(found_resource, "FoundResource", NULL),
	ANSWER(found_visit, "FoundVisit", NULL),
	ANSWER(search, "SearchResults", NULL),
	ANSWER(sites, "SiteList", NULL),
	ANSWER(resources, "ResourceList", NULL),
	ANSWER(rulesets, "RulesetList", NULL),
	ANSWER(claims, "ClaimList", NULL),
	ANSWER(claims_stored, "ClaimStoredList", NULL),
	ANSWER(tasks, "TaskList", NULL),
	ANSWER(waiting, "WaitingList", NULL),
	ANSWER(import, "Import", "a file of another system, and what became of it"),
	ANSWER(import_column, "ImportColumn", NULL),
	ANSWER(import_line, "ImportLine", NULL),
	ANSWER(import_understood, "ImportUnderstood", NULL),
	ANSWER(import_counts, "ImportCounts", NULL),
	ANSWER(import_undone, "ImportUndone", NULL),
	ANSWER(import_progress, "ImportProgress", NULL),
	ANSWER(imports, "ImportList", NULL),
	ANSWER(attachments, "AttachmentList", NULL),
	ANSWER(bookings, "BookingList", NULL),
};
const size_t openapi_lookups_len = ARRAY_LEN(openapi_lookups);
