/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The table of keys, and what it says of itself: defaults, --help, --dump-config. */

#include <stdio.h>

#include "server/config.h"

#define AT(member) offsetof(struct config, member)
#define TEXT(key, type, member, live, about)             \
	{                                                \
		key, type, AT(member), 0, 0, live, about \
	}
#define NUMBER(key, member, min, max, about)                          \
	{                                                             \
		key, CONFIG_NUMBER, AT(member), min, max, true, about \
	}
#define LIMIT(key, member, min, max, about) NUMBER(key, limits.member, min, max, about)

const struct config_key config_keys[] = {
	TEXT("listen", CONFIG_LISTEN, listen, false,
		"address and port to serve on; port 0 is any that is free"),
	TEXT("data", CONFIG_PATH, data, false, "the directory that holds everything"),
	TEXT("journal.url", CONFIG_JOURNAL, journal, false,
		"journals in PostgreSQL, which several servers share: "
		"postgresql://USER@HOST/DATABASE; a password stands in a passfile or a service of "
		"libpq"),
	TEXT("tls.certificate", CONFIG_PATH, certificate, true,
		"PEM file of the certificate and its chain; without one HTTP is plain"),
	TEXT("tls.key", CONFIG_PATH, key, true, "PEM file of the certificate's private key"),
	NUMBER("store.mib_max", data_mib_max, 64, 4 << 20,
		"MiB that the journals and what follows from them may take; HUP raises it"),
	NUMBER("writer.waiting_max", writer_waiting_max, 16, 65536,
		"commands that wait for the writer"),
	NUMBER("token.requests_max", token_requests_max, 0, 1000000,
		"requests that one token may make in a minute; 0: as many as come"),
	TEXT("metrics.addresses", CONFIG_ADDRESSES, metrics_addresses, true,
		"addresses, with commas between, that may read /metrics and /status beside "
		"this machine; an IPv6 network of 64 bits counts as one"),
	TEXT("metrics.token_file", CONFIG_PATH, metrics_token_file, true,
		"file with the bearer token that may read /metrics from other machines"),
	TEXT("backup.directory", CONFIG_PATH, backup_directory, true,
		"directory, there already, where backups by the clock are put; without one "
		"none are made"),
	NUMBER("backup.every_hours", backup_every_hours, 0, 168,
		"hours from one backup to the next; 0: once a day, at backup.at"),
	TEXT("backup.at", CONFIG_HOUR, backup_at, true,
		"hour and minute of the daily backup, by the machine's clock"),
	NUMBER("backup.keep", backup_keep, 1, 1000,
		"backups that stay in backup.directory; the oldest go"),
	TEXT("drop.in", CONFIG_PATH, drop_in, true,
		"directory, there already, whose files are imported and moved to done/ or failed/ "
		"in it; without one none are"),
	NUMBER("drop.in_seconds", drop_in_seconds, 1, 86400,
		"seconds from one look at it to the next; a file that is the same twice is whole"),
	TEXT("drop.out", CONFIG_PATH, drop_out, true,
		"directory, there already, where visits and bookings that changed are written "
		"for the workshop's system; without one none are"),
	NUMBER("drop.out_seconds", drop_out_seconds, 1, 86400,
		"seconds from one look at what changed to the next"),
	NUMBER("drop.out_json", drop_out_json, 0, 1, "1: JSON Lines; 0: CSV"),
	NUMBER("drop.out_names", drop_out_names, 0, 1,
		"1: with the customer's name, which is personal data; 0: nothing sealed leaves"),
	NUMBER("drop.out_files_max", drop_out_files_max, 1, 100000,
		"files of one site that wait to be taken; with so many no further one is written"),
	TEXT("webhook.url", CONFIG_URL, webhook_url, true,
		"address of another system that is told of visits and bookings that change; "
		"without one none is"),
	TEXT("webhook.secret_file", CONFIG_PATH, webhook_secret_file, true,
		"file with the secret, whsec_ and base64, that what it is told is signed with"),
	NUMBER("webhook.private", webhook_private, 0, 1,
		"1: its address may be private, or of this machine, and plain http"),
	TEXT("public.url", CONFIG_URL, public_url, true,
		"address under which customers reach this server: what they are sent leads there; "
		"without one it leads nowhere"),
	TEXT("smtp.url", CONFIG_MAIL_SERVER, smtp_url, true,
		"mail server, smtp://HOST:PORT or smtps://HOST:PORT, that customers' e-mail is "
		"handed to; without one they are called"),
	TEXT("smtp.from", CONFIG_MAIL, smtp_from, true, "address that it comes from"),
	TEXT("smtp.user", CONFIG_NAME, smtp_user, true, "name to sign in with there"),
	TEXT("smtp.password_file", CONFIG_PATH, smtp_password_file, true,
		"file with the password of that name"),
	NUMBER("smtp.plain", smtp_plain, 0, 1,
		"1: without TLS, to a server on this machine or a network of one's own"),
	TEXT("sms.url", CONFIG_URL, sms_url, true,
		"gateway that text messages to customers are posted to; without one they are "
		"called"),
	TEXT("sms.token_file", CONFIG_PATH, sms_token_file, true,
		"file with the bearer token that it wants"),
	NUMBER("sms.private", sms_private, 0, 1,
		"1: its address may be private, or of this machine, and plain http"),
	LIMIT("http.connections_max", connections_max, 1, 65536, "connections at a time"),
	LIMIT("http.connections_per_address_max", connections_per_address_max, 1, 65536,
		"of them from one address"),
	LIMIT("http.in_flight_max", in_flight_max, 1, 65536, "requests being worked on"),
	LIMIT("http.in_flight_per_connection_max", in_flight_per_connection_max, 1, 1000,
		"of them on one connection"),
	LIMIT("http.body_bytes_max", body_bytes_max, 1024, 16 << 20, "bytes of a body"),
	LIMIT("http.head_bytes_max", head_bytes_max, 1024, 256 << 10, "bytes of a request's head"),
	LIMIT("http.request_ms_max", request_ms_max, 100, 600000, "milliseconds to send a request"),
	LIMIT("http.stalled_ms_max", stalled_ms_max, 100, 600000,
		"milliseconds without reading an answer"),
	LIMIT("http.aborts_max", aborts_max, 1, 100000,
		"requests that one address may abandon in a minute"),
	LIMIT("http.streams_max", streams_max, 1, 65536, "event streams"),
	LIMIT("http.slow_ms", slow_ms, 1, 600000,
		"milliseconds from which on the log tells an answer that took so long"),
};
const uint32_t config_keys_len = ARRAY_LEN(config_keys);

enum { LINE_BYTES = 800 };

void config_default(struct config *c)
{
	ASSERT(config_keys_len <= CONFIG_KEYS_MAX);
	*c = (struct config){
		.listen = "127.0.0.1:8080",
		.data_mib_max = 64 << 10,
		.writer_waiting_max = 4096,
		.backup_at = "03:15",
		.backup_keep = 14,
		.drop_in_seconds = 10,
		.drop_out_seconds = 60,
		.drop_out_files_max = 1000,
	};
	http_limits_default(&c->limits);
}

struct str config_print(const struct config *c, uint32_t key, char buf[CONFIG_TEXT_MAX])
{
	const struct config_key *k = &config_keys[key];
	const char *place = (const char *)c + k->offset;
	uint32_t number;

	if (k->kind != CONFIG_NUMBER)
		return str_from(place);
	memcpy(&number, place, sizeof number);
	int n = snprintf(buf, CONFIG_TEXT_MAX, "%u", number);
	return (struct str){buf, (size_t)n};
}

bool config_is_same(const struct config *a, const struct config *b, uint32_t key)
{
	char buf[2][CONFIG_TEXT_MAX];
	return str_eq(config_print(a, key, buf[0]), config_print(b, key, buf[1]));
}

/* What has no value cannot be a line of its own: it stands there as a remark. */
void config_dump(const struct config *c, void (*say)(void *context, const char *line), void *to)
{
	char line[LINE_BYTES], buf[CONFIG_TEXT_MAX];

	for (uint32_t i = 0; i < config_keys_len; i++) {
		struct str value = config_print(c, i, buf);
		snprintf(line, sizeof line, "# %s", c->from[i][0] ? c->from[i] : "default");
		say(to, line);
		snprintf(line, sizeof line, "%s%s =%s%.*s", value.n ? "" : "# ",
			config_keys[i].name, value.n ? " " : "", STR_FMT(value));
		say(to, line);
	}
}

void config_help(void (*say)(void *context, const char *line), void *context)
{
	struct config c;
	char line[LINE_BYTES], buf[CONFIG_TEXT_MAX];

	config_default(&c);
	for (uint32_t i = 0; i < config_keys_len; i++) {
		struct str value = config_print(&c, i, buf);
		snprintf(line, sizeof line, "%s =%s%.*s", config_keys[i].name, value.n ? " " : "",
			STR_FMT(value));
		say(context, line);
		snprintf(line, sizeof line, "    %s", config_keys[i].about);
		say(context, line);
	}
}
