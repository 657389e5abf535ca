/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais serve` and `relais check-config`: what the file says, then what the command line says. */

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "server/app.h"
#include "server/cli.h"
#include "server/config.h"
#include "server/file.h"
#include "server/options.h"

enum { WHY_BYTES = 400 };

/* Reads the file into `c`; every fault is told. EX_CONFIG when there is one. */
static int config_load(struct config *c, const char *path)
{
	char why[WHY_BYTES];
	struct str text = file_read(path, CONFIG_BYTES_MAX, why, sizeof why);
	if (!text.p)
		return cli_fail(EX_CONFIG, "%s", why);
	struct faults *faults = calloc(1, sizeof *faults);
	ASSERT(faults);
	bool good = config_read(c, text, faults);
	for (uint32_t i = 0; i < faults->len && i < RULESET_FAULTS_MAX; i++)
		fprintf(stderr, "%s: %s: %s\n", path, faults->fault[i].pointer,
			faults->fault[i].detail);
	free(faults);
	file_free(text);
	return good ? EX_OK : EX_CONFIG;
}

int cli_check_config(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct words words = {.min = 1, .max = 1};
	if (!options_read(argc, argv, NULL, 0, &words, why, sizeof why))
		return cli_usage(why);
	struct config config;
	config_default(&config);
	int code = config_load(&config, words.value[0]);
	if (code == EX_OK)
		printf("%s: no faults\n", words.value[0]);
	return code;
}

enum { OPT_DATA, OPT_CONFIG, OPT_LISTEN, OPT_DEMO, OPT_JOURNAL, OPT_LEN };

int cli_serve(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN] = {
		[OPT_DATA] = {.name = "data"},
		[OPT_CONFIG] = {.name = "config"},
		[OPT_LISTEN] = {.name = "listen"},
		[OPT_DEMO] = {.name = "demo", .flag = true},
		[OPT_JOURNAL] = {.name = "journal"},
	};
	struct words words = {.max = 0};
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	if (o[OPT_JOURNAL].len)
		return cli_usage(
			"journals in PostgreSQL are not part of this version; leave --journal out");
	struct config config;
	config_default(&config);
	int code = o[OPT_CONFIG].len ? config_load(&config, option_value(&o[OPT_CONFIG])) : EX_OK;
	if (code != EX_OK)
		return code;
	const char *data = option_value(&o[OPT_DATA]);
	const char *listen = option_value(&o[OPT_LISTEN]);
	if (listen && !config_listen_is_good(str_from(listen)))
		return cli_usage("--listen must be ADDRESS:PORT, such as 127.0.0.1:8080");
	if (!data && !config.data[0])
		return cli_usage("--data is required: the directory that holds everything");
	struct app_options app = {
		.dir = data ? data : config.data,
		.listen = listen ? listen : config.listen,
		.demo = o[OPT_DEMO].len > 0,
		.certificate = config.certificate[0] ? config.certificate : NULL,
		.key = config.key,
		.limits = config.limits,
		.data_mib_max = config.data_mib_max,
	};
	return app_serve(&app);
}
