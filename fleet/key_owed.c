/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key_tag.h"

/* DB_INDEX, of what is owed to somebody and what was said with him. */

struct key key_site_task_prefix(struct str site)
{
	return tagged_text(TAG_SITE_TASK, site);
}

struct key key_site_task(struct str site, uint8_t status, uint32_t due_minute, struct str task)
{
	struct key k = key_site_task_prefix(site);

	key_u8(&k, status);
	return numbered(k, due_minute, task);
}

struct key key_subject_task(struct str subject, uint8_t kind)
{
	struct key k = tagged_text(TAG_SUBJECT_TASK, subject);

	key_u8(&k, kind);
	return k;
}

struct key key_site_escalation_prefix(struct str site)
{
	return tagged_text(TAG_SITE_ESCALATION, site);
}

struct key key_site_escalation(struct str site, uint32_t minute, struct str task)
{
	return numbered(key_site_escalation_prefix(site), minute, task);
}

struct key key_site_contact_prefix(struct str site)
{
	return tagged_text(TAG_SITE_CONTACT, site);
}

struct key key_site_contact(struct str site, uint32_t minute, struct str contact)
{
	return numbered(key_site_contact_prefix(site), UINT32_MAX - minute, contact);
}

struct key key_customer_contact_prefix(struct str customer)
{
	return tagged_text(TAG_CUSTOMER_CONTACT, customer);
}

struct key key_customer_contact(struct str customer, uint32_t minute, struct str contact)
{
	return numbered(key_customer_contact_prefix(customer), UINT32_MAX - minute, contact);
}

struct key key_site_complaint_prefix(struct str site)
{
	return tagged_text(TAG_SITE_COMPLAINT, site);
}

struct key key_site_complaint(struct str site, uint8_t status, uint32_t order, struct str complaint)
{
	struct key k = key_site_complaint_prefix(site);

	key_u8(&k, status);
	return numbered(k, order, complaint);
}

struct key key_site_asked_prefix(struct str site)
{
	return tagged_text(TAG_SITE_ASKED, site);
}

struct key key_site_asked(struct str site, uint32_t minute, struct str booking)
{
	return numbered(key_site_asked_prefix(site), minute, booking);
}

struct key key_site_appointment_prefix(struct str site)
{
	return tagged_text(TAG_SITE_APPOINTMENT, site);
}

struct key key_site_appointment(
	struct str site, uint32_t minute, enum appointment_part part, struct str visit)
{
	struct key k = key_site_appointment_prefix(site);

	key_u32(&k, minute);
	key_u8(&k, (uint8_t)part);
	key_text(&k, visit);
	return k;
}

struct key key_site_work_prefix(struct str site, struct day day)
{
	struct key k = tagged_text(TAG_SITE_WORK, site);

	key_u32(&k, (uint32_t)day.n);
	return k;
}

struct key key_site_work(struct str site, struct day day, struct str visit)
{
	struct key k = key_site_work_prefix(site, day);

	key_text(&k, visit);
	return k;
}
