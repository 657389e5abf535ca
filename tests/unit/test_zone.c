/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone.h"

#include <time.h>

#include "tests/lib/check.h"

static struct zone zone; /* too large for the stack of a test */
static char bytes[65536];

static struct str load(const char *name)
{
	char path[128];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	file = fopen(path, "rb");
	if (!file)
		return STR_NULL;
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return (struct str){bytes, n};
}

static void read_zone(const char *name)
{
	struct str tzif = load(name);

	if (tzif.n == 0 || !zone_read(&zone, str_from(name), tzif))
		fail_msg("zone %s cannot be read", name);
	assert_string_equal(zone.name, name);
}

static struct instant at(const char *text)
{
	struct local l = {0, 0};

	if (!instant_parse(&l, str_from(text)))
		fail_msg("%s", text);
	return local_instant(l);
}

static int64_t wall(const char *text)
{
	int64_t s = 0;

	if (!wall_parse(&s, str_from(text)))
		fail_msg("%s", text);
	return s;
}

static void check_local(const char *utc, const char *expected)
{
	char buf[INSTANT_TEXT];

	assert_str(local_print(zone_local(&zone, at(utc)), buf), expected);
}

static void known_instants(void **state)
{
	(void)state;
	read_zone("Europe/Paris");
	check_local("2024-03-31T00:59:59Z", "2024-03-31T01:59:59+01:00");
	check_local("2024-03-31T01:00:00Z", "2024-03-31T03:00:00+02:00");
	check_local("2080-07-01T12:00:00Z", "2080-07-01T14:00:00+02:00");
	check_local("2080-12-01T12:00:00Z", "2080-12-01T13:00:00+01:00");
	check_local("2080-03-31T00:59:59Z", "2080-03-31T01:59:59+01:00");
	check_local("2080-03-31T01:00:00Z", "2080-03-31T03:00:00+02:00");
	check_local("2080-10-27T00:59:59Z", "2080-10-27T02:59:59+02:00");
	check_local("2080-10-27T01:00:00Z", "2080-10-27T02:00:00+01:00");
	check_local("9999-07-01T00:00:00Z", "9999-07-01T02:00:00+02:00");
	read_zone("Australia/Lord_Howe");
	check_local("2080-01-01T00:00:00Z", "2080-01-01T11:00:00+11:00");
	check_local("2080-07-01T00:00:00Z", "2080-07-01T10:30:00+10:30");
	read_zone("Asia/Shanghai");
	check_local("2080-07-01T00:00:00Z", "2080-07-01T08:00:00+08:00");
}

static const char *const real_zones[] = {"Europe/Paris", "America/New_York", "Asia/Shanghai",
	"Australia/Lord_Howe", "Africa/Casablanca", "Europe/Dublin", "America/Santiago",
	"Antarctica/Troll", "Asia/Kathmandu", "Pacific/Apia", "America/Nuuk", "UTC"};

/* The C library reads the same files with code of its own: an oracle over years 1971 to 2400. */
static void as_the_c_library(void **state)
{
	const int64_t from_s = at("1971-01-01T00:00:00Z").s, until_s = at("2400-01-01T00:00:00Z").s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(real_zones); i++) {
		read_zone(real_zones[i]);
		setenv("TZ", real_zones[i], 1);
		tzset();
		/* A step that is prime in hours falls on every hour of the day and year. */
		for (int64_t s = from_s; s < until_s; s += 37 * 3600 + 1801) {
			time_t t = (time_t)s;
			struct tm tm;
			assert_non_null(localtime_r(&t, &tm));
			struct local l = zone_local(&zone, (struct instant){s});
			if (l.offset_s != tm.tm_gmtoff || l.wall_s != s + l.offset_s)
				fail_msg("%s at %lld: %d is not %ld", real_zones[i], (long long)s,
					l.offset_s, tm.tm_gmtoff);
		}
	}
}

/* Every change is found, the second before it is still the old time, and none lies between. */
static void changes(void **state)
{
	const int64_t until_s = at("2120-01-01T00:00:00Z").s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(real_zones); i++) {
		struct instant t = at("2020-01-01T00:00:00Z"), next;
		read_zone(real_zones[i]);
		while (t.s < until_s && zone_change_after(&next, &zone, t)) {
			int32_t before = zone_local(&zone, t).offset_s;
			assert_true(next.s > t.s);
			assert_int_not_equal(zone_local(&zone, next).offset_s, before);
			for (int64_t s = next.s - 1; s > t.s; s -= 86400 * 3)
				assert_int_equal(
					zone_local(&zone, (struct instant){s}).offset_s, before);
			t = next;
		}
		if (strcmp(real_zones[i], "Europe/Paris") == 0)
			assert_true(t.s >= until_s);
		if (strcmp(real_zones[i], "UTC") == 0)
			assert_false(zone_change_after(&next, &zone, t));
	}
}

static void check_fit(const char *reading, enum zone_fit fit, const char *expected)
{
	char buf[INSTANT_TEXT];
	struct local l;
	enum zone_fit got = zone_instant(&l, &zone, wall(reading));

	if (got != fit)
		fail_msg("%s: fit %d", reading, (int)got);
	assert_str(local_print(l, buf), expected);
}

static void readings(void **state)
{
	(void)state;
	read_zone("Europe/Paris");
	check_fit("2024-07-01T12:00", ZONE_ONCE, "2024-07-01T12:00:00+02:00");
	check_fit("2024-03-31T01:59:59", ZONE_ONCE, "2024-03-31T01:59:59+01:00");
	check_fit("2024-03-31T02:00", ZONE_NEVER, "2024-03-31T03:00:00+02:00");
	check_fit("2024-03-31T02:59:59", ZONE_NEVER, "2024-03-31T03:59:59+02:00");
	check_fit("2024-03-31T03:00", ZONE_ONCE, "2024-03-31T03:00:00+02:00");
	check_fit("2024-10-27T01:59:59", ZONE_ONCE, "2024-10-27T01:59:59+02:00");
	check_fit("2024-10-27T02:00", ZONE_TWICE, "2024-10-27T02:00:00+02:00");
	check_fit("2024-10-27T02:59:59", ZONE_TWICE, "2024-10-27T02:59:59+02:00");
	check_fit("2024-10-27T03:00", ZONE_ONCE, "2024-10-27T03:00:00+01:00");
	check_fit("2080-03-31T02:30", ZONE_NEVER, "2080-03-31T03:30:00+02:00");
	check_fit("2080-10-27T02:30", ZONE_TWICE, "2080-10-27T02:30:00+02:00");
	read_zone("America/New_York");
	check_fit("2024-03-10T02:30", ZONE_NEVER, "2024-03-10T03:30:00-04:00");
	check_fit("2024-11-03T01:30", ZONE_TWICE, "2024-11-03T01:30:00-04:00");
	check_fit("2080-11-03T01:30", ZONE_TWICE, "2080-11-03T01:30:00-04:00");
	read_zone("Australia/Lord_Howe"); /* half an hour of summer time */
	check_fit("2024-10-06T02:15", ZONE_NEVER, "2024-10-06T02:45:00+11:00");
	check_fit("2024-04-07T01:45", ZONE_TWICE, "2024-04-07T01:45:00+11:00");
	check_fit("2024-04-07T02:00", ZONE_ONCE, "2024-04-07T02:00:00+10:30");
	read_zone("Pacific/Apia"); /* a whole day was left out when the date line moved */
	check_fit("2011-12-30T12:00", ZONE_NEVER, "2011-12-31T12:00:00+14:00");
	check_fit("2011-12-29T23:59:59", ZONE_ONCE, "2011-12-29T23:59:59-10:00");
}

/* For each quarter of an hour of some years: the instants that read so, found by trying all. */
static void readings_oracle(void **state)
{
	static const char *const starts[] = {"2011-12-20T00:00", "2024-03-01T00:00",
		"2024-10-01T00:00", "2060-03-01T00:00", "2060-10-01T00:00"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(real_zones); i++) {
		read_zone(real_zones[i]);
		for (size_t j = 0; j < ARRAY_LEN(starts); j++) {
			int64_t first = wall(starts[j]);
			for (int64_t w = first; w < first + 45 * 86400; w += 900) {
				struct local out, earliest = {0, 0};
				int found = 0;
				for (int64_t off = 15 * 3600; off >= -12 * 3600; off -= 900) {
					struct local l =
						zone_local(&zone, (struct instant){w - off});
					if (l.wall_s != w)
						continue;
					if (!found++)
						earliest = l;
				}
				enum zone_fit fit = zone_instant(&out, &zone, w);
				assert_int_equal(fit, found == 0   ? ZONE_NEVER
						      : found == 1 ? ZONE_ONCE
								   : ZONE_TWICE);
				if (found)
					assert_int_equal(out.offset_s, earliest.offset_s);
				else
					assert_true(out.wall_s > w);
			}
		}
	}
}

/* ---- made bytes ---- */

static void put32(char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (char)(v >> (24 - 8 * i));
}

/* A version 2 file without transitions, one type of offset 0, and this footer. */
static struct str made(const char *footer)
{
	size_t n = 0;

	for (int block = 0; block < 2; block++) {
		memset(bytes + n, 0, 44 + 6 + 4);
		memcpy(bytes + n, "TZif2", 5);
		put32(bytes + n + 36, 1);
		put32(bytes + n + 40, 4);
		memcpy(bytes + n + 50, "UTC", 4);
		n += 54;
	}
	n += (size_t)snprintf(bytes + n, sizeof(bytes) - n, "\n%s\n", footer);
	return (struct str){bytes, n};
}

static void footers(void **state)
{
	static const char *const bad[] = {"U", "UT0", "UTC", "UTC25", "UTC0X", "UTC0:60",
		"UTC0:00:60", "AAA0BBB", "AAA0BBB,", "AAA0BBB,M3.5.0", "AAA0BBB,M3.5.0,",
		"AAA0BBB,M13.5.0,M10.5.0", "AAA0BBB,M3.6.0,M10.5.0", "AAA0BBB,M3.0.0,M10.5.0",
		"AAA0BBB,M3.5.7,M10.5.0", "AAA0BBB,J0,J365", "AAA0BBB,J1,J366", "AAA0BBB,0,366",
		"AAA0BBB,M3.5.0/168,M10.5.0", "AAA0BBB,M3.5.0,M10.5.0 ", "<A+0>", "<A+0", "<A!0>0",
		"AAA0\nBBB", "AAA0000"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (zone_read(&zone, STR("X"), made(bad[i])))
			fail_msg("%s", bad[i]);
	assert_true(zone_read(&zone, STR("X"), made("")));
	check_local("2024-07-01T00:00:00Z", "2024-07-01T00:00:00+00:00");
	assert_true(zone_read(&zone, STR("X"), made("<-0330>3:30")));
	check_local("2024-07-01T00:00:00Z", "2024-06-30T20:30:00-03:30");
	/* 29 February counts for n and not for Jn: 1 March either way in 2024. */
	assert_true(zone_read(&zone, STR("X"), made("AAA0BBB,J60/0,300/0")));
	check_local("2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00");
	check_local("2024-03-01T00:00:00Z", "2024-03-01T01:00:00+01:00");
	check_local("2023-03-01T00:00:00Z", "2023-03-01T01:00:00+01:00");
	assert_true(zone_read(&zone, STR("X"), made("AAA0BBB,60/0,300/0")));
	check_local("2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00");
	check_local("2024-03-01T00:00:00Z", "2024-03-01T01:00:00+01:00");
	check_local("2023-03-01T23:59:59Z", "2023-03-01T23:59:59+00:00");
	check_local("2023-03-02T00:00:00Z", "2023-03-02T01:00:00+01:00");
	/* Summer time all year (RFC 8536 section 3.3.1). */
	assert_true(zone_read(&zone, STR("X"), made("EST5EDT,0/0,J365/25")));
	for (int64_t s = at("2023-12-30T00:00:00Z").s; s < at("2025-01-03T00:00:00Z").s; s += 1800)
		assert_int_equal(zone_local(&zone, (struct instant){s}).offset_s, -4 * 3600);
	struct instant none;
	assert_false(zone_change_after(&none, &zone, at("2024-05-05T00:00:00Z")));
	/* It ends a week into the next year, and the year after that has not begun yet. */
	assert_true(zone_read(&zone, STR("X"), made("AAA1BBB,0/0,365/167")));
	check_local("2101-01-01T00:59:59Z", "2100-12-31T23:59:59-01:00");
	check_local("2101-01-01T01:00:00Z", "2101-01-01T01:00:00+00:00");
	/* Hours outside the day, as Greenland and Gaza write them. */
	assert_true(zone_read(&zone, STR("X"), made("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")));
	check_local("2024-03-31T00:59:59Z", "2024-03-30T22:59:59-02:00");
	check_local("2024-03-31T01:00:00Z", "2024-03-31T00:00:00-01:00");
}

static bool read_copy(struct str tzif)
{
	char *copy;
	bool good;

	assert_true(tzif.n <= 1 << 20);	    /* of a file read above */
	copy = malloc(tzif.n ? tzif.n : 1); /* exact: a byte too far is seen */
	assert_non_null(copy);
	if (tzif.n)
		memcpy(copy, tzif.p, tzif.n);
	good = zone_read(&zone, STR("X"), (struct str){copy, tzif.n});
	free(copy);
	return good;
}

static void truncated(void **state)
{
	struct str tzif = load("Europe/Paris");

	(void)state;
	assert_true(read_copy(tzif));
	for (size_t n = 0; n < tzif.n; n++)
		if (read_copy((struct str){tzif.p, n}))
			fail_msg("accepted %zu of %zu bytes", n, tzif.n);
	bytes[tzif.n] = '\n';
	assert_false(read_copy((struct str){tzif.p, tzif.n + 1}));
	/* Called version 1 the file would end after its first block: the rest is not understood. */
	bytes[4] = '\0';
	assert_false(read_copy(tzif));
}

/* Any single byte changed to a few other values: an answer, and a zone that can be asked. */
static void damaged(void **state)
{
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	struct str tzif = load("America/New_York");
	int accepted = 0, refused = 0;

	(void)state;
	for (size_t i = 0; i < tzif.n; i++) {
		char was = bytes[i];
		for (size_t j = 0; j < ARRAY_LEN(values); j++) {
			struct local l;
			bytes[i] = (char)values[j];
			if (!read_copy(tzif)) {
				refused++;
				continue;
			}
			accepted++;
			for (int64_t s = 0; s < 6000000000; s += 1999999999)
				(void)zone_instant(
					&l, &zone, zone_local(&zone, (struct instant){s}).wall_s);
		}
		bytes[i] = was;
	}
	assert_true(accepted > 100 && refused > 100);
}

static void made_headers(void **state)
{
	/* offset of a count in the second header, and a value that must be refused there */
	static const struct {
		size_t at;
		uint32_t value;
	} rows[] = {{20, 2}, {24, 2}, {28, 1}, {32, ZONE_TRANSITIONS_MAX + 1}, {32, UINT32_MAX},
		{36, 0}, {36, ZONE_TYPES_MAX + 1}, {36, UINT32_MAX}, {40, 0}, {40, UINT32_MAX}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str tzif = made("UTC0");
		put32(bytes + 54 + rows[i].at, rows[i].value);
		assert_false(read_copy(tzif));
		tzif = made("UTC0");
		put32(bytes + rows[i].at, UINT32_MAX);
		assert_false(read_copy(tzif));
	}
	struct str tzif = made("UTC0");
	assert_true(read_copy(tzif));
	bytes[4] = '\0'; /* version 1 ends after its block */
	assert_true(read_copy((struct str){tzif.p, 54}));
	bytes[4] = bytes[54 + 4] = '4';
	assert_true(read_copy(tzif));
	bytes[4] = '5';
	assert_false(read_copy(tzif));
}

/* A version 1 file: transitions at these instants to these types of the two there are. */
static struct str made_transitions(const uint32_t at_s[2], const char kinds[2])
{
	memset(bytes, 0, 70);
	memcpy(bytes, "TZif", 4);
	put32(bytes + 32, 2);
	put32(bytes + 36, 2);
	put32(bytes + 40, 4);
	put32(bytes + 44, at_s[0]);
	put32(bytes + 48, at_s[1]);
	memcpy(bytes + 52, kinds, 2);
	put32(bytes + 54, 3600);
	put32(bytes + 60, 7200);
	memcpy(bytes + 66, "AAA", 4);
	return (struct str){bytes, 70};
}

/* A version 2 file with one transition at that time, to a type of one hour, and a rule. */
static struct str made_far(int64_t transition_s)
{
	static const char rule[] = "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
	char *block = bytes + 54;

	(void)made("");
	put32(block + 32, 1);
	put32(block + 44, (uint32_t)((uint64_t)transition_s >> 32));
	put32(block + 48, (uint32_t)transition_s);
	memset(block + 52, 0, 1 + 6 + 4);
	put32(block + 53, 3600);
	memcpy(block + 63, rule, sizeof(rule) - 1);
	return (struct str){bytes, 54 + 63 + sizeof(rule) - 1};
}

/* Sums with an offset, and counts of days, must hold at every transition that is let in. */
static void far_transitions(void **state)
{
	struct instant next;

	(void)state;
	assert_true(read_copy(made_far(-(INT64_C(1) << 59))));
	check_local("2026-07-01T00:00:00Z", "2026-07-01T02:00:00+02:00");
	assert_false(read_copy(made_far(-(INT64_C(1) << 59) - 1)));
	assert_false(read_copy(made_far(INT64_MIN)));
	assert_true(read_copy(made_far(INT64_C(253402300799))));
	assert_false(zone_change_after(&next, &zone, at("9999-12-31T23:59:59Z")));
	assert_false(read_copy(made_far(INT64_C(253402300800))));
	assert_false(read_copy(made_far(INT64_MAX)));
}

static void made_blocks(void **state)
{
	static const uint32_t rising[2] = {1000, 2000}, falling[2] = {2000, 1000}, same[2] = {5, 5};

	(void)state;
	assert_true(read_copy(made_transitions(rising, "\1\0")));
	check_local("1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00");
	check_local("1970-01-01T00:16:40Z", "1970-01-01T02:16:40+02:00");
	check_local("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00");
	assert_false(read_copy(made_transitions(falling, "\1\0")));
	assert_false(read_copy(made_transitions(same, "\1\0")));
	assert_false(read_copy(made_transitions(rising, "\2\0")));
	assert_false(read_copy(made_transitions(rising, "\1\377")));
	/* an offset of more than a day and two hours, a flag that is neither 0 nor 1 */
	(void)made_transitions(rising, "\1\0");
	put32(bytes + 54, 26 * 3600);
	assert_false(read_copy((struct str){bytes, 70}));
	put32(bytes + 54, 26 * 3600 - 1);
	assert_true(read_copy((struct str){bytes, 70}));
	bytes[58] = 2;
	assert_false(read_copy((struct str){bytes, 70}));
}

static void names(void **state)
{
	static const char *const good[] = {"UTC", "Europe/Paris", "America/Port-au-Prince",
		"Etc/GMT+5", "America/Argentina/Buenos_Aires"};
	static const char *const bad[] = {"", "/etc/passwd", "../x", "Europe/../x", "Europe/",
		"a//b", "a b", "a\\b", "posix.x", "\xc3\xa9",
		"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(zone_name_is_safe(str_from(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(zone_name_is_safe(str_from(bad[i])));
		assert_false(zone_read(&zone, str_from(bad[i]), made("UTC0")));
	}
	assert_false(zone_name_is_safe(STR("UTC\0")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_instants),
		cmocka_unit_test(as_the_c_library),
		cmocka_unit_test(changes),
		cmocka_unit_test(readings),
		cmocka_unit_test(readings_oracle),
		cmocka_unit_test(footers),
		cmocka_unit_test(truncated),
		cmocka_unit_test(damaged),
		cmocka_unit_test(made_headers),
		cmocka_unit_test(far_transitions),
		cmocka_unit_test(made_blocks),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
