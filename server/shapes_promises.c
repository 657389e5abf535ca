/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What is owed to somebody and what is said with him: tasks of the deadline book, contacts,
 * complaints, how content he is. */

#include "fleet/contact.h"
#include "server/shapes_parts.h"

/* ---- tasks ---- */

static const struct field task_done_fields[] = {
	MAY("note", text, "sealed like personal data"),
	MAY("customer_confirmed", bool, "of a confirmation: the customer says that he comes"),
};
const struct shape shape_task_done = {.name = "TaskDone", OBJECT(task_done_fields)};

static const struct field task_move_fields[] = {
	NEEDS("due_at", instant, "later than now"),
	NEEDS("reason", text, "sealed like personal data"),
};
const struct shape shape_task_move = {.name = "TaskMove", OBJECT(task_move_fields)};

static const struct field task_hand_over_fields[] = {
	NEEDS("to", id, "the login of somebody who may work at this site"),
	MAY("reason", text, "sealed like personal data"),
};
const struct shape shape_task_hand_over = {.name = "TaskHandOver", OBJECT(task_hand_over_fields)};

/* ---- contacts ---- */

static const struct shape part_contact_channel = {ONE_OF(contact_channels)};
static const struct shape part_direction = {ONE_OF(contact_directions)};
static const struct shape part_confirmed_word = {ONE_OF(contact_confirmed)};
OPTIONAL_PART(confirmed, LIST(8, confirmed_word));
static const struct shape part_question = {WORD(FORMAT_TEXT), .min = 1, .max = TEXT_BYTES};
OPTIONAL_PART(questions, LIST(QUESTIONS_MAX, question));
static const struct field consent_fields[] = {
	MAY("reminders", bool, "to be told of what falls due on the car"),
	MAY("greetings", bool, "to be greeted on his days"),
	MAY("survey", bool, "to be asked how content he is"),
};
OPTIONAL_PART(consent, OBJECT(consent_fields));

static const struct shape part_promise_kind = {ONE_OF(contact_promises)};
static const struct field promise_fields[] = {
	NEEDS("kind", promise_kind, NULL),
	MAY("at", instant,
		"when it suits the customer; of after_delivery and prospect: since when"),
	MAY("owner", id, "who keeps it; absent = who takes the contact over, or wrote it down"),
};
static const struct shape part_promise = {OBJECT(promise_fields)};
OPTIONAL_PART(promises, LIST(CONTACT_PROMISES_MAX, promise));

static const struct field contact_fields[] = {
	NEEDS("site", id, NULL),
	NEEDS("direction", direction, "in = the customer called or wrote"),
	NEEDS("channel", contact_channel, NULL),
	NEEDS("reason", text, "sealed like personal data"),
	MAY("customer", id, "absent = of the visit or booking, or not known yet"),
	MAY("vin", vin, NULL),
	MAY("visit", id, NULL),
	MAY("booking", id, NULL),
	MAY("questions", questions, "what was left open; sealed like personal data"),
	MAY("promises", promises, "what falls due because of it"),
	MAY("handed_to", id, "to whom the customer was handed over"),
	MAY("consent", consent, "what he agreed to"),
	MAY("confirmed", confirmed, "which of his data he confirmed"),
};
const struct shape shape_contact = {.name = "ContactMake", OBJECT(contact_fields)};

static const struct field transfer_fields[] = {
	NEEDS("to", id, "the login of somebody who may work at this site"),
};
const struct shape shape_contact_transfer = {.name = "ContactTransfer", OBJECT(transfer_fields)};

static const struct field answered_fields[] = {
	MAY("answers", text, "sealed like personal data"),
};
const struct shape shape_contact_answered = {.name = "ContactAnswered", OBJECT(answered_fields)};

/* ---- complaints ---- */

static const struct shape part_about_kind = {ONE_OF(complaint_abouts)};
static const struct field about_fields[] = {
	NEEDS("kind", about_kind, NULL),
	NEEDS("id", id, "of a car: its VIN"),
};
static const struct shape part_about = {OBJECT(about_fields)};
static const struct shape part_category = {ONE_OF(complaint_categories)};
static const struct shape part_complaint_channel = {ONE_OF(complaint_channels)};
static const struct field complaint_fields[] = {
	NEEDS("site", id, NULL),
	NEEDS("about", about, "any record"),
	NEEDS("category", category, NULL),
	NEEDS("channel", complaint_channel, "importer = before all others"),
	NEEDS("text", text, "sealed like personal data"),
	MAY("customer", id, "absent = the record's"),
	MAY("owner", id, "who answers for it; absent = who took it"),
};
const struct shape shape_complaint = {.name = "ComplaintMake", OBJECT(complaint_fields)};

static const struct field complaint_answer_fields[] = {
	NEEDS("text", text, "what he was told; sealed like personal data"),
	NEEDS("agreed", bool, "whether he agrees to that"),
	MAY("next_at", instant, "when he is contacted next"),
};
const struct shape shape_complaint_answer = {
	.name = "ComplaintAnswer", OBJECT(complaint_answer_fields)};

static const struct field complaint_step_fields[] = {
	NEEDS("text", text, "how, or why; sealed like personal data"),
	MAY("next_at", instant, "when he is contacted next"),
};
const struct shape shape_complaint_step = {.name = "ComplaintStep", OBJECT(complaint_step_fields)};

/* ---- how content he is ---- */

enum { SCORE_MAX = 10 };
static const struct shape part_score = {INTEGER(0, SCORE_MAX)};
OPTIONAL_PART(score, INTEGER(0, SCORE_MAX));
static const struct field asked_fields[] = {
	NEEDS("score", score, "how content with the loan: 0 not at all, 10 fully"),
	MAY("recommend", score, "whether he would recommend the house: 0 never, 10 surely"),
	MAY("comment", text, "sealed like personal data"),
};
const struct shape shape_satisfaction = {.name = "Satisfaction", OBJECT(asked_fields)};
