/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A site's day on paper: what goes out, what comes back, who drives where; and the appointments of
 * the day after tomorrow, with what has to be looked at 48 hours before (the brand's White Book:
 * contact data, cover, open campaigns, pick-up and delivery). Made to be printed when the counter
 * may be without a server.
 */

#include "fleet/paper.h"
#include "fleet/roster.h"

enum { SHEET_LINES_MAX = 500 }; /* of one part of a sheet: what is more is said in words */

/* `contacts`: whoever asks may see telephone numbers. STR_NULL without memory. */
struct str sheet_day(struct view *v, const struct roster *roster, struct day day,
	struct str language, bool contacts);
struct str sheet_ahead(
	struct view *v, const struct roster *roster, struct day day, struct str language);
