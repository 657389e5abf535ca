/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What `relais token create` and `relais user add` have in common: who is made, and DIR/people,
 * which several processes may open, so both work beside a running server.
 */

#include "fleet/people.h"
#include "server/options.h"

/* --data, --name, --role, --site of either command. */
enum { PEOPLE_OPT_DATA, PEOPLE_OPT_NAME, PEOPLE_OPT_ROLE, PEOPLE_OPT_SITE, PEOPLE_OPT_LEN };
extern const struct option cli_people_options[PEOPLE_OPT_LEN];

/* An exit code; what is wrong was told. The name is any line of plain text. */
MUST_CHECK int cli_people_actor(struct actor *actor, const struct option o[PEOPLE_OPT_LEN]);
/* Makes DIR a data directory where nothing was put into it yet. */
MUST_CHECK int cli_people_open(struct people **out, const char *dir);
