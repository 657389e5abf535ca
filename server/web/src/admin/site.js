// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What a new site begins with: five days of a workshop, and figures that the trade uses.
export const newSite = () => ({
	site: "",
	name: "",
	time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
	market: "EU",
	currency: "EUR",
	locale: navigator.language,
	grace_minutes: 59,
	opening: [{ days: [1, 2, 3, 4, 5], from: "08:00", until: "18:30" }],
	holidays: [],
	handover_minutes: 15,
	return_minutes: 15,
	max_service_distance_km: 100,
	accompanied_max_km: 25,
	tariff: {},
});

export const DAYS = [1, 2, 3, 4, 5, 6, 7];
// A Monday to start from; only the name of the weekday is read.
const MONDAY = Date.UTC(2024, 0, 1) / 60000;
export const mondayPlus = (day) => MONDAY + (day - 1) * 1440;

export const SOLUTIONS = ["loaner_brand", "loaner_other", "rental", "pickup_delivery", "pickup", "delivery", "taxi", "accompanied_drive", "public_transport"];
export const COUNTED_BY_DAY = ["loaner_brand", "loaner_other", "rental"];
