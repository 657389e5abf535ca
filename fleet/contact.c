/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"

const char *const contact_channels[] = {
	"phone", "sms", "email", "letter", "in_person", "web", NULL};
const char *const contact_directions[] = {"in", "out", NULL};
const char *const contact_confirmed[] = {"phone", "email", "address", NULL};
/* What a person may promise in a contact; other tasks are made by what happens. */
const char *const contact_promises[] = {
	"callback", "written_offer", "follow_up", "after_delivery", "prospect", NULL};
const char *const complaint_abouts[] = {
	"booking", "visit", "contact", "customer", "vehicle", "resource", NULL};
/* CSI-5 to CSI-7, and what nobody has foreseen. */
const char *const complaint_categories[] = {"quality", "attitude", "late", "extra_price",
	"poor_explanation", "comeback", "parts_delay", "other", NULL};
const char *const complaint_channels[] = {
	"in_person", "phone", "sms", "email", "letter", "web", "survey", "importer", NULL};
const char *const complaint_statuses[] = {
	[COMPLAINT_OPEN] = "open",
	[COMPLAINT_ANSWERED] = "answered",
	[COMPLAINT_SOLVED] = "solved",
	NULL,
};

bool word_is_of(const char *const *words, struct str word)
{
	while (*words && !str_is(word, *words))
		words++;
	return *words != NULL;
}

uint8_t word_place(const char *const *words, struct str word)
{
	uint8_t i = 0;

	while (words[i] && !str_is(word, words[i]))
		i++;
	ASSERT(words[i]);
	return i;
}

uint32_t complaint_order(struct json doc)
{
	struct instant at;

	ASSERT(doc_instant(doc, "at", &at));
	return (json_bool_at(doc, "top", false) ? 0 : UINT32_C(1) << 31) |
	       (minute_down(at) & (UINT32_MAX >> 1));
}
