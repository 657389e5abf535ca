/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/care.h"

void care_warn(struct text *t, struct api *api)
{
	if (api->reload.failed)
		text_add(t, "the configuration was not read again: %s\n", api->reload.why);
}

void care_figures(struct text *t, struct api *api)
{
	text_add(t,
		"# HELP relais_config_reloads_total Configurations that HUP brought.\n"
		"# TYPE relais_config_reloads_total counter\n"
		"relais_config_reloads_total{outcome=\"taken\"} %u\n"
		"relais_config_reloads_total{outcome=\"refused\"} %u\n"
		"# HELP relais_config_reload_failed 1: what HUP brought last was not taken.\n"
		"# TYPE relais_config_reload_failed gauge\n"
		"relais_config_reload_failed %d\n",
		api->reload.taken, api->reload.refused, api->reload.failed);
}
