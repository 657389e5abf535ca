/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key_tag.h"

/*
 * A key is put together from left to right, the widest group first, so that everything that is
 * asked for together lies together. Whoever adds a layout adds its tag, its prefix and a row to the
 * tests.
 */

/* ---- building blocks ---- */

void key_bytes(struct key *k, const void *p, size_t n)
{
	ASSERT(n <= KEY_MAX - k->n);
	memcpy(k->bytes + k->n, p, n);
	k->n += n;
}

static void put_number(struct key *k, uint64_t v, size_t width)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < width; i++)
		bytes[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
	key_bytes(k, bytes, width);
}

void key_u8(struct key *k, uint8_t v)
{
	put_number(k, v, 1);
}

void key_u16(struct key *k, uint16_t v)
{
	put_number(k, v, 2);
}

void key_u32(struct key *k, uint32_t v)
{
	put_number(k, v, 4);
}

void key_u64(struct key *k, uint64_t v)
{
	put_number(k, v, 8);
}

/* Text without its end: what begins with it is found by a walk. */
static void put_word_start(struct key *k, struct str s)
{
	size_t n = s.n < ID_MAX ? s.n : ID_MAX;
	/* A NUL inside would end the text early when read back, and shift all that follows. */
	const char *nul = n ? memchr(s.p, '\0', n) : NULL;

	if (nul)
		n = (size_t)(nul - s.p);
	if (n)
		key_bytes(k, s.p, n);
}

void key_text(struct key *k, struct str s)
{
	put_word_start(k, s);
	key_u8(k, 0);
}

/* ---- DB_JOURNAL, DB_HEAD, DB_REQUESTS: a journal's name comes first ---- */

struct key key_head(struct str journal)
{
	struct key k = {.n = 0};

	key_text(&k, journal);
	return k;
}

struct key key_site_meta(enum site_meta what, struct str site)
{
	struct key k = {.n = 0};

	key_u8(&k, (uint8_t)what);
	key_text(&k, site);
	return k;
}

struct key key_journal_prefix(struct str journal)
{
	return key_head(journal);
}

struct key key_journal(struct str journal, uint64_t seq)
{
	struct key k = key_head(journal);

	key_u64(&k, seq);
	return k;
}

struct key key_request(struct str journal, const uint8_t key_sha256[32])
{
	struct key k = key_head(journal);

	key_bytes(&k, key_sha256, 32);
	return k;
}

/* ---- DB_INDEX (more of them: key_owed.c) ---- */

struct key key_history_prefix(enum row_kind kind, struct str id)
{
	struct key k = tagged(TAG_HISTORY);

	key_u8(&k, (uint8_t)kind);
	key_text(&k, id);
	return k;
}

struct key key_history(enum row_kind kind, struct str id, uint64_t seq)
{
	struct key k = key_history_prefix(kind, id);

	key_u64(&k, seq);
	return k;
}

struct key key_group_prefix(struct str group)
{
	return tagged_text(TAG_GROUP, group);
}

struct key key_group(struct str group, struct str journal, uint64_t seq)
{
	struct key k = key_group_prefix(group);

	key_text(&k, journal);
	key_u64(&k, seq);
	return k;
}

struct key key_site_resource_prefix(struct str site)
{
	return tagged_text(TAG_SITE_RESOURCE, site);
}

struct key key_site_resource(struct str site, struct str resource)
{
	struct key k = key_site_resource_prefix(site);

	key_text(&k, resource);
	return k;
}

struct key key_site_week_prefix(struct str site, uint32_t week)
{
	struct key k = tagged_text(TAG_SITE_WEEK, site);

	key_u32(&k, week);
	return k;
}

struct key key_site_week(struct str site, uint32_t week, uint32_t serial)
{
	struct key k = key_site_week_prefix(site, week);

	key_u32(&k, serial);
	return k;
}

struct key key_for_site_week(struct str for_site, uint32_t week, uint32_t serial, struct str home)
{
	struct key k = key_site_week(for_site, week, serial);

	key_text(&k, home);
	return k;
}

struct key key_shared_prefix(struct str site)
{
	return tagged_text(TAG_SHARED, site);
}

struct key key_shared(struct str site, struct str home, struct str resource)
{
	struct key k = key_shared_prefix(site);

	key_text(&k, home);
	key_text(&k, resource);
	return k;
}

struct key key_site_serial(struct str site, uint32_t serial)
{
	struct key k = tagged_text(TAG_SITE_SERIAL, site);

	key_u32(&k, serial);
	return k;
}

struct key key_site_due_prefix(struct str site)
{
	return tagged_text(TAG_SITE_DUE, site);
}

struct key key_site_due(struct str site, uint32_t minute, uint32_t serial)
{
	struct key k = key_site_due_prefix(site);

	key_u32(&k, minute);
	key_u32(&k, serial);
	return k;
}

struct key key_site_demand_prefix(struct str site, struct day day)
{
	struct key k = tagged_text(TAG_SITE_DEMAND, site);

	ASSERT(day.n >= 0); /* days begin in 1970 */
	key_u32(&k, (uint32_t)day.n);
	return k;
}

struct key key_site_demand(struct str site, struct day day, struct str demand)
{
	struct key k = key_site_demand_prefix(site, day);

	key_text(&k, demand);
	return k;
}

struct key key_site_waiting_prefix(struct str site)
{
	return tagged_text(TAG_SITE_WAITING, site);
}

struct key key_site_waiting(struct str site, uint8_t status, uint32_t serial, struct str waiting)
{
	struct key k = key_site_waiting_prefix(site);

	key_u8(&k, status);
	return numbered(k, serial, waiting);
}

struct key key_site_risk_prefix(struct str site)
{
	return tagged_text(TAG_SITE_RISK, site);
}

struct key key_site_risk(struct str site, uint32_t from, uint32_t serial)
{
	struct key k = key_site_risk_prefix(site);

	key_u32(&k, from);
	key_u32(&k, serial);
	return k;
}

struct key key_site_desk_prefix(struct str site)
{
	return tagged_text(TAG_SITE_DESK, site);
}

struct key key_site_desk(struct str site, struct str booking, enum desk_part part)
{
	struct key k = key_site_desk_prefix(site);

	key_text(&k, booking);
	key_u8(&k, (uint8_t)part);
	return k;
}

struct key key_vehicle_booking_prefix(struct str vin)
{
	return tagged_text(TAG_VEHICLE_BOOKING, vin);
}

struct key key_vehicle_booking(struct str vin, uint32_t from, struct str booking)
{
	return numbered(key_vehicle_booking_prefix(vin), from, booking);
}

struct key key_customer_booking_prefix(struct str customer)
{
	return tagged_text(TAG_CUSTOMER_BOOKING, customer);
}

struct key key_customer_booking(struct str customer, uint32_t from, struct str booking)
{
	return numbered(key_customer_booking_prefix(customer), from, booking);
}

struct key key_visit_booking_prefix(struct str visit)
{
	return tagged_text(TAG_VISIT_BOOKING, visit);
}

struct key key_visit_booking(struct str visit, struct str booking)
{
	struct key k = key_visit_booking_prefix(visit);

	key_text(&k, booking);
	return k;
}

struct key key_booking_attachment_prefix(struct str booking)
{
	return tagged_text(TAG_BOOKING_ATTACHMENT, booking);
}

struct key key_booking_attachment(struct str booking, struct str attachment)
{
	struct key k = key_booking_attachment_prefix(booking);

	key_text(&k, attachment);
	return k;
}

struct key key_booking_claim_prefix(struct str booking)
{
	return tagged_text(TAG_BOOKING_CLAIM, booking);
}

struct key key_booking_claim(struct str booking, struct str claim)
{
	struct key k = key_booking_claim_prefix(booking);

	key_text(&k, claim);
	return k;
}

struct key key_site_claim_prefix(struct str site)
{
	return tagged_text(TAG_SITE_CLAIM, site);
}

struct key key_site_claim(struct str site, uint8_t status, uint32_t made_minute, struct str claim)
{
	struct key k = key_site_claim_prefix(site);

	key_u8(&k, status);
	return numbered(k, made_minute, claim);
}

struct key key_vehicle_visit_prefix(struct str vin)
{
	return tagged_text(TAG_VEHICLE_VISIT, vin);
}

struct key key_vehicle_visit(struct str vin, struct str visit)
{
	struct key k = key_vehicle_visit_prefix(vin);

	key_text(&k, visit);
	return k;
}

struct key key_customer_vehicle_prefix(struct str customer)
{
	return tagged_text(TAG_CUSTOMER_VEHICLE, customer);
}

struct key key_customer_vehicle(struct str customer, struct str vin)
{
	struct key k = key_customer_vehicle_prefix(customer);

	key_text(&k, vin);
	return k;
}

struct key key_customer_visit_prefix(struct str customer)
{
	return tagged_text(TAG_CUSTOMER_VISIT, customer);
}

struct key key_customer_visit(struct str customer, struct str visit)
{
	struct key k = key_customer_visit_prefix(customer);

	key_text(&k, visit);
	return k;
}

struct key key_lookup_prefix(char what, struct str word_start)
{
	struct key k = tagged(TAG_LOOKUP);

	key_u8(&k, (uint8_t)what);
	put_word_start(&k, word_start);
	return k;
}

struct key key_lookup(char what, struct str word, struct str id)
{
	struct key k = key_lookup_prefix(what, word);

	key_u8(&k, 0);
	key_text(&k, id);
	return k;
}

struct key key_ruleset_prefix(void)
{
	return tagged(TAG_RULESET);
}

struct key key_ruleset_from(struct day valid_from, struct str version)
{
	struct key k = key_ruleset_prefix();

	/* Days begin in 1970: a negative one would sort behind all others. */
	ASSERT(valid_from.n >= 0);
	return numbered(k, (uint32_t)valid_from.n, version);
}
