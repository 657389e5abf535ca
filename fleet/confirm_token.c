/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* BOOKING.MINUTE.CODE: short enough for a text message. Whoever has it may say that he comes, until
 * that minute, and sees what he was told in the same message. */

#include <inttypes.h>
#include <stdio.h>

#include "fleet/message.h"

enum { CODE_BYTES = 16, CODE_TEXT = 33 };

static void code_write(
	char out[CODE_TEXT], const uint8_t *secret, struct str booking, uint32_t minute)
{
	char about[CONFIRM_TOKEN_MAX];
	int n = snprintf(about, sizeof about, "%.*s.%" PRIu32, STR_FMT(booking), minute);
	struct hash h =
		hash_keyed(secret, STR("customer confirms"), (struct str){about, (size_t)n});

	for (int i = 0; i < CODE_BYTES; i++)
		snprintf(out + 2 * (size_t)i, 3, "%02x", h.bytes[i]);
}

struct str confirm_token(
	struct arena *a, const uint8_t *secret, struct str booking, struct instant until)
{
	char code[CODE_TEXT];

	code_write(code, secret, booking, minute_down(until));
	return arena_printf(a, "%.*s.%" PRIu32 ".%s", STR_FMT(booking), minute_down(until), code);
}

bool confirm_token_open(
	const uint8_t *secret, struct str token, struct str *booking, struct instant *until)
{
	const char *dot = memchr(token.p, '.', token.n);
	const char *end = token.p + token.n;
	uint64_t minute = 0;
	char code[CODE_TEXT];
	unsigned other = 0;

	if (!dot || token.n >= CONFIRM_TOKEN_MAX || dot == token.p || dot - token.p > ID_MAX)
		return false;
	*booking = (struct str){token.p, (size_t)(dot - token.p)};
	for (dot++; dot < end && *dot >= '0' && *dot <= '9' && minute <= UINT32_MAX; dot++)
		minute = minute * 10 + (uint64_t)(*dot - '0');
	if (minute > UINT32_MAX || end - dot != CODE_TEXT || *dot != '.')
		return false;
	code_write(code, secret, *booking, (uint32_t)minute);
	for (int i = 0; i < CODE_TEXT - 1; i++) /* in the same time wherever they differ */
		other |= (unsigned char)code[i] ^ (unsigned char)dot[1 + i];
	*until = minute_instant((uint32_t)minute);
	return other == 0;
}
