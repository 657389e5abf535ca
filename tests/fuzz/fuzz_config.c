/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The configuration file. No order of its lines means anything; what is read is within its limits.
 */

#include "server/config.h"
#include "tests/fuzz/fuzz.h"

static struct faults faults;

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
	ASSERT(c->limits.connections_max >= 1 && c->limits.in_flight_max >= 1);
	ASSERT(c->limits.body_bytes_max >= 1024 && c->limits.head_bytes_max >= 1024);
	ASSERT(c->limits.request_ms_max >= 100 && c->limits.stalled_ms_max >= 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config, other;
	struct arena *a = fuzz_arena();
	struct str text = fuzz_str(data, size);

	memset(&config, 0, sizeof config);
	memset(&other, 0, sizeof other);
	config_default(&config);
	config_default(&other);
	faults.len = 0;
	bool good = config_read(&config, text, &faults);
	ASSERT(good == (faults.len == 0));
	faults.len = 0;
	ASSERT(good == config_read(&other, reversed(a, text), &faults));
	if (!good)
		return 0;
	check_limits(&config);
	ASSERT(strcmp(config.listen, other.listen) == 0 && strcmp(config.data, other.data) == 0);
	ASSERT(strcmp(config.key, other.key) == 0);
	ASSERT(memcmp(&config.limits, &other.limits, sizeof other.limits) == 0);
	return 0;
}
