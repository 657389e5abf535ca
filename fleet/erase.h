/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Forgetting a person (GDPR article 17). The journal keeps its entries and so its proof; what was
 * sealed for the person, here and in every copy of the journal, is noise once the keys are gone.
 * The entry says that the customer and all aliases of it are erased (`erased_at`); whoever follows
 * it takes the keys and the search words out of DIR/people and writes that store anew, so that no
 * page of it remembers them. Refused while a car is out or promised. An erased customer is nobody
 * for ever: who comes back is entered anew.
 */

#include "fleet/merge.h"
#include "fleet/people.h"

bool customer_is_erased(struct json customer);
/* The customer that stands for this one, where it is still somebody. */
bool customer_known(struct view *v, struct str id, struct row *out);
/* Whether what is sealed for it (a customer's id, a booking's, a visit's) is an erased person's:
 * a new key under that id would begin to keep the person again. */
bool subject_is_erased(struct view *v, struct str subject);
/* All that something may have been sealed for: the customer's own id, its bookings and visits. */
void erase_subjects(struct view *v, struct str customer, void *context,
	void (*take)(void *context, struct str subject));
/* What would go with a person and what stays, as JSON in the arena: {"attachments", "bookings",
 * "customer", "erased"?, "ids" (all that the person was entered as), "open" (bookings that stand in
 * the way, the first NAMED_MAX), "visits"}. STR_NULL: nobody is known by that id. */
struct str render_erasure(struct view *v, struct str customer);
/* The body of a command that forgets, once more, who was forgotten: no promise stands in the way.
 */
#define ERASE_AGAIN STR("{\"again\":true}")
/* Forgets an erased customer's own id: keys (its bookings' and visits' too) and words. Again is
 * harmless. people_scrub() is still to be done. */
MUST_CHECK enum outcome erase_follow(struct view *v, struct str customer);
