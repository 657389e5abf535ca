/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/mail.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "rules/json.h"
#include "server/text.h"

enum {
	HEAD_BYTES = 4096,
	LINE_BYTES = 57,  /* 76 characters of base64 (RFC 2045) */
	WORD_BYTES = 45,  /* of an encoded word, 75 characters with its frame (RFC 2047) */
	CODE_BYTES = 100, /* of one line, encoded */
	ANSWER_S = 60,	  /* some let strangers wait */
	CODE_NEVER = 550,
	CODE_NEVER_LAST = 556,
};

/* ---- its bytes ---- */

static void put_encoded(struct text *t, struct str bytes)
{
	char line[CODE_BYTES];

	for (size_t i = 0; i < bytes.n; i += LINE_BYTES) {
		size_t n = bytes.n - i < LINE_BYTES ? bytes.n - i : LINE_BYTES;
		EVP_EncodeBlock((unsigned char *)line, (const unsigned char *)bytes.p + i, (int)n);
		text_add(t, "%s\r\n", line);
	}
}

/* As many characters as an encoded word has room for. */
static size_t word_len(struct str text)
{
	size_t n = 0;

	while (n < text.n) {
		size_t len = json_utf8_len(text.p + n, text.n - n);
		len = len ? len : 1;
		if (n + len > WORD_BYTES)
			break;
		n += len;
	}
	return n;
}

static void put_subject(struct text *t, struct str subject)
{
	char word[CODE_BYTES];

	text_add(t, subject.n ? "Subject:" : "Subject:\r\n");
	while (subject.n) {
		size_t n = word_len(subject);
		EVP_EncodeBlock((unsigned char *)word, (const unsigned char *)subject.p, (int)n);
		text_add(t, " =?utf-8?B?%s?=\r\n", word);
		subject.p += n;
		subject.n -= n;
	}
}

static void put_date(struct text *t, struct instant at)
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t n = at.s / 86400, of_day = at.s % 86400;
	int year, month, day;

	day_to_civil((struct day){(int32_t)n}, &year, &month, &day);
	text_add(t, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", days[n % 7], day,
		months[month - 1], year, (int)(of_day / 3600), (int)(of_day / 60 % 60),
		(int)(of_day % 60));
}

static void put_part(struct text *t, const struct mail *m, const char *type, struct str bytes)
{
	text_add(t, "--%.*s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		STR_FMT(m->id), type);
	put_encoded(t, bytes);
}

struct str mail_bytes(struct arena *a, const struct mail *m)
{
	const char *host = strchr(m->from, '@');
	struct text t;

	text_init(&t, a, HEAD_BYTES + 2 * (m->text.n + m->calendar.n) + 4 * m->subject.n);
	put_date(&t, m->at);
	text_add(&t, "From: <%s>\r\nTo: <%.*s>\r\n", m->from, STR_FMT(m->to));
	put_subject(&t, m->subject);
	/* RFC 3834: nobody's machine answers it */
	text_add(&t,
		"Message-ID: <%.*s%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed; boundary=\"%.*s\"\r\n\r\n",
		STR_FMT(m->id), host ? host : "@relais.invalid", STR_FMT(m->id));
	put_part(&t, m, "text/plain; charset=utf-8", m->text);
	if (m->calendar.n)
		put_part(&t, m,
			"text/calendar; charset=utf-8; method=PUBLISH\r\n"
			"Content-Disposition: attachment; filename=\"appointment.ics\"",
			m->calendar);
	text_add(&t, "--%.*s--\r\n", STR_FMT(m->id));
	return text_done(&t);
}

/* ---- handed over ---- */

struct mailing {
	const struct mail *mail;
	struct str left;
};

static size_t on_read(char *out, size_t size, size_t n, void *context)
{
	struct mailing *p = context;
	size_t some = size * n < p->left.n ? size * n : p->left.n;

	memcpy(out, p->left.p, some);
	p->left.p += some;
	p->left.n -= some;
	return some;
}

static void options_set(CURL *curl, struct mailing *p, struct curl_slist *to, const char *from)
{
	const struct mail *m = p->mail;

	post_bounds(curl, m->url, &m->given_up, ANSWER_S);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(
		curl, CURLOPT_USE_SSL, m->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	if (m->user[0]) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, m->password);
	}
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)p->left.n);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(curl, CURLOPT_READDATA, p);
}

/* What never will be taken has a code of its own (RFC 5321 4.2.3); a password that is refused is
 * the house's to put right. */
static enum went code_went(CURLcode code, long reply)
{
	if (code == CURLE_OK)
		return WENT_DONE;
	if (reply >= CODE_NEVER && reply <= CODE_NEVER_LAST)
		return WENT_NEVER;
	return reply ? WENT_LATER : WENT_AWAY;
}

enum went mail_send(struct arena *a, const struct mail *m, char *why, size_t why_size)
{
	struct str to = arena_printf(a, "<%.*s>", STR_FMT(m->to));
	struct str from = arena_printf(a, "<%s>", m->from);
	struct mailing p = {m, mail_bytes(a, m)};
	struct curl_slist *list = to.p ? curl_slist_append(NULL, to.p) : NULL;
	CURL *curl = curl_easy_init();
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long reply = 0;

	if (curl && list && from.p && p.left.p) {
		options_set(curl, &p, list, from.p);
		code = curl_easy_perform(curl);
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
	}
	if (code != CURLE_OK && reply >= 400)
		snprintf(why, why_size, "the mail server answered %ld", reply);
	else if (code != CURLE_OK)
		snprintf(why, why_size, "%s", curl_easy_strerror(code));
	curl_slist_free_all(list);
	curl_easy_cleanup(curl);
	return code_went(code, reply);
}
