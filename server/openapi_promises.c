/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What is owed to somebody, as answers show it: the deadline book. */

#include "server/openapi_parts.h"

#define TASK_KIND                                                                           \
	"at_risk|overdue|waiting|transfer|desk|callback|written_offer|follow_up|complaint|" \
	"after_delivery|prospect|prospect_month|confirm|look_ahead|after_visit"

MEMBERS(task) = {
	{"task", "!string", NULL},
	{"site", "!string", NULL},
	{"kind", "!" TASK_KIND, "what there is to do"},
	{"rule", "string", "the sentence of the trade that asks for it"},
	{"status", "!open|done|dropped", "dropped: the trouble ended by itself"},
	{"owner", "string", "whose it is; absent: anybody's"},
	{"booking", "string", "whom it is about"},
	{"number", "string", "of the booking"},
	{"resource", "string", "what it is about"},
	{"contact", "string", "the call or message it was promised in"},
	{"complaint", "string", "what is to be answered"},
	{"customer", "string", NULL},
	{"customer_name", "string", NULL},
	{"customer_phone", "string", NULL},
	{"due_at", "!instant", "until when"},
	{"made_at", "!instant", NULL},
	{"escalated", "integer", "how often somebody else was told that it is not done"},
	{"escalated_at", "instant", "when last"},
	{"escalated_to", "string", "whom; absent: every manager"},
	{"message", "Message", "what is said in writing in its place"},
	{"moved", "[]TaskMoved", NULL},
	{"handed", "[]TaskHanded", NULL},
	{"reasons", "[]string", "of each move and hand-over, in their order"},
	{"done", "TaskClosed", "when, and by whom"},
	{"note", "string", "what was said when it was done"},
};
MEMBERS(message) = {
	{"message", "!string", "its name: every repeat has the same"},
	{"at", "!instant", "when it was written"},
	{"channel", "!email|sms", "the one that the customer prefers"},
	{"status", "!waiting|sent|failed", "sent: another server has it"},
	{"sent_at", "instant", NULL},
	{"failed_at", "instant", "given up: somebody calls"},
	{"why", "string", NULL},
	{"to", "string", NULL},
	{"subject", "string", NULL},
	{"text", "string", NULL},
};
MEMBERS(customer_confirmed) = {
	{"at", "!instant", NULL},
	{"by", "!string", "customer: by the address that he was sent; else who called him"},
	{"from", "!instant", "the time that he confirmed"},
};
MEMBERS(task_closed) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
};
MEMBERS(task_moved) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"from", "!instant", NULL},
	{"to", "!instant", NULL},
};
MEMBERS(task_handed) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"from", "string", "absent: it was anybody's"},
	{"to", "!string", NULL},
};
MEMBERS(day) = {
	{"at", "!instant", "when it was read"},
	{"owner", "!string", "whose day it is"},
	{"counts", "!DayCounts", NULL},
	{"items", "![]Task", "one's own, nobody's and what one is told of, by when it is due"},
	{"more", "!boolean", "there are more than are shown"},
};
MEMBERS(day_counts) = {
	{"all", "!integer", "open at the site"},
	{"overdue", "!integer", "of the items"},
	{"today", "!integer", "of the items: due before the site's midnight"},
	{"later", "!integer", "of the items"},
	{"nobody", "!integer", "without an owner"},
	{"escalated", "!integer", "that one is told of"},
};
MEMBERS(colleague) = {
	{"name", "!string", "the login"},
	{"role", "!" ROLE, NULL},
};
MEMBERS(colleagues) = {{"items", "![]Colleague", "by login"}};

/* ---- contacts, complaints ---- */

MEMBERS(contact) = {
	{"contact", "!string", NULL},
	{"site", "!string", NULL},
	{"at", "!instant", NULL},
	{"by", "!string", "who wrote it down"},
	{"direction", "!in|out", NULL},
	{"channel", "!phone|sms|email|letter|in_person|web", NULL},
	{"reason", "string", "absent once the person is forgotten"},
	{"customer", "string", NULL},
	{"customer_name", "string", NULL},
	{"vin", "string", NULL},
	{"visit", "string", NULL},
	{"booking", "string", NULL},
	{"open", "!integer", "questions left open"},
	{"questions", "[]string", NULL},
	{"answers", "string", "what they were answered with"},
	{"done", "TaskClosed", "when the questions were answered, and by whom"},
	{"promised", "[]callback|written_offer|follow_up|after_delivery|prospect", "its tasks"},
	{"handed", "ContactHanded", "to whom the customer was handed over"},
	{"consent", "Consent", NULL},
	{"confirmed", "[]phone|email|address", "data that the customer confirmed"},
};
MEMBERS(contact_handed) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"to", "!string", NULL},
};
MEMBERS(consent) = {
	{"reminders", "boolean", NULL},
	{"greetings", "boolean", NULL},
	{"survey", "boolean", NULL},
};
MEMBERS(contact_list) = {
	{"items", "![]Contact", "the newest first"},
	{"next", "!?string", "the cursor of the next page"},
};
#define CATEGORY "quality|attitude|late|extra_price|poor_explanation|comeback|parts_delay|other"
#define COMPLAINT_CHANNEL "in_person|phone|sms|email|letter|web|survey|importer"
MEMBERS(complaint) = {
	{"complaint", "!string", NULL},
	{"site", "!string", NULL},
	{"status", "!open|answered|solved", NULL},
	{"top", "!boolean", "before all others: the importer hears of it already"},
	{"category", "!" CATEGORY, NULL},
	{"channel", "!" COMPLAINT_CHANNEL, NULL},
	{"about", "!ComplaintAbout", NULL},
	{"owner", "!string", "who answers for it"},
	{"customer", "string", NULL},
	{"customer_name", "string", NULL},
	{"at", "!instant", NULL},
	{"by", "!string", "who took it"},
	{"steps", "![]ComplaintTaken", "taken, answered, solved, open again: in their order"},
};
MEMBERS(complaint_about) = {
	{"kind", "!booking|visit|contact|customer|vehicle|resource", NULL},
	{"id", "!string", NULL},
};
MEMBERS(complaint_taken) = {
	{"at", "!instant", NULL},
	{"by", "!string", NULL},
	{"status", "!open|answered|solved", NULL},
	{"agreed", "boolean", "of an answer: whether the customer agreed"},
	{"text", "string", "absent once the person is forgotten"},
};
MEMBERS(complaint_list) = {
	{"items", "![]Complaint", "open first, of these the importer's, then the oldest"},
	{"next", "!?string", "the cursor of the next page"},
};

/* ---- what customers say, counted ---- */

MEMBERS(asked) = {
	{"at", "!instant", NULL},
	{"by", "!string", "who asked"},
	{"score", "!integer", "0 to 10"},
	{"recommend", "integer", "0 to 10"},
	{"comment", "string", "absent once the person is forgotten"},
};
MEMBERS(voice) = {
	{"complaints", "!VoiceComplaints", "taken in the span"},
	{"contacts", "!VoiceContacts", "in the span"},
	{"satisfaction", "![]VoiceMonth", "months in which somebody was asked"},
	{"more", "!boolean", "there was more than is counted"},
};
MEMBERS(voice_complaints) = {
	{"taken", "!integer", NULL},
	{"open", "!integer", "not solved yet"},
	{"solved", "!integer", NULL},
	{"answered", "!integer", NULL},
	{"answered_within_24_h", "!integer", NULL},
	{"categories", "![]WordCount", NULL},
	{"channels", "![]WordCount", NULL},
};
MEMBERS(word_count) = {
	{"word", "!string", NULL},
	{"count", "!integer", NULL},
};
MEMBERS(voice_contacts) = {
	{"in", "!integer", NULL},
	{"out", "!integer", NULL},
	{"handed_over", "!integer", NULL},
	{"with_open_questions", "!integer", NULL},
};
MEMBERS(voice_month) = {
	{"month", "!string", "such as 2026-03"},
	{"asked", "!integer", "customers"},
	{"score", "![]integer", "how many said 0, 1, ... 10"},
	{"recommend", "![]integer", "how many said 0, 1, ... 10"},
};

/* ---- appointments ---- */

#define APPOINTMENT_WHY "planned|warranty|comeback|urgent|immobile"
MEMBERS(work_day) = {{"day", "!date", NULL}, {"minutes", "!integer", NULL}};
MEMBERS(appointment_back) = {
	{"advisor", "!string", "his desk"},
	{"at", "!instant", NULL},
	{"until", "!instant", NULL},
};
MEMBERS(appointment) = {
	{"advisor", "!string", "who receives: his desk"},
	{"at", "!instant", NULL},
	{"until", "!instant", NULL},
	{"why", "!" APPOINTMENT_WHY, NULL},
	{"latest_at", "instant", "what the rules promise for that"},
	{"customer_agreed", "boolean", "to a later time"},
	{"back", "AppointmentBack", "when the car is handed back; absent: nobody had time"},
	{"work", "![]WorkDay", "what it takes of the workshop's days"},
	{"by", "!string", NULL},
	{"made_at", "!instant", NULL},
};
MEMBERS(free_appointment) = {
	{"at", "!instant", NULL},
	{"until", "!instant", "the reception is over: a loan may begin"},
	{"desk", "!string", "of the advisor who receives"},
	{"label", "!string", "of the desk"},
	{"ready_at", "!instant", "when the work is done"},
	{"back_at", "instant", "when the car is handed back"},
	{"back_desk", "string", NULL},
	{"back_label", "string", NULL},
	{"customers", "!integer", "whom that advisor expects that day"},
	{"work_minutes", "!integer", "of work that is promised for that day"},
	{"evening_before", "!boolean", "the work begins the next morning"},
	{"too_late", "!boolean", "later than promised: only if the customer agrees"},
};
MEMBERS(appointment_times) = {
	{"items", "![]FreeAppointment", "in order of time"},
	{"latest_at", "instant", "by when it must be, unless the customer agrees"},
};
MEMBERS(expected) = {
	{"visit", "!string", NULL},
	{"what", "!arrives|back", NULL},
	{"at", "!instant", NULL},
	{"until", "!instant", NULL},
	{"desk", "!string", NULL},
	{"why", "!" APPOINTMENT_WHY, NULL},
	{"arrived_at", "instant", NULL},
	{"customer", "string", NULL},
	{"customer_name", "string", NULL},
	{"vin", "string", NULL},
	{"plate", "string", NULL},
	{"model", "string", NULL},
	{"jobs", "![]Job", NULL},
	{"bookings", "![]string", "of the visit"},
};
MEMBERS(advisor_day) = {
	{"desk", "!string", NULL},
	{"label", "!string", NULL},
	{"customers", "!integer", "whom he receives that day"},
	{"kept_minute", "!integer", "of each hour: from there a quarter is kept free"},
};
MEMBERS(appointments) = {
	{"advisors", "![]AdvisorDay", NULL},
	{"day", "!date", NULL},
	{"items", "![]Expected", "in order of time"},
	{"most_customers", "integer", "of an advisor and day"},
	{"work_minutes", "integer", "promised for that day"},
	{"work_room", "integer", "of how many; absent: not counted"},
};

const struct openapi_schema openapi_promises[] = {
	ANSWER(work_day, "WorkDay", NULL),
	ANSWER(appointment_back, "AppointmentBack", NULL),
	ANSWER(appointment, "AppointmentStored", "of a visit"),
	ANSWER(free_appointment, "FreeAppointment", NULL),
	ANSWER(appointment_times, "AppointmentTimes", NULL),
	ANSWER(expected, "Expected", "a customer who comes, or has his car back"),
	ANSWER(advisor_day, "AdvisorDay", NULL),
	ANSWER(appointments, "AppointmentDay", NULL),
	ANSWER(task, "Task", "what a person must do"),
	ANSWER(customer_confirmed, "CustomerConfirmed", NULL),
	ANSWER(message, "Message", "what is said to a customer in writing"),
	ANSWER(task_closed, "TaskClosed", NULL),
	ANSWER(task_moved, "TaskMoved", NULL),
	ANSWER(task_handed, "TaskHanded", NULL),
	ANSWER(day, "Day", "what one owes at a site"),
	ANSWER(day_counts, "DayCounts", NULL),
	ANSWER(contact, "Contact", "a call or a message"),
	ANSWER(contact_handed, "ContactHanded", NULL),
	ANSWER(consent, "Consent", "what a customer agreed to"),
	ANSWER(contact_list, "ContactList", NULL),
	ANSWER(complaint, "Complaint", "what somebody is not content with"),
	ANSWER(complaint_about, "ComplaintAbout", NULL),
	ANSWER(complaint_taken, "ComplaintTaken", "a step of a complaint"),
	ANSWER(complaint_list, "ComplaintList", NULL),
	ANSWER(asked, "Asked", "what the customer said of a loan"),
	ANSWER(voice, "Voice", "what customers said, counted"),
	ANSWER(voice_complaints, "VoiceComplaints", NULL),
	ANSWER(voice_contacts, "VoiceContacts", NULL),
	ANSWER(voice_month, "VoiceMonth", NULL),
	ANSWER(word_count, "WordCount", NULL),
	ANSWER(colleagues, "ColleagueList", NULL),
	ANSWER(colleague, "Colleague", "somebody who may work at a site"),
};
const size_t openapi_promises_len = ARRAY_LEN(openapi_promises);
