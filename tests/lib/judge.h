/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the tests of rules/ lend to the functions under test: documents, zones and a place for a
 * decision. Each has one static instance, so a test program holds one of each at a time.
 */

#include "rules/cases.h"
#include "tests/lib/check.h"

enum { JUDGE_NODES = 60000, JUDGE_TEXT = 600000, JUDGE_ZONES = 4 };

/* ---- documents ---- */

struct judge_document {
	struct json_doc doc;
	struct json_node nodes[JUDGE_NODES];
	char text[JUDGE_TEXT];
	char source[JUDGE_TEXT];
};

static inline struct json judge_parse(struct judge_document *d, struct str source)
{
	d->doc = (struct json_doc){.nodes = d->nodes,
		.nodes_max = JUDGE_NODES,
		.text = d->text,
		.text_max = JUDGE_TEXT};
	assert_true(source.n < JUDGE_TEXT);
	if (source.n > 0)
		memmove(d->source, source.p, source.n);
	d->source[source.n] = '\0';
	if (!json_read(&d->doc, (struct str){d->source, source.n}))
		fail_msg("%s at byte %zu: %.60s", d->doc.error, d->doc.error_at,
			d->source + d->doc.error_at);
	return json_root(&d->doc);
}

/* A file of `folder`; absent when there is none. */
static inline struct json judge_load(struct judge_document *d, const char *folder, const char *name)
{
	char path[512];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file)
		return JSON_ABSENT;
	n = fread(d->source, 1, sizeof(d->source) - 1, file);
	fclose(file);
	return judge_parse(d, (struct str){d->source, n});
}

/* tests/data, wherever the test was started. */
static inline const char *judge_data(void)
{
	static char path[400];
	const char *root = getenv("RELAIS_ROOT");

	snprintf(path, sizeof(path), "%s/tests/data", root ? root : ".");
	return path;
}

/* ---- zones ---- */

static inline const struct zone *judge_zone(void *context, struct str name)
{
	static struct zone zones[JUDGE_ZONES];
	static uint32_t zones_len;
	static char bytes[65536];
	char path[128];

	(void)context;
	for (uint32_t i = 0; i < zones_len; i++)
		if (str_is(name, zones[i].name))
			return &zones[i];
	if (zones_len == JUDGE_ZONES || !zone_name_is_safe(name))
		return NULL;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", STR_FMT(name));
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	size_t n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	if (!zone_read(&zones[zones_len], name, (struct str){bytes, n}))
		return NULL;
	return &zones[zones_len++];
}

/* ---- faults ---- */

static inline bool judge_has_fault(const struct faults *f, const char *pointer, const char *part)
{
	for (uint32_t i = 0; i < f->len && i < RULESET_FAULTS_MAX; i++)
		if (strcmp(f->fault[i].pointer, pointer) == 0 && strstr(f->fault[i].detail, part))
			return true;
	return false;
}

static inline void judge_print_faults(const struct faults *f)
{
	for (uint32_t i = 0; i < f->len && i < RULESET_FAULTS_MAX; i++)
		print_error("  %s %s\n", f->fault[i].pointer, f->fault[i].detail);
}
