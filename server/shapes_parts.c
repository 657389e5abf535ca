/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shapes_parts.h"

#include "fleet/external.h"
#include "rules/decision.h"
#include "rules/money.h"

/* ---- words and texts ---- */

PART(id, WORD(FORMAT_ID));
PART(slug, WORD(FORMAT_SLUG));
PART(vin, WORD(FORMAT_VIN));
PART(date, WORD(FORMAT_DATE));
PART(person_date, WORD(FORMAT_PERSON_DATE));
PART(instant, WORD(FORMAT_INSTANT));
PART(minute_of_day, WORD(FORMAT_MINUTE));
PART(language, WORD(FORMAT_LANGUAGE));
PART(name, LINE(NAME_BYTES));
PART(short, LINE(SHORT_BYTES));
PART(text, .type = SHAPE_STRING, .format = FORMAT_TEXT, .min = 1, .max = TEXT_BYTES);
PART(phone, LINE(PHONE_BYTES));
PART(plate, LINE(PLATE_BYTES));
/* Empty means none, as in the worked cases (S5.11, S13). */
PART(reference, .type = SHAPE_STRING, .max = SHORT_BYTES);

/* ---- figures ---- */

PART(bool, .type = SHAPE_BOOL);
PART(percent, INTEGER(0, PERCENT));
PART(odometer, INTEGER(0, ODOMETER_MAX_KM));
PART(distance, INTEGER(0, DISTANCE_MAX_KM));
PART(money, INTEGER(0, MONEY_MAX));

/* ---- lists ---- */

enum { SLUGS_MAX = 64 };
PART(slugs, LIST(SLUGS_MAX, slug));

static const char *const places[] = {"desk", "doorstep", "key_box", "other_site", NULL};
PART(place, ONE_OF(places));

/* ---- damage to a car, as it is marked on the drawing of one ---- */

enum { DAMAGES_MAX = 50 };
static const char *const damage_zones[] = {"front_bumper", "bonnet", "windscreen", "roof",
	"rear_window", "boot", "rear_bumper", "left_front_wing", "left_front_door",
	"left_rear_door", "left_rear_wing", "right_front_wing", "right_front_door",
	"right_rear_door", "right_rear_wing", "left_front_wheel", "left_rear_wheel",
	"right_front_wheel", "right_rear_wheel", "left_mirror", "right_mirror", "interior",
	NULL};
static const char *const damage_kinds[] = {
	"scratch", "dent", "chip", "crack", "broken", "missing", "stain", NULL};
static const struct shape part_damage_zone = {ONE_OF(damage_zones)};
static const struct shape part_damage_kind = {ONE_OF(damage_kinds)};
static const struct field damage_fields[] = {
	NEEDS("zone", damage_zone, "left and right as one sits in the car"),
	NEEDS("kind", damage_kind, NULL),
	MAY("note", text, NULL),
};
/* Or in free words, for what no drawing shows. */
static const struct shape part_damage = {OBJECT(damage_fields), .or_else = &part_text};
PART(damages, LIST(DAMAGES_MAX, damage));

/* ---- a job of the visit ---- */

static const struct shape part_immobilisation = {INTEGER(0, IMMOBILISATION_MAX_MINUTES)};
static const struct field job_fields[] = {
	NEEDS("type", slug, "a job type of the rule set"),
	NEEDS("immobilisation_minutes", immobilisation, "how long the car cannot be used"),
};
const struct shape part_job = {.name = "Job", OBJECT(job_fields)};
PART(jobs, LIST(JOBS_MAX, job), .min = 1);

/* ---- a coverage of the customer's car ---- */

enum { SUSPENDED_DAYS_MAX = 36500, USES_MAX = 10000 };
OPTIONAL_PART(suspended_days, INTEGER(0, SUSPENDED_DAYS_MAX));
OPTIONAL_PART(uses, INTEGER(0, USES_MAX));
static const struct field coverage_fields[] = {
	NEEDS("programme", id, "a programme of the rule set"),
	MAY("start_on", date, "first day, included"),
	MAY("ends_on", date, "last day, included; without it the programme's months count"),
	MAY("owner_id", id, "for whom it was taken out (programmes that do not move with the car)"),
	MAY("suspended_days", suspended_days, "days by which the end moves on"),
	MAY("uses", uses, "how often it was used when it was read"),
	MAY("claim_ref", reference, "the insurer's claim"),
	MAY("source", name, "where it was read"),
	MAY("read_at", instant, NULL),
};
const struct shape part_coverage = {.name = "Coverage", OBJECT(coverage_fields)};
PART(coverages, LIST(COVERAGES_MAX, coverage));

/* ---- a driving licence ---- */

enum { CATEGORIES_MAX = 16 };
static const struct field category_fields[] = {
	NEEDS("code", id, "B, BE, ..."),
	NEEDS("since", person_date, "the date that counts is the category's, not the card's"),
};
static const struct shape part_category = {OBJECT(category_fields)};
OPTIONAL_PART(categories, LIST(CATEGORIES_MAX, category));
static const struct field licence_fields[] = {
	MAY("number", short, NULL),
	MAY("country", id, NULL),
	MAY("categories", categories, NULL),
	MAY("expires_on", person_date, NULL),
};
PART(person_licence, OBJECT(licence_fields));

/* ---- who else drives ---- */

enum { DRIVERS_MAX = 8 };
static const struct field other_driver_fields[] = {
	NEEDS("name", name, NULL),
	MAY("birth_on", person_date, NULL),
	MAY("licence", person_licence, NULL),
	MAY("phone", phone, NULL),
};
static const struct shape part_other_driver = {OBJECT(other_driver_fields)};
PART(drivers, LIST(DRIVERS_MAX, other_driver));

/* ---- what other systems call it ---- */

static const struct field external_fields[] = {
	NEEDS("system", id, NULL),
	NEEDS("id", short, NULL),
};
static const struct shape part_external_id = {OBJECT(external_fields)};
PART(external, LIST(EXTERNAL_MAX, external_id));
