/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The configuration file. No order of its lines means anything; what is read is within its limits;
 * what is dumped is read as it was. */

#include "server/config.h"
#include "tests/fuzz/fuzz.h"

enum { DUMP_BYTES = 32 << 10 };

/* The last line first. */
static struct str reversed(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.n + 2);
	size_t n = 0;

	ASSERT(out);
	for (size_t end = text.n; end > 0;) {
		size_t from = end;
		while (from > 0 && text.p[from - 1] != '\n')
			from--;
		memcpy(out + n, text.p + from, end - from);
		n += end - from;
		out[n++] = '\n';
		end = from ? from - 1 : 0;
	}
	return (struct str){out, n};
}

static void check_limits(const struct config *c)
{
	ASSERT(config_listen_is_good(str_from(c->listen)));
	ASSERT(!c->certificate[0] == !c->key[0]);
	ASSERT(c->data_mib_max >= 64);
	ASSERT(c->backup_keep >= 1 && c->backup_every_hours <= 168);
	ASSERT(config_minutes(str_from(c->backup_at)) >= 0);
	ASSERT(c->limits.connections_max >= 1 && c->limits.in_flight_max >= 1);
	ASSERT(c->limits.body_bytes_max >= 1024 && c->limits.head_bytes_max >= 1024);
	ASSERT(c->limits.request_ms_max >= 100 && c->limits.stalled_ms_max >= 100);
}

/* A fault is a sentence that begins with its place. */
static void say(void *context, const char *sentence)
{
	ASSERT(memcmp(sentence, (const char *)context, strlen(context)) == 0);
	ASSERT(strlen(sentence) > strlen(context) + 3);
}

static bool read_all(struct config *c, const char *name, struct str text)
{
	struct config_faults faults = {.say = say, .context = (void *)(uintptr_t)name};

	config_default(c);
	config_read(c, name, text, &faults);
	config_check(c, &faults);
	return faults.len == 0;
}

struct dumped {
	char *p;
	size_t n;
};

static void keep_line(void *to, const char *line)
{
	struct dumped *d = to;
	size_t n = strlen(line);

	ASSERT(d->n + n + 1 <= DUMP_BYTES);
	memcpy(d->p + d->n, line, n);
	d->p[d->n + n] = '\n';
	d->n += n + 1;
}

static void check_same(const struct config *a, const struct config *b)
{
	for (uint32_t i = 0; i < config_keys_len; i++)
		ASSERT(config_is_same(a, b, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config, other;
	struct arena *a = fuzz_arena();
	struct str text = fuzz_str(data, size);
	struct dumped dumped = {.p = arena_alloc(a, DUMP_BYTES)};
	bool good = read_all(&config, "a.conf", text);

	ASSERT(dumped.p);
	ASSERT(good == read_all(&other, "b.conf", reversed(a, text)));
	if (!good)
		return 0;
	check_limits(&config);
	check_same(&config, &other);
	config_dump(&config, keep_line, &dumped);
	ASSERT(read_all(&other, "c.conf", (struct str){dumped.p, dumped.n}));
	check_same(&config, &other);
	return 0;
}
