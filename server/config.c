/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/config.h"

#include <stdarg.h>
#include <stdio.h>

#include "fleet/message.h"
#include "server/http_peer.h"
#include "server/webhook.h"
#include "sql/pg.h"

enum { KEY_BYTES_MAX = 48, SUGGEST_DISTANCE_MAX = 3, SENTENCE_BYTES = 1000 };

void config_fault(struct config_faults *f, const char *from, const char *format, ...)
{
	char sentence[SENTENCE_BYTES];
	va_list args;
	int n = snprintf(sentence, sizeof sentence, "%s%s", from, *from ? ": " : "");
	size_t at = n < 0 || (size_t)n >= sizeof sentence ? sizeof sentence - 1 : (size_t)n;

	va_start(args, format);
	vsnprintf(sentence + at, sizeof sentence - at, format, args);
	va_end(args);
	f->len++;
	if (f->say)
		f->say(f->context, sentence);
}

static struct str trimmed(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = (struct str){s.p + 1, s.n - 1};
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* Letters to change, add or drop to get from a to b (Levenshtein), for "did you mean". */
static unsigned text_distance(struct str a, struct str b)
{
	unsigned row[KEY_BYTES_MAX + 1];
	ASSERT(a.n <= KEY_BYTES_MAX && b.n <= KEY_BYTES_MAX);
	for (size_t j = 0; j <= b.n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned change = diagonal + (a.p[i - 1] != b.p[j - 1]);
			unsigned least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
			diagonal = row[j];
			row[j] = change < least ? change : least;
		}
	}
	return row[b.n];
}

/* A short key resembles anything within three letters: half of it must stand as it was written. */
const char *config_meant(struct str name)
{
	const char *best = NULL;
	unsigned least = SUGGEST_DISTANCE_MAX + 1;
	for (uint32_t i = 0; name.n <= KEY_BYTES_MAX && i < config_keys_len; i++) {
		struct str key = str_from(config_keys[i].name);
		unsigned d = text_distance(name, key);
		if (d < least && 2 * d <= key.n) {
			least = d;
			best = key.p;
		}
	}
	return best;
}

static bool number_parse(uint32_t *out, struct str s)
{
	uint64_t v = 0;
	if (!s.n || s.n > 10)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(s.p[i] - '0');
	}
	*out = v <= UINT32_MAX ? (uint32_t)v : UINT32_MAX;
	return true;
}

bool config_listen_is_good(struct str text)
{
	const char *colon = NULL;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ':')
			colon = text.p + i;
	uint32_t port = 0;
	if (!colon || colon == text.p || text.n >= CONFIG_TEXT_MAX)
		return false;
	size_t address_n = (size_t)(colon - text.p);
	bool bracketed = text.p[0] == '[' && text.p[address_n - 1] == ']';
	/* A bare IPv6 address would leave it open which colon is the port's. */
	if (!bracketed && memchr(text.p, ':', address_n))
		return false;
	return number_parse(&port, (struct str){colon + 1, text.n - address_n - 1}) &&
	       port <= 65535;
}

int config_minutes(struct str text)
{
	uint32_t hour, minute;
	if (text.n != 5 || text.p[2] != ':' || !number_parse(&hour, (struct str){text.p, 2}) ||
		!number_parse(&minute, (struct str){text.p + 3, 2}) || hour > 23 || minute > 59)
		return -1;
	return (int)(hour * 60 + minute);
}

/* Others may read what a command line or an environment says: libpq finds a password elsewhere. */
static bool journal_address_is_good(struct str text)
{
	char address[CONFIG_TEXT_MAX], why[PG_WHY_BYTES];
	if (!text.n || text.n >= sizeof address)
		return false;
	memcpy(address, text.p, text.n);
	address[text.n] = '\0';
	return pg_address_is_good(address, why, sizeof why);
}

static void text_set(char *out, size_t size, struct str value)
{
	ASSERT(value.n < size);
	memcpy(out, value.p, value.n);
	out[value.n] = '\0';
}

static bool mail_server_is_good(struct str value)
{
	static const char *const schemes[] = {"smtp://", "smtps://"};

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t n = strlen(schemes[i]);
		if (value.n > n && value.n < CONFIG_TEXT_MAX &&
			memcmp(value.p, schemes[i], n) == 0 && !memchr(value.p, '@', value.n) &&
			!memchr(value.p, ' ', value.n))
			return true;
	}
	return false;
}

/* False: it is none of this kind, and `what` says what would be. */
static bool value_take(char *place, const struct config_key *k, struct str value, char what[80])
{
	uint32_t number = 0;
	switch (k->kind) {
	case CONFIG_LISTEN:
		snprintf(what, 80, "ADDRESS:PORT, such as 127.0.0.1:8080");
		if (!config_listen_is_good(value))
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_PATH:
		snprintf(what, 80, "a path");
		if (!value.n || value.n >= CONFIG_TEXT_MAX)
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_ADDRESSES:
		snprintf(what, 80, "addresses with commas between, such as 10.0.0.9, fd00::9");
		if (value.n >= CONFIG_TEXT_MAX || !peer_keys_are_good(value))
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_URL:
		snprintf(what, 80, "https://HOST/PATH");
		if (!value.n || value.n >= CONFIG_TEXT_MAX)
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return webhook_url_is_good(place, true);
	case CONFIG_MAIL_SERVER:
		snprintf(what, 80, "smtp://HOST:PORT or smtps://HOST:PORT");
		if (!mail_server_is_good(value))
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_MAIL:
		snprintf(what, 80, "an e-mail address, such as desk@example.org");
		if (!message_email_is_good(value) || value.n >= CONFIG_TEXT_MAX)
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_NAME:
		snprintf(what, 80, "a name");
		if (!value.n || value.n >= CONFIG_TEXT_MAX)
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_JOURNAL:
		snprintf(what, 80, "postgresql://USER@HOST/DATABASE without a password");
		if (!journal_address_is_good(value))
			return false;
		text_set(place, CONFIG_TEXT_MAX, value);
		return true;
	case CONFIG_HOUR:
		snprintf(what, 80, "an hour and a minute, such as 03:15");
		if (config_minutes(value) < 0)
			return false;
		text_set(place, CONFIG_HOUR_TEXT, value);
		return true;
	case CONFIG_NUMBER:
		snprintf(what, 80, "a whole number from %u to %u", k->min, k->max);
		if (!number_parse(&number, value) || number < k->min || number > k->max)
			return false;
		memcpy(place, &number, sizeof number);
		return true;
	}
	ASSERT(false);
	return false;
}

void config_set(
	struct config *c, uint32_t key, const char *from, struct str value, struct config_faults *f)
{
	const struct config_key *k = &config_keys[key];
	char what[80];

	if (memchr(value.p, '\0', value.n) || !value_take((char *)c + k->offset, k, value, what))
		config_fault(f, from, "\"%s\" must be %s", k->name, what);
	else
		snprintf(c->from[key], sizeof c->from[key], "%s", from);
}

static void key_unknown(struct str key, const char *from, struct config_faults *f)
{
	const char *meant = config_meant(key);
	int shown = key.n < KEY_BYTES_MAX ? (int)key.n : KEY_BYTES_MAX;
	if (meant)
		config_fault(f, from, "\"%.*s\" is not a key: did you mean \"%s\"?", shown, key.p,
			meant);
	else
		config_fault(f, from, "\"%.*s\" is not a key", shown, key.p);
}

/* seen[i]: config_keys[i] stood in this text before. */
static void line_read(struct config *c, struct str text, const char *from,
	bool seen[CONFIG_KEYS_MAX], struct config_faults *f)
{
	text = trimmed(text);
	if (!text.n || text.p[0] == '#')
		return;
	const char *equals = memchr(text.p, '=', text.n);
	if (!equals) {
		config_fault(f, from, "this is not \"key = value\"");
		return;
	}
	size_t key_n = (size_t)(equals - text.p);
	struct str key = trimmed((struct str){text.p, key_n});
	struct str value = trimmed((struct str){equals + 1, text.n - key_n - 1});
	for (uint32_t i = 0; i < config_keys_len; i++) {
		if (!str_is(key, config_keys[i].name))
			continue;
		if (seen[i])
			config_fault(f, from, "\"%s\" was given before", config_keys[i].name);
		seen[i] = true;
		config_set(c, i, from, value, f);
		return;
	}
	key_unknown(key, from, f);
}

void config_read(struct config *c, const char *name, struct str text, struct config_faults *f)
{
	bool seen[CONFIG_KEYS_MAX] = {false};
	unsigned number = 0;
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.p + at, '\n', text.n - at);
		size_t n = end ? (size_t)(end - text.p) - at : text.n - at;
		char from[CONFIG_FROM_MAX];
		snprintf(from, sizeof from, "%s:%u", name, ++number);
		if (memchr(text.p + at, '\0', n))
			config_fault(f, from, "there is a NUL byte in it");
		else
			line_read(c, (struct str){text.p + at, n}, from, seen, f);
		at += n + 1;
	}
}

/* Where the key that stands at this place in struct config comes from. */
static const char *from_of(const struct config *c, size_t offset)
{
	for (uint32_t i = 0; i < config_keys_len; i++)
		if (config_keys[i].offset == offset)
			return c->from[i];
	ASSERT(false);
	return NULL;
}

/* A certificate without its key serves nobody: the one that stands alone is named. */
void config_check(const struct config *c, struct config_faults *f)
{
	if (!c->certificate[0] != !c->key[0])
		config_fault(f,
			from_of(c, c->key[0] ? offsetof(struct config, key)
					     : offsetof(struct config, certificate)),
			"\"tls.certificate\" and \"tls.key\" go together");
	size_t alone = c->webhook_url[0] ? offsetof(struct config, webhook_url)
					 : offsetof(struct config, webhook_secret_file);
	if (!c->webhook_url[0] != !c->webhook_secret_file[0])
		config_fault(f, from_of(c, alone),
			"\"webhook.url\" and \"webhook.secret_file\" go together");
	if (!c->smtp_url[0] != !c->smtp_from[0])
		config_fault(f,
			from_of(c, c->smtp_url[0] ? offsetof(struct config, smtp_url)
						  : offsetof(struct config, smtp_from)),
			"\"smtp.url\" and \"smtp.from\" go together");
	if (!c->smtp_user[0] != !c->smtp_password_file[0])
		config_fault(f,
			from_of(c, c->smtp_user[0] ? offsetof(struct config, smtp_user)
						   : offsetof(struct config, smtp_password_file)),
			"\"smtp.user\" and \"smtp.password_file\" go together");
	if (c->smtp_user[0] && c->smtp_plain)
		config_fault(f, from_of(c, offsetof(struct config, smtp_plain)),
			"a password is not sent in the clear: \"smtp.plain\" and \"smtp.user\" do "
			"not go together");
	if (c->sms_url[0] && !webhook_url_is_good(c->sms_url, c->sms_private > 0))
		config_fault(f, from_of(c, offsetof(struct config, sms_url)),
			"\"sms.url\" must be https://: plain http needs sms.private = 1");
	if (c->webhook_url[0] && !webhook_url_is_good(c->webhook_url, c->webhook_private > 0))
		config_fault(f, from_of(c, offsetof(struct config, webhook_url)),
			"\"webhook.url\" must be https://: plain http needs webhook.private = 1");
}
