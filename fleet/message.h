/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is said to a customer in writing, by the channel that he prefers (LEX-16). The promise is a
 * task of the deadline book; what is to be said joins it in an entry before anybody sends it, with
 * a name of its own that every repeat has, and how it went is an entry too. Where he prefers the
 * telephone, or cannot be written to, the task is a call as before: never a message that failed.
 * Written so far: that he is awaited tomorrow (CIT-6.2).
 *
 * task.message: { "at", "channel", "failed_at"?, "message", "private":{"of","sealed"}, "sent_at"?,
 *   "status", "why"? }   (private: "to","text","subject"?,"calendar"?)
 */

#include "fleet/view.h"

enum {
	MESSAGE_AHEAD_S = 4 * 3600, /* before it is due: whoever fails has the morning to call */
	MESSAGE_GRACE_S = 3600,	    /* from its writing on it is tried, however late that was */
	MESSAGE_LINK_MAX = 200,	    /* of the address that a token is put behind */
	ADDRESS_BYTES_MAX = 254,
};

enum message_channel { MESSAGE_NONE, MESSAGE_EMAIL, MESSAGE_SMS };
const char *message_channel_name(enum message_channel c);
bool message_channel_from(enum message_channel *out, struct str name);

enum message_status { MESSAGE_WAITING, MESSAGE_SENT, MESSAGE_FAILED };
const char *message_status_name(enum message_status s);
bool message_status_from(enum message_status *out, struct str name);

/* Who is written to, and how; MESSAGE_NONE: a person calls. In the view's arena. */
struct recipient {
	enum message_channel channel;
	struct str customer, language, name, to;
};
struct recipient message_recipient(struct view *v, struct json task);
/* An address that no header and no envelope can be broken with. */
bool message_email_is_good(struct str address);

/* Nothing is written of it yet, and its time is still to come. */
bool message_is_wanted(struct view *v, struct json task, struct instant now);
/* Open tasks of the site whose message is due now, or waits: ids in the view's arena. */
uint32_t messages_due(
	struct view *v, struct str site, struct instant now, struct str *out, uint32_t max);
/* What is to be sent, opened; false: it is not waiting, or nobody can read it any more. */
struct message {
	enum message_channel channel;
	struct str id, to, subject, text, calendar;
	struct instant until; /* tried until then */
};
MUST_CHECK bool message_open(struct view *v, struct json task, struct message *out);

/* ---- templates: the house's own in a site's "texts", else ours ---- */

/* Else `unknown` is the name of a field that there is not, or STR("{"): a brace is not closed. */
MUST_CHECK bool template_is_good(struct str text, struct str *unknown);
/* For a refusal: which fields there are. */
extern const char template_fields[];
/* Whether that key of a site's "texts" is a template. */
bool template_key(struct str key);

/* ---- what is said of a booking ---- */

struct message_of {
	struct json booking, site;
	struct recipient who;
	struct str link; /* STR_NULL: none */
	struct instant now;
};
/* "16/03/2026" and "08:30" by the site's clock. */
struct str message_day(struct view *v, struct json site, struct instant t);
struct str message_hour(struct view *v, struct json site, struct instant t);
/* {"calendar"?,"subject"?,"text","to"}; STR_NULL without memory. */
struct str message_write(struct view *v, const struct message_of *m);

/* ---- the customer's own word: an address that names a booking and ends by itself ---- */

enum { CONFIRM_TOKEN_MAX = 120 };
struct str confirm_token(
	struct arena *a, const uint8_t *secret, struct str booking, struct instant until);
/* False: it is not one of ours. */
MUST_CHECK bool confirm_token_open(
	const uint8_t *secret, struct str token, struct str *booking, struct instant *until);
