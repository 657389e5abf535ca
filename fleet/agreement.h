/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The loan agreement: one page in the customer's language, from the dealer's own words (the site's
 * text `loan_agreement`, known by its SHA-256), the booking, and what the hand-over has seen so
 * far. The same state and the same sayings make the same bytes. So what was shown can be signed:
 * whoever signs names its SHA-256, the page is made once more at the journal's head, and where it
 * differs nothing is signed. The very bytes are kept as an attachment, and the signature beside
 * them as another.
 */

#include "fleet/attachment.h"

/* The language asked for, else the customer's, else the site's. In the arena. */
struct str agreement_language(struct view *v, const struct booking *b, struct str asked);
/* `said`: members of a check-out that is not written down yet, JSON_ABSENT = none; what it does not
 * say is taken from the hand-over that was. STR_NULL without memory. */
struct str agreement_page(
	struct view *v, const struct booking *b, struct json said, struct str language);
/* The page as it was signed, with the signature in its place and what proves it: for reading and
 * printing. `page` are the bytes that were kept. STR_NULL without memory. */
struct str agreement_signed_copy(struct view *v, struct json booking, struct str page,
	struct str signature, const struct zone *zone);
