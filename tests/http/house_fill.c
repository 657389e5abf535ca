/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What house_fill() puts into an empty house: little, and enough for every way of booking. */

#include "tests/http/house.h"

static const char site[] =
	"{\"name\":\"House of tests (invented)\",\"time_zone\":\"Europe/Paris\",\"market\":\"EU\","
	"\"currency\":\"EUR\",\"locale\":\"en\",\"grace_minutes\":59,"
	"\"opening\":[{\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\",\"until\":\"24:00\"}],"
	"\"handover_minutes\":15,\"return_minutes\":15,\"offer_minutes\":1440,"
	"\"max_service_distance_km\":80,\"accompanied_max_km\":25,\"tariff\":{"
	"\"loaner_brand\":{\"unit\":\"day\",\"price\":9000,\"classes\":{"
	"\"levante\":{\"price\":12000}}},"
	"\"rental\":{\"unit\":\"day\",\"price\":7000},"
	"\"taxi\":{\"unit\":\"trip\",\"trips\":2,\"price\":2600}},"
	"\"phone\":\"+33 4 65 71 00 99\",\"address\":\"9 rue de l'Essai, 69000 Lyon\"}";

#define EVERY_BENEFIT                                                                    \
	"\"cost_code\":\"75\",\"overnight_required\":false,\"immobile_required\":false," \
	"\"from_day\":1,\"day_count\":\"rental_day\",\"max_per_day\":null,"              \
	"\"max_distance_km\":null,"

static const char ruleset[] =
	"{\"valid_from\":\"2020-01-01\",\"solution_order\":[\"loaner_brand\",\"loaner_other\","
	"\"rental\",\"pickup_delivery\",\"pickup\",\"delivery\",\"taxi\",\"accompanied_drive\","
	"\"public_transport\"],\"job_types\":[\"warranty_repair\",\"maintenance\"],"
	"\"segments\":[\"private\",\"company\",\"vip\"],\"driver_limits\":{},\"programmes\":[{"
	"\"id\":\"TESTWAR\",\"name\":\"Test warranty\",\"kind\":\"manufacturer_warranty\","
	"\"payer\":\"manufacturer\",\"priority\":10,\"requires_coverage\":true,"
	"\"markets\":[\"EU\"],\"months\":240,\"odometer_limit_km\":null,\"transferable\":true,"
	"\"continues_after_expiry\":true,\"voided_by_lock\":true,\"needs_open_campaign\":false,"
	"\"needs_claim_ref\":false,\"segments\":null,\"max_uses\":null,"
	"\"job_types\":[\"warranty_repair\"],\"benefits\":{"
	"\"loaner_brand\":{" EVERY_BENEFIT
	"\"more_than_minutes\":210,\"max_days\":4,\"max_amount\":null},"
	"\"taxi\":{" EVERY_BENEFIT "\"more_than_minutes\":0,\"max_days\":null,\"max_amount\":12000}"
	"}}],\"documents_by_solution\":{},\"condition_rules\":[]}";

static void put(struct house *h, const char *path, struct str body)
{
	(void)house_must(h, NULL, "PUT", path, NULL, body, 201);
}

static void put_resource(struct house *h, const char *id, const char *kind, const char *solution,
	const char *class, const char *seats)
{
	struct str path = text_make("/v1/resources/%s", id);
	struct str body = text_make("{\"site\":\"LYO\",\"kind\":\"%s\",\"solutions\":[\"%s\"],"
				    "\"class\":\"%s\",\"label\":\"%s\",\"seats\":%s,"
				    "\"turnaround_minutes\":%d,\"status\":\"active\"}",
		kind, solution, class, id, seats, strcmp(kind, "car") == 0 ? 60 : 0);

	put(h, path.p, body);
	text_free(path);
	text_free(body);
}

static void put_customer(struct house *h, int number)
{
	struct str path = text_make("/v1/customers/K%d", number);
	struct str body = text_make("{\"segment\":\"private\",\"language\":\"en\","
				    "\"preferred_channel\":\"phone\",\"person\":{"
				    "\"name\":\"Keeper Number%d\",\"birth_on\":\"1980-04-12\","
				    "\"licence\":{\"categories\":[{\"code\":\"B\","
				    "\"since\":\"1999-06-01\"}]}}}",
		number);

	put(h, path.p, body);
	text_free(path);
	text_free(body);
	path = text_make("/v1/vehicles/ZAMTESTC1T000000%d", number);
	body = text_make("{\"model\":\"Grecale\",\"owner\":\"K%d\",\"odometer_km\":%d,"
			 "\"cover_checked\":{\"at\":\"2025-01-01T09:00:00Z\"},"
			 "\"coverages\":[{\"programme\":\"TESTWAR\",\"start_on\":\"2024-05-02\"}]}",
		number, number * 10000);
	put(h, path.p, body);
	text_free(path);
	text_free(body);
}

void house_fill(struct house *h)
{
	char id[16], seats[16];

	put(h, "/v1/sites/LYO", STR(site));
	put(h, "/v1/rulesets/house-1", STR(ruleset));
	for (int i = 1; i <= HOUSE_SITE_CARS; i++) {
		snprintf(id, sizeof(id), "CAR-%d", i);
		put_resource(h, id, "car", "loaner_brand", i % 3 == 0 ? "levante" : "grecale", "1");
	}
	snprintf(seats, sizeof(seats), "%d", HOUSE_RENTALS);
	put_resource(h, "RENTALS", "allotment", "rental", "compact", seats);
	put_resource(h, "TAXIS", "allotment", "taxi", "taxi", "null");
	put_resource(h, "DESK-1", "desk", "loaner_brand", "desk", "1");
	put_resource(h, "DESK-2", "desk", "loaner_brand", "desk", "1");
	for (int i = 1; i <= 4; i++)
		put_customer(h, i);
}
