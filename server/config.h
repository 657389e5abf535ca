/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What an operator may set. Every key stands once, in the table of config_key.c: its place, its
 * range, what it is for; the reader, the environment, --dump-config, --help and relais.conf(5) all
 * read that table. Strict: an unknown key, a key given twice in one file, a value out of range is a
 * fault, and all faults are told, each with its place ("relais.conf:12").
 */

#include "server/http.h"

enum {
	CONFIG_BYTES_MAX = 64 << 10,
	CONFIG_TEXT_MAX = 256,
	CONFIG_FROM_MAX = 300, /* "FILE:LINE" */
	CONFIG_KEYS_MAX = 56,
	CONFIG_HOUR_TEXT = 6, /* "03:15" */
};

struct config {
	char listen[CONFIG_TEXT_MAX];				 /* "127.0.0.1:8080" */
	char data[CONFIG_TEXT_MAX];				 /* empty: --data has to say it */
	char journal[CONFIG_TEXT_MAX];				 /* empty: in `data` */
	char certificate[CONFIG_TEXT_MAX], key[CONFIG_TEXT_MAX]; /* both or neither */
	struct http_limits limits;
	uint32_t data_mib_max;
	uint32_t writer_waiting_max;
	uint32_t token_requests_max;		  /* in a minute; 0: as many as come */
	char metrics_token_file[CONFIG_TEXT_MAX]; /* empty: no token opens /metrics */
	char metrics_addresses[CONFIG_TEXT_MAX];  /* empty: told to loopback alone */
	char backup_directory[CONFIG_TEXT_MAX];	  /* empty: no backups by the clock */
	uint32_t backup_every_hours;		  /* 0: at backup_at */
	char backup_at[CONFIG_HOUR_TEXT];
	uint32_t backup_keep;
	char drop_in[CONFIG_TEXT_MAX]; /* empty: no files of other systems are looked for */
	uint32_t drop_in_seconds;
	char drop_out[CONFIG_TEXT_MAX]; /* empty: no files for the workshop's system */
	uint32_t drop_out_seconds, drop_out_files_max;
	uint32_t drop_out_json, drop_out_names; /* 1: yes */
	char webhook_url[CONFIG_TEXT_MAX];	/* empty: no other system is told */
	char webhook_secret_file[CONFIG_TEXT_MAX];
	uint32_t webhook_private;	  /* 1: yes */
	char public_url[CONFIG_TEXT_MAX]; /* empty: customers have no address to open */
	char smtp_url[CONFIG_TEXT_MAX];	  /* empty: no e-mail */
	char smtp_from[CONFIG_TEXT_MAX], smtp_user[CONFIG_TEXT_MAX];
	char smtp_password_file[CONFIG_TEXT_MAX];
	uint32_t smtp_plain;
	char sms_url[CONFIG_TEXT_MAX]; /* empty: no text messages */
	char sms_token_file[CONFIG_TEXT_MAX];
	uint32_t sms_private;
	/* Where each key's value comes from, as the table has them; "" is the default. */
	char from[CONFIG_KEYS_MAX][CONFIG_FROM_MAX];
};

/* Takes faults one by one: whole sentences that begin with their place. */
struct config_faults {
	void (*say)(void *context, const char *sentence);
	void *context;
	uint32_t len; /* how many were told */
};
void config_fault(struct config_faults *f, const char *from, const char *format, ...)
	PRINTF_LIKE(3, 4);

enum config_kind {
	CONFIG_LISTEN,
	CONFIG_PATH,
	CONFIG_NUMBER,
	CONFIG_HOUR,	  /* hh:mm by the machine's clock, or nothing */
	CONFIG_ADDRESSES, /* with commas between */
	CONFIG_URL,
	CONFIG_MAIL_SERVER,
	CONFIG_MAIL,
	CONFIG_NAME,
	CONFIG_JOURNAL, /* postgresql://, without a password */
};
struct config_key {
	const char *name;
	enum config_kind kind;
	size_t offset;	   /* in struct config */
	uint32_t min, max; /* of a number */
	bool live;	   /* HUP takes it; otherwise a restart does */
	const char *about; /* one line; a full stop ends it in no place */
};
extern const struct config_key config_keys[];
extern const uint32_t config_keys_len;

void config_default(struct config *c);
/* One text of "key = value" lines, over what is there already. */
void config_read(struct config *c, const char *name, struct str text, struct config_faults *f);
/* One value, from the environment or the command line. */
void config_set(struct config *c, uint32_t key, const char *from, struct str value,
	struct config_faults *f);
/* What only all keys together tell: halves of a pair. After the last text. */
void config_check(const struct config *c, struct config_faults *f);
/* The key that was probably meant; NULL when none resembles it. */
const char *config_meant(struct str name);
/* ADDR:PORT or [ADDR]:PORT. */
bool config_listen_is_good(struct str text);
/* Minutes after midnight of "hh:mm"; -1 when it is none. */
int config_minutes(struct str text);

/* A value as the file would have it, in buf. */
struct str config_print(const struct config *c, uint32_t key, char buf[CONFIG_TEXT_MAX]);
bool config_is_same(const struct config *a, const struct config *b, uint32_t key);
/* All effective values with where each is from, as a file that says the same again. */
void config_dump(const struct config *c, void (*say)(void *context, const char *line), void *to);
/* One line per key with its default, for --help. */
void config_help(void (*say)(void *context, const char *line), void *context);
