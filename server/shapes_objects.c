/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The objects that are PUT (contract.md section 3). Required is what has no natural reading when it
 * is absent: a missing list is empty, a missing flag is false, a missing number plate is none.
 */

#include "fleet/booking.h"
#include "rules/appointment.h"
#include "rules/decision.h"
#include "rules/opening.h"
#include "server/shapes_parts.h"

/* ---- site: opening hours ---- */

/* Each weekday at most its four spans, even where every row names one day only. */
enum { OPENING_ROWS_MAX = 7 * OPENING_SPANS_MAX, WEEKDAYS = 7 };
static const struct shape part_weekday = {INTEGER(1, WEEKDAYS)};
static const struct shape part_weekdays = {LIST(WEEKDAYS, weekday), .min = 1};
static const struct field opening_fields[] = {
	NEEDS("days", weekdays, "ISO 8601: 1 Monday to 7 Sunday"),
	NEEDS("from", minute_of_day, NULL),
	NEEDS("until", minute_of_day, "half-open; 24:00 is midnight at the day's end"),
};
static const struct shape part_opening_row = {OBJECT(opening_fields)};
static const struct shape part_opening = {LIST(OPENING_ROWS_MAX, opening_row)};

static const struct field hours_fields[] = {
	NEEDS("from", minute_of_day, NULL),
	NEEDS("until", minute_of_day, NULL),
};
static const struct shape part_hours = {OBJECT(hours_fields)};
static const struct shape part_day_hours = {LIST(OPENING_SPANS_MAX, hours)};
static const struct field special_fields[] = {
	NEEDS("date", date, NULL),
	NEEDS("opening", day_hours, "hours of that day; empty = closed"),
};
static const struct shape part_special_day = {OBJECT(special_fields)};
OPTIONAL_PART(special_days, LIST(SPECIAL_DAYS_MAX, special_day));
OPTIONAL_PART(holidays, LIST(HOLIDAYS_MAX, date));

/* ---- site: tariff ---- */

/* Which of the figures a unit needs is read by site_terms_read(); here they only have to be sane.
 */
enum { TRIPS_MAX = 20, LEGS_MAX = 10, KM_PER_DAY_MAX = 10000 };
static const char *const units[] = {"day", "trip", "leg", "none", NULL};
static const struct shape part_unit = {ONE_OF(units)};
OPTIONAL_PART(trips, INTEGER(0, TRIPS_MAX));
OPTIONAL_PART(legs, INTEGER(0, LEGS_MAX));
OPTIONAL_PART(km_per_day, INTEGER(0, KM_PER_DAY_MAX));
static const struct field class_tariff_fields[] = {
	MAY("price", money, "minor units a day or trip, instead of the solution's"),
	MAY("km_per_day", km_per_day, "kilometres in the price"),
	MAY("extra_km", money, "minor units for each further kilometre"),
	MAY("deposit_minor", money, NULL),
	MAY("excess_minor", money, "the driver's share of a damage"),
};
static const struct shape part_class_tariff = {OBJECT(class_tariff_fields)};
OPTIONAL_PART(class_tariffs, .type = SHAPE_MAP, .key_format = FORMAT_SLUG, .max = CLASS_TARIFFS_MAX,
	.element = &part_class_tariff);
static const struct field tariff_fields[] = {
	NEEDS("unit", unit, "how the price is counted (S8, S12)"),
	MAY("price", money, "minor units a day or trip"),
	MAY("trips", trips, NULL),
	MAY("legs", legs, NULL),
	MAY("base", money, "minor units a leg, before its kilometres"),
	MAY("per_km", money, "minor units a kilometre of a leg"),
	MAY("classes", class_tariffs, "by class of car"),
};
const struct shape part_tariff = {.name = "Tariff", OBJECT(tariff_fields)};
static const struct shape part_tariffs = {.type = SHAPE_MAP,
	.key_format = FORMAT_SLUG,
	.max = SOLUTIONS_MAX,
	.element = &part_tariff};

/* ---- site ---- */

/* A text of the house is one for all languages, or one for each. */
enum { TEXTS_MAX = 64, LANGUAGES_OF_TEXT_MAX = 16, HOUSE_TEXT_BYTES = 16 << 10 };
static const struct shape part_house_text = {
	.type = SHAPE_STRING, .format = FORMAT_TEXT, .min = 1, .max = HOUSE_TEXT_BYTES};
static const struct shape part_text_by_language = {.type = SHAPE_MAP,
	.key_format = FORMAT_LANGUAGE,
	.max = LANGUAGES_OF_TEXT_MAX,
	.element = &part_house_text};
static const struct shape part_text_or_texts = {.type = SHAPE_STRING,
	.format = FORMAT_TEXT,
	.min = 1,
	.max = HOUSE_TEXT_BYTES,
	.or_else = &part_text_by_language};
OPTIONAL_PART(texts, .type = SHAPE_MAP, .key_format = FORMAT_ID, .max = TEXTS_MAX,
	.element = &part_text_or_texts);

enum { DESK_MINUTES_MAX = 8 * 60, FRESH_DAYS_MAX = 366 };
static const struct shape part_zone = {WORD(FORMAT_ZONE)};
static const struct shape part_currency = {WORD(FORMAT_CURRENCY)};
static const struct shape part_grace = {INTEGER(0, MINUTES_DAY - 1)};
static const struct shape part_desk_minutes = {INTEGER(0, DESK_MINUTES_MAX)};
OPTIONAL_PART(tax, INTEGER(0, BASIS_POINTS));
OPTIONAL_PART(minutes_of_day, INTEGER(0, MINUTES_DAY));
OPTIONAL_PART(minutes_of_month, INTEGER(0, MINUTES_MONTH));
OPTIONAL_PART(hold_minutes, INTEGER(HOLD_MINUTES_MIN, HOLD_MINUTES_MAX));
OPTIONAL_PART(fresh_days, INTEGER(0, FRESH_DAYS_MAX));

enum { PROTECTED_MAX = 32, PROTECTED_SEATS_MAX = 100, SETTLED_HOURS_MAX = 14 * 24 };
static const char *const rights[] = {"return", "warranty", "immobile", NULL};
static const struct shape part_right = {ONE_OF(rights)};
OPTIONAL_PART(rights, LIST(ARRAY_LEN(rights), right));
static const struct shape part_protected_seats = {INTEGER(1, PROTECTED_SEATS_MAX)};
static const struct shape part_protected_days = {INTEGER(0, DAYS_YEAR)};
static const struct field protected_fields[] = {
	MAY("class", slug, "absent = of each class"),
	NEEDS("seats", protected_seats, "so many are kept back"),
	NEEDS("days", protected_days, "from bookings that start more than so many days ahead"),
	MAY("for", rights, "but given to a return to the workshop, warranty, immobile cars"),
};
static const struct shape part_protected_one = {OBJECT(protected_fields)};
OPTIONAL_PART(protected, LIST(PROTECTED_MAX, protected_one));
OPTIONAL_PART(settled_hours, INTEGER(0, SETTLED_HOURS_MAX));

enum { UPGRADES_MAX = 32, UPGRADE_CLASSES_MAX = 8 };
static const struct shape part_upgrade_classes = {LIST(UPGRADE_CLASSES_MAX, slug)};
static const struct field upgrade_fields[] = {
	NEEDS("class", slug, "that was asked for and is full"),
	NEEDS("to", upgrade_classes, "may stand in, at its price, best first"),
};
static const struct shape part_upgrade = {OBJECT(upgrade_fields)};
OPTIONAL_PART(upgrades, LIST(UPGRADES_MAX, upgrade));

enum { CUSTOMERS_A_DAY_MAX = 200, WORKSHOP_MINUTES_MAX = 200 * MINUTES_DAY };
static const char *const latest_ways[] = {"48_hours", "two_working_days", NULL};
OPTIONAL_PART(latest_way, ONE_OF(latest_ways));
static const struct shape part_received = {INTEGER(5, APPOINTMENT_MINUTES_MAX)};
OPTIONAL_PART(received, INTEGER(5, APPOINTMENT_MINUTES_MAX));
static const struct shape part_customers = {INTEGER(1, CUSTOMERS_A_DAY_MAX)};
static const struct shape part_work = {INTEGER(0, MINUTES_MONTH)};
OPTIONAL_PART(workshop, INTEGER(0, WORKSHOP_MINUTES_MAX));
OPTIONAL_PART(hours_of_week, LIST(APPOINTMENT_HOURS_MAX, opening_row));
static const struct shape part_times = {LIST(APPOINTMENT_TIMES_MAX, minute_of_day), .min = 1};
static const struct field template_fields[] = {
	NEEDS("work_minutes", work, "for work of at least so many minutes"),
	NEEDS("times", times, "of the day, on the quarter hour: offered first (CIT-4.8, CIT-4.9)"),
};
static const struct shape part_template = {OBJECT(template_fields)};
OPTIONAL_PART(templates, LIST(APPOINTMENT_TEMPLATES_MAX, template));
static const struct field appointments_fields[] = {
	NEEDS("reception_minutes", received, "of an advisor for each customer (CIT-5.5)"),
	MAY("hand_back_minutes", received, "absent = as the reception"),
	NEEDS("customers_per_day", customers, "of each advisor, urgent ones on top (CIT-4.3)"),
	MAY("workshop_minutes_per_day", workshop, "of work; 0, absent = not counted (CIT-4.1)"),
	MAY("workshop_kept_minutes", workshop, "of them, for urgent work alone (CIT-4.6)"),
	MAY("latest", latest_way,
		"of a warranty repair or a comeback (AVT-S1, CIT-2.2); absent = 48_hours"),
	MAY("reserved", hours_of_week, "for urgent work alone (CIT-4.6)"),
	MAY("peak", hours_of_week, "given a week ahead at the earliest (CIT-4.10)"),
	MAY("templates", templates, "times by the length of the work"),
};
OPTIONAL_PART(appointments, OBJECT(appointments_fields));

enum { SUSPENDING_WORDS_MAX = 32 };
enum { DEADLINES_MAX = 64 };
static const struct field deadline_fields[] = {
	NEEDS("rule", id, "such as LEX-6: the sentence of the trade that sets the time"),
	MAY("on", bool, "whether it makes tasks here; absent = as the rule itself has it"),
	MAY("owner", id, "whose its tasks are; absent = of whoever made the promise"),
	MAY("escalate_to", id, "who is told of what is overdue; absent = every manager"),
};
static const struct shape part_deadline = {OBJECT(deadline_fields)};
OPTIONAL_PART(deadlines, LIST(DEADLINES_MAX, deadline));

OPTIONAL_PART(name_driver_days, INTEGER(1, DAYS_YEAR));
static const struct shape part_suspending_words = {LIST(SUSPENDING_WORDS_MAX, slug)};
static const struct field suspends_fields[] = {
	NEEDS("job_types", suspending_words, "of the repairs that suspend"),
	NEEDS("kinds", suspending_words, "of the programmes that are suspended"),
	MAY("reference", short, "where the law says so"),
};
OPTIONAL_PART(immobilisation_suspends, OBJECT(suspends_fields));
static const struct field site_fields[] = {
	MAY("site", id, "as in the address"),
	NEEDS("name", name, NULL),
	NEEDS("time_zone", zone, NULL),
	NEEDS("market", id, "the programmes' market, such as EU"),
	NEEDS("currency", currency, NULL),
	NEEDS("locale", language, NULL),
	MAY("tax_bp", tax, "value-added tax contained in the prices, in basis points"),
	NEEDS("grace_minutes", grace, "a day more is counted only beyond them (S8)"),
	NEEDS("opening", opening, NULL),
	MAY("special_days", special_days, "days with hours of their own"),
	MAY("holidays", holidays, "closed, and no working days"),
	NEEDS("handover_minutes", desk_minutes, "desk time to explain the work (MAS-4.3)"),
	NEEDS("return_minutes", desk_minutes, "desk time at the return"),
	MAY("collect_minutes", minutes_of_month, "opening time to fetch a car that is ready"),
	MAY("name_driver_days", name_driver_days,
		"days after a notice to name who drove, by the law there (France: 45, L121-6)"),
	MAY("immobilisation_suspends", immobilisation_suspends,
		"what is left of a warranty is suspended while the car is repaired (France: "
		"L217-28)"),
	MAY("late_minutes", minutes_of_day, "how late somebody may come before it is a no-show"),
	MAY("wait_minutes", minutes_of_day, "longest immobilisation for waiting on site"),
	MAY("cover_fresh_days", fresh_days, "how long a cover check counts"),
	MAY("appointments", appointments, "how the desks receive customers; absent = without"),
	MAY("deadlines", deadlines, "which rules of the deadline book hold, and whose they are"),
	MAY("protected", protected, "seats kept back, released by themselves"),
	MAY("settled_hours", settled_hours,
		"so long before hand-over a planned car changes only if it must"),
	MAY("upgrades", upgrades, "classes that may stand in for a full one, never silently"),
	MAY("offer_minutes", minutes_of_month, "how long an offer holds; absent = until a closing"),
	MAY("hold_minutes", hold_minutes, "how long a hold may last; absent = 24 hours"),
	NEEDS("max_service_distance_km", distance, "pick-up and delivery (S7)"),
	NEEDS("accompanied_max_km", distance, "accompanied drive (S7)"),
	NEEDS("tariff", tariffs, "by solution"),
	MAY("texts", texts, "the house's own words, by key and language"),
	MAY("phone", phone, NULL),
	MAY("address", text, NULL),
};
const struct shape shape_site = {.name = "Site", OBJECT(site_fields)};

/* ---- resource ---- */

enum {
	SHARED_SITES_MAX = 32,
	FEATURES_MAX = 32,
	SEATS_MAX = 1000,
	TURNAROUND_MAX = 7 * MINUTES_DAY
};
static const char *const resource_kinds[] = {"car", "chauffeur", "desk", "allotment", NULL};
static const char *const resource_statuses[] = {"active", "blocked", "retired", NULL};
static const struct shape part_resource_kind = {ONE_OF(resource_kinds)};
static const struct shape part_resource_status = {ONE_OF(resource_statuses)};
static const struct shape part_solutions = {LIST(SOLUTIONS_MAX, slug)};
static const struct shape part_transfer = {INTEGER(0, MINUTES_DAY)};
static const struct field shared_fields[] = {
	NEEDS("site", id, NULL),
	NEEDS("transfer_minutes", transfer, "to bring it there"),
};
static const struct shape part_shared = {OBJECT(shared_fields)};
OPTIONAL_PART(shared_with, LIST(SHARED_SITES_MAX, shared));
OPTIONAL_PART(features, LIST(FEATURES_MAX, slug));
OPTIONAL_PART(turnaround, INTEGER(0, TURNAROUND_MAX));
/* Whoever forgets the seats must not get an unlimited car: required, and null only on purpose. */
static const struct shape part_seats = {INTEGER(1, SEATS_MAX), .nullable = true};
static const struct field now_fields[] = {
	MAY("where", name, NULL),
	MAY("key", short, "where its key hangs"),
	MAY("ready", bool, NULL),
	MAY("fuel_percent", percent, NULL),
	MAY("charge_percent", percent, NULL),
	MAY("damages", damages, NULL),
};
OPTIONAL_PART(now, OBJECT(now_fields));

static const struct field resource_fields[] = {
	MAY("resource", id, "as in the address"),
	NEEDS("site", id, NULL),
	MAY("shared_with", shared_with, NULL),
	NEEDS("kind", resource_kind, NULL),
	NEEDS("solutions", solutions, "what it may serve"),
	NEEDS("class", slug, "what is promised; a key of the tariff's classes"),
	NEEDS("label", name, NULL),
	MAY("plate", plate, NULL),
	MAY("vin", vin, NULL),
	MAY("features", features, NULL),
	MAY("energy", slug, NULL),
	NEEDS("seats", seats, "1 for a car, how many for an allotment, null = unlimited"),
	MAY("turnaround_minutes", turnaround, "the same for all of a class at a site"),
	MAY("in_service_on", date, NULL),
	MAY("out_of_service_on", date, NULL),
	MAY("insurance_until", date, NULL),
	MAY("inspection_until", date, NULL),
	MAY("odometer_km", odometer, NULL),
	MAY("now", now, NULL),
	NEEDS("status", resource_status, NULL),
};
const struct shape shape_resource = {.name = "Resource", OBJECT(resource_fields)};

/* ---- customer ---- */

/* Everything under `person` is sealed with the customer's own key before it is stored. */
static const char *const segments[] = {"private", "company", "vip", NULL};
static const char *const channels[] = {"phone", "sms", "email", "letter", "none", NULL};
static const struct shape part_segment = {ONE_OF(segments)};
static const struct shape part_channel = {ONE_OF(channels)};
OPTIONAL_PART(email, LINE(EMAIL_BYTES));
static const struct field person_fields[] = {
	NEEDS("name", name, NULL),
	MAY("title", short, NULL),
	MAY("phone", phone, NULL),
	MAY("email", email, NULL),
	MAY("address", text, NULL),
	MAY("birth_on", person_date, NULL),
	MAY("licence", person_licence, NULL),
};
static const struct shape part_person = {OBJECT(person_fields)};

static const struct field customer_fields[] = {
	MAY("customer", id, "as in the address"),
	MAY("external", external, "the same customer in other systems"),
	NEEDS("segment", segment, NULL),
	NEEDS("language", language, NULL),
	NEEDS("preferred_channel", channel, NULL),
	NEEDS("person", person, "sealed at rest, with a key of its own"),
};
const struct shape shape_customer = {.name = "Customer", OBJECT(customer_fields)};

static const struct field merge_fields[] = {
	NEEDS("into", id, "the customer that stays"),
};
const struct shape shape_merge = {.name = "Merge", OBJECT(merge_fields)};

/* ---- vehicle ---- */

/* Coverages are bounded as the decision is: thirty-two a car. */
enum { FLAGS_MAX = 32, CAMPAIGNS_MAX = 64 };
static const struct shape part_flag = {LINE(NAME_BYTES)};
OPTIONAL_PART(flags, LIST(FLAGS_MAX, flag));
static const struct field campaign_fields[] = {
	NEEDS("number", short, NULL),
	NEEDS("open", bool, NULL),
	MAY("read_at", instant, NULL),
};
static const struct shape part_campaign = {OBJECT(campaign_fields)};
OPTIONAL_PART(campaigns, LIST(CAMPAIGNS_MAX, campaign));
static const struct field checked_fields[] = {
	NEEDS("at", instant, NULL),
	MAY("by", name, NULL),
	MAY("source", name, NULL),
};
OPTIONAL_PART(cover_checked, OBJECT(checked_fields));

static const struct field vehicle_fields[] = {
	MAY("vin", vin, "as in the address"),
	MAY("external", external, NULL),
	MAY("plate", plate, NULL),
	NEEDS("model", name, NULL),
	MAY("owner", id, "a customer"),
	MAY("odometer_km", odometer, "the last known reading"),
	MAY("immobile", bool, "it cannot be driven"),
	MAY("warranty_locked", bool, NULL),
	MAY("flags", flags, "for staff only"),
	MAY("campaigns", campaigns, NULL),
	MAY("cover_checked", cover_checked, "when its cover was last looked up"),
	MAY("coverages", coverages, NULL),
};
const struct shape shape_vehicle = {.name = "Vehicle", OBJECT(vehicle_fields)};

/* ---- rule set: the frame only, ruleset_read() looks inside ---- */

static const struct shape part_anything = {.type = SHAPE_ANY};
OPTIONAL_PART(anything, .type = SHAPE_ANY);
static const struct field ruleset_fields[] = {
	MAY("version", id, "as in the address"),
	NEEDS("valid_from", date, "applies to drop-offs from this day on"),
	NEEDS("solution_order", anything, "the order in which solutions are read out"),
	MAY("solutions", anything, "solutions beyond the nine"),
	NEEDS("job_types", anything, NULL),
	NEEDS("segments", anything, NULL),
	NEEDS("driver_limits", anything, NULL),
	NEEDS("programmes", anything, NULL),
	NEEDS("documents_by_solution", anything, NULL),
	MAY("documents", anything, NULL),
	NEEDS("condition_rules", anything, NULL),
	MAY("claim_profiles", anything, "what claims need beside no finding, by maker and market"),
};
const struct shape shape_ruleset = {.name = "Ruleset", OBJECT(ruleset_fields)};
