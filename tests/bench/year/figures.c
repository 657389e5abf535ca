/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/figures.h"

void figures_add(struct figures *f, const struct tally *t, int64_t took_ms)
{
	struct tally *s = &f->sum;

	s->asked += t->asked;
	s->accepted += t->accepted;
	s->waited += t->waited;
	s->broken += t->broken;
	s->other_car += t->other_car;
	s->at_risk += t->at_risk;
	s->moves += t->moves;
	s->busy += t->busy;
	s->longer += t->longer;
	s->longer_refused += t->longer_refused;
	s->refusals += t->refusals;
	s->undecided += t->undecided;
	s->undecided_fits += t->undecided_fits;
	s->needless += t->needless;
	s->unproven += t->unproven;
	s->longer_needless += t->longer_needless;
	s->service_needless += t->service_needless;
	s->services += t->services;
	s->services_slipped += t->services_slipped;
	s->services_missed += t->services_missed;
	f->years++;
	f->took_ms += took_ms;
}

static double ratio(int64_t a, int64_t b)
{
	return b ? (double)a / (double)b : 0;
}

static double accept_percent(const struct figures *f)
{
	return 100 * ratio(f->sum.accepted, f->sum.asked);
}

static double util_percent(const struct figures *f)
{
	return 100 * ratio(f->sum.busy, f->years * CARS * YEAR_DAYS * DAY);
}

static double broken_per_1000(const struct figures *f)
{
	return 1000 * ratio(f->sum.broken, f->sum.accepted);
}

static void print_title(const struct setting *s)
{
	printf("\nload %d.%d, %s; %s\n", s->load_percent / 100, s->load_percent / 10 % 10,
		s->hand_over == HAND_OVER_ROUND_THE_CLOCK ? "hand-over round the clock"
							  : "hand-over Monday to Friday",
		s->patient ? "who is refused asks for up to 5 working days later"
			   : "who is refused goes elsewhere");
	printf("%-36s%8s%8s%8s%8s%8s%11s%10s%10s%10s%8s%7s\n", "", "accept", "later", "util",
		"broken", "moves", "undecided", "needless", "needless", "services", "", "took");
	printf("%-36s%8s%8s%8s%8s%8s%11s%10s%10s%10s%8s%7s\n", "", "%", "%", "%", "/1,000",
		"a loan", "", "refusals", "longer", "slipped", "missed", "s");
}

void figures_print(const struct figures *rows, uint32_t n)
{
	print_title(rows->setting);
	for (const struct figures *f = rows; f < rows + n; f++) {
		const struct tally *t = &f->sum;
		printf("%-36s%8.2f%8.2f%8.2f%8.2f%8.3f", f->policy->name, accept_percent(f),
			100 * ratio(t->waited, t->asked), util_percent(f), broken_per_1000(f),
			ratio(t->moves, t->accepted));
		if (f->policy->acts == &relais)
			printf("%11lld%10lld%10lld", (long long)t->undecided,
				(long long)t->needless, (long long)t->longer_needless);
		else
			printf("%11s%10s%10s", "-", "-", "-");
		printf("%10lld%8lld%7.1f\n", (long long)t->services_slipped,
			(long long)t->services_missed, ratio(f->took_ms, f->years * 1000));
	}
}

/* ---- lines ---- */

/* The setting's name closes the line's; without one it is about the whole run. */
static void line(
	FILE *out, const struct setting *s, const char *name, double value, const char *unit)
{
	char at[16] = "";

	if (s && s->hand_over == HAND_OVER_ROUND_THE_CLOCK)
		snprintf(at, sizeof at, "_24h");
	else if (s)
		snprintf(at, sizeof at, "_%d.%d", s->load_percent / 100, s->load_percent / 10 % 10);
	fprintf(out, "{\"name\":\"year_%s%s\",\"value\":%.4f,\"unit\":\"%s\"}\n", name, at, value,
		unit);
}

/* "relais, held back" is relais_held_back. */
static const char *slug(const struct policy *p, const char *what, char *out, size_t size)
{
	size_t n = 0;

	for (const char *c = p->name; *c && n + 1 < size; c++)
		if (*c != ',')
			out[n++] = *c == ' ' || *c == '-' ? '_' : *c;
	snprintf(out + n, size - n, "_%s", what);
	return out;
}

static void write_row(FILE *out, const struct figures *f)
{
	const struct tally *t = &f->sum;
	char name[80];

	line(out, f->setting, slug(f->policy, "accept", name, sizeof name), accept_percent(f), "%");
	line(out, f->setting, slug(f->policy, "util", name, sizeof name), util_percent(f), "%");
	line(out, f->setting, slug(f->policy, "broken", name, sizeof name), broken_per_1000(f),
		"per 1000");
	line(out, f->setting, slug(f->policy, "other_car", name, sizeof name),
		1000 * ratio(t->other_car, t->accepted), "per 1000");
	line(out, f->setting, slug(f->policy, "moves", name, sizeof name),
		ratio(t->moves, t->accepted), "per loan");
}

static const struct figures *row_of(const struct figures *rows, uint32_t n,
	const struct desk_acts *acts, bool held_back, bool services_slip)
{
	for (const struct figures *f = rows; f < rows + n; f++)
		if (f->policy->acts == acts && (f->policy->held_back > 0) == held_back &&
			f->policy->services_slip == services_slip)
			return f;
	return NULL;
}

/* What is promised of relais, beside best-fit in the same run. */
static void write_targets(FILE *out, const struct figures *rows, uint32_t n)
{
	const struct figures *best = row_of(rows, n, &best_fit, false, false),
			     *ours = row_of(rows, n, &relais, false, false),
			     *held = row_of(rows, n, &relais, true, false),
			     *slip = row_of(rows, n, &relais, true, true);

	line(out, rows->setting, "util_minus_bestfit", util_percent(ours) - util_percent(best),
		"points");
	if (!held || !slip)
		return;
	line(out, rows->setting, "broken_vs_bestfit", broken_per_1000(held) / broken_per_1000(best),
		"ratio");
	line(out, rows->setting, "broken_slip_vs_bestfit",
		broken_per_1000(slip) / broken_per_1000(best), "ratio");
	line(out, rows->setting, "accept_minus_bestfit",
		accept_percent(held) - accept_percent(best), "points");
}

static void write_counts(FILE *out, const struct setting *s, const struct tally *t)
{
	const struct {
		const char *name;
		int64_t n;
	} counts[] = {
		{"refusals", t->refusals},
		{"needless", t->needless},
		{"longer_needless", t->longer_needless},
		{"service_needless", t->service_needless},
		{"undecided", t->undecided},
		{"undecided_fits", t->undecided_fits},
		{"unproven", t->unproven},
	};

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		line(out, s, counts[i].name, (double)counts[i].n, "count");
}

void figures_write(FILE *out, const struct figures *rows, uint32_t n)
{
	struct figures all = {.policy = NULL};

	for (const struct figures *f = rows; f < rows + n; f++) {
		write_row(out, f);
		figures_add(&all, &f->sum, f->took_ms);
	}
	write_targets(out, rows, n);
	write_counts(out, rows->setting, &all.sum);
}

void figures_write_all(FILE *out, const struct figures *all)
{
	write_counts(out, NULL, &all->sum);
}
