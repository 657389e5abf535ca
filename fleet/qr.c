/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/qr.h"

#include <stdio.h>

#include <qrencode.h>

enum { QUIET = 4, TEXT_MAX = 200, MODULE_BYTES = 24, FRAME_BYTES = 200 };

/* One path of one-by-one squares, run by run. */
static size_t draw(char *out, size_t cap, const QRcode *code)
{
	size_t n = 0;

	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width;) {
			int run = 0;
			while (x + run < code->width && code->data[y * code->width + x + run] & 1)
				run++;
			if (run)
				n += (size_t)snprintf(out + n, cap - n, "M%d %dh%dv1h-%dz",
					x + QUIET, y + QUIET, run, run);
			x += run ? run : 1;
		}
	return n;
}

struct str qr_svg(struct arena *a, struct str text)
{
	char plain[TEXT_MAX + 1];
	QRcode *code;
	size_t cap, n;
	char *out;

	if (!text.n || text.n > TEXT_MAX)
		return STR_NULL;
	memcpy(plain, text.p, text.n);
	plain[text.n] = '\0';
	code = QRcode_encodeString8bit(plain, 0, QR_ECLEVEL_M);
	if (!code)
		return STR_NULL;
	cap = (size_t)(code->width * code->width) * MODULE_BYTES + FRAME_BYTES;
	out = arena_take(a, cap);
	if (!out) {
		QRcode_free(code);
		return STR_NULL;
	}
	n = (size_t)snprintf(out, cap,
		"<svg class=\"qr\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\"><path d=\"",
		code->width + 2 * QUIET, code->width + 2 * QUIET);
	n += draw(out + n, cap - n, code);
	n += (size_t)snprintf(out + n, cap - n, "\"/></svg>");
	QRcode_free(code);
	ASSERT(n < cap);
	return (struct str){out, n};
}
