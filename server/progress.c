/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/progress.h"

#include <unistd.h>

enum { WIDTH = 40 };

struct progress progress_on(FILE *out)
{
	return (struct progress){.out = isatty(fileno(out)) ? out : NULL, .percent = -1};
}

void progress_show(struct progress *p, const char *what, uint64_t done, uint64_t all)
{
	static const char full[] = "########################################";
	static const char rest[] = "........................................";
	int percent = all ? (int)(done * 100 / all) : 100, n = percent * WIDTH / 100;

	if (!p->out || (p->drawn && p->percent == percent && p->what == what))
		return;
	p->what = what;
	p->percent = percent;
	p->drawn = true;
	fprintf(p->out, "\r\033[K%s [%.*s%.*s] %d %%", what, n, full, WIDTH - n, rest, percent);
	fflush(p->out);
}

void progress_clear(struct progress *p)
{
	if (!p->drawn)
		return;
	fputs("\r\033[K", p->out);
	fflush(p->out);
	p->drawn = false;
}
