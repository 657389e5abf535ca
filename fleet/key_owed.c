/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"

/* DB_INDEX, of what is owed to somebody and what was said with him. No tag here is one of key.c. */

enum tag {
	TAG_SITE_TASK = 't',
	TAG_SUBJECT_TASK = 'k',
	TAG_SITE_ESCALATION = 'z',
	TAG_SITE_CONTACT = 'C',
	TAG_CUSTOMER_CONTACT = 'H',
	TAG_SITE_COMPLAINT = 'K',
	TAG_SITE_ASKED = 'A',
};

static struct key tagged_text(enum tag tag, struct str text)
{
	struct key k = {.n = 0};

	key_u8(&k, (uint8_t)tag);
	key_text(&k, text);
	return k;
}

struct key key_site_task_prefix(struct str site)
{
	return tagged_text(TAG_SITE_TASK, site);
}

struct key key_site_task(struct str site, uint8_t status, uint32_t due_minute, struct str task)
{
	struct key k = key_site_task_prefix(site);

	key_u8(&k, status);
	key_u32(&k, due_minute);
	key_text(&k, task);
	return k;
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
	struct key k = key_site_escalation_prefix(site);

	key_u32(&k, minute);
	key_text(&k, task);
	return k;
}

struct key key_site_contact_prefix(struct str site)
{
	return tagged_text(TAG_SITE_CONTACT, site);
}

struct key key_site_contact(struct str site, uint32_t minute, struct str contact)
{
	struct key k = key_site_contact_prefix(site);

	key_u32(&k, UINT32_MAX - minute);
	key_text(&k, contact);
	return k;
}

struct key key_customer_contact_prefix(struct str customer)
{
	return tagged_text(TAG_CUSTOMER_CONTACT, customer);
}

struct key key_customer_contact(struct str customer, uint32_t minute, struct str contact)
{
	struct key k = key_customer_contact_prefix(customer);

	key_u32(&k, UINT32_MAX - minute);
	key_text(&k, contact);
	return k;
}

struct key key_site_complaint_prefix(struct str site)
{
	return tagged_text(TAG_SITE_COMPLAINT, site);
}

struct key key_site_complaint(struct str site, uint8_t status, uint32_t order, struct str complaint)
{
	struct key k = key_site_complaint_prefix(site);

	key_u8(&k, status);
	key_u32(&k, order);
	key_text(&k, complaint);
	return k;
}

struct key key_site_asked_prefix(struct str site)
{
	return tagged_text(TAG_SITE_ASKED, site);
}

struct key key_site_asked(struct str site, uint32_t minute, struct str booking)
{
	struct key k = key_site_asked_prefix(site);

	key_u32(&k, minute);
	key_text(&k, booking);
	return k;
}
