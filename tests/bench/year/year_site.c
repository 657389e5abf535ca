/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/year_site.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/json.h"
#include "server/shapes.h"

const char *const class_names[CLASSES] = {"grecale", "levante", "touring"};

#define OPEN_IN_HOURS "[{\"days\":[1,2,3,4,5],\"from\":\"07:30\",\"until\":\"18:30\"}]"
#define OPEN_ALWAYS "[{\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\",\"until\":\"24:00\"}]"

static const char site_body[] =
	"{\"accompanied_max_km\":25,\"currency\":\"EUR\",\"grace_minutes\":59,"
	"\"handover_minutes\":15,\"locale\":\"en\",\"market\":\"EU\","
	"\"max_service_distance_km\":100,\"name\":\"A year (invented)\",\"offer_minutes\":2880,"
	"\"opening\":%s,%s\"return_minutes\":15,\"site\":\"" SITE_ID "\",\"tariff\":{"
	"\"loaner_brand\":{\"price\":9000,\"unit\":\"day\"}},\"time_zone\":\"UTC\"}";

static void body_of(char *out, size_t size, enum hand_over hand_over, uint32_t held_back)
{
	char kept[300] = "";
	size_t n = 0;

	for (uint32_t c = 0; held_back && c < CLASSES; c++)
		n += (size_t)snprintf(kept + n, sizeof kept - n,
			"%s{\"class\":\"%s\",\"days\":1,\"seats\":%u}%s",
			c ? "," : "\"protected\":[", class_names[c], held_back,
			c == CLASSES - 1 ? "]," : "");
	snprintf(out, size, site_body,
		hand_over == HAND_OVER_ROUND_THE_CLOCK ? OPEN_ALWAYS : OPEN_IN_HOURS, kept);
}

bool site_can_hold_back(void)
{
	struct shape_context context = {.zone = NULL};
	struct faults *faults = calloc(1, sizeof *faults);
	struct arena a;
	struct str why, source;
	char body[2000];
	bool can;

	ASSERT(faults);
	arena_init(&a, ARENA_MAX_DEFAULT);
	body_of(body, sizeof body, HAND_OVER_OPENING_HOURS, 1);
	source = json_from_outside(&a, str_from(body), &why);
	can = shape_check(&a, &shape_site, source, &context, faults).n > 0;
	arena_deinit(&a);
	free(faults);
	return can;
}

/* ---- cars ---- */

void car_id(char out[CAR_ID], uint32_t car)
{
	snprintf(out, CAR_ID, "%c%02u", "GLT"[class_of_car(car)], car % 100);
}

int32_t car_of_id(struct str id)
{
	ASSERT(id.n == 3);
	return (id.p[1] - '0') * 10 + (id.p[2] - '0');
}

void year_site_open(struct site *s, enum hand_over hand_over, uint32_t held_back)
{
	char body[2000], id[CAR_ID];

	site_open(s);
	body_of(body, sizeof body, hand_over, held_back);
	site_must(s, VERB_SITE_PUT, SITE_ID, SITE_ID, body);
	for (uint32_t car = 0; car < CARS; car++) {
		car_id(id, car);
		site_car(s, id, class_names[class_of_car(car)], TURNAROUND);
	}
}
