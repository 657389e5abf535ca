/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"
#include "fleet/render_parts.h"
#include "fleet/task.h"
#include "fleet/waiting.h"
#include "fleet/warranty_claim.h"

/*
 * What must be done at a site, who waits there, what is claimed: what is open first, then in the
 * order of the index, the most urgent or the first in the line before the others.
 */

/* Along an index of (site, status, number, id); `prefix` is the site's. */
static struct str along_status(struct view *v, enum row_kind kind, struct key prefix,
	const uint8_t *status, const struct list_page *page)
{
	size_t site_len = prefix.n;

	if (status)
		key_u8(&prefix, *status);
	return render_along(
		v, kind, prefix, site_len, site_len + sizeof(uint8_t) + sizeof(uint32_t), page);
}

struct str render_tasks(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	enum task_status wanted;
	bool some = task_status_from(&wanted, status);
	uint8_t only = some ? (uint8_t)wanted : 0;

	return along_status(v, ROW_TASK, key_site_task_prefix(site), some ? &only : NULL, page);
}

struct str render_waiting(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	enum waiting_status wanted;
	bool some = waiting_status_from(&wanted, status);
	uint8_t only = some ? (uint8_t)wanted : 0;

	return along_status(
		v, ROW_WAITING, key_site_waiting_prefix(site), some ? &only : NULL, page);
}

struct str render_claim_list(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	enum warranty_claim_status wanted;
	bool some = warranty_claim_status_from(&wanted, status);
	uint8_t only = some ? (uint8_t)wanted : 0;

	return along_status(v, ROW_CLAIM, key_site_claim_prefix(site), some ? &only : NULL, page);
}

struct str render_complaints(
	struct view *v, struct str site, struct str status, const struct list_page *page)
{
	bool some = word_is_of(complaint_statuses, status);
	uint8_t only = some ? word_place(complaint_statuses, status) : 0;

	return along_status(
		v, ROW_COMPLAINT, key_site_complaint_prefix(site), some ? &only : NULL, page);
}
