/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/messages.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/message.h"
#include "server/env_uv.h"
#include "server/mail.h"
#include "server/outbound.h"
#include "server/reload.h"

enum {
	SITES_A_RUN = 256,
	DUE_A_SITE = 500, /* looked at in a run; those that wait for another try are among them */
	CHANNELS = MESSAGE_SMS + 1,
	BODY_BYTES = 1024
};

/* One that was not taken, and when it is tried again. In memory: a start tries all at once. */
struct
try {
	char message[ULID_LEN + 1];
	uint32_t failed;
	int64_t next_s;
};

enum step_what { STEP_WRITE, STEP_SENT, STEP_FAILED };
struct step {
	enum step_what what;
	char site[ID_MAX + 1], task[ID_MAX + 1], message[ULID_LEN + 1];
	char why[MESSAGE_WHY_BYTES];
};

struct messages {
	struct fleet *fleet;	 /* borrowed */
	struct rosters *rosters; /* borrowed: the thread's */
	const atomic_bool *given_up;
	struct message_counts counts;
	bool at_once;
	/* of the run under way: its thread's, until it is done */
	char smtp_url[CONFIG_TEXT_MAX], smtp_from[CONFIG_TEXT_MAX], smtp_user[CONFIG_TEXT_MAX];
	char smtp_password[MESSAGE_SECRET_MAX];
	char sms_url[CONFIG_TEXT_MAX], sms_token[MESSAGE_SECRET_MAX];
	char link[CONFIG_TEXT_MAX];
	bool plain, sms_private;
	char at[ID_MAX + 1]; /* the last site that had its turn */
	struct try tries[MESSAGE_TRIES_MAX];
	uint32_t tries_len;
	struct {
		int64_t next_s; /* while its server is away */
		uint32_t failed;
	} channel[CHANNELS];
	struct step steps[MESSAGES_A_RUN];
	uint32_t steps_len, steps_taken;
	struct {
		uint64_t tries_failed;
		int64_t until_s;
		bool more, failed;
		int64_t last_at_s;
		char why[MESSAGE_WHY_BYTES];
	} run;
};

/* ---- another try ---- */

static struct try *try_find(struct messages *m, struct str message)
{
	for (uint32_t i = 0; i < m->tries_len; i++)
		if (str_is(message, m->tries[i].message))
			return &m->tries[i];
	return NULL;
}

static void try_forget(struct messages *m, struct str message)
{
	struct try *t = try_find(m, message);

	if (t)
		*t = m->tries[--m->tries_len];
}

/* With so many that wait, the one that waits longest gives up its place and is tried sooner. */
static void try_later(struct messages *m, struct str message, int64_t now_s)
{
	struct try *t = try_find(m, message);

	if (!t && m->tries_len == MESSAGE_TRIES_MAX) {
		t = &m->tries[0];
		for (uint32_t i = 1; i < m->tries_len; i++)
			if (m->tries[i].next_s > t->next_s)
				t = &m->tries[i];
		*t = (struct try){.failed = 0};
	} else if (!t) {
		t = &m->tries[m->tries_len++];
		*t = (struct try){.failed = 0};
	}
	snprintf(t->message, sizeof t->message, "%.*s", STR_FMT(message));
	t->next_s = now_s + webhook_wait_s(++t->failed);
}

/* ---- what becomes of it ---- */

static void step_add(struct messages *m, enum step_what what, struct str task, struct str message,
	const char *why)
{
	struct step *s = &m->steps[m->steps_len++];

	ASSERT(m->steps_len <= MESSAGES_A_RUN);
	*s = (struct step){.what = what};
	snprintf(s->site, sizeof s->site, "%s", m->at);
	snprintf(s->task, sizeof s->task, "%.*s", STR_FMT(task));
	snprintf(s->message, sizeof s->message, "%.*s", STR_FMT(message));
	snprintf(s->why, sizeof s->why, "%s", why);
}

static enum went hand_over_sms(
	struct messages *m, struct arena *a, const struct message *message, char *why)
{
	char key[ULID_LEN + 24], token[MESSAGE_SECRET_MAX + 24];
	struct json_writer w;

	arena_writer(a, &w, 6 * (message->text.n + message->to.n) + BODY_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "id", message->id);
	json_kv_str(&w, "text", message->text);
	json_kv_str(&w, "to", message->to);
	json_object_end(&w);
	snprintf(key, sizeof key, "Idempotency-Key: %.*s", STR_FMT(message->id));
	snprintf(token, sizeof token, "Authorization: Bearer %s", m->sms_token);
	const struct post post = {
		.url = m->sms_url,
		.header = {key, m->sms_token[0] ? token : NULL},
		.body = arena_written(a, &w),
		.private_allowed = m->sms_private,
		.url_key = "sms.url",
		.private_key = "sms.private",
		.given_up = m->given_up,
	};
	enum went went = post_send(&post, why, MESSAGE_WHY_BYTES);
	OPENSSL_cleanse(token, sizeof token);
	return went;
}

static enum went hand_over(struct messages *m, struct arena *a, const struct message *message,
	struct instant at, char *why)
{
	const struct mail mail = {
		.url = m->smtp_url,
		.from = m->smtp_from,
		.user = m->smtp_user,
		.password = m->smtp_password,
		.plain = m->plain,
		.id = message->id,
		.to = message->to,
		.subject = message->subject,
		.text = message->text,
		.calendar = message->calendar,
		.at = at,
		.given_up = m->given_up,
	};

	if (message->channel == MESSAGE_SMS)
		return hand_over_sms(m, a, message, why);
	return mail_send(a, &mail, why, MESSAGE_WHY_BYTES);
}

static void took(struct messages *m, struct str task, const struct message *message, enum went went,
	const char *why, int64_t now_s)
{
	enum message_channel c = message->channel;

	if (went == WENT_DONE) {
		m->channel[c].failed = 0;
		m->run.last_at_s = now_s;
		try_forget(m, message->id);
		step_add(m, STEP_SENT, task, message->id, "");
		return;
	}
	m->run.tries_failed++;
	m->run.failed = true;
	snprintf(m->run.why, sizeof m->run.why, "%s", why);
	if (went == WENT_NEVER || now_s >= message->until.s) {
		try_forget(m, message->id);
		step_add(m, STEP_FAILED, task, message->id, why);
		return;
	}
	try_later(m, message->id, now_s);
	if (went == WENT_AWAY)
		m->channel[c].next_s = now_s + webhook_wait_s(++m->channel[c].failed);
}

/* ---- a run ---- */

static bool has_channel(const struct messages *m, enum message_channel c)
{
	return (c == MESSAGE_EMAIL && m->smtp_url[0]) || (c == MESSAGE_SMS && m->sms_url[0]);
}

/* One that waits: handed over, unless it is to wait a while longer. Its time may be over while its
 * server is away: then it has failed without another try. */
static void waiting_run(struct messages *m, struct arena *a, struct str task,
	const struct message *message, struct instant at)
{
	struct env *env = env_uv();
	int64_t now_s = env->now(env).s;
	char why[MESSAGE_WHY_BYTES] = "there was nothing to send it with";
	const struct try *t = try_find(m, message->id);
	bool over = now_s >= message->until.s;

	if (!has_channel(m, message->channel)) {
		if (over)
			took(m, task, message, WENT_NEVER, why, now_s);
		return;
	}
	if (!over && ((t && now_s < t->next_s) || now_s < m->channel[message->channel].next_s))
		return;
	enum went went = hand_over(m, a, message, at, why);
	if (went != WENT_DONE && atomic_load(m->given_up))
		return; /* a stop: the next start sends it */
	took(m, task, message, went, why, env->now(env).s);
}

static void task_run(struct messages *m, struct arena *a, struct view *v, struct str id)
{
	struct env *env = env_uv();
	struct message message;
	struct instant at = {0};
	struct row row;
	struct txn t;

	fleet_look_beside(m->fleet, m->rosters, v, &t, a);
	bool some = row_get(v, ROW_TASK, id, &row);
	bool writes = some && message_is_wanted(v, row.doc, env->now(env)) &&
		      has_channel(m, message_recipient(v, row.doc).channel);
	bool waits = some && message_open(v, row.doc, &message);
	if (waits)
		(void)doc_instant(json_get(row.doc, "message"), "at", &at);
	fleet_look_end(v);
	if (writes)
		step_add(m, STEP_WRITE, id, STR_NULL, "");
	else if (waits)
		waiting_run(m, a, id, &message, at);
}

static void site_run(struct messages *m)
{
	struct env *env = env_uv();
	struct str ids[DUE_A_SITE];
	struct arena a, one;
	struct view v;
	struct txn t;

	arena_init(&a, ARENA_MAX_DEFAULT);
	arena_init(&one, ARENA_MAX_DEFAULT);
	fleet_look_beside(m->fleet, m->rosters, &v, &t, &a);
	uint32_t n = messages_due(&v, str_from(m->at), env->now(env), ids, DUE_A_SITE);
	fleet_look_end(&v);
	for (uint32_t i = 0; i < n && m->steps_len < MESSAGES_A_RUN &&
			     env->now(env).s < m->run.until_s && !atomic_load(m->given_up);
		i++) {
		arena_reset(&one);
		task_run(m, &one, &v, ids[i]);
	}
	arena_deinit(&one);
	arena_deinit(&a);
}

void messages_run(struct messages *m)
{
	bool some = true;

	for (int n = 0; some && n < SITES_A_RUN && m->steps_len < MESSAGES_A_RUN; n++) {
		some = outbound_site_next(m->fleet, m->rosters, m->at);
		if (some)
			site_run(m);
	}
	m->run.more = some;
}

/* ---- on the loop ---- */

bool messages_begin(struct messages *m, const struct settings *from)
{
	const struct config *c = &from->config;
	struct env *env = env_uv();

	m->counts.wanted = c->smtp_url[0] != '\0' || c->sms_url[0] != '\0';
	if (!m->counts.wanted)
		return false;
	snprintf(m->smtp_url, sizeof m->smtp_url, "%s", c->smtp_url);
	snprintf(m->smtp_from, sizeof m->smtp_from, "%s", c->smtp_from);
	snprintf(m->smtp_user, sizeof m->smtp_user, "%s", c->smtp_user);
	snprintf(m->smtp_password, sizeof m->smtp_password, "%s", from->smtp_password);
	snprintf(m->sms_url, sizeof m->sms_url, "%s", c->sms_url);
	snprintf(m->sms_token, sizeof m->sms_token, "%s", from->sms_token);
	snprintf(m->link, sizeof m->link, "%s", c->public_url);
	m->plain = c->smtp_plain > 0;
	m->sms_private = c->sms_private > 0;
	m->steps_len = m->steps_taken = 0;
	memset(&m->run, 0, sizeof m->run);
	m->run.until_s = env->now(env).s + MESSAGES_RUN_S;
	if (m->at_once) { /* what was wrong may be right now */
		m->tries_len = 0;
		memset(m->channel, 0, sizeof m->channel);
	}
	m->at_once = false;
	return true;
}

bool messages_end(struct messages *m)
{
	struct message_counts *c = &m->counts;
	struct env *env = env_uv();
	char line[MESSAGE_WHY_BYTES + 60];

	if (m->run.failed && (!c->last_failed || strcmp(c->why, m->run.why) != 0)) {
		snprintf(line, sizeof line, "message: %s", m->run.why);
		env->log(env, line);
	}
	c->tries_failed += m->run.tries_failed;
	c->waiting = m->tries_len;
	if (m->run.failed)
		memcpy(c->why, m->run.why, sizeof c->why);
	if (m->run.failed || m->run.last_at_s)
		c->last_failed = m->run.failed;
	if (m->run.last_at_s)
		c->last_at_s = m->run.last_at_s;
	return m->run.more;
}

static struct str step_body(struct messages *m, struct arena *a, const struct step *s)
{
	static const char *const names[] = {"write", "sent", "failed"};
	struct json_writer w;

	arena_writer(a, &w, 6 * sizeof s->why + sizeof m->link + BODY_BYTES);
	json_object_begin(&w);
	if (s->what == STEP_WRITE) {
		json_k(&w, "channels");
		json_array_begin(&w);
		for (int c = MESSAGE_EMAIL; c < CHANNELS; c++)
			if (has_channel(m, (enum message_channel)c))
				json_put_str(&w,
					str_from(message_channel_name((enum message_channel)c)));
		json_array_end(&w);
		if (m->link[0])
			json_kv_str(&w, "link", str_from(m->link));
	} else {
		json_kv_str(&w, "message", str_from(s->message));
	}
	json_kv_str(&w, "step", str_from(names[s->what]));
	if (s->why[0])
		json_kv_str(&w, "why", str_from(s->why));
	json_object_end(&w);
	return arena_written(a, &w);
}

struct command *messages_step(struct messages *m)
{
	if (m->steps_taken == m->steps_len)
		return NULL;
	const struct step *s = &m->steps[m->steps_taken++];
	struct command *c = command_new(VERB_TASK_MESSAGE);
	if (!c)
		return NULL;
	c->journal = arena_copy(&c->arena, str_from(s->site));
	c->target = arena_copy(&c->arena, str_from(s->task));
	c->body = step_body(m, &c->arena, s);
	c->by = STR("relais");
	if (c->body.p)
		return c;
	command_free(c);
	return NULL;
}

bool messages_answered(struct messages *m, const struct command *c)
{
	struct json body;
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	body = arena_json(&a, c->body, NULL);
	bool good = c->outcome == OK, done = good && !c->unchanged;
	m->counts.written += done && str_is(json_str_at(body, "step"), "write");
	m->counts.sent += done && str_is(json_str_at(body, "step"), "sent");
	m->counts.failed += done && str_is(json_str_at(body, "step"), "failed");
	m->counts.unrecorded += !good && str_is(json_str_at(body, "step"), "sent");
	arena_deinit(&a);
	return done;
}

void messages_at_once(struct messages *m)
{
	m->at_once = true;
}

void messages_counts(const struct messages *m, struct message_counts *out)
{
	*out = m->counts;
}

struct messages *messages_open(
	struct fleet *fleet, struct rosters *rosters, const atomic_bool *given_up)
{
	struct messages *m = calloc(1, sizeof *m);

	if (m) {
		m->fleet = fleet;
		m->rosters = rosters;
		m->given_up = given_up;
	}
	return m;
}

void messages_close(struct messages *m)
{
	if (!m)
		return;
	OPENSSL_cleanse(m->smtp_password, sizeof m->smtp_password);
	OPENSSL_cleanse(m->sms_token, sizeof m->sms_token);
	free(m);
}
