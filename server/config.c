/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/config.h"

#include <stdio.h>

enum kind { KIND_LISTEN, KIND_PATH, KIND_NUMBER };

/* Every key once: its place, its range, what it is for. config_default() sets the defaults. */
#define LIMIT(key, member, min, max, about)                                               \
	{                                                                                 \
		key, KIND_NUMBER, offsetof(struct config, limits.member), min, max, about \
	}
static const struct entry {
	const char *key;
	enum kind kind;
	size_t offset;
	uint32_t min, max;
	const char *about;
} entries[] = {
	{"listen", KIND_LISTEN, offsetof(struct config, listen), 0, 0,
		"address and port to serve on"},
	{"data", KIND_PATH, offsetof(struct config, data), 0, 0, "the data directory"},
	{"tls.certificate", KIND_PATH, offsetof(struct config, certificate), 0, 0,
		"PEM file of the chain; empty: plain HTTP"},
	{"tls.key", KIND_PATH, offsetof(struct config, key), 0, 0, "PEM file of its key"},
	{"store.mib_max", KIND_NUMBER, offsetof(struct config, data_mib_max), 64, 4 << 20,
		"MiB that the journal and what follows from it may take"},
	LIMIT("http.connections_max", connections_max, 1, 65536, "connections at a time"),
	LIMIT("http.connections_per_address_max", connections_per_address_max, 1, 65536,
		"of them from one address"),
	LIMIT("http.in_flight_max", in_flight_max, 1, 65536, "requests being worked on"),
	LIMIT("http.in_flight_per_connection_max", in_flight_per_connection_max, 1, 1000,
		"of them on one connection"),
	LIMIT("http.body_bytes_max", body_bytes_max, 1024, 16 << 20, "bytes of a body"),
	LIMIT("http.head_bytes_max", head_bytes_max, 1024, 256 << 10, "bytes of a request's head"),
	LIMIT("http.request_ms_max", request_ms_max, 100, 600000, "to send a request, in ms"),
	LIMIT("http.stalled_ms_max", stalled_ms_max, 100, 600000,
		"without reading an answer, in ms"),
	LIMIT("http.aborts_max", aborts_max, 1, 100000, "requests abandoned on one connection"),
	LIMIT("http.streams_max", streams_max, 1, 65536, "event streams"),
};

enum { KEY_BYTES_MAX = 48, SUGGEST_DISTANCE_MAX = 3, LINE_NAME_BYTES = 32 };

void config_default(struct config *c)
{
	*c = (struct config){.listen = "127.0.0.1:8080", .data_mib_max = 64 << 10};
	http_limits_default(&c->limits);
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

static const char *suggestion(struct str key)
{
	const char *best = NULL;
	unsigned least = SUGGEST_DISTANCE_MAX + 1;
	for (size_t i = 0; key.n <= KEY_BYTES_MAX && i < ARRAY_LEN(entries); i++) {
		unsigned d = text_distance(key, str_from(entries[i].key));
		if (d < least) {
			least = d;
			best = entries[i].key;
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

static void text_set(char out[CONFIG_TEXT_MAX], struct str value)
{
	ASSERT(value.n < CONFIG_TEXT_MAX);
	memcpy(out, value.p, value.n);
	out[value.n] = '\0';
}

static void value_read(struct config *c, const struct entry *e, struct str value, const char *line,
	struct faults *faults)
{
	char *place = (char *)c + e->offset;
	uint32_t number = 0;
	switch (e->kind) {
	case KIND_LISTEN:
		if (config_listen_is_good(value))
			text_set(place, value);
		else
			faults_add(faults, line,
				"\"listen\" must be ADDRESS:PORT, such as 127.0.0.1:8080");
		return;
	case KIND_PATH:
		if (value.n && value.n < CONFIG_TEXT_MAX)
			text_set(place, value);
		else
			faults_add(faults, line, "\"%s\" must be a path", e->key);
		return;
	case KIND_NUMBER:
		if (number_parse(&number, value) && number >= e->min && number <= e->max)
			memcpy(place, &number, sizeof number);
		else
			faults_add(faults, line, "\"%s\" must be a whole number from %u to %u",
				e->key, e->min, e->max);
		return;
	}
}

static void key_unknown(struct str key, const char *line, struct faults *faults)
{
	const char *meant = suggestion(key);
	int shown = key.n < KEY_BYTES_MAX ? (int)key.n : KEY_BYTES_MAX;
	if (meant)
		faults_add(faults, line, "\"%.*s\" is not a key: did you mean \"%s\"?", shown,
			key.p, meant);
	else
		faults_add(faults, line, "\"%.*s\" is not a key", shown, key.p);
}

/* seen[i]: the line at which entries[i] stood, 0 while it did not. */
static void line_read(
	struct config *c, struct str text, unsigned number, unsigned seen[], struct faults *faults)
{
	char line[LINE_NAME_BYTES];
	snprintf(line, sizeof line, "line %u", number);
	text = trimmed(text);
	if (!text.n || text.p[0] == '#')
		return;
	const char *equals = memchr(text.p, '=', text.n);
	if (!equals) {
		faults_add(faults, line, "this is not \"key = value\"");
		return;
	}
	size_t key_n = (size_t)(equals - text.p);
	struct str key = trimmed((struct str){text.p, key_n});
	struct str value = trimmed((struct str){equals + 1, text.n - key_n - 1});
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		if (!str_is(key, entries[i].key))
			continue;
		if (seen[i])
			faults_add(faults, line, "\"%s\" was given before", entries[i].key);
		seen[i] = number;
		value_read(c, &entries[i], value, line, faults);
		return;
	}
	key_unknown(key, line, faults);
}

/* A certificate without its key serves nobody: the one that stands alone is named. */
static void pair_check(const struct config *c, const unsigned seen[], struct faults *faults)
{
	char line[LINE_NAME_BYTES];
	if (!c->certificate[0] == !c->key[0])
		return;
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		if (strncmp(entries[i].key, "tls.", 4) != 0 || !seen[i])
			continue;
		snprintf(line, sizeof line, "line %u", seen[i]);
		faults_add(faults, line, "\"tls.certificate\" and \"tls.key\" go together");
		return;
	}
}

bool config_read(struct config *c, struct str text, struct faults *faults)
{
	unsigned seen[ARRAY_LEN(entries)] = {0};
	uint32_t before = faults->len;
	unsigned number = 0;
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.p + at, '\n', text.n - at);
		size_t n = end ? (size_t)(end - text.p) - at : text.n - at;
		char line[LINE_NAME_BYTES];
		snprintf(line, sizeof line, "line %u", ++number);
		if (memchr(text.p + at, '\0', n))
			faults_add(faults, line, "there is a NUL byte in it");
		else
			line_read(c, (struct str){text.p + at, n}, number, seen, faults);
		at += n + 1;
	}
	pair_check(c, seen, faults);
	return faults->len == before;
}

void config_help(void (*say)(void *context, const char *line), void *context)
{
	struct config c;
	char line[160];
	config_default(&c);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const struct entry *e = &entries[i];
		uint32_t number = 0;
		if (e->kind == KIND_NUMBER) {
			memcpy(&number, (char *)&c + e->offset, sizeof number);
			snprintf(line, sizeof line, "%s = %u   # %s", e->key, number, e->about);
		} else {
			snprintf(line, sizeof line, "%s = %s   # %s", e->key,
				(char *)&c + e->offset, e->about);
		}
		say(context, line);
	}
}
