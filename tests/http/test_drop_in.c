/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The drop folder in: files that are whole are imported, in the order in which one leans on the
 * other, and moved beside a report; what is being written is left alone, a fault is told, and the
 * same file again changes nothing. */

#define _GNU_SOURCE /* memmem */
#include <sys/stat.h>
#include <unistd.h>

#include "server/drop_in_file.h"
#include "server/file.h"
#include "tests/http/served.h"

enum { ASKED_MAX = 100000 };

#define HEADER "customer,segment,language,preferred_channel,person.name\n"

static struct served s;
static char in[SCRATCH_PATH * 2];

static const char *at(const char *name)
{
	static char path[SCRATCH_PATH * 4];

	snprintf(path, sizeof path, "%s/%s", in, name);
	return path;
}

static void drop(const char *name, const char *text)
{
	FILE *f = fopen(at(name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static bool is_there(const char *name)
{
	return access(at(name), F_OK) == 0;
}

/* Asks until it is so: the folder is looked at every second. */
static void metric_becomes(const char *line)
{
	for (int i = 0; i < ASKED_MAX; i++)
		if (served_metric_is(&s, line))
			return;
	fail_msg("never: %s", line);
}

static void says(const char *name, const char *text)
{
	char why[200];
	struct str file = file_read(at(name), 1 << 20, why, sizeof why);

	if (!file.p || !memmem(file.p, file.n, text, strlen(text)))
		fail_msg("%s does not say %s: %.*s", name, text, STR_FMT(file));
	file_free(file);
}

static void which_kind(void **state)
{
	static const struct {
		const char *name;
		bool known;
		enum import_kind kind;
	} table[] = {
		{"customers.csv", true, IMPORT_CUSTOMERS},
		{"customers-2026-03-17.csv", true, IMPORT_CUSTOMERS},
		{"repair-orders_7.json", true, IMPORT_REPAIR_ORDERS},
		{"customersx.csv", false, IMPORT_KINDS_LEN},
		{"my-customers.csv", false, IMPORT_KINDS_LEN},
		{"", false, IMPORT_KINDS_LEN},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		enum import_kind kind = IMPORT_KINDS_LEN;
		assert_int_equal(drop_in_kind(&kind, table[i].name), table[i].known);
		assert_int_equal(kind, table[i].kind);
	}
}

static void imported_and_moved(void **state)
{
	(void)state;
	/* the owner is in the other file: kinds come in their order */
	drop("vehicles.csv", "vin,model,owner\nZAMDEMC1T0D200001,Levante,D1\n");
	drop("customers-1.csv", "Kundennummer,segment,Sprache,person.name\nD1,vip,fr,A. Fable\n");
	drop("customers.ini", "[columns]\nKundennummer = customer\nSprache = language\n[absent]\n"
			      "preferred_channel = sms\n");
	drop("customers-2.csv.part", HEADER);
	metric_becomes("relais_drop_in_files_total{outcome=\"done\"} 2\n");
	metric_becomes("relais_imports_now 0\n");
	says("done/customers-1.csv.report.json", "\"created\":1");
	says("done/vehicles.csv.report.json", "\"created\":1");
	assert_true(is_there("done/customers-1.csv") && !is_there("customers-1.csv"));
	assert_true(is_there("customers-2.csv.part") && is_there("customers.ini"));
	assert_string_equal(served_get(&s, "/readyz", NULL, 200), "ready\n");
	/* the same once more */
	drop("customers-1.csv", "Kundennummer,segment,Sprache,person.name\nD1,vip,fr,A. Fable\n");
	metric_becomes("relais_drop_in_files_total{outcome=\"done\"} 3\n");
	says("done/customers-1.csv.report.json", "\"created\":0");
	says("done/customers-1.csv.report.json", "\"same\":1");
	assert_int_equal(unlink(at("customers.ini")), 0);
}

static void what_cannot_be(void **state)
{
	(void)state;
	drop("customers-bad.csv", HEADER "D2,king,fr,sms,B. Fable\nD3,vip,fr,sms,C. Fable\n");
	drop("nonsense.csv", "a,b\n1,2\n");
	assert_int_equal(symlink("/etc/passwd", at("customers-link.csv")), 0);
	assert_int_equal(mkdir(at("customers-folder.csv"), 0700), 0);
	metric_becomes("relais_drop_in_files_total{outcome=\"failed\"} 2\n");
	says("failed/customers-bad.csv.report.json", "\"pointer\":\"/segment\"");
	says("failed/customers-bad.csv.rejected.csv", "D2,king,fr,sms,B. Fable,");
	says("failed/nonsense.csv.report.json", "the name does not begin with what stands in it");
	assert_true(is_there("customers-link.csv") && is_there("customers-folder.csv"));
	assert_non_null(strstr(served_get(&s, "/readyz", NULL, 200), "a file was not imported: "));
	const char *page = served_get(&s, "/status", NULL, 200);
	assert_non_null(strstr(page, "the last is customers: failed"));
	assert_non_null(strstr(page, "line 2: /segment"));
	/* corrected, it is taken, and nothing deserves a look any more */
	drop("customers-bad.csv", HEADER "D2,vip,fr,sms,B. Fable\nD3,vip,fr,sms,C. Fable\n");
	metric_becomes("relais_drop_in_files_total{outcome=\"done\"} 4\n");
	says("done/customers-bad.csv.report.json", "\"created\":2");
	assert_string_equal(served_get(&s, "/readyz", NULL, 200), "ready\n");
}

static int open_folder(void **state)
{
	char text[SCRATCH_PATH * 3];

	(void)state;
	served_make(&s);
	scratch_path(&s.scratch, "in", in);
	assert_int_equal(mkdir(in, 0700), 0);
	snprintf(text, sizeof text, "drop.in = %s\ndrop.in_seconds = 1\n", in);
	served_write(&s, "relais.conf", text);
	served_start(&s);
	return 0;
}

static int close_folder(void **state)
{
	(void)state;
	served_stop(&s);
	served_remove(&s);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which_kind),
		cmocka_unit_test(imported_and_moved),
		cmocka_unit_test(what_cannot_be),
	};
	return cmocka_run_group_tests(tests, open_folder, close_folder);
}
