/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The outside world, injected: a simulator or a test stands in for it. Nothing in fleet asks the
 * system for the time or for chance in any other way. */

#include "rules/instant.h"

struct env {
	struct instant (*now)(struct env *env);
	void (*random)(
		struct env *env, void *out, size_t n); /* cryptographic quality in production */
	/* The zone of an IANA name, loaded once and kept; NULL when unknown. Safe from any thread.
	 */
	const struct zone *(*zone)(struct env *env, struct str name);
	/* A fault of the world is told once, where it arises; no personal data, no secrets. */
	void (*log)(struct env *env, const char *sentence);
};
