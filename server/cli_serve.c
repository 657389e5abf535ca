/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais serve` and `relais check-config`: everything that configures, read in its order. */

#define _GNU_SOURCE /* environ */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/app.h"
#include "server/cli.h"
#include "server/form.h"
#include "sql/pg.h"

enum { WHY_BYTES = 400 };

static void say_fault(void *context, const char *sentence)
{
	(void)context;
	fprintf(stderr, "%s\n", sentence);
}

static void say_line(void *context, const char *line)
{
	(void)context;
	puts(line);
}

const struct form form_check_config = {
	.words = "FILE",
	.about = "Reads FILE, FILE.d/*.conf and the environment as the server would, and names "
		 "every "
		 "fault.",
};

int cli_check_config(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct words words = {.min = 1, .max = 1};
	struct config config;
	struct config_faults faults = {.say = say_fault};
	if (!options_read(argc, argv, NULL, 0, &words, why, sizeof why))
		return cli_usage(why);
	struct config_sources from = {
		.file = words.value[0], .environment = (const char *const *)environ};
	if (!config_load(&config, &from, &faults))
		return EX_CONFIG;
	printf("%s: no faults\n", words.value[0]);
	return EX_OK;
}

enum { OPT_DATA, OPT_CONFIG, OPT_LISTEN, OPT_DEMO, OPT_JOURNAL, OPT_DUMP, OPT_LEN };

static const struct option options[OPT_LEN] = {
	[OPT_DATA] = {.name = "data",
		.takes = "DIR",
		.usual = true,
		.about = "the directory that holds everything; made where it is missing"},
	[OPT_CONFIG] = {.name = "config", .takes = "FILE", .about = "see relais.conf(5)"},
	[OPT_LISTEN] = {.name = "listen", .takes = "ADDR:PORT", .about = "where to answer"},
	[OPT_DEMO] = {.name = "demo",
		.flag = true,
		.about = "fill an empty DIR with an invented dealership first"},
	[OPT_JOURNAL] = {.name = "journal",
		.takes = "URL",
		.about = "journals in PostgreSQL, shared with other servers"},
	[OPT_DUMP] = {.name = "dump-config",
		.flag = true,
		.about = "print every key, its value and where it is from, and end"},
};

const struct form form_serve = {
	.options = options,
	.options_len = OPT_LEN,
	.about = "Serves until TERM or INT, which let what is under way end (within 25 seconds; a "
		 "second one ends at once). HUP reads the configuration and the certificate again, "
		 "all of it or nothing. One line with the address on standard output says that it "
		 "is ready.",
};

static int serve(struct app_options *app, bool dump)
{
	struct config_faults faults = {.say = say_fault};
	if (!config_load(&app->config, &app->sources, &faults))
		return EX_CONFIG;
	if (dump) {
		config_dump(&app->config, say_line, NULL);
		return EX_OK;
	}
	if (!app->config.data[0])
		return cli_usage("--data is required: the directory that holds everything");
	if (app->demo && app->config.journal[0])
		return cli_usage("--demo makes a directory that stands alone: make it first and "
				 "move it with relais journal copy");
	return app_serve(app);
}

int cli_serve(int argc, char **argv)
{
	char why[WHY_BYTES], refused[PG_WHY_BYTES];
	struct option o[OPT_LEN];
	struct words words = {.max = 0};
	memcpy(o, options, sizeof o);
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	const char *journal = option_value(&o[OPT_JOURNAL]);
	if (journal && !pg_address_is_good(journal, refused, sizeof refused))
		return cli_fail(EX_USAGE, "--journal: %s", refused);
	const char *listen = option_value(&o[OPT_LISTEN]);
	if (listen && !config_listen_is_good(str_from(listen)))
		return cli_usage("--listen must be ADDRESS:PORT, such as 127.0.0.1:8080");
	struct app_options app = {
		.demo = o[OPT_DEMO].len > 0,
		.sources =
			{
				.file = option_value(&o[OPT_CONFIG]),
				.environment = (const char *const *)environ,
				.listen = listen,
				.data = option_value(&o[OPT_DATA]),
				.journal = journal,
			},
	};
	return serve(&app, o[OPT_DUMP].len > 0);
}
