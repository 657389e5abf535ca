/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais erase`: forgets a person, as POST /v1/customers/{customer}/erase does. */

#include <stdio.h>
#include <sysexits.h>

#include "server/cli.h"
#include "server/env_uv.h"
#include "server/form.h"
#include "server/query.h"

enum { WHY_BYTES = 400 };

static const struct option data_option = OPTION_DATA;

const struct form form_erase = {
	.words = "CUSTOMER",
	.options = &data_option,
	.options_len = 1,
	.about = "Forgets a person for ever: keys and search words go, what was sealed is noise, "
		 "the journals still verify. Refused while a car is out or promised. Backups made "
		 "before still hold the person. Needs DIR alone; a running server does it by POST "
		 "/v1/customers/CUSTOMER/erase.",
};

static int said(const struct command *c, const char *customer)
{
	if (c->outcome == OK) {
		puts(c->unchanged ? "was erased already" : "erased");
		return EX_OK;
	}
	if (c->outcome == REFUSED_IN_USE)
		return cli_fail(
			EX_DATAERR, "%s: bookings are open: %.*s", customer, STR_FMT(c->detail));
	return cli_fail(outcome_is_fault(c->outcome) ? EX_IOERR : EX_DATAERR, "%s: %s", customer,
		outcome_title(c->outcome));
}

static int erase(struct fleet *fleet, const char *customer)
{
	struct command *c = command_new(VERB_CUSTOMER_ERASE);
	if (!c)
		return cli_fail(EX_OSERR, "there is not enough memory");
	c->journal = JOURNAL_DIRECTORY;
	c->target = str_from(customer);
	c->body = STR("{}");
	c->by = STR("operator");
	enum outcome o = fleet_do(fleet, c);
	int code = o == OK ? said(c, customer)
			   : cli_fail(EX_IOERR, "%s: %s", customer, outcome_title(o));
	command_free(c);
	return code;
}

int cli_erase(int argc, char **argv)
{
	char why[WHY_BYTES] = "the data directory cannot be opened";
	struct option data = data_option;
	struct words words = {.min = 1, .max = 1};
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	if (!text_is_id(str_from(words.value[0])))
		return cli_usage("CUSTOMER must be 1 to 40 of A-Z a-z 0-9 . _ -");
	struct fleet *fleet = NULL;
	struct fleet_options options = {.env = env_uv()};
	if (fleet_open(&fleet, option_value(&data), &options, why, sizeof why) != OK)
		return cli_fail(EX_IOERR, "%s", why);
	int code = erase(fleet, words.value[0]);
	fleet_close(fleet);
	return code;
}
