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

// The rules of the deadline book under the ids of the trade's sentences (rules/deadline.h): what task each makes, whether it
// holds where a site says nothing, and those that no site turns off.
const rule = (rule, kind, on) => ({ rule, kind, on, always: on === null });
export const DEADLINES = [
	rule("CIT-6.2", "confirm", false),
	rule("WB-48", "look_ahead", false),
	rule("AVT-S10", "after_visit", false),
	rule("AVT-4b", "prospect", false),
	rule("AVT-4b.2", "prospect_month", false),
	rule("LEX-6", "callback", true),
	rule("LEX-14", "written_offer", true),
	rule("LEX-12", "follow_up", true),
	rule("AVT-2b", "complaint", true),
	rule("AVT-1a", "after_delivery", true),
	rule("AVT-S3", "overdue", null),
	rule("AVT-S0", "at_risk", null),
	rule("MAS-4.2", "waiting", null),
	rule("MAS-5.1", "transfer", null),
	rule("MAS-4.3", "desk", null),
];
