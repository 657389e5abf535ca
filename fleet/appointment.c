/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/appointment.h"

bool appointment_time(struct json visit, enum appointment_part part, struct appointment_time *out)
{
	struct json doc = json_get(visit, "appointment");

	if (part == APPOINTMENT_OUT)
		doc = json_get(doc, "back");
	if (json_is_null(doc))
		return false;
	ASSERT(doc_instant(doc, "at", &out->at) && doc_instant(doc, "until", &out->until));
	out->advisor = json_str_at(doc, "advisor");
	return true;
}

static const enum appointment_part parts[] = {APPOINTMENT_IN, APPOINTMENT_OUT};

size_t appointment_claims(struct json visit, struct booking_claim *out)
{
	struct appointment_time t;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (appointment_time(visit, parts[i], &t))
			out[n++] = (struct booking_claim){
				{t.advisor, 0}, {minute_down(t.at), minute_up(t.until),
							(uint32_t)json_int_at(visit, "serial", 0),
							CLAIM_APPOINTMENT, true}};
	return n;
}

void index_appointment(struct index_set *s, struct str visit, struct json doc)
{
	struct json work = json_get(json_get(doc, "appointment"), "work");
	struct str site = json_str_at(doc, "site");
	uint32_t serial = (uint32_t)json_int_at(doc, "serial", 0);
	struct appointment_time t;
	char tag[INDEX_VALUE_MAX];

	if (!serial)
		return;
	index_put(s, key_site_serial(site, serial), index_tagged(tag, ROW_VISIT, visit));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (appointment_time(doc, parts[i], &t))
			index_put(s, key_site_appointment(site, minute_down(t.at), parts[i], visit),
				t.advisor);
	for (struct json e = json_first(work); json_present(e); e = json_next(work, e)) {
		struct key minutes = {.n = 0};
		struct day day;
		ASSERT(doc_day(e, "day", &day));
		key_u32(&minutes, (uint32_t)json_int_at(e, "minutes", 0));
		index_put(s, key_site_work(site, day, visit), key_str(&minutes));
	}
}

void appointment_named(struct json_writer *w, struct str visit, struct json doc)
{
	struct appointment_time in, back;

	if (!appointment_time(doc, APPOINTMENT_IN, &in))
		return;
	json_object_begin(w);
	json_kv_instant(w, "from", in.at);
	json_kv_instant(
		w, "until", appointment_time(doc, APPOINTMENT_OUT, &back) ? back.until : in.until);
	json_kv_str(w, "visit", visit);
	json_object_end(w);
}
