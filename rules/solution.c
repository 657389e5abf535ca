/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/solution.h"

/* STR is no constant initializer. */
// clang-format off
#define ID(text) {text, sizeof(text) - 1}
// clang-format on

/*
 * The behaviour the trade gives each kind (MAS-2.7, S7). The limit of an accompanied drive is the
 * site's accompanied_max_km, not its service area, so its flag is not set.
 */
const struct solution solutions_known[] = {
	{.id = ID("loaner_brand"), .unit = UNIT_DAY, .claims = CLAIMS_CAR, .driver_checked = true},
	{.id = ID("loaner_other"), .unit = UNIT_DAY, .claims = CLAIMS_CAR, .driver_checked = true},
	{.id = ID("rental"), .unit = UNIT_DAY, .claims = CLAIMS_ALLOTMENT, .driver_checked = true},
	{
		.id = ID("pickup_delivery"),
		.unit = UNIT_LEG,
		.claims = CLAIMS_LEGS,
		.needs_drivable = true,
		.service_area = true,
		.fetches = true,
		.brings = true,
	},
	{
		.id = ID("pickup"),
		.unit = UNIT_LEG,
		.claims = CLAIMS_LEGS,
		.needs_drivable = true,
		.service_area = true,
		.fetches = true,
	},
	{
		.id = ID("delivery"),
		.unit = UNIT_LEG,
		.claims = CLAIMS_LEGS,
		.service_area = true,
		.brings = true,
	},
	{.id = ID("taxi"), .unit = UNIT_TRIP, .claims = CLAIMS_DAILY, .receipt = true},
	{.id = ID("accompanied_drive"), .unit = UNIT_TRIP, .claims = CLAIMS_ACCOMPANY},
	{.id = ID("public_transport"), .unit = UNIT_TRIP, .claims = CLAIMS_DAILY, .receipt = true},
	{.id = ID("wait_on_site"), .unit = UNIT_NONE, .claims = CLAIMS_ALLOTMENT},
};

const uint32_t solutions_known_len = ARRAY_LEN(solutions_known);

const struct solution *solution_find(struct str id)
{
	for (uint32_t i = 0; i < solutions_known_len; i++)
		if (str_eq(solutions_known[i].id, id))
			return &solutions_known[i];
	return NULL;
}
