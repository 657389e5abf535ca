/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/reload.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/tls.h"

static bool may_write(const char *key, const char *directory, char *why, size_t why_size)
{
	struct stat st;

	if (stat(directory, &st) == 0 && !S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	else if (access(directory, R_OK | W_OK | X_OK) == 0)
		return true;
	snprintf(why, why_size, "%s: %s: %s", key, directory, strerror(errno));
	return false;
}

/* A signature with no key, or a guessed one, is worth nothing: told before anything is signed. */
static bool webhook_open(struct settings *s, char *why, size_t why_size)
{
	char secret[WEBHOOK_SECRET_MAX];
	const char *file = s->config.webhook_secret_file;

	s->webhook_key.n = 0;
	if (!file[0])
		return true;
	if (!config_secret(secret, sizeof secret, file, why, why_size))
		return false;
	bool good = webhook_key_read(&s->webhook_key, str_from(secret));
	explicit_bzero(secret, sizeof secret);
	if (!good)
		snprintf(why, why_size,
			"webhook.secret_file: %s must hold whsec_ and base64 of %d to %d bytes",
			file, WEBHOOK_KEY_BYTES_MIN, WEBHOOK_KEY_BYTES_MAX);
	return good;
}

static bool secret_open(char out[MESSAGE_SECRET_MAX], const char *file, char *why, size_t why_size)
{
	out[0] = '\0';
	return !file[0] || config_secret(out, MESSAGE_SECRET_MAX, file, why, why_size);
}

bool settings_open(struct settings *s, char *why, size_t why_size)
{
	const struct config *c = &s->config;

	s->tls = NULL;
	s->metrics_token[0] = '\0';
	if (c->backup_directory[0] &&
		!may_write("backup.directory", c->backup_directory, why, why_size))
		return false;
	if (c->drop_in[0] && !may_write("drop.in", c->drop_in, why, why_size))
		return false;
	if (c->drop_out[0] && !may_write("drop.out", c->drop_out, why, why_size))
		return false;
	if (c->metrics_token_file[0] && !config_secret(s->metrics_token, sizeof s->metrics_token,
						c->metrics_token_file, why, why_size))
		return false;
	if (!webhook_open(s, why, why_size) ||
		!secret_open(s->smtp_password, c->smtp_password_file, why, why_size) ||
		!secret_open(s->sms_token, c->sms_token_file, why, why_size))
		return false;
	if (!c->certificate[0])
		return true;
	s->tls = tls_open(c->certificate, c->key, why, why_size);
	return s->tls != NULL;
}

void settings_close(struct settings *s)
{
	tls_close(s->tls);
	s->tls = NULL;
	explicit_bzero(s->metrics_token, sizeof s->metrics_token);
	explicit_bzero(&s->webhook_key, sizeof s->webhook_key);
	explicit_bzero(s->smtp_password, sizeof s->smtp_password);
	explicit_bzero(s->sms_token, sizeof s->sms_token);
}

static void say_fault(void *context, const char *sentence)
{
	struct reload *r = context;

	if (!r->why[0])
		snprintf(r->why, sizeof r->why, "%s", sentence);
	fprintf(stderr, "relais: %s\n", sentence);
}

/* A store that serves may become larger, never smaller. */
static bool is_live(uint32_t key, const struct config *fresh, const struct config *now)
{
	if (config_keys[key].offset == offsetof(struct config, data_mib_max))
		return fresh->data_mib_max >= now->data_mib_max;
	return config_keys[key].live;
}

/* A key that a restart alone can change keeps its value until then, and says so. */
static void keep_until_restart(struct config *fresh, const struct config *now)
{
	for (uint32_t i = 0; i < config_keys_len; i++) {
		char buf[CONFIG_TEXT_MAX];
		struct str value = config_print(now, i, buf);
		struct config_faults none = {.len = 0};
		if (is_live(i, fresh, now) || config_is_same(fresh, now, i))
			continue;
		fprintf(stderr, "relais: \"%s\" stays %.*s until a restart\n", config_keys[i].name,
			STR_FMT(value));
		config_set(fresh, i, now->from[i], value, &none);
	}
}

bool reload_read(struct reload *r, struct settings *fresh, const struct settings *now,
	const struct config_sources *from)
{
	struct config_faults faults = {.say = say_fault, .context = r};

	r->why[0] = '\0';
	r->failed = !config_load(&fresh->config, from, &faults);
	if (r->failed) {
		r->refused++;
		fprintf(stderr,
			"relais: HUP: nothing was changed: the configuration has %u fault%s\n",
			faults.len, faults.len == 1 ? "" : "s");
		return false;
	}
	if (!settings_open(fresh, r->why, sizeof r->why)) {
		settings_close(fresh);
		r->failed = true;
		r->refused++;
		fprintf(stderr,
			"relais: HUP: nothing was changed, the certificate in use stays: %s\n",
			r->why);
		return false;
	}
	keep_until_restart(&fresh->config, &now->config);
	r->taken++;
	fprintf(stderr, "relais: HUP: the configuration was read again%s%s\n",
		fresh->tls ? "; new connections get the certificate in " : "",
		fresh->tls ? fresh->config.certificate : "");
	return true;
}
