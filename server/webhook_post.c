/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

#include <stdio.h>

#include "server/post.h"
#include "server/webhook.h"

bool webhook_post(const struct webhook *hook, char *why, size_t why_size)
{
	char signature[WEBHOOK_SIGNATURE_BYTES], lines[3][WEBHOOK_ID_MAX + 40];

	webhook_sign(signature, hook->key, hook->id, hook->at_s, hook->body);
	snprintf(lines[0], sizeof lines[0], "webhook-id: %.*s", STR_FMT(hook->id));
	snprintf(lines[1], sizeof lines[1], "webhook-timestamp: %lld", (long long)hook->at_s);
	snprintf(lines[2], sizeof lines[2], "webhook-signature: %s", signature);
	const struct post post = {
		.url = hook->url,
		.header = {lines[0], lines[1], lines[2]},
		.body = hook->body,
		.private_allowed = hook->private_allowed,
		.url_key = "webhook.url",
		.private_key = "webhook.private",
		.given_up = hook->given_up,
	};
	return post_send(&post, why, why_size) == WENT_DONE;
}
