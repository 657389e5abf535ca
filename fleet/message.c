/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/message.h"

#include "fleet/booking.h"
#include "fleet/merge.h"
#include "fleet/task.h"

enum { DAY_S = 86400, PHONE_DIGITS_MIN = 8, PHONE_DIGITS_MAX = 15 };

static const char *const channels[] = {
	[MESSAGE_NONE] = "none", [MESSAGE_EMAIL] = "email", [MESSAGE_SMS] = "sms"};
static const char *const statuses[] = {
	[MESSAGE_WAITING] = "waiting", [MESSAGE_SENT] = "sent", [MESSAGE_FAILED] = "failed"};

const char *message_channel_name(enum message_channel c)
{
	ASSERT(c < ARRAY_LEN(channels));
	return channels[c];
}

bool message_channel_from(enum message_channel *out, struct str name)
{
	for (size_t i = MESSAGE_EMAIL; i < ARRAY_LEN(channels); i++)
		if (str_is(name, channels[i])) {
			*out = (enum message_channel)i;
			return true;
		}
	return false;
}

const char *message_status_name(enum message_status s)
{
	ASSERT(s < ARRAY_LEN(statuses));
	return statuses[s];
}

bool message_status_from(enum message_status *out, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (str_is(name, statuses[i])) {
			*out = (enum message_status)i;
			return true;
		}
	return false;
}

/* ---- who ---- */

bool message_email_is_good(struct str address)
{
	static const char never[] = "<>()[],;:\\\"";
	size_t ats = 0, at = 0;

	for (size_t i = 0; i < address.n; i++) {
		unsigned char c = (unsigned char)address.p[i];
		if (c <= ' ' || c >= 0x7f || memchr(never, c, sizeof never - 1))
			return false;
		ats += c == '@';
		at = c == '@' ? i : at;
	}
	return ats == 1 && at > 0 && at + 1 < address.n && address.n <= ADDRESS_BYTES_MAX;
}

/* "+33 6 39 98 00 00" as gateways want it; a number without its country is nobody's. */
static struct str phone_plain(struct arena *a, struct str phone)
{
	char plain[PHONE_DIGITS_MAX + 2];
	size_t n = 0;

	for (size_t i = 0; i < phone.n; i++) {
		char c = phone.p[i];
		bool digit = c >= '0' && c <= '9';
		if (c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')')
			continue;
		if ((!digit && !(c == '+' && n == 0)) || n > PHONE_DIGITS_MAX)
			return STR_NULL;
		plain[n++] = c;
	}
	if (n <= PHONE_DIGITS_MIN || plain[0] != '+')
		return STR_NULL;
	return arena_copy(a, (struct str){plain, n});
}

struct recipient message_recipient(struct view *v, struct json task)
{
	struct recipient r = {.customer = json_str_at(task, "customer")};
	struct row row;

	if (!r.customer.n && row_get(v, ROW_BOOKING, json_str_at(task, "booking"), &row))
		r.customer = json_str_at(row.doc, "customer");
	r.customer = customer_of(v, r.customer);
	if (!r.customer.n || !row_get(v, ROW_CUSTOMER, r.customer, &row) ||
		!message_channel_from(&r.channel, json_str_at(row.doc, "preferred_channel")))
		return r;
	struct json person = customer_person(v, r.customer);
	r.language = json_str_at(row.doc, "language");
	r.name = customer_name(v, r.customer);
	r.to = json_str_at(person, "email");
	if (r.channel == MESSAGE_EMAIL && !message_email_is_good(r.to))
		r.to = STR_NULL;
	if (r.channel == MESSAGE_SMS)
		r.to = phone_plain(v->arena, json_str_at(person, "phone"));
	if (!r.to.n)
		r.channel = MESSAGE_NONE;
	return r;
}

/* ---- what is due ---- */

bool message_is_wanted(struct view *v, struct json task, struct instant now)
{
	struct instant from;
	struct row row;

	return !json_present(json_get(task, "message")) &&
	       row_get(v, ROW_BOOKING, json_str_at(task, "booking"), &row) &&
	       str_is(json_str_at(row.doc, "status"), booking_status_name(BOOKING_BOOKED)) &&
	       doc_instant(row.doc, "from", &from) && from.s > now.s;
}

static bool is_due(struct view *v, struct str id)
{
	enum message_status status = MESSAGE_WAITING;
	struct row row;

	return row_get(v, ROW_TASK, id, &row) &&
	       str_is(json_str_at(row.doc, "kind"), task_kind_name(TASK_CONFIRM)) &&
	       (!message_status_from(
			&status, json_str_at(json_get(row.doc, "message"), "status")) ||
		       status == MESSAGE_WAITING);
}

uint32_t messages_due(
	struct view *v, struct str site, struct instant now, struct str *out, uint32_t max)
{
	struct key prefix = key_site_task_prefix(site), from;
	struct cursor c;
	uint32_t n = 0, minute;
	size_t at;
	struct str id;

	key_u8(&prefix, TASK_OPEN);
	from = prefix;
	key_u32(&from, now.s > DAY_S ? minute_down((struct instant){now.s - DAY_S}) : 0);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&from));
		some && n < max && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		at = prefix.n;
		if (!key_take_u32(c.key, &at, &minute) ||
			minute_instant(minute).s > now.s + MESSAGE_AHEAD_S ||
			!key_take_text(c.key, &at, &id))
			break;
		if (is_due(v, id))
			out[n++] = arena_copy(v->arena, id);
	}
	cursor_close(&c);
	return n;
}

bool message_open(struct view *v, struct json task, struct message *out)
{
	struct json message = json_get(task, "message");
	struct json private = private_open(v, json_get(message, "private"));
	enum message_status status;
	struct instant at, due;

	*out = (struct message){.id = json_str_at(message, "message"),
		.to = json_str_at(private, "to"),
		.subject = json_str_at(private, "subject"),
		.text = json_str_at(private, "text"),
		.calendar = json_str_at(private, "calendar")};
	if (!message_status_from(&status, json_str_at(message, "status")) ||
		status != MESSAGE_WAITING ||
		!message_channel_from(&out->channel, json_str_at(message, "channel")) ||
		!doc_instant(message, "at", &at) || !doc_instant(task, "due_at", &due))
		return false;
	out->until.s = due.s > at.s + MESSAGE_GRACE_S ? due.s : at.s + MESSAGE_GRACE_S;
	return out->to.n > 0;
}
