/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The bytes of a file as UTF-8 text, whatever wrote them: UTF-8 or UTF-16LE with or without a byte
 * order mark, or Windows-1252 as spreadsheets save "CSV". A file in which whole UTF-8 characters
 * are at least as many as bytes that are none is damaged UTF-8 and no Windows-1252: to guess on
 * would write broken names. A zero byte is in no text.
 */

#include "fleet/arena.h"

enum import_encoding { IMPORT_UTF_8, IMPORT_UTF_16LE, IMPORT_WINDOWS_1252, IMPORT_ENCODINGS_LEN };
const char *import_encoding_name(enum import_encoding encoding);

struct import_text {
	enum import_encoding encoding;
	struct str text;   /* without a mark: the given bytes, or in the arena */
	const char *error; /* a constant sentence; NULL = good */
	uint32_t line;	   /* of the error, from 1 */
};
void import_text_read(struct import_text *out, struct arena *a, struct str bytes);
