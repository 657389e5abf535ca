/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <unistd.h>

#include "server/webhook.h"

struct posting {
	const struct post *post;
	size_t answer_bytes;
	bool inside; /* an address was refused */
};

/* The address that is connected to, not the one that a name had a moment ago. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct posting *p = context;

	(void)purpose;
	if (!p->post->private_allowed && !webhook_address_is_public(&address->addr)) {
		p->inside = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* What it answers is read for the status alone. */
static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
	struct posting *p = context;

	(void)bytes;
	p->answer_bytes += size * n;
	return p->answer_bytes > POST_ANSWER_BYTES_MAX ? 0 : size * n;
}

static int on_progress(
	void *context, curl_off_t down, curl_off_t downed, curl_off_t up, curl_off_t upped)
{
	const atomic_bool *const *given_up = context;

	(void)down, (void)downed, (void)up, (void)upped;
	return atomic_load(*given_up);
}

void post_bounds(void *curl, const char *url, const atomic_bool *const *given_up, long answer_s)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)POST_CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, answer_s);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, given_up);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

static bool header_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer)
		*list = longer;
	return longer != NULL;
}

static bool headers_make(struct curl_slist **list, const struct post *post)
{
	bool good =
		header_add(list, "Content-Type: application/json") && header_add(list, "Expect:");

	for (size_t i = 0; good && i < POST_HEADERS_MAX && post->header[i]; i++)
		good = header_add(list, post->header[i]);
	return good;
}

/* No proxy and no redirection: either would reach what the address check does not see. */
static void options_set(CURL *curl, struct posting *p, struct curl_slist *headers)
{
	const struct post *post = p->post;

	post_bounds(curl, post->url, &post->given_up, POST_ANSWER_S);
	curl_easy_setopt(
		curl, CURLOPT_PROTOCOLS_STR, post->private_allowed ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.n);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body.p);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, p);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, p);
}

/* RFC 9110: of what is refused, these three may go another time. */
static enum went status_went(long status)
{
	enum { TIMEOUT = 408, TOO_EARLY = 425, TOO_MANY = 429 };

	if (status >= 200 && status <= 299)
		return WENT_DONE;
	return status >= 400 && status <= 499 && status != TIMEOUT && status != TOO_EARLY &&
			       status != TOO_MANY
		       ? WENT_NEVER
		       : WENT_LATER;
}

enum went post_send(const struct post *post, char *why, size_t why_size)
{
	struct posting p = {.post = post};
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	CURLcode code = CURLE_OUT_OF_MEMORY;
	enum went went = WENT_AWAY;
	long status = 0;

	if (curl && headers_make(&headers, post)) {
		options_set(curl, &p, headers);
		code = curl_easy_perform(curl);
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	}
	if (code == CURLE_OK)
		went = status_went(status);
	if (p.inside && code != CURLE_OK)
		snprintf(why, why_size,
			"%s leads to an address that is not public: %s = 1 allows it",
			post->url_key, post->private_key);
	else if (code != CURLE_OK)
		snprintf(why, why_size, "%s", curl_easy_strerror(code));
	else if (went != WENT_DONE)
		snprintf(why, why_size, "the other system answered %ld", status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return went;
}
