/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Names of hosts become addresses on a thread beside whoever asks: libpq looks names up itself and
 * blocks for as long as that takes (libpq-connect: hostaddr). What was found is used again while it
 * is looked up anew.
 */

#include "rules/base.h"

enum {
	HOST_NAME_BYTES = 256,
	HOST_ADDRESS_BYTES = 48,
	HOST_ADDRESSES_MAX = 4, /* of one name */
	HOST_NAMES_MAX = 16,	/* that this process remembers */
	HOST_FRESH_MS = 30000,	/* older: looked up again */
};

struct host {
	uint32_t len;
	char address[HOST_ADDRESSES_MAX][HOST_ADDRESS_BYTES];
};
/* False: not found by then, or not at all; why in words. */
MUST_CHECK bool host_find(const char *name, int64_t until_ms, struct host *out, const char **why);

enum { HOST_LIST_BYTES = 2048 };
/* The hosts, addresses and ports of a connection, each a list as libpq takes them. */
struct host_lists {
	char host[HOST_LIST_BYTES], address[HOST_LIST_BYTES], port[HOST_LIST_BYTES];
};
/* Of the lists that an address has (either may be NULL). False: a name is not found by then. A list
 * without names (sockets, addresses) leaves `out->host` empty: there is nothing to replace. */
MUST_CHECK bool host_lists(const char *hosts, const char *ports, int64_t until_ms,
	struct host_lists *out, const char **why);
