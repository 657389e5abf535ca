/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"
#include "fleet/row_members.h"

/* What was said with customers, and what they are not content with. */

static bool is_channel(struct str word)
{
	return word_is_of(contact_channels, word);
}

static bool is_direction(struct str word)
{
	return word_is_of(contact_directions, word);
}

static bool is_category(struct str word)
{
	return word_is_of(complaint_categories, word);
}

static bool is_complaint_channel(struct str word)
{
	return word_is_of(complaint_channels, word);
}

static bool is_complaint_status(struct str word)
{
	return word_is_of(complaint_statuses, word);
}

static bool is_about(struct str word)
{
	return word_is_of(complaint_abouts, word);
}

static const struct row_member handed_members[] = {
	NEED("at", FORM_INSTANT), NEED("by", FORM_TEXT), NEED("to", FORM_TEXT), END};
static const struct row_member done_members[] = {
	NEED("at", FORM_INSTANT), NEED("by", FORM_TEXT), END};
static const struct row_member contact_members[] = {
	NEED("at", FORM_INSTANT),
	MAY("booking", FORM_NAME),
	NEED("by", FORM_TEXT),
	NEED("channel", FORM_WORD, .knows = is_channel),
	MAY("confirmed", FORM_LIST, LIST_OF(row_texts, LIST_BEARABLE)),
	MAY("consent", FORM_OBJECT),
	NEED("contact", FORM_NAME),
	MAY("customer", FORM_NAME),
	NEED("direction", FORM_WORD, .knows = is_direction),
	MAY("done", FORM_OBJECT, OF(done_members)),
	MAY("handed", FORM_OBJECT, OF(handed_members)),
	NEED("open", FORM_NUMBER, BETWEEN(0, QUESTIONS_MAX)),
	NEED("private", FORM_OBJECT, OF(row_sealed)),
	MAY("promised", FORM_LIST, LIST_OF(row_texts, LIST_BEARABLE)),
	NEED("site", FORM_NAME),
	MAY("vin", FORM_NAME),
	MAY("visit", FORM_NAME),
	END,
};

static const struct row_member about_members[] = {
	NEED("id", FORM_NAME), NEED("kind", FORM_WORD, .knows = is_about), END};
static const struct row_member step_members[] = {
	MAY("agreed", FORM_FLAG),
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	NEED("status", FORM_WORD, .knows = is_complaint_status),
	END,
};
static const struct row_member complaint_members[] = {
	NEED("about", FORM_OBJECT, OF(about_members)),
	NEED("at", FORM_INSTANT),
	NEED("by", FORM_TEXT),
	NEED("category", FORM_WORD, .knows = is_category),
	NEED("channel", FORM_WORD, .knows = is_complaint_channel),
	NEED("complaint", FORM_NAME),
	MAY("customer", FORM_NAME),
	NEED("owner", FORM_TEXT),
	NEED("private", FORM_OBJECT, OF(row_sealed)),
	NEED("site", FORM_NAME),
	NEED("status", FORM_WORD, .knows = is_complaint_status),
	NEED("steps", FORM_LIST, LIST_OF(step_members, COMPLAINT_STEPS_MAX)),
	MAY("top", FORM_FLAG),
	END,
};

const struct row_form row_contact = {"contact", false, contact_members};
const struct row_form row_complaint = {"complaint", false, complaint_members};
