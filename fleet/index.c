/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/index.h"

#include "fleet/appointment.h"
#include "fleet/contact.h"
#include "fleet/desk.h"
#include "fleet/external.h"
#include "fleet/task.h"
#include "fleet/waiting.h"
#include "fleet/warranty_claim.h"

void index_put(struct index_set *s, struct key key, struct str value)
{
	struct index_entry *e = &s->entry[s->len];

	ASSERT(s->len < INDEX_ENTRIES_MAX);
	ASSERT(value.n <= INDEX_VALUE_MAX);
	e->key = key;
	e->value_len = (uint8_t)value.n;
	if (value.n)
		memcpy(e->value, value.p, value.n);
	s->len++;
}

static void put_lookup(struct index_set *s, char what, struct str word, struct str id)
{
	char folded[KEY_MAX];
	struct str key;

	if (!word.n)
		return;
	key = key_fold(folded, ID_MAX, word);
	if (key.n)
		index_put(s, key_lookup(what, key, id), id);
}

struct str index_tagged(char buf[INDEX_VALUE_MAX], char tag, struct str id)
{
	ASSERT(id.n < INDEX_VALUE_MAX);
	buf[0] = tag;
	memcpy(buf + 1, id.p, id.n);
	return (struct str){buf, id.n + 1};
}

/* `home`: of a booking that is for this site; STR_NULL: it is the site's own. */
static void put_weeks(struct index_set *s, struct str site, struct str home, struct span span,
	uint32_t serial, struct str value)
{
	uint32_t first = minute_week(minute_down(span.from));
	uint32_t last = minute_week(minute_up(span.until));

	for (uint32_t week = first; week <= last && s->len < INDEX_ENTRIES_MAX - 12; week++)
		index_put(s,
			home.n ? key_for_site_week(site, week, serial, home)
			       : key_site_week(site, week, serial),
			value);
}

static void index_booking(struct index_set *s, struct str id, struct json doc)
{
	struct booking b;
	char value[INDEX_VALUE_MAX];
	struct str tag = index_tagged(value, ROW_BOOKING, id);
	struct instant asked;
	struct span span;

	booking_read(&b, doc);
	span = (struct span){b.from, booking_end(&b)};
	index_put(s, key_site_serial(b.site, b.serial), tag);
	index_put(s, key_visit_booking(b.visit, id), STR(""));
	put_lookup(s, LOOKUP_NUMBER, b.number, id);
	put_lookup(s, LOOKUP_REPAIR_ORDER, b.repair_order, id);
	if (b.vin.n)
		index_put(s, key_vehicle_booking(b.vin, minute_down(b.from), id), STR(""));
	if (b.customer.n)
		index_put(s, key_customer_booking(b.customer, minute_down(b.from), id), STR(""));
	if (b.status == BOOKING_HELD && b.has_hold_until)
		index_put(s, key_site_due(b.site, minute_up(b.hold_until), b.serial), id);
	if (b.status == BOOKING_OUT)
		index_put(s, key_site_due(b.site, minute_up(booking_end(&b)), b.serial), id);
	if (b.at_risk && (b.status == BOOKING_HELD || b.status == BOOKING_BOOKED))
		index_put(s, key_site_risk(b.site, minute_down(b.from), b.serial), id);
	external_index(s, ROW_BOOKING, b.for_site.n ? b.for_site : b.site, doc, id);
	put_weeks(s, b.site, STR_NULL, span, b.serial, tag);
	if (b.for_site.n)
		put_weeks(s, b.for_site, b.site, span, b.serial, tag);
	if (doc_instant(json_get(doc, "satisfaction"), "at", &asked))
		index_put(s,
			key_site_asked(b.for_site.n ? b.for_site : b.site, minute_down(asked), id),
			STR(""));
	index_desk_wanted(s, &b);
}

static void index_block(struct index_set *s, struct str id, struct json doc)
{
	struct span span;
	char value[INDEX_VALUE_MAX];
	struct str tag = index_tagged(value, ROW_BLOCK, id), site = json_str_at(doc, "site");
	uint32_t serial = (uint32_t)json_int_at(doc, "serial", 0);

	ASSERT(doc_instant(doc, "from", &span.from) && doc_instant(doc, "until", &span.until));
	index_put(s, key_site_serial(site, serial), tag);
	put_weeks(s, site, STR_NULL, span, serial, tag);
}

static void index_resource(struct index_set *s, struct str id, struct json doc)
{
	struct json shared = json_get(doc, "shared_with");
	struct str site = json_str_at(doc, "site");

	index_put(s, key_site_resource(site, id), STR(""));
	put_lookup(s, LOOKUP_FLEET_PLATE, json_str_at(doc, "plate"), id);
	for (struct json e = json_first(shared); json_present(e); e = json_next(shared, e))
		index_put(s, key_shared(json_str_at(e, "site"), site, id), STR(""));
}

static void index_vehicle(struct index_set *s, struct str vin, struct json doc)
{
	struct str owner = json_str_at(doc, "owner");

	external_index(s, ROW_VEHICLE, STR_NULL, doc, vin);
	put_lookup(s, LOOKUP_PLATE, json_str_at(doc, "plate"), vin);
	if (vin.n >= 7)
		put_lookup(s, LOOKUP_VIN_LAST7, (struct str){vin.p + vin.n - 7, 7}, vin);
	if (owner.n)
		index_put(s, key_customer_vehicle(owner, vin), STR(""));
}

static void index_task(struct index_set *s, struct str id, struct json doc)
{
	struct str site = json_str_at(doc, "site");
	struct instant due, escalates;
	enum task_kind kind;
	enum task_status status;

	ASSERT(doc_instant(doc, "due_at", &due) && task_kind_from(&kind, json_str_at(doc, "kind")));
	ASSERT(task_status_from(&status, json_str_at(doc, "status")));
	index_put(s, key_site_task(site, (uint8_t)status, minute_down(due), id), STR(""));
	if (status != TASK_OPEN)
		return;
	index_put(s, key_subject_task(task_about(doc), (uint8_t)kind), id);
	if (doc_instant(doc, "escalates_at", &escalates))
		index_put(s, key_site_escalation(site, minute_down(escalates), id), STR(""));
}

static void index_waiting(struct index_set *s, struct str id, struct json doc)
{
	enum waiting_status status;

	ASSERT(waiting_status_from(&status, json_str_at(doc, "status")));
	index_put(s,
		key_site_waiting(json_str_at(doc, "site"), (uint8_t)status,
			(uint32_t)json_int_at(doc, "serial", 0), id),
		STR(""));
}

static void index_claim(struct index_set *s, struct str id, struct json doc)
{
	struct str for_site = json_str_at(doc, "for_site");
	enum warranty_claim_status status;
	struct instant made;

	ASSERT(warranty_claim_status_from(&status, json_str_at(doc, "status")) &&
		doc_instant(doc, "made_at", &made));
	index_put(s, key_booking_claim(json_str_at(doc, "booking"), id), STR(""));
	index_put(s,
		key_site_claim(for_site.n ? for_site : json_str_at(doc, "site"), (uint8_t)status,
			minute_down(made), id),
		STR(""));
}

static void index_contact(struct index_set *s, struct str id, struct json doc)
{
	struct str customer = json_str_at(doc, "customer");
	struct instant at;

	ASSERT(doc_instant(doc, "at", &at));
	index_put(s, key_site_contact(json_str_at(doc, "site"), minute_down(at), id), STR(""));
	if (customer.n)
		index_put(s, key_customer_contact(customer, minute_down(at), id), STR(""));
}

static void index_complaint(struct index_set *s, struct str id, struct json doc)
{
	index_put(s,
		key_site_complaint(json_str_at(doc, "site"),
			word_place(complaint_statuses, json_str_at(doc, "status")),
			complaint_order(doc), id),
		STR(""));
}

void index_of(struct index_set *s, enum row_kind kind, struct str id, struct json doc)
{
	struct day day;

	s->len = 0;
	if (!json_present(doc))
		return;
	switch (kind) {
	case ROW_SITE: break;
	case ROW_CUSTOMER: external_index(s, kind, STR_NULL, doc, id); break;
	case ROW_RESOURCE: index_resource(s, id, doc); break;
	case ROW_BLOCK: index_block(s, id, doc); break;
	case ROW_VEHICLE: index_vehicle(s, id, doc); break;
	case ROW_RULESET:
		ASSERT(doc_day(doc, "valid_from", &day));
		index_put(s, key_ruleset_from(day, id), id);
		break;
	case ROW_VISIT:
		if (json_str_at(doc, "vin").n)
			index_put(s, key_vehicle_visit(json_str_at(doc, "vin"), id), STR(""));
		if (json_str_at(doc, "customer").n)
			index_put(s, key_customer_visit(json_str_at(doc, "customer"), id), STR(""));
		put_lookup(s, LOOKUP_REPAIR_ORDER, json_str_at(doc, "repair_order"), id);
		external_index(s, kind, json_str_at(doc, "site"), doc, id);
		index_appointment(s, id, doc);
		break;
	case ROW_BOOKING: index_booking(s, id, doc); break;
	case ROW_TASK: index_task(s, id, doc); break;
	case ROW_DEMAND:
		ASSERT(doc_day(doc, "day", &day));
		index_put(s, key_site_demand(json_str_at(doc, "site"), day, id), STR(""));
		break;
	case ROW_WAITING: index_waiting(s, id, doc); break;
	case ROW_DESK: index_desk(s, id, doc); break;
	case ROW_IMPORT:
	case ROW_REPAIR_ORDER: break; /* found by its visit */
	case ROW_CLAIM: index_claim(s, id, doc); break;
	case ROW_CONTACT: index_contact(s, id, doc); break;
	case ROW_COMPLAINT: index_complaint(s, id, doc); break;
	case ROW_ATTACHMENT:
		index_put(s, key_booking_attachment(json_str_at(doc, "booking"), id), STR(""));
		break;
	}
}

static bool holds(const struct index_set *s, const struct index_entry *e)
{
	for (uint32_t i = 0; i < s->len; i++)
		if (str_eq(key_str(&s->entry[i].key), key_str(&e->key)) &&
			s->entry[i].value_len == e->value_len &&
			!memcmp(s->entry[i].value, e->value, e->value_len))
			return true;
	return false;
}

void index_update(struct txn *t, const struct index_set *before, const struct index_set *now)
{
	for (uint32_t i = 0; i < before->len; i++)
		if (!holds(now, &before->entry[i]))
			txn_delete(t, DB_INDEX, key_str(&before->entry[i].key));
	for (uint32_t i = 0; i < now->len; i++)
		if (!holds(before, &now->entry[i]))
			txn_put(t, DB_INDEX, key_str(&now->entry[i].key),
				(struct str){now->entry[i].value, now->entry[i].value_len});
}
